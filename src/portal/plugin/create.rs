//! `/plugins/catalogue/{name}`: what a plugin wants, and installing it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use wabe_access::{Done, Limit, Permission};
use wabe_automation::installation::{self, CreateInstallation, InstallationChanged};
use wabe_automation::plugin::{PluginVersion, catalogue_entry};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{FormState, Language, Timestamp};
use wabe_package::PluginName;
use wabe_web::filters;
use wabe_web::{Arrival, Choice, Failure, Form, Member, Path, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plan_use::{UseBar, bars_after};
use crate::plugin::address::{self, Address};
use crate::plugin::choose::{self, SettingField, SettingKind};
use crate::plugin::consent::{self, Consent, Marks};
use crate::plugin::secrets::{self, SecretField};
use crate::plugin::sensitive::{self, Asked};
use crate::plugin::{PLACE, path, words};
use crate::proof::{self, Proving};
use crate::refused::{Note, Refused};
use crate::undo::done_path;

/// What there is to say about a plugin.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) plugin: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) author: String,
    pub(crate) version: String,
    /// Where its icon is; empty without one.
    pub(crate) icon: String,
    /// Whether a key that the hoster trusts signed it.
    pub(crate) signed: bool,
    /// Since when the hoster offers it.
    pub(crate) released_at: Option<Timestamp>,
    /// What makes it run.
    pub(crate) triggers: String,
    /// What its author says about it; may be empty.
    pub(crate) readme: String,
}

impl About {
    /// A version for who reads this language.
    pub(crate) fn of(language: Language, version: &PluginVersion) -> Self {
        let manifest = &version.manifest;
        Self {
            plugin: manifest.id.to_string(),
            name: manifest.name.get(language).to_owned(),
            summary: manifest.summary.get(language).to_owned(),
            author: manifest.author.clone(),
            version: manifest.version.to_string(),
            icon: version.icon.as_ref().map_or_else(String::new, |_| {
                format!("/plugins/catalogue/{}/icon.svg", manifest.id)
            }),
            signed: version.signed_by.is_some(),
            released_at: version.released_at,
            triggers: words::triggers(language, manifest),
            readme: version.readme.clone().unwrap_or_default(),
        }
    }
}

/// The page on which somebody agrees.
#[derive(Template)]
#[template(path = "portal/plugin/create.html")]
pub(crate) struct CreatePage {
    pub(crate) about: About,
    pub(crate) consent: Consent,
    pub(crate) fields: Vec<SettingField>,
    pub(crate) secrets: Vec<SecretField>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) plan: Vec<UseBar>,
    pub(crate) proof: bool,
    pub(crate) may_write: bool,
}

/// The password of the webhooks, this once.
#[derive(Template)]
#[template(path = "portal/plugin/password.html")]
pub(crate) struct PasswordPage {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) addresses: Vec<Address>,
    /// Whether the plugin was installed just now.
    pub(crate) installed: bool,
}

/// The form as it is shown: as at first, or as it came back.
struct Filled {
    refused: Refused,
    first: bool,
}

async fn page(
    portal: &Portal,
    member: &Member,
    version: &PluginVersion,
    filled: Filled,
) -> Result<CreatePage, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(member).await?;
    let webspaces: Vec<Choice> = consent::webspaces(portal, &mut tx, &scope, version).await?;
    let plan = bars_after(&mut tx, &scope, &[(Limit::Installations, 1)]).await?;
    tx.rollback().await?;
    let Refused { form, note } = filled.refused;
    let marks = if filled.first {
        Marks::First
    } else {
        Marks::Typed(&form)
    };
    Ok(CreatePage {
        about: About::of(language, version),
        consent: Consent::of(language, version, &webspaces, marks, &[]),
        fields: choose::fields(language, &version.settings()),
        secrets: secrets::fields(language, &version.manifest, &[]),
        note,
        plan,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
        may_write: member.visitor.has(Permission::AutomationWrite),
        form,
    })
}

async fn entry(
    portal: &Portal,
    member: &Member,
    name: &PluginName,
    version: Option<&str>,
) -> Result<PluginVersion, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = catalogue_entry(&mut tx, &scope, name.as_str(), version).await?;
    tx.rollback().await?;
    Ok(found)
}

pub(super) async fn new(
    member: Member,
    State(portal): State<Portal>,
    Path(name): Path<PluginName>,
) -> Result<Response, Failure> {
    let version = entry(&portal, &member, &name, None).await?;
    let form = choose::filled(&version.settings(), &serde_json::Value::Null);
    let filled = Filled {
        refused: form.into(),
        first: true,
    };
    let page = page(&portal, &member, &version, filled).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn create(
    member: Member,
    State(portal): State<Portal>,
    Path(name): Path<PluginName>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = create_as(&portal, &proving, &name, &form).await;
    Ok(proving.finish(answer))
}

async fn create_as(
    portal: &Portal,
    proving: &Proving,
    name: &PluginName,
    form: &Form,
) -> Result<Response, Failure> {
    let member = &proving.member;
    // Somebody agrees to what stood on their page, and not to what came since.
    let number = Some(form.get("version")).filter(|number| !number.is_empty());
    let version = entry(portal, member, name, number).await?;
    let mut asked = Asked::default()
        .with("plugin", name.as_str())
        .with("version", version.manifest.version.to_string())
        .with("capabilities", consent::granted(&version, form));
    let chosen = choose::chosen(&version.settings(), form, &mut asked.errors);
    asked = asked.with("settings", chosen);
    let typed = secrets::typed(&version.manifest, form, &mut asked.errors);
    match sensitive::carry_out::<CreateInstallation>(portal, proving, form, asked).await? {
        Ok(done) => {
            secrets::keep(portal, member, done.output.installation.id, typed).await?;
            onward(portal, member, (done, true)).await
        }
        Err(refused) => {
            let noted = refused.note.is_some();
            let first = false;
            let page = page(portal, member, &version, Filled { refused, first }).await?;
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}

/// The way on: over the password of the webhooks, when one was made.
pub(super) async fn onward(
    portal: &Portal,
    member: &Member,
    (done, installed): (Done<InstallationChanged>, bool),
) -> Result<Response, Failure> {
    let id = done.output.installation.id;
    match done.output.webhook_password {
        Some(password) => once(portal, member, (id, installed), password).await,
        None => Ok(see_other(&done_path(&path(id), done.change))),
    }
}

/// The page that shows a password of webhooks, this once.
pub(super) async fn once(
    portal: &Portal,
    member: &Member,
    (id, installed): (InstallationId, bool),
    password: String,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = installation::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let page = PasswordPage {
        id: id.to_string(),
        name: found.version.manifest.name.get(member.language).to_owned(),
        addresses: address::list(&portal.house().webhooks_url, &found, Some(&password)),
        password,
        installed,
    };
    let page = member.at(PLACE).page(page);
    Ok(page.status(StatusCode::CREATED).into_response())
}

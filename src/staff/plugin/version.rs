//! `GET /staff/plugins/{id}`, `GET /staff/plugins/{id}/package`: what a version is, asks for, and is made
//! of.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use wabe_access::{Permission, Scope};
use wabe_automation::plugin::{self, PluginVersion, VersionState};
use wabe_automation::trusted_key;
use wabe_identity::user::store as users;
use wabe_kernel::Language;
use wabe_kernel::id::PluginVersionId;
use wabe_package::archive::{COMPONENT_BYTES_LARGE, sha256};
use wabe_package::compiled::Compiled;
use wabe_package::{Package, Request, Trigger};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Failure, Page, Path, Query, Routes, StaffMember};

use crate::plugin::list::sign;
use crate::plugin::{PLACE, READ, Signer};
use crate::{STAFF, Staff};

/// What the page can say was done: the messages `staff-plugin-done-{word}`.
const DONE: [&str; 4] = ["uploaded", "known", "released", "withdrawn"];

/// A version.
#[derive(Template)]
#[template(path = "staff/plugin/version.html")]
pub(crate) struct VersionPage {
    /// The version.
    pub version: PluginVersion,
    /// In which language its words are shown.
    pub language: Language,
    /// Whose signature it carries.
    pub signer: Option<Signer>,
    /// Who uploaded it.
    pub uploader: Option<String>,
    /// What it asks for.
    pub asks: Vec<AskRow>,
    /// What makes it run.
    pub triggers: Vec<TriggerRow>,
    /// The files of its package.
    pub parts: Vec<PartRow>,
    /// What the compiler said of its component.
    pub compiled: Option<Compiled>,
    /// How many installations run it.
    pub installations: i64,
    /// How many recordings customers handed on to its author.
    pub recordings: i64,
    /// What the employee may do.
    pub may: May,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// What the employee may do with a version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct May {
    /// Release it, or change its ceiling.
    pub release: bool,
    /// End it.
    pub withdraw: bool,
    /// It is their own upload.
    pub own: bool,
}

impl May {
    /// By the roles, and by who uploaded it.
    pub(crate) fn of(member: &StaffMember, version: &PluginVersion) -> Self {
        let open = version.state != VersionState::Withdrawn;
        Self {
            release: open && member.visitor.has(Permission::PluginRelease),
            withdraw: open && member.visitor.has(Permission::PluginWrite),
            own: version.uploaded_by == Some(member.visitor.user),
        }
    }
}

/// Something a version asks for.
#[derive(Debug, Clone)]
pub(crate) struct AskRow {
    /// The whole word.
    pub word: String,
    /// Its kind; the message is `staff-plugin-can-{kind}`.
    pub kind: &'static str,
    /// What stands behind the colon.
    pub parameter: String,
    /// The fields that it reads.
    pub fields: Vec<String>,
    /// Why, in the author's words.
    pub reason: String,
    /// Whether it works without.
    pub optional: bool,
    /// Whether customers may grant it.
    pub allowed: bool,
    /// The fields of it that they may grant.
    pub allowed_fields: Vec<String>,
}

impl AskRow {
    fn of(request: &Request, version: &PluginVersion, language: Language) -> Self {
        let capability = &request.capability;
        let ceiling = version.ceiling.as_ref();
        let allowed = ceiling.is_none_or(|ceiling| ceiling.covers(capability));
        let fields = match ceiling.map(|ceiling| ceiling.find(capability)) {
            None => request.fields.clone(),
            Some(grant) => grant.map(|grant| grant.fields.clone()).unwrap_or_default(),
        };
        Self {
            word: capability.to_string(),
            kind: capability.kind(),
            parameter: capability.parameter(),
            fields: request.fields.clone(),
            reason: request.reason.get(language).to_owned(),
            optional: request.optional,
            allowed,
            allowed_fields: fields,
        }
    }

    /// The fields that it reads, as a text.
    #[must_use]
    pub(crate) fn field_list(&self) -> String {
        self.fields.join(", ")
    }
}

/// What a version asks for, in its order.
pub(crate) fn asks(version: &PluginVersion, language: Language) -> Vec<AskRow> {
    let asked = version.manifest.capabilities.iter();
    asked
        .map(|request| AskRow::of(request, version, language))
        .collect()
}

/// Something that makes it run.
#[derive(Debug, Clone)]
pub(crate) struct TriggerRow {
    /// Its kind; the message is `staff-plugin-trigger-{kind}`.
    pub kind: &'static str,
    /// The topic, the times, the path or the title.
    pub what: String,
}

impl TriggerRow {
    fn of(trigger: &Trigger, language: Language) -> Self {
        let what = match trigger {
            Trigger::Event { topic, .. } => topic.to_string(),
            Trigger::Schedule { cron, .. } => cron.as_str().to_owned(),
            Trigger::Webhook { path, .. } => path.to_string(),
            Trigger::Form { title, .. } => title.get(language).to_owned(),
            Trigger::Ticket => String::new(),
        };
        let kind = trigger.kind();
        Self { kind, what }
    }
}

/// What makes a version run, in its order.
pub(crate) fn triggers(version: &PluginVersion, language: Language) -> Vec<TriggerRow> {
    let all = version.manifest.triggers.iter();
    all.map(|trigger| TriggerRow::of(trigger, language))
        .collect()
}

/// A file of a package.
#[derive(Debug, Clone)]
pub(crate) struct PartRow {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// Its SHA-256.
    pub digest: String,
}

/// The files of a package.
pub(crate) fn parts(package: &[u8]) -> Vec<PartRow> {
    let Ok(package) = Package::read(package, COMPONENT_BYTES_LARGE) else {
        return Vec::new();
    };
    let part = |(name, bytes): (&String, &Vec<u8>)| PartRow {
        name: name.clone(),
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest: sha256(bytes),
    };
    package.parts.iter().map(part).collect()
}

impl VersionPage {
    /// What the plugin is called.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.version.manifest.name.get(self.language)
    }

    /// What it does.
    #[must_use]
    pub(crate) fn summary(&self) -> &str {
        self.version.manifest.summary.get(self.language)
    }

    /// The sign of its state.
    #[must_use]
    pub(crate) fn sign(&self) -> &'static str {
        sign(self.version.state)
    }

    /// The interfaces that its component calls: `own` ones, or those that its language brings along.
    #[must_use]
    pub(crate) fn imports(&self, own: bool) -> Vec<&str> {
        let imports = self.compiled.iter().flat_map(|compiled| &compiled.imports);
        let fits = |name: &&str| name.starts_with("wabe:") == own;
        imports.map(String::as_str).filter(fits).collect()
    }

    /// What it is made of, by the compiler's own words.
    #[must_use]
    pub(crate) fn sizes(&self) -> Vec<(&str, i64)> {
        let sizes = self.compiled.iter().flat_map(|compiled| &compiled.sizes);
        sizes
            .map(|(word, size)| (word.as_str(), i64::try_from(*size).unwrap_or(i64::MAX)))
            .collect()
    }

    /// The titles of the settings that customers choose.
    #[must_use]
    pub(crate) fn settings(&self) -> Vec<String> {
        let settings = self.version.settings();
        let fields = settings.fields().iter();
        fields
            .map(|setting| setting.title.get(self.language).to_owned())
            .collect()
    }

    /// The titles of the secrets that customers type.
    #[must_use]
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let slots = self.version.manifest.secrets.iter();
        slots.map(|slot| slot.title.get(self.language)).collect()
    }
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/plugins/{id}", READ, show)
        .id("plv")
        .get("/staff/plugins/{id}/package", READ, package)
        .id("plv")
}

/// What people call whoever uploaded a version.
pub(crate) async fn uploader(
    tx: &mut Tx,
    version: &PluginVersion,
) -> Result<Option<String>, Failure> {
    let Some(user) = version.uploaded_by else {
        return Ok(None);
    };
    let found = users::find(tx, user).await?;
    Ok(found.map(|user| user.name.to_string()))
}

async fn page(
    (tx, scope): (&mut Tx, &Scope),
    member: &StaffMember,
    id: PluginVersionId,
    done: Option<&'static str>,
) -> Result<VersionPage, Failure> {
    let version = plugin::load(tx, scope, id).await?;
    let keys = trusted_key::list(tx, scope).await?;
    let bytes = plugin::package(tx, scope, id).await?;
    let recordings = plugin::released_recordings(tx, scope, version.plugin).await?;
    let language = member.language;
    Ok(VersionPage {
        language,
        signer: Signer::of(version.signed_by.as_ref(), &keys),
        uploader: uploader(tx, &version).await?,
        asks: asks(&version, language),
        triggers: triggers(&version, language),
        parts: parts(&bytes),
        compiled: plugin::compiled(tx, scope, id).await?,
        installations: plugin::installations(tx, scope, id).await?,
        recordings: i64::try_from(recordings.len()).unwrap_or(i64::MAX),
        may: May::of(member, &version),
        version,
        done,
    })
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
    query: Query,
) -> Result<Page<VersionPage>, Failure> {
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let (mut tx, scope) = staff.read(&member).await?;
    let page = page((&mut tx, &scope), &member, id, done).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(page))
}

async fn package(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    let bytes = plugin::package(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let manifest = &version.manifest;
    let name = format!("{}-{}.wabeplugin", manifest.id, manifest.version);
    Ok(download("application/octet-stream", &name, bytes))
}

/// Bytes that the browser keeps under this name, which is plain.
pub(crate) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let kind = HeaderValue::from_static(kind);
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Ok(kept) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, kept);
    }
    response
}

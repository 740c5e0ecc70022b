//! A version that asks for more: what is different, and agreeing to it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_automation::installation::{ApproveUpdate, Installed};
use wabe_automation::plugin::PluginVersion;
use wabe_kernel::FormState;
use wabe_kernel::id::InstallationId;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Path, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::choose::{self, SettingField, SettingKind};
use crate::plugin::consent::{self, Consent, Marks};
use crate::plugin::create::{self, About};
use crate::plugin::frame::Frame;
use crate::plugin::sensitive::{self, Asked};
use crate::plugin::{PLACE, find, path};
use crate::proof::{self, Proving};
use crate::refused::{Note, Refused};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/update.html")]
pub(crate) struct UpdatePage {
    pub(crate) frame: Frame,
    pub(crate) about: About,
    pub(crate) consent: Consent,
    pub(crate) fields: Vec<SettingField>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) proof: bool,
    /// How many rights are new.
    pub(crate) fresh: usize,
}

async fn page(
    portal: &Portal,
    member: &Member,
    (found, parked): (&Installed, &PluginVersion),
    refused: Option<Refused>,
) -> Result<UpdatePage, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(member).await?;
    let webspaces = consent::webspaces(portal, &mut tx, &scope, parked).await?;
    tx.rollback().await?;
    let (rights, fresh) = (found.rights(), found.difference());
    let first = refused.is_none();
    let settings = parked.settings();
    let at_first = || choose::filled(&settings, &found.installation.settings).into();
    let Refused { form, note } = refused.unwrap_or_else(at_first);
    let marks = if first {
        Marks::Granted(rights.grants())
    } else {
        Marks::Typed(&form)
    };
    Ok(UpdatePage {
        frame: Frame::of(member, found),
        about: About::of(language, parked),
        consent: Consent::of(language, parked, &webspaces, marks, &fresh),
        fields: choose::fields(language, &settings),
        note,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
        fresh: fresh.len(),
        form,
    })
}

pub(super) async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let Some(parked) = found.parked.clone() else {
        return Ok(see_other(&path(id)));
    };
    let page = page(&portal, &member, (&found, &parked), None).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn approve(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = approve_as(&portal, &proving, id, &form).await;
    Ok(proving.finish(answer))
}

async fn approve_as(
    portal: &Portal,
    proving: &Proving,
    id: InstallationId,
    form: &Form,
) -> Result<Response, Failure> {
    let member = &proving.member;
    let found = find(portal, member, id).await?;
    // Somebody agrees to what stood on their page, and not to what came since.
    let parked = found.parked.clone();
    let parked = parked.filter(|parked| parked.manifest.version.to_string() == form.get("version"));
    let parked = parked.ok_or(Failure::Conflict("no-update"))?;
    let mut asked = Asked::default()
        .with("id", id.to_string())
        .with("version", parked.manifest.version.to_string())
        .with("capabilities", consent::granted(&parked, form));
    let chosen = choose::chosen(&parked.settings(), form, &mut asked.errors);
    let asked = asked.with("settings", chosen);
    match sensitive::carry_out::<ApproveUpdate>(portal, proving, form, asked).await? {
        Ok(done) => create::onward(portal, member, (done, false)).await,
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(portal, member, (&found, &parked), Some(refused)).await?;
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}

//! What an installation may: granting it anew, and taking it back.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_automation::installation::{Installed, SetCapabilities};
use wabe_kernel::FormState;
use wabe_kernel::id::InstallationId;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Path};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::consent::{self, Consent, Marks};
use crate::plugin::frame::Frame;
use crate::plugin::sensitive::{self, Asked};
use crate::plugin::{PLACE, create, find};
use crate::proof::{self, Proving};
use crate::refused::{Note, Refused};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/rights.html")]
pub(crate) struct RightsPage {
    pub(crate) frame: Frame,
    pub(crate) consent: Consent,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) proof: bool,
}

async fn page(
    portal: &Portal,
    member: &Member,
    found: &Installed,
    refused: Option<Refused>,
) -> Result<RightsPage, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let webspaces = consent::webspaces(portal, &mut tx, &scope, &found.version).await?;
    tx.rollback().await?;
    let rights = found.rights();
    let first = refused.is_none();
    let Refused { form, note } = refused.unwrap_or_default();
    let marks = if first {
        Marks::Granted(rights.grants())
    } else {
        Marks::Typed(&form)
    };
    Ok(RightsPage {
        frame: Frame::of(member, found),
        consent: Consent::of(member.language, &found.version, &webspaces, marks, &[]),
        note,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
        form,
    })
}

pub(super) async fn rights(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let page = page(&portal, &member, &found, None).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn set(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = set_as(&portal, &proving, id, &form).await;
    Ok(proving.finish(answer))
}

async fn set_as(
    portal: &Portal,
    proving: &Proving,
    id: InstallationId,
    form: &Form,
) -> Result<Response, Failure> {
    let member = &proving.member;
    let found = find(portal, member, id).await?;
    let asked = Asked::default()
        .with("id", id.to_string())
        .with("capabilities", consent::granted(&found.version, form));
    match sensitive::carry_out::<SetCapabilities>(portal, proving, form, asked).await? {
        Ok(done) => create::onward(portal, member, (done, false)).await,
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(portal, member, &found, Some(refused)).await?;
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}

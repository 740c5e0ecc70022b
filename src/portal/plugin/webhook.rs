//! How others call an installation: its addresses, and a new password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_automation::installation::{Installed, SetSecret, WEBHOOK_SECRET};
use wabe_kernel::FormState;
use wabe_kernel::id::InstallationId;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Path};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::address::{self, Address};
use crate::plugin::frame::Frame;
use crate::plugin::sensitive::{self, Asked};
use crate::plugin::{PLACE, create, find};
use crate::proof::{self, Proving};
use crate::refused::{Note, Refused};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/webhook.html")]
pub(crate) struct WebhookPage {
    pub(crate) frame: Frame,
    pub(crate) addresses: Vec<Address>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) proof: bool,
}

fn page(portal: &Portal, member: &Member, found: &Installed, refused: Refused) -> WebhookPage {
    let Refused { form, note } = refused;
    WebhookPage {
        frame: Frame::of(member, found),
        addresses: address::list(&portal.house().webhooks_url, found, None),
        form,
        note,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
    }
}

pub(super) async fn webhook(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let page = page(&portal, &member, &found, FormState::new().into());
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn renew(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = renew_as(&portal, &proving, id, &form).await;
    Ok(proving.finish(answer))
}

async fn renew_as(
    portal: &Portal,
    proving: &Proving,
    id: InstallationId,
    form: &Form,
) -> Result<Response, Failure> {
    let member = &proving.member;
    let found = find(portal, member, id).await?;
    if found.installation.webhook_slug.is_none() {
        return Err(Failure::NotFound);
    }
    let asked = Asked::default().with("id", id.to_string());
    let asked = asked.with("name", WEBHOOK_SECRET);
    match sensitive::carry_out::<SetSecret>(portal, proving, form, asked).await? {
        Ok(done) => {
            let password = done.output.webhook_password.ok_or(Failure::NotFound)?;
            create::once(portal, member, (id, false), password).await
        }
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(portal, member, &found, refused);
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}

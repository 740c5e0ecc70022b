//! Making an alias address.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Limit, Mode};
use wabe_hosting::alias::CreateAlias;
use wabe_kernel::FormState;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Query, see_other};

use crate::Portal;
use crate::alias::{Target, targets};
use crate::carry_out::{carry_out, refused_page};
use crate::mailbox::{addressed, at_its_field, domains};
use crate::plan_use::{UseBar, bars_after};
use crate::refused::{Note, Refused};
use crate::undo::done_path;

/// The form for a new alias address, and what will happen.
#[derive(Template)]
#[template(path = "portal/alias/create.html")]
pub(crate) struct CreatePage {
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) domains: Vec<Choice>,
    pub(crate) targets: Vec<Target>,
    pub(crate) plan: Vec<UseBar>,
}

async fn page(portal: &Portal, member: &Member, refused: Refused) -> Result<CreatePage, Failure> {
    let Refused { form, note } = refused;
    let (mut tx, scope) = portal.read(member).await?;
    let domains = domains(&mut tx, &scope).await?;
    let targets = targets(&mut tx, &scope, form.value("targets")).await?;
    let plan = bars_after(&mut tx, &scope, &[(Limit::Aliases, 1)]).await?;
    tx.rollback().await?;
    Ok(CreatePage {
        form,
        note,
        domains,
        targets,
        plan,
    })
}

pub(super) async fn new(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let form = FormState::new().with("targets", query.get("target"));
    let page = page(&portal, &member, Refused::from(form)).await?;
    Ok(member.at("mailboxes").page(page).into_response())
}

pub(super) async fn create(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let whole = addressed(&form);
    match carry_out::<CreateAlias>(&portal, &member, &whole, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/aliases/{}", done.object),
            done.change,
        ))),
        Err(refused) => {
            let refused = at_its_field(&form, refused);
            let noted = refused.note.is_some();
            let page = page(&portal, &member, refused).await?;
            Ok(refused_page(member.at("mailboxes").page(page), noted))
        }
    }
}

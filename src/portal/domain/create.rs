//! `GET /domains/new` and `POST /domains`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Limit, Mode, Permission};
use wabe_hosting::domain::CreateDomain;
use wabe_kernel::FormState;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::domain::{PLACE, path};
use crate::plan_use::{self, UseBar};
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::{PORTAL, Portal};

/// The form.
#[derive(Template)]
#[template(path = "portal/domain/create.html")]
pub(crate) struct CreatePage {
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// The plan afterwards.
    pub(crate) plan: Vec<UseBar>,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::DomainWrite);
    Routes::new(&PORTAL)
        .get("/domains/new", write, new)
        .post("/domains", write, create)
}

async fn page(
    portal: &Portal,
    member: &Member,
    Refused { form, note }: Refused,
) -> Result<Page<CreatePage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let plan = plan_use::bars_after(&mut tx, &scope, &[(Limit::Domains, 1)]).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(CreatePage { form, note, plan }))
}

async fn new(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<CreatePage>, Failure> {
    let form = FormState::new().with("name", query.get("name"));
    page(&portal, &member, form.into()).await
}

async fn create(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match carry_out::<CreateDomain>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(&path(done.output.id), done.change))),
        Err(refused) => {
            let noted = refused.note.is_some();
            Ok(refused_page(page(&portal, &member, refused).await?, noted))
        }
    }
}

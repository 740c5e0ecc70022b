//! `GET /webspaces/new` and `POST /webspaces`
//!
//! The upload password of a new webspace is in the answer to the POST and nowhere else.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Limit, Mode, Permission, Scope};
use wabe_hosting::domain;
use wabe_hosting::webspace::{CreateWebspace, Webspace};
use wabe_kernel::{Field, FormState, PageRequest, Quota};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Query, Routes};

use crate::carry_out::{carry_out, refused_page};
use crate::plan_use::{self, UseBar};
use crate::refused::{Note, Refused};
use crate::undo::{DoneBar, undo_path};
use crate::webspace::PLACE;
use crate::{PORTAL, Portal};

/// What a webspace gets when nothing else is said.
const QUOTA: &str = "1 GB";

/// The form.
#[derive(Template)]
#[template(path = "portal/webspace/create.html")]
pub(crate) struct CreatePage {
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// Names of proved domains.
    pub(crate) domains: Vec<String>,
    /// The plan afterwards.
    pub(crate) plan: Vec<UseBar>,
}

/// The new webspace, with its password.
#[derive(Template)]
#[template(path = "portal/webspace/created.html")]
pub(crate) struct CreatedPage {
    /// The webspace.
    pub(crate) web: Webspace,
    /// The password that is shown this once.
    pub(crate) password: String,
    /// The way back.
    pub(crate) done: Option<DoneBar>,
}

impl CreatedPage {
    /// The SFTP host and port.
    #[must_use]
    pub(crate) fn sftp(&self) -> (&str, &str) {
        crate::webspace::access::host_and_port(&self.web.sftp)
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/new", write, new)
        .post("/webspaces", write, create)
}

/// The names of the domains that a host name can lie on, without those that are redirected.
pub(crate) async fn proved_domains(tx: &mut Tx, scope: &Scope) -> Result<Vec<String>, Failure> {
    if !scope.has(Permission::DomainRead) {
        return Ok(Vec::new());
    }
    let found = domain::list(tx, scope, &PageRequest::first(200)).await?;
    let free = |domain: &domain::Domain| domain.verified && domain.redirect.is_none();
    let proved = found.items.into_iter().filter(free);
    Ok(proved.map(|domain| domain.name_unicode).collect())
}

async fn page(
    portal: &Portal,
    member: &Member,
    refused: Refused,
) -> Result<Page<CreatePage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let domains = proved_domains(&mut tx, &scope).await?;
    let wanted = Quota::from_text(refused.form.value("quota_bytes"));
    let bytes = wanted.map_or(Quota::GIGABYTE, Quota::bytes);
    let takes = [(Limit::Webspaces, 1), (Limit::StorageBytes, bytes)];
    let plan = plan_use::bars_after(&mut tx, &scope, &takes).await?;
    tx.rollback().await?;
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(CreatePage {
        form,
        note,
        domains,
        plan,
    }))
}

async fn new(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<CreatePage>, Failure> {
    let form = FormState::new()
        .with("quota_bytes", QUOTA)
        .with("domain", query.get("domain"));
    page(&portal, &member, form.into()).await
}

async fn create(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let made = carry_out::<CreateWebspace>(&portal, &member, &form, &[], Mode::Commit).await?;
    let done = match made {
        Ok(done) => done,
        Err(refused) => {
            let noted = refused.note.is_some();
            return Ok(refused_page(page(&portal, &member, refused).await?, noted));
        }
    };
    let made = done.output;
    let name = made.webspace.name.to_string();
    let back = undo_path(done.change, &format!("/webspaces/{}", made.webspace.id));
    let page = member.at(PLACE).page(CreatedPage {
        web: made.webspace,
        password: made.sftp_password.unwrap_or_default(),
        done: Some(DoneBar {
            command: "webspace-create".to_owned(),
            name,
            undo: Some(back),
        }),
    });
    Ok(page.status(StatusCode::CREATED).into_response())
}

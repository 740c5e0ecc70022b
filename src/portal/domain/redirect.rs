//! Sending the visitors of a domain on: `POST /domains/{id}/redirect`, and ending that.

use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::domain::{Domain, SetRedirect};
use wabe_hosting::webspace::Webspace;
use wabe_kernel::id::DomainId;
use wabe_kernel::{FormState, RedirectTarget, ResourceKind, fields};
use wabe_web::{Failure, Form, Member, Needs, Path, Query, Routes, see_other};

use crate::carry_out::refused_page;
use crate::domain::{path, show};
use crate::reading::page_of;
use crate::refused::{Refused, again};
use crate::undo::done_path;
use crate::{PORTAL, Portal};

fields! {
    /// What the form holds: a redirect is ended by a button of its own, not by an empty field.
    pub struct Target {
        /// Where visitors are sent.
        pub redirect: RedirectTarget,
    }
}

/// The webspace that a domain's own name leads to.
#[derive(Debug, Clone)]
pub(crate) struct Carrier {
    /// What it is called.
    pub(crate) name: String,
    /// Where its host names are.
    pub(crate) href: String,
}

impl Carrier {
    /// The one among these.
    pub(crate) fn of(domain: &Domain, webspaces: &[Webspace]) -> Option<Self> {
        let carries = |web: &&Webspace| web.hosts.contains(&domain.name);
        webspaces.iter().find(carries).map(|web| Self {
            name: web.name.to_string(),
            href: format!(
                "{}/hosts",
                page_of(ResourceKind::Webspace, &web.id.to_string())
            ),
        })
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::DomainWrite);
    Routes::new(&PORTAL)
        .post("/domains/{id}/redirect", write, set)
        .id("dom")
        .post("/domains/{id}/redirect/end", write, end)
        .id("dom")
}

/// The form with what is there.
pub(crate) fn form(domain: &Domain) -> FormState {
    let target = domain.redirect.as_ref().map(ToString::to_string);
    FormState::new().with("redirect", target.unwrap_or_default())
}

async fn change(
    portal: &Portal,
    member: &Member,
    (id, redirect): (DomainId, Option<RedirectTarget>),
    form: &Form,
) -> Result<Response, Failure> {
    let command = SetRedirect { id, redirect };
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&done_path(&path(id), done.change))),
        Err(refusal) => shown_again(portal, member, id, again(form, &[], refusal)?).await,
    }
}

async fn shown_again(
    portal: &Portal,
    member: &Member,
    id: DomainId,
    refused: Refused,
) -> Result<Response, Failure> {
    let (query, noted) = (Query::default(), refused.note.is_some());
    let page = show::page(portal, (member, &query), id, Some(refused)).await?;
    Ok(refused_page(page, noted))
}

async fn set(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
    form: Form,
) -> Result<Response, Failure> {
    match form.parse::<Target>(&[]) {
        Ok(Target { redirect }) => change(&portal, &member, (id, Some(redirect)), &form).await,
        Err(state) => shown_again(&portal, &member, id, state.into()).await,
    }
}

async fn end(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
    form: Form,
) -> Result<Response, Failure> {
    change(&portal, &member, (id, None), &form).await
}

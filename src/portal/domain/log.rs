//! `/domains/{id}/log`: who asked for a redirected domain, as the site server wrote it.

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_hosting::domain;
use wabe_kernel::id::DomainId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Routes};

use crate::domain::{DomainView, PLACE};
use crate::files::failure;
use crate::{PORTAL, Portal};

/// How many lines are shown.
const LINES: usize = 200;

/// The log.
#[derive(Template)]
#[template(path = "portal/domain/log.html")]
pub(crate) struct LogPage {
    /// The domain.
    pub(crate) domain: DomainView,
    /// The last lines, newest last.
    pub(crate) lines: Vec<String>,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/domains/{id}/log",
            Needs::Permission(Permission::DomainRead),
            log,
        )
        .id("dom")
}

async fn log(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
) -> Result<Page<LogPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let domain = domain::load(&mut tx, &scope, id).await?.into();
    tx.rollback().await?;
    portal
        .note_access(&member, "log.read", &id.to_string())
        .await?;
    let lines = portal
        .files
        .redirect_log(id, LINES)
        .await
        .map_err(failure)?;
    Ok(member.at(PLACE).page(LogPage { domain, lines }))
}

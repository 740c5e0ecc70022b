//! `GET /webspaces/{id}`

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_kernel::id::WebspaceId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Query, Routes};

use crate::recent::{self, Recent};
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// The first tab: what it is and how it is doing.
#[derive(Template)]
#[template(path = "portal/webspace/overview.html")]
pub(crate) struct OverviewPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The latest changes of this webspace.
    pub(crate) recent: Vec<Recent>,
    /// Whether the visitor is led to files first.
    pub(crate) may_files: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    let read = Needs::Permission(Permission::WebspaceRead);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}", read, overview)
        .id("web")
}

async fn overview(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<OverviewPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let frame = frame(
        &portal,
        (&mut tx, &scope),
        (&member, &query),
        (id, "overview"),
    )
    .await?;
    let object = Some(id.to_string());
    let recent = recent::list(&portal, &mut tx, (&member, &scope), object, 6).await?;
    tx.rollback().await?;
    let may_files = scope.has(Permission::FileRead) && !member.looks();
    Ok(member.at(PLACE).page(OverviewPage {
        frame,
        recent,
        may_files,
    }))
}

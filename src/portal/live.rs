//! News for open pages of the portal.

use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use wabe_hosting::webspace;
use wabe_kernel::SiteLog;
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_web::live::{Live, Watch};
use wabe_web::{Failure, Member, Needs, Query, Routes};

use crate::{PORTAL, Portal};

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/live", Needs::Member, live)
        .endless()
}

/// What a page of the log of a webspace follows: `log` says which one, `of` whose.
async fn live(
    live: Live,
    member: Member,
    query: Query,
    State(portal): State<Portal>,
) -> Result<Response, Failure> {
    let look = match query.get("of") {
        "" => None,
        of => {
            let web: WebspaceId = of.parse().map_err(|_wrong| Failure::NotFound)?;
            let log = query.get("log").parse().unwrap_or(SiteLog::Access);
            Some(look(&portal, &member, (web, log)).await?)
        }
    };
    Ok(live.follow_beside(portal.gate.events(), look))
}

/// Looks at a log that the visitor may read now; what it says is asked for by the page itself.
async fn look(
    portal: &Portal,
    member: &Member,
    (web, log): (WebspaceId, SiteLog),
) -> Result<Watch, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    webspace::load(&mut tx, &scope, web, portal.house()).await?;
    tx.rollback().await?;
    let files = Arc::clone(&portal.files);
    let watch: Watch = Box::new(move || -> Working<'static, Option<u64>> {
        let files = Arc::clone(&files);
        Box::pin(async move { files.log_mark(web, log).await.ok() })
    });
    Ok(watch)
}

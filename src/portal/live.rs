//! News for open pages of the portal.

use axum::extract::State;
use axum::response::Response;
use wabe_web::live::Live;
use wabe_web::{Needs, Routes};

use crate::{PORTAL, Portal};

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/live", Needs::Member, live)
        .endless()
}

async fn live(live: Live, State(portal): State<Portal>) -> Response {
    live.follow(portal.gate.events())
}

//! `GET /owner-keep/{token}`, `POST /owner-keep`, `GET /owner-kept`
//!
//! Staff asked that somebody else owns a customer: whoever reads a letter about it to an owner stops it.
//! That logs nobody in. Source: bar 3.8 T7.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_kernel::Secret;
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Failure, Form, Guest, Needs, Page, Path, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// Asks whether it shall be stopped.
#[derive(Template)]
#[template(path = "portal/door/owner_keep.html")]
pub(crate) struct OwnerKeepPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that it was.
#[derive(Template)]
#[template(path = "portal/door/owner_kept.html")]
pub(crate) struct OwnerKeptPage;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/owner-keep/{token}", Needs::Public, ask)
        .post("/owner-keep", Needs::Public, keep)
        .get("/owner-kept", Needs::Public, kept)
}

async fn ask(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    if portal.identity.keeps_owner(&token).await? {
        return Ok(guest.page(OwnerKeepPage { token }).into_response());
    }
    Ok(reset::void(&guest))
}

async fn keep(guest: Guest, State(portal): State<Portal>, form: Form) -> Result<Response, Failure> {
    match Box::pin(portal.identity.keep_owner(&link(form.get("token")))).await {
        Ok(()) => Ok(see_other("/owner-kept")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn kept(guest: Guest) -> Page<OwnerKeptPage> {
    guest.page(OwnerKeptPage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for OwnerKeepPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
            }]
        }
    }

    impl Sample for OwnerKeptPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    #[test]
    fn the_pages_that_stop_it_are_whole() {
        let found = [
            check_samples::<OwnerKeepPage>(),
            check_samples::<OwnerKeptPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

//! `GET /erasure-keep/{token}`, `POST /erasure-keep`, `GET /erasure-kept`
//!
//! Two people of the hoster agreed that everything of a customer is removed: whoever reads a letter about it
//! to an owner stops it. That logs nobody in. Source: bar 3.8 T7.

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
#[template(path = "portal/door/erasure_keep.html")]
pub(crate) struct ErasureKeepPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that it was.
#[derive(Template)]
#[template(path = "portal/door/erasure_kept.html")]
pub(crate) struct ErasureKeptPage;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/erasure-keep/{token}", Needs::Public, ask)
        .post("/erasure-keep", Needs::Public, keep)
        .get("/erasure-kept", Needs::Public, kept)
}

async fn ask(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    if portal.identity.keeps_customer(&token).await? {
        return Ok(guest.page(ErasureKeepPage { token }).into_response());
    }
    Ok(reset::void(&guest))
}

async fn keep(guest: Guest, State(portal): State<Portal>, form: Form) -> Result<Response, Failure> {
    match Box::pin(portal.identity.keep_customer(&link(form.get("token")))).await {
        Ok(()) => Ok(see_other("/erasure-kept")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn kept(guest: Guest) -> Page<ErasureKeptPage> {
    guest.page(ErasureKeptPage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for ErasureKeepPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
            }]
        }
    }

    impl Sample for ErasureKeptPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    #[test]
    fn the_pages_that_stop_an_erasure_are_whole() {
        let found = [
            check_samples::<ErasureKeepPage>(),
            check_samples::<ErasureKeptPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

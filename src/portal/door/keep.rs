//! `GET /owner-keep/{token}`, `POST /owner-keep`, `GET /owner-kept`, and the same with `erasure`
//!
//! Staff asked that somebody else owns a customer, or two of them agreed that everything of a customer is
//! removed: whoever reads a letter about it to an owner stops it. That logs nobody in. Source: bar 3.8 T7.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_kernel::{Fault, Secret};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Failure, Form, Guest, Needs, Page, Path, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// What a link stops.
trait Keeps: Template + Send + 'static {
    /// Says that it was.
    type Kept: Template + Default + Send + 'static;
    /// Where that is said.
    const KEPT: &'static str;

    /// Asks whether it shall be stopped.
    fn with(token: Secret) -> Self;
    /// Whether a link is one that stops it.
    fn holds(portal: &Portal, token: &Secret) -> impl Future<Output = Result<bool, Fault>> + Send;
    /// Stops it.
    fn stop(portal: &Portal, token: &Secret) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// Asks whether another owner shall be stopped.
#[derive(Template)]
#[template(path = "portal/door/owner_keep.html")]
pub(crate) struct OwnerKeepPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that the owners stay who they are.
#[derive(Template, Default)]
#[template(path = "portal/door/owner_kept.html")]
pub(crate) struct OwnerKeptPage;

impl Keeps for OwnerKeepPage {
    type Kept = OwnerKeptPage;
    const KEPT: &'static str = "/owner-kept";

    fn with(token: Secret) -> Self {
        Self { token }
    }

    async fn holds(portal: &Portal, token: &Secret) -> Result<bool, Fault> {
        portal.identity.keeps_owner(token).await
    }

    async fn stop(portal: &Portal, token: &Secret) -> Result<(), Refusal> {
        Box::pin(portal.identity.keep_owner(token)).await
    }
}

/// Asks whether an erasure shall be stopped.
#[derive(Template)]
#[template(path = "portal/door/erasure_keep.html")]
pub(crate) struct ErasureKeepPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that the customer stays.
#[derive(Template, Default)]
#[template(path = "portal/door/erasure_kept.html")]
pub(crate) struct ErasureKeptPage;

impl Keeps for ErasureKeepPage {
    type Kept = ErasureKeptPage;
    const KEPT: &'static str = "/erasure-kept";

    fn with(token: Secret) -> Self {
        Self { token }
    }

    async fn holds(portal: &Portal, token: &Secret) -> Result<bool, Fault> {
        portal.identity.keeps_customer(token).await
    }

    async fn stop(portal: &Portal, token: &Secret) -> Result<(), Refusal> {
        Box::pin(portal.identity.keep_customer(token)).await
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/owner-keep/{token}", Needs::Public, ask::<OwnerKeepPage>)
        .post("/owner-keep", Needs::Public, keep::<OwnerKeepPage>)
        .get("/owner-kept", Needs::Public, kept::<OwnerKeepPage>)
        .get(
            "/erasure-keep/{token}",
            Needs::Public,
            ask::<ErasureKeepPage>,
        )
        .post("/erasure-keep", Needs::Public, keep::<ErasureKeepPage>)
        .get("/erasure-kept", Needs::Public, kept::<ErasureKeepPage>)
}

async fn ask<P: Keeps>(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    if P::holds(&portal, &token).await? {
        return Ok(guest.page(P::with(token)).into_response());
    }
    Ok(reset::void(&guest))
}

async fn keep<P: Keeps>(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match P::stop(&portal, &link(form.get("token"))).await {
        Ok(()) => Ok(see_other(P::KEPT)),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn kept<P: Keeps>(guest: Guest) -> Page<P::Kept> {
    guest.page(P::Kept::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    fn asked<P: Keeps>() -> Vec<P> {
        vec![P::with(Secret::new("a-_b"))]
    }

    impl Sample for OwnerKeepPage {
        fn samples() -> Vec<Self> {
            asked()
        }
    }

    impl Sample for OwnerKeptPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    impl Sample for ErasureKeepPage {
        fn samples() -> Vec<Self> {
            asked()
        }
    }

    impl Sample for ErasureKeptPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    #[test]
    fn the_pages_that_stop_it_are_whole() {
        let found = [
            check_samples::<OwnerKeepPage>(),
            check_samples::<OwnerKeptPage>(),
            check_samples::<ErasureKeepPage>(),
            check_samples::<ErasureKeptPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

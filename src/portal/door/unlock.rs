//! `GET /unlock/{token}`, `POST /unlock`
//!
//! The page does not say whether the link works: only the button uses it, and uses it up.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::Refusal;
use wabe_identity::recovery::unlock::Unlocked;
use wabe_kernel::Secret;
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Failure, Form, Guest, Needs, Page, Path, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// The button.
#[derive(Template)]
#[template(path = "portal/door/unlock.html")]
pub(crate) struct UnlockPage {
    /// The link's secret.
    pub token: Secret,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/unlock/{token}", Needs::Public, show)
        .post("/unlock", Needs::Public, unlock)
}

async fn show(guest: Guest, Path(token): Path<String>) -> Page<UnlockPage> {
    guest.page(UnlockPage {
        token: link(&token),
    })
}

async fn unlock(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match Box::pin(portal.identity.unlock(link(form.get("token")).expose())).await {
        Ok(Unlocked::Login) => Ok(see_other("/login?done=unlocked")),
        Ok(Unlocked::Upload) => Ok(see_other("/login?done=upload-unlocked")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;

    impl Sample for UnlockPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
            }]
        }
    }

    #[test]
    fn the_page_that_unlocks_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<UnlockPage>(),
            Vec::<String>::new()
        );
    }
}

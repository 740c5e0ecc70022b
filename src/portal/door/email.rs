//! `GET /email/confirm/{token}`, `POST /email/confirm`, `GET /email/confirmed`;
//! `GET /email/undo/{token}`, `POST /email/undo`
//!
//! What the links of a change of address lead to. Opening one changes nothing: only the button uses
//! it, and uses it up. Source: bar 3.4 T1, T4.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_identity::address_change::follow::Followed;
use wabe_kernel::{MailAddress, Secret};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Failure, Form, Guest, Needs, Page, Path, Query, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// Asks whether an address shall belong to the login.
#[derive(Template)]
#[template(path = "portal/door/email_confirm.html")]
pub(crate) struct ConfirmPage {
    /// The link's secret.
    pub token: Secret,
    /// The address.
    pub address: MailAddress,
}

/// Says that it does.
#[derive(Template)]
#[template(path = "portal/door/email_confirmed.html")]
pub(crate) struct ConfirmedPage {
    /// Whether another address is still to be confirmed.
    pub open: bool,
}

/// Asks whether the addresses from before shall be put back.
#[derive(Template)]
#[template(path = "portal/door/email_undo.html")]
pub(crate) struct UndoPage {
    /// The link's secret.
    pub token: Secret,
    /// The address from before.
    pub address: MailAddress,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/email/confirm/{token}", Needs::Public, ask)
        .post("/email/confirm", Needs::Public, confirm)
        .get("/email/confirmed", Needs::Public, confirmed)
        .get("/email/undo/{token}", Needs::Public, ask_back)
        .post("/email/undo", Needs::Public, undo)
}

async fn ask(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    match portal.identity.email_link(&token).await? {
        Some(Followed::Confirms { address, .. }) => {
            let page = ConfirmPage { token, address };
            Ok(guest.page(page).into_response())
        }
        _ => Ok(reset::void(&guest)),
    }
}

async fn confirm(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let token = link(form.get("token"));
    match Box::pin(portal.identity.confirm_email(&portal.gate, &token)).await {
        Ok(done) if done.open.is_empty() => Ok(see_other("/email/confirmed")),
        Ok(_) => Ok(see_other("/email/confirmed?open=1")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn confirmed(guest: Guest, query: Query) -> Page<ConfirmedPage> {
    let open = query.get("open") == "1";
    guest.page(ConfirmedPage { open })
}

async fn ask_back(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    match portal.identity.email_link(&token).await? {
        Some(Followed::TakesBack { change }) => {
            let address = change.old.first;
            Ok(guest.page(UndoPage { token, address }).into_response())
        }
        _ => Ok(reset::void(&guest)),
    }
}

async fn undo(guest: Guest, State(portal): State<Portal>, form: Form) -> Result<Response, Failure> {
    let token = link(form.get("token"));
    match Box::pin(portal.identity.undo_email(&portal.gate, &token)).await {
        Ok(way) => Ok(see_other(&format!("/reset/{}", way.expose()))),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    fn address() -> MailAddress {
        let long = "annemarie.schmidt-rottluff@sonnenkorn-handwerk.example";
        long.parse().unwrap()
    }

    impl Sample for ConfirmPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
                address: address(),
            }]
        }
    }

    impl Sample for ConfirmedPage {
        fn samples() -> Vec<Self> {
            [true, false].map(|open| Self { open }).into()
        }
    }

    impl Sample for UndoPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
                address: address(),
            }]
        }
    }

    #[test]
    fn the_pages_of_mailed_links_to_addresses_are_whole() {
        let found = [
            check_samples::<ConfirmPage>(),
            check_samples::<ConfirmedPage>(),
            check_samples::<UndoPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

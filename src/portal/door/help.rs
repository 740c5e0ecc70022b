//! `GET /access-help`; `GET` and `POST /access-help/letter`, `/access-help/unlock`
//!
//! Every way back in, for who has no session: one list, and a form wherever an address is all that is
//! needed. What a form answers never depends on the address. Source: bar 3.3 T1.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_identity::recovery::help::Help;
use wabe_kernel::{FieldErrors, FormState, Problem};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Guest, Needs, Page, Routes};

use crate::Portal;

/// The list.
#[derive(Template)]
#[template(path = "portal/door/access_help.html")]
pub(crate) struct HelpPage {
    /// Where the hoster is called; empty when nobody said.
    pub phone: String,
}

/// Asks for whom it is.
#[derive(Template)]
#[template(path = "portal/door/access_help_ask.html")]
pub(crate) struct HelpAskPage {
    /// The form.
    pub form: FormState,
    /// What is asked for: its word.
    pub what: &'static str,
}

/// The one answer.
#[derive(Template)]
#[template(path = "portal/door/access_help_sent.html")]
pub(crate) struct HelpSentPage {
    /// What was asked for: its word.
    pub what: &'static str,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/access-help", Needs::Public, show)
        .get("/access-help/letter", Needs::Public, ask_letter)
        .post("/access-help/letter", Needs::Public, letter)
        .get("/access-help/unlock", Needs::Public, ask_unlock)
        .post("/access-help/unlock", Needs::Public, unlock)
}

async fn show(guest: Guest, State(portal): State<Portal>) -> Page<HelpPage> {
    let phone = portal.house().hoster_phone.clone();
    guest.page(HelpPage { phone })
}

fn form(guest: &Guest, help: Help, form: FormState) -> Page<HelpAskPage> {
    let what = help.word();
    guest.page(HelpAskPage { form, what })
}

async fn ask_letter(guest: Guest) -> Page<HelpAskPage> {
    form(&guest, Help::Letter, FormState::new())
}

async fn ask_unlock(guest: Guest) -> Page<HelpAskPage> {
    form(&guest, Help::Unlock, FormState::new())
}

async fn letter(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    typed: Form,
) -> Result<Response, Failure> {
    send(&guest, &portal, (Help::Letter, &arrival), &typed).await
}

async fn unlock(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    typed: Form,
) -> Result<Response, Failure> {
    send(&guest, &portal, (Help::Unlock, &arrival), &typed).await
}

async fn send(
    guest: &Guest,
    portal: &Portal,
    (help, arrival): (Help, &Arrival),
    typed: &Form,
) -> Result<Response, Failure> {
    let email = typed.get("email").trim();
    if email.is_empty() {
        let errors = FieldErrors::one("email", Problem::new("required"));
        let again = FormState::of(&typed.fields, errors, &[]);
        return Ok(form(guest, help, again).invalid());
    }
    let whom = (email, arrival.address());
    Box::pin(portal.identity.request_help(&portal.gate, help, whom)).await?;
    let what = help.word();
    Ok(guest.page(HelpSentPage { what }).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for HelpPage {
        fn samples() -> Vec<Self> {
            ["", "+49 30 1234567"]
                .map(|phone| Self {
                    phone: phone.to_owned(),
                })
                .into()
        }
    }

    impl Sample for HelpAskPage {
        fn samples() -> Vec<Self> {
            let page = |help: Help, form| Self {
                form,
                what: help.word(),
            };
            vec![
                page(Help::Letter, FormState::new()),
                page(Help::Unlock, samples::errors("email", "required")),
            ]
        }
    }

    impl Sample for HelpSentPage {
        fn samples() -> Vec<Self> {
            Help::ALL.map(|help| Self { what: help.word() }).into()
        }
    }

    #[test]
    fn the_pages_of_the_ways_back_in_are_whole() {
        let found = [
            check_samples::<HelpPage>(),
            check_samples::<HelpAskPage>(),
            check_samples::<HelpSentPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

//! `GET` and `POST /access-help/write`; `GET /contact-proof/{token}`, `POST /contact-proof`, `GET /contact-proved`
//!
//! Who has no account, or cannot get in, writes to support: a name, an address, a text. The answer is the
//! same whatever there is to the address, which counts once its link was followed. Source: bar 3.3 T1,
//! 3.4 T1.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_kernel::{FormState, Secret};
use wabe_support::contact::{self, WriteIn};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Arrival, Cost, Failure, Form, Guest, Needs, Page, Path, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// Asks who writes, and what.
#[derive(Template)]
#[template(path = "portal/door/contact_write.html")]
pub(crate) struct WritePage {
    /// The form.
    pub form: FormState,
}

/// The one answer.
#[derive(Template)]
#[template(path = "portal/door/contact_sent.html")]
pub(crate) struct SentPage;

/// Asks whether the address is theirs.
#[derive(Template)]
#[template(path = "portal/door/contact_proof.html")]
pub(crate) struct ProofPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that it is.
#[derive(Template)]
#[template(path = "portal/door/contact_proved.html")]
pub(crate) struct ProvedPage;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/access-help/write", Needs::Public, ask)
        .post("/access-help/write", Needs::Public, write)
        .cost(Cost::Heavy)
        .get("/contact-proof/{token}", Needs::Public, show)
        .cost(Cost::Heavy)
        .post("/contact-proof", Needs::Public, prove)
        .cost(Cost::Heavy)
        .get("/contact-proved", Needs::Public, proved)
}

async fn ask(guest: Guest) -> Page<WritePage> {
    guest.page(WritePage {
        form: FormState::new(),
    })
}

async fn write(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    mut form: Form,
) -> Result<Response, Failure> {
    let language = guest.language.tag().to_owned();
    form.fields.insert("language".to_owned(), language);
    let command = match form.parse::<WriteIn>(&[]) {
        Ok(command) => command,
        Err(form) => return Ok(guest.page(WritePage { form }).invalid()),
    };
    let (email, from) = (command.email.clone(), arrival.address());
    if portal.identity.may_write_in(&email, from).await? {
        contact::write_in(&portal.gate, command).await?;
    }
    Ok(guest.page(SentPage).into_response())
}

async fn show(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    if contact::opens(&portal.gate, &token).await? {
        return Ok(guest.page(ProofPage { token }).into_response());
    }
    Ok(reset::void(&guest))
}

async fn prove(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match contact::prove(&portal.gate, &link(form.get("token"))).await {
        Ok(()) => Ok(see_other("/contact-proved")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn proved(guest: Guest) -> Page<ProvedPage> {
    guest.page(ProvedPage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for WritePage {
        fn samples() -> Vec<Self> {
            [FormState::new(), samples::errors("email", "required")]
                .map(|form| Self { form })
                .into()
        }
    }

    impl Sample for SentPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    impl Sample for ProofPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
            }]
        }
    }

    impl Sample for ProvedPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    #[test]
    fn the_pages_of_who_writes_without_an_account_are_whole() {
        let found = [
            check_samples::<WritePage>(),
            check_samples::<SentPage>(),
            check_samples::<ProofPage>(),
            check_samples::<ProvedPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

//! `GET /account/factors/passkey`, `GET …/passkey/options`, `POST /account/factors/passkeys`,
//! `POST …/passkeys/{id}/rename`, `…/remove`: one's own passkeys.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::passkey::add::AddPasskey;
use wabe_identity::passkey::challenge::Purpose;
use wabe_identity::passkey::remove::RemovePasskey;
use wabe_identity::passkey::rename::RenamePasskey;
use wabe_kernel::FormState;
use wabe_kernel::id::PasskeyId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Path, Person, Routes, see_other};

use crate::account::factors::{PAGE, codes_page, or_note};
use crate::{PORTAL, Portal, passkey, proof};

const ADD_PAGE: &str = "/account/factors/passkey";
const SECRET: [&str; 2] = ["client_data", "attestation"];

/// Adds a passkey.
#[derive(Template)]
#[template(path = "portal/account/passkey.html")]
pub(crate) struct PasskeyPage {
    /// The form.
    pub form: FormState,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(ADD_PAGE, Needs::Session, show)
        .get("/account/factors/passkey/options", Needs::Session, options)
        .post("/account/factors/passkeys", Needs::Session, add)
        .post(
            "/account/factors/passkeys/{id}/rename",
            Needs::Session,
            rename,
        )
        .id("psk")
        .post(
            "/account/factors/passkeys/{id}/remove",
            Needs::Session,
            remove,
        )
        .id("psk")
}

async fn show(person: Person) -> Response {
    if let Some(way) = proof::first(&person, ADD_PAGE) {
        return way;
    }
    let form = FormState::new();
    person.page(PasskeyPage { form }).into_response()
}

/// What the page's script needs for a new key.
async fn options(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    let user = person.visitor.user;
    let about = user.to_string();
    let about = (Purpose::Add, about.as_str());
    let asking = portal.identity.ask_passkey(user, about).await?;
    let visitor = &person.visitor;
    let names = (visitor.email.as_str(), visitor.name.as_str());
    Ok(passkey::to_create(&asking, user, names))
}

async fn add(
    person: Person,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let command = match form.parse::<AddPasskey>(&SECRET) {
        Ok(command) => command,
        Err(form) => return Ok(person.page(PasskeyPage { form }).invalid()),
    };
    match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(codes_page(&person, done.output.recovery_codes, "passkey")),
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &SECRET);
            Ok(person.page(PasskeyPage { form }).invalid())
        }
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

async fn rename(
    person: Person,
    State(portal): State<Portal>,
    Path(id): Path<PasskeyId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    // The page asks for a name; whoever sends none wanted none.
    let Ok(command) = form.parse::<RenamePasskey>(&[]) else {
        return Ok(see_other(PAGE));
    };
    match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
        Ok(_) => Ok(see_other(&format!("{PAGE}?done=passkey-renamed"))),
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

async fn remove(
    person: Person,
    State(portal): State<Portal>,
    Path(id): Path<PasskeyId>,
) -> Result<Response, Failure> {
    let command = RemovePasskey { id };
    match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
        Ok(_) => Ok(see_other(&format!("{PAGE}?done=passkey-removed"))),
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::{Sample, Visitor};

    impl Sample for PasskeyPage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            vec![
                Self {
                    form: FormState::new(),
                },
                Self {
                    form: samples::errors("passkey", "passkey-wrong"),
                },
            ]
        }
    }

    #[test]
    fn the_page_that_adds_a_passkey_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<PasskeyPage>(),
            Vec::<String>::new()
        );
    }
}

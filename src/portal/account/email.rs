//! `GET /account/email`, `POST /account/email`: the addresses of one's login.
//!
//! Sending the form changes nothing yet: what is new is asked by mail first. The page says the same
//! whether an address is free or somebody else's. Source: bar 3.4 T4.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::address_change::model::Pending;
use wabe_identity::user::set_email::SetEmail;
use wabe_identity::user::store as users;
use wabe_kernel::{FormState, MailAddress, Problem, Secret, Timestamp};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Needs, Person, Query, Routes, see_other};

use crate::proof::{self, prove};
use crate::refused::{self, Note, Refused};
use crate::{PORTAL, Portal};

/// Where the page is.
pub(crate) const PAGE: &str = "/account/email";
/// Never comes back.
const SECRET: [&str; 1] = [proof::FIELD];
/// What the page can say was done: the messages `email-done-{word}`.
const DONE: [&str; 2] = ["asked", "set"];

/// What waits for a link.
pub(crate) struct Waiting {
    /// Addresses that are still to be confirmed.
    pub open: Vec<MailAddress>,
    /// Until when.
    pub until: Timestamp,
}

/// The form, and what waits.
pub(crate) struct Content {
    /// What was typed.
    pub form: FormState,
    /// Why it was refused as a whole.
    pub note: Option<Note>,
    /// Whether the password is asked for.
    pub proof: bool,
    /// What waits.
    pub waiting: Option<Waiting>,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// The page of people in the portal.
#[derive(Template)]
#[template(path = "portal/account/email.html")]
pub(crate) struct EmailPage {
    /// What it shows.
    pub it: Content,
}

/// The same for staff, who have another frame.
#[derive(Template)]
#[template(path = "portal/account/email_staff.html")]
pub(crate) struct StaffEmailPage {
    /// What it shows.
    pub it: Content,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Session, show)
        .post(PAGE, Needs::Session, set)
}

async fn page(
    portal: &Portal,
    person: &Person,
    refused: Refused,
    done: Option<&'static str>,
) -> Result<Response, Failure> {
    let Refused { form, note } = refused;
    let wrong = form.has_errors() || note.is_some();
    let pending = portal.identity.pending_email(person.visitor.user).await?;
    let it = Content {
        form,
        note,
        proof: proof::needed(person.visitor.authenticated_at, person.now),
        waiting: pending.map(|Pending { open, until, .. }| Waiting { open, until }),
        done,
    };
    Ok(if person.visitor.staff {
        let page = person.page(StaffEmailPage { it });
        if wrong {
            page.invalid()
        } else {
            page.into_response()
        }
    } else {
        let page = person.page(EmailPage { it });
        if wrong {
            page.invalid()
        } else {
            page.into_response()
        }
    })
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let mut tx = portal.gate.store().read().await?;
    let known = users::find(&mut tx, person.visitor.user).await?;
    tx.rollback().await?;
    let known = known.ok_or(Failure::LoginRequired)?;
    let second = known.second_email.map(|email| email.to_string());
    let form = FormState::new()
        .with("email", known.email.to_string())
        .with("second_email", second.unwrap_or_default());
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    page(&portal, &person, form.into(), done).await
}

async fn set(
    person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    if form.get(proof::FIELD).is_empty() {
        return set_as(&portal, &person, &form).await;
    }
    let password = Secret::new(form.get(proof::FIELD));
    match prove(&portal, &arrival, &password).await? {
        Err(wrong) => {
            let again = proof::asked(&form, &[], wrong).into();
            page(&portal, &person, again, None).await
        }
        Ok(proved) => {
            let person = Person {
                visitor: proved.visitor.clone(),
                view: proved.view.clone(),
            };
            let answer = set_as(&portal, &person, &form).await;
            Ok(proved.finish(answer))
        }
    }
}

async fn set_as(portal: &Portal, person: &Person, form: &Form) -> Result<Response, Failure> {
    let again = match form.parse::<SetEmail>(&SECRET) {
        Err(form) => form.into(),
        Ok(command) => {
            match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
                Ok(done) => {
                    let asked = done.output.confirm_until.is_some();
                    let word = if asked { "asked" } else { "set" };
                    return Ok(see_other(&format!("{PAGE}?done={word}")));
                }
                Err(Refusal::StepUp) => {
                    proof::asked(form, &[], Problem::new("proof-needed")).into()
                }
                Err(refusal) => refused::again(form, &SECRET, refusal)?,
            }
        }
    };
    page(portal, person, again, None).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, NOW};
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    fn contents() -> Vec<Content> {
        let address = |text: &str| text.parse::<MailAddress>().unwrap();
        let full = FormState::new()
            .with(
                "email",
                "annemarie.schmidt-rottluff@sonnenkorn-handwerk.example",
            )
            .with("second_email", "annemarie@elsewhere.example");
        let both = vec![
            address("annemarie.schmidt-rottluff@sonnenkorn-handwerk.example"),
            address("annemarie@elsewhere.example"),
        ];
        let waiting = |open| Waiting {
            open,
            until: NOW.plus_seconds(1_500),
        };
        let it = |form, waiting, proof, done| Content {
            form,
            note: None,
            proof,
            waiting,
            done,
        };
        let wrong = samples::errors("second_email", "contact-needs-second");
        let mut refused = it(wrong, None, true, None);
        refused.note = samples::conflict();
        vec![
            it(full.clone(), None, false, Some("set")),
            it(full, Some(waiting(both)), true, Some("asked")),
            refused,
        ]
    }

    impl Sample for EmailPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            contents().into_iter().map(|it| Self { it }).collect()
        }
    }

    impl Sample for StaffEmailPage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            contents().into_iter().map(|it| Self { it }).collect()
        }
    }

    #[test]
    fn the_pages_of_ones_addresses_are_whole() {
        let found = [
            check_samples::<EmailPage>(),
            check_samples::<StaffEmailPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

//! `GET` and `POST /account/phone-pin`: what one says on the telephone to be recognised.
//!
//! Setting it asks for a fresh proof, and it is never shown again.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::phone_pin::set::SetPhonePin;
use wabe_identity::phone_pin::store::PinStanding;
use wabe_kernel::{FormState, Problem, Secret};
use wabe_web::filters;
use wabe_web::{Arrival, Cost, Failure, Form, Needs, Person, Query, Routes, Tab, see_other};

use crate::account::tabs_of;
use crate::proof::{self, prove};
use crate::{PORTAL, Portal};

/// Where the page is.
pub(crate) const PAGE: &str = "/account/phone-pin";
/// Never come back.
const SECRET: [&str; 2] = ["pin", proof::FIELD];

/// The form, and how the PIN stands.
#[derive(Template)]
#[template(path = "portal/account/phone_pin.html")]
pub(crate) struct PhonePinPage {
    /// What was typed.
    pub form: FormState,
    /// How it stands.
    pub standing: Option<PinStanding>,
    /// Whether a proof is asked for.
    pub proof: bool,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Whether it was just set.
    pub done: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Session, show)
        .post(PAGE, Needs::Session, set)
        .cost(Cost::Heavy)
}

async fn page(
    portal: &Portal,
    person: &Person,
    form: FormState,
    done: bool,
) -> Result<Response, Failure> {
    let wrong = form.has_errors();
    let page = person.page(PhonePinPage {
        form,
        standing: portal.identity.phone_pin(person.visitor.user).await?,
        proof: proof::needed(person.visitor.authenticated_at, person.now),
        tabs: tabs_of(person),
        done,
    });
    Ok(if wrong {
        page.invalid()
    } else {
        page.into_response()
    })
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    // Nobody here asks a colleague for it.
    if person.visitor.staff {
        return Ok(see_other("/staff/account"));
    }
    page(&portal, &person, FormState::new(), query.get("done") == "1").await
}

async fn set(
    person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    if form.get(proof::FIELD).is_empty() {
        return run(&portal, &person, &form, None).await;
    }
    match prove(&portal, &arrival, &Secret::new(form.get(proof::FIELD))).await? {
        Err(wrong) => {
            let form = proof::asked(&form, &SECRET, wrong);
            page(&portal, &person, form, false).await
        }
        Ok(proved) => {
            let actor = proved.visitor.actor.clone();
            let answer = run(&portal, &person, &form, Some(&actor)).await;
            Ok(proved.finish(answer))
        }
    }
}

async fn run(
    portal: &Portal,
    person: &Person,
    form: &Form,
    proved: Option<&wabe_access::Actor>,
) -> Result<Response, Failure> {
    let command = match form.parse::<SetPhonePin>(&SECRET) {
        Ok(command) => command,
        Err(form) => return page(portal, person, form, false).await,
    };
    let actor = proved.unwrap_or_else(|| person.actor());
    match Box::pin(portal.gate.run(actor, command, Mode::Commit)).await {
        Ok(_) => Ok(see_other(&format!("{PAGE}?done=1"))),
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &SECRET);
            page(portal, person, form, false).await
        }
        Err(Refusal::StepUp) => {
            let form = proof::asked(form, &SECRET, Problem::new("proof-needed"));
            page(portal, person, form, false).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tabs;
    use crate::samples;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for PhonePinPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |form, standing, done: bool| Self {
                form,
                standing,
                proof: !done,
                tabs: tabs(false),
                done,
            };
            let standing = |locked_until| {
                Some(PinStanding {
                    set_at: samples::NOW,
                    locked_until,
                })
            };
            vec![
                page(FormState::new(), None, false),
                page(FormState::new(), standing(None), true),
                page(
                    samples::errors("pin", "phone-pin-weak"),
                    standing(Some(samples::NOW)),
                    false,
                ),
            ]
        }
    }

    #[test]
    fn the_page_of_the_telephone_pin_is_whole() {
        assert_eq!(check_samples::<PhonePinPage>(), Vec::<String>::new());
    }
}

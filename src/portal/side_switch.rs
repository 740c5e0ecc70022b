//! `GET /switch`, `POST /switch`: between the portal and the staff desk, for who has business on both
//! sides. The desk asks for the password unless it was given a moment ago.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_kernel::{FormState, Problem, Secret};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Needs, Person, Routes, cookie, see_other};

use crate::account::home;
use crate::proof::{self, FIELD, asked, needed, session_cookie};
use crate::{PORTAL, Portal};

/// Where one changes sides.
#[derive(Template)]
#[template(path = "portal/door/side.html")]
pub(crate) struct SidePage {
    /// The form.
    pub form: FormState,
    /// Whether it leads to the desk.
    pub to_desk: bool,
    /// Whether it asks for the password.
    pub proof: bool,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/switch", Needs::Session, show)
        .post("/switch", Needs::Session, switch)
}

/// Whether somebody must give their password for the other side.
fn must_prove(person: &Person) -> bool {
    let visitor = &person.visitor;
    !visitor.staff && needed(visitor.authenticated_at, person.now)
}

async fn show(person: Person) -> Result<Response, Failure> {
    if !person.visitor.on_both_sides {
        return Err(Failure::NotFound);
    }
    let page = SidePage {
        form: FormState::new(),
        to_desk: !person.visitor.staff,
        proof: must_prove(&person),
    };
    Ok(person.page(page).into_response())
}

/// The form again, asking for the password.
fn again(person: &Person, form: &Form, problem: Problem) -> Response {
    let page = SidePage {
        form: asked(form, &[], problem),
        to_desk: !person.visitor.staff,
        proof: true,
    };
    person.page(page).invalid()
}

async fn switch(
    person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    if !person.visitor.on_both_sides {
        return Err(Failure::NotFound);
    }
    let token = arrival.session().ok_or(Failure::LoginRequired)?;
    let found = portal.identity.find_session(token.expose()).await?;
    let mut session = found.ok_or(Failure::LoginRequired)?;
    let mut proved = None;
    if !form.get(FIELD).is_empty() {
        match proof::prove(&portal, &arrival, &Secret::new(form.get(FIELD))).await? {
            Err(wrong) => return Ok(again(&person, &form, wrong)),
            Ok(done) => {
                session.second_factor_at = Some(done.visitor.authenticated_at);
                proved = Some(done);
            }
        }
    }
    let answer = match portal.identity.switch_side(&session).await {
        Ok(token) => {
            let staff = !session.staff;
            let mut response = see_other(home(staff, true));
            cookie::append(response.headers_mut(), session_cookie(&token, staff));
            return Ok(response);
        }
        Err(Refusal::StepUp) => Ok(again(&person, &form, Problem::new("proof-needed"))),
        Err(refusal) => Err(refusal.into()),
    };
    match proved {
        Some(proved) => Ok(proved.finish(answer)),
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::{Sample, Visitor};

    impl Sample for SidePage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |form, to_desk, proof| Self {
                form,
                to_desk,
                proof,
            };
            vec![
                page(FormState::new(), false, false),
                page(FormState::new(), true, false),
                page(samples::errors(FIELD, "password-wrong"), true, true),
            ]
        }
    }

    #[test]
    fn the_page_that_leads_to_the_other_side_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<SidePage>(),
            Vec::<String>::new()
        );
    }
}

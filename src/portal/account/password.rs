//! `GET` and `POST` of the page where people set a new password, by choice or because they must.
//!
//! The present password proves the person, counted like every proof, before the new one is looked at
//! by the gate. What the rules alone can say is said before, so that the session keeps its token and
//! the page its form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::password::rules::check;
use wabe_identity::user::set_password::SetPassword;
use wabe_kernel::{FieldErrors, Fields, FormState, Problem, Secret};
use wabe_web::filters;
use wabe_web::{
    Arrival, Cost, Failure, Form, Needs, PASSWORD_PAGE, Person, Query, Routes, Tab, see_other,
};

use crate::account::{home, tabs_of};
use crate::door::Rules;
use crate::proof::{self, Proved, prove_password};
use crate::{PORTAL, Portal};

/// The fields, none of which ever comes back.
const SECRET: [&str; 2] = ["old_password", "new_password"];
/// What the gate says about a new password beyond the rules.
const LATE: [&str; 2] = ["password-reused", "password-too-young"];

/// The form.
#[derive(Template)]
#[template(path = "portal/account/password.html")]
pub(crate) struct PasswordPage {
    /// The form.
    pub form: FormState,
    /// What a password must be.
    pub rules: Rules,
    /// Where the form is sent.
    pub action: &'static str,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Whether it was just done.
    pub done: bool,
}

/// The same for whoever can do nothing else first, and for staff.
#[derive(Template)]
#[template(path = "portal/account/first_password.html")]
pub(crate) struct FirstPasswordPage {
    /// The form.
    pub form: FormState,
    /// What a password must be.
    pub rules: Rules,
    /// Where the form is sent.
    pub action: &'static str,
    /// Whether nothing else is possible before.
    pub forced: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    let routes = Routes::new(&PORTAL)
        .get(PASSWORD_PAGE, Needs::Session, show)
        .post(PASSWORD_PAGE, Needs::Session, set)
        .cost(Cost::Heavy);
    routes.get("/account/password", Needs::Session, brief_name)
}

async fn brief_name() -> Response {
    see_other(PASSWORD_PAGE)
}

fn page(person: &Person, rules: Rules, form: FormState, done: bool) -> Response {
    let wrong = form.has_errors();
    let visitor = &person.visitor;
    let action = PASSWORD_PAGE;
    if visitor.must_change_password || visitor.staff {
        let forced = visitor.must_change_password;
        let page = person.page(FirstPasswordPage {
            form,
            rules,
            action,
            forced,
        });
        return if wrong {
            page.invalid()
        } else {
            page.into_response()
        };
    }
    let page = person.page(PasswordPage {
        form,
        rules,
        action,
        tabs: tabs_of(person),
        done,
    });
    if wrong {
        page.invalid()
    } else {
        page.into_response()
    }
}

/// Whether the person's password stands beside a second factor.
async fn stands_beside(portal: &Portal, person: &Person) -> Result<bool, Failure> {
    let user = person.visitor.user;
    Ok(portal.identity.stands_beside_factor(user).await?)
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    if let Some(way) = code_first(&person) {
        return Ok(way);
    }
    let rules = portal.password_rules(stands_beside(&portal, &person).await?);
    let late = LATE.into_iter().find(|code| *code == query.get("refused"));
    let Some(code) = late else {
        let done = query.get("done") == "1";
        return Ok(page(&person, rules, FormState::new(), done));
    };
    let hours = portal.identity.profile().age_hours_min;
    let errors = FieldErrors::one("new_password", Problem::new(code).with("hours", hours));
    let form = FormState::of(&[].into(), errors, &[]);
    Ok(page(&person, rules, form, false))
}

/// The way to a proof for who has a second factor: without it the new password would be refused.
fn code_first(person: &Person) -> Option<Response> {
    let way = || proof::first(person, PASSWORD_PAGE);
    person.visitor.proved_by.is_factor().then(way).flatten()
}

/// Everything that can be said about the form without the database.
fn looked_over(portal: &Portal, person: &Person, beside: bool, form: &Form) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for name in SECRET.iter().filter(|name| form.get(name).is_empty()) {
        errors.add(name, Problem::new("required"));
    }
    let (old, new) = (form.get("old_password"), form.get("new_password"));
    if !new.is_empty() && old == new {
        errors.add("new_password", Problem::new("password-reused"));
    }
    let context = [person.visitor.name.as_str(), &person.visitor.email];
    let profile = portal.identity.profile();
    if let Err(problem) = check(profile, beside, &Secret::new(new), &context) {
        errors.add("new_password", problem);
    }
    errors
}

async fn set(
    person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    if let Some(way) = code_first(&person) {
        return Ok(way);
    }
    let beside = stands_beside(&portal, &person).await?;
    let again = |errors| {
        let form = FormState::of(&form.fields, errors, &SECRET);
        page(&person, portal.password_rules(beside), form, false)
    };
    let errors = looked_over(&portal, &person, beside, &form);
    if !errors.is_empty() {
        return Ok(again(errors));
    }
    let old = Secret::new(form.get("old_password"));
    match prove_password(&portal, &arrival, &old).await? {
        Err(wrong) => Ok(again(FieldErrors::one("old_password", wrong))),
        Ok(proved) => {
            let answer = change(&portal, &proved, form.get("new_password")).await;
            Ok(proved.finish(answer))
        }
    }
}

async fn change(portal: &Portal, proved: &Proved, new: &str) -> Result<Response, Failure> {
    let visitor = &proved.visitor;
    let fields = [
        ("new_password", new.to_owned()),
        ("keep_session", visitor.session.to_string()),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
    let done = match SetPassword::from_form(&fields) {
        Ok(command) => Box::pin(portal.gate.run(&visitor.actor, command, Mode::Commit)).await,
        Err(errors) => Err(Refusal::Invalid(errors)),
    };
    match done {
        Ok(_) if visitor.staff => Ok(see_other("/staff/account?done=password")),
        Ok(_) if visitor.must_change_password => {
            Ok(see_other(home(visitor.staff, visitor.customer.is_some())))
        }
        Ok(_) => Ok(see_other(&format!("{PASSWORD_PAGE}?done=1"))),
        Err(Refusal::Invalid(errors)) => {
            let code = errors.0.values().next().map_or("", |problem| problem.code);
            Ok(see_other(&format!("{PASSWORD_PAGE}?refused={code}")))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tabs;
    use crate::door::tests::rules;
    use crate::samples;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for PasswordPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |form, done| Self {
                form,
                rules: rules(),
                action: PASSWORD_PAGE,
                tabs: tabs(false),
                done,
            };
            let wrong = samples::errors("old_password", "password-wrong");
            vec![page(FormState::new(), true), page(wrong, false)]
        }
    }

    impl Sample for FirstPasswordPage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |form, forced| Self {
                form,
                rules: rules(),
                action: PASSWORD_PAGE,
                forced,
            };
            let wrong = samples::errors("new_password", "password-reused");
            vec![page(FormState::new(), true), page(wrong, false)]
        }
    }

    #[test]
    fn the_pages_of_ones_password_are_whole() {
        let found = [
            check_samples::<PasswordPage>(),
            check_samples::<FirstPasswordPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

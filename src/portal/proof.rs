//! Proving oneself again before something sensitive, without losing what was typed.
//!
//! A sensitive form carries a field while the last proof is too old: for the password, or for a code of
//! the app or what a passkey signed where the person has one, because then nothing else proves them. Whoever fills
//! it in has proved themselves: their session gets another token, and everything after that happens
//! in its name. Invariant: the new token leaves with every answer, refusals included, because the old
//! one is dead. Acts without a form lead over `/prove` and back. Source: bar 3.5 T2, 3.6 T5.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;

use wabe_access::Refusal;
use wabe_access::gate::STEP_UP_SECONDS;
use wabe_identity::Session;
use wabe_identity::passkey::assertion::Assertion;
use wabe_kernel::{FieldErrors, FormState, Problem, Secret, Timestamp};
use wabe_web::cookie::{self, SameSite};
use wabe_web::filters;
use wabe_web::{
    Arrival, Failure, Form, LocalPath, Member, Needs, PROVE, Person, Query, Routes, View, Visitor,
    see_other,
};

use crate::{PORTAL, Portal, passkey};

/// The field of a form that holds the password again, or a code.
pub(crate) const FIELD: &str = "proof";
/// A form that is opened so many seconds before the proof gets too old asks for it at once.
const SPARE_SECONDS: i64 = 120;

/// Asks for the password again, or for a code.
#[derive(Template)]
#[template(path = "portal/door/prove.html")]
pub(crate) struct ProvePage {
    /// The form.
    pub form: FormState,
    /// Where it goes on.
    pub next: LocalPath,
}

/// Somebody who just proved themselves.
pub(crate) struct Proved {
    pub(crate) visitor: Arc<Visitor>,
    pub(crate) view: View,
    cookie: Option<HeaderValue>,
}

impl Proved {
    /// The answer, with the session's new token.
    pub(crate) fn finish(self, answer: Result<Response, Failure>) -> Response {
        with_cookie(answer, self.cookie)
    }
}

/// A member in front of a sensitive form.
pub(crate) struct Proving {
    /// The member; freshly proved when the form brought the right password.
    pub(crate) member: Member,
    /// What is wrong with the password that came.
    pub(crate) wrong: Option<Problem>,
    cookie: Option<HeaderValue>,
}

impl Proving {
    /// A member in front of a form that asks for no proof.
    pub(crate) const fn as_is(member: Member) -> Self {
        Self {
            member,
            wrong: None,
            cookie: None,
        }
    }

    /// The answer, with the session's new token when there is one.
    pub(crate) fn finish(self, answer: Result<Response, Failure>) -> Response {
        with_cookie(answer, self.cookie)
    }
}

fn with_cookie(answer: Result<Response, Failure>, cookie: Option<HeaderValue>) -> Response {
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    cookie::append(response.headers_mut(), cookie);
    response
}

/// The session's cookie. Source: bar 3.5 T1.
pub(crate) fn session_cookie(token: &Secret, staff: bool) -> Option<HeaderValue> {
    let same = if staff {
        SameSite::Strict
    } else {
        SameSite::Lax
    };
    cookie::set(cookie::SESSION, token, same, None)
}

/// Whether a sensitive form should ask for the password.
pub(crate) fn needed(proved_at: Timestamp, now: Timestamp) -> bool {
    now.seconds_since(proved_at) > STEP_UP_SECONDS - SPARE_SECONDS
}

async fn session(portal: &Portal, arrival: &Arrival) -> Result<Session, Failure> {
    let token = arrival.session().ok_or(Failure::LoginRequired)?;
    let found = portal.identity.find_session(token.expose()).await?;
    found.ok_or(Failure::LoginRequired)
}

/// Checks what proves whoever sent this request: a code or a passkey where they have one, their password
/// otherwise.
///
/// # Errors
/// The problem with it inside; `LoginRequired` once the session is over, or a failure.
pub(crate) async fn prove(
    portal: &Portal,
    arrival: &Arrival,
    typed: &Secret,
) -> Result<Result<Proved, Problem>, Failure> {
    let session = session(portal, arrival).await?;
    let signed = Assertion::written(typed).filter(|_| session.has_passkey);
    let done = if let Some(signed) = signed {
        Box::pin(portal.identity.prove_passkey(&session, &signed)).await
    } else if session.has_factor || session.staff {
        Box::pin(portal.identity.prove_code(&session, typed)).await
    } else {
        Box::pin(portal.identity.prove(&session, typed)).await
    };
    proved(arrival, &session, done).await
}

/// Checks the password of whoever sent this request, whatever else they have.
///
/// # Errors
/// As [`prove`].
pub(crate) async fn prove_password(
    portal: &Portal,
    arrival: &Arrival,
    password: &Secret,
) -> Result<Result<Proved, Problem>, Failure> {
    let session = session(portal, arrival).await?;
    let done = Box::pin(portal.identity.prove(&session, password)).await;
    proved(arrival, &session, done).await
}

async fn proved(
    arrival: &Arrival,
    session: &Session,
    done: Result<Secret, Refusal>,
) -> Result<Result<Proved, Problem>, Failure> {
    let token = match done {
        Ok(token) => token,
        Err(Refusal::Invalid(mut errors)) => {
            let wrong = errors.0.pop_first().map(|(_, problem)| problem);
            return Ok(Err(wrong.unwrap_or(Problem::new("password-wrong"))));
        }
        // The session ended over it.
        Err(Refusal::NotFound) => return Err(Failure::LoginRequired),
        Err(refusal) => return Err(refusal.into()),
    };
    let (visitor, view) = arrival.again(&token).await?;
    let cookie = session_cookie(&token, session.staff);
    Ok(Ok(Proved {
        visitor,
        view,
        cookie,
    }))
}

/// The member behind a sensitive form, proved again when the form says so.
///
/// # Errors
/// As [`prove`].
pub(crate) async fn member(
    portal: &Portal,
    member: Member,
    form: &Form,
    arrival: &Arrival,
) -> Result<Proving, Failure> {
    if form.get(FIELD).is_empty() {
        return Ok(Proving::as_is(member));
    }
    match prove(portal, arrival, &Secret::new(form.get(FIELD))).await? {
        Err(wrong) => Ok(Proving {
            member,
            wrong: Some(wrong),
            cookie: None,
        }),
        Ok(proved) => {
            let customer = proved.visitor.customer.clone().ok_or(Failure::NotFound)?;
            let Proved {
                visitor,
                view,
                cookie,
            } = proved;
            let view = view.at(member.view.place);
            Ok(Proving {
                member: Member {
                    visitor,
                    customer,
                    view,
                },
                wrong: None,
                cookie,
            })
        }
    }
}

/// The form again, asking for the password; `problem` says why. Everything else stays as typed.
pub(crate) fn asked(form: &Form, secret: &[&str], problem: Problem) -> FormState {
    let secret: Vec<&str> = secret.iter().copied().chain([FIELD]).collect();
    FormState::of(&form.fields, FieldErrors::one(FIELD, problem), &secret)
}

/// Where somebody proves themselves and then goes on at `next` (ours).
pub(crate) fn way(next: &str) -> Response {
    see_other(&format!(
        "{PROVE}?next={}",
        LocalPath::or_home(next).encoded()
    ))
}

/// The way to a proof, when what follows asks for a fresh one: before anything is typed there.
pub(crate) fn first(person: &Person, next: &str) -> Option<Response> {
    needed(person.visitor.authenticated_at, person.now).then(|| way(next))
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PROVE, Needs::Session, ask)
        .post(PROVE, Needs::Session, check)
        .get(passkey::PROVE_OPTIONS, Needs::Session, options)
}

async fn ask(person: Person, query: Query) -> Response {
    let next = LocalPath::or_home(query.get("next"));
    person
        .page(ProvePage {
            form: FormState::new(),
            next,
        })
        .into_response()
}

/// What a page's script needs for a passkey in place of a code.
async fn options(
    _person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
) -> Result<Response, Failure> {
    let session = session(&portal, &arrival).await?;
    if !session.has_passkey {
        return Ok(passkey::nothing());
    }
    let asking = portal.identity.ask_proof(&session).await?;
    Ok(passkey::to_sign(&asking))
}

async fn check(
    person: Person,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    match prove(&portal, &arrival, &Secret::new(form.get(FIELD))).await? {
        Ok(proved) => Ok(proved.finish(Ok(see_other(next.as_str())))),
        Err(wrong) => {
            let form = asked(&form, &[], wrong);
            Ok(person.page(ProvePage { form, next }).invalid())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::{ProvedBy, Sample};

    impl Sample for ProvePage {
        fn visitor() -> Option<Visitor> {
            Some(Visitor {
                proved_by: ProvedBy::Passkey,
                ..samples::visitor()
            })
        }

        fn samples() -> Vec<Self> {
            let next = LocalPath::or_home("/members/invite?a=b&c=d");
            let page = |form| Self {
                form,
                next: next.clone(),
            };
            vec![
                page(FormState::new()),
                page(samples::errors(FIELD, "password-wrong")),
            ]
        }
    }

    #[test]
    fn the_page_that_asks_for_a_proof_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<ProvePage>(),
            Vec::<String>::new()
        );
    }

    // 3.6 T5
    #[test]
    fn a_form_asks_before_the_proof_gets_too_old() {
        let at = samples::NOW;
        assert!(!needed(at, at.plus_seconds(480)));
        assert!(needed(at, at.plus_seconds(481)));
    }

    // 3.5 T1
    #[test]
    fn staff_cookies_are_strict_and_the_portals_lax() {
        let text = |staff| {
            let cookie = session_cookie(&Secret::new("abc"), staff).unwrap();
            cookie.to_str().unwrap().to_owned()
        };
        assert_eq!(
            text(true),
            "__Host-wabe=abc; Path=/; Secure; HttpOnly; SameSite=Strict"
        );
        assert!(text(false).ends_with("SameSite=Lax"));
    }

    #[test]
    fn the_password_never_comes_back_into_a_form() {
        let fields = [("proof", "geheim"), ("email", "a@b.test")];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let form = Form {
            fields: fields.into(),
        };
        let again = asked(&form, &[], Problem::new("password-wrong"));
        assert_eq!(
            (again.value("proof"), again.value("email")),
            ("", "a@b.test")
        );
    }
}

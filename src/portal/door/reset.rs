//! `GET /reset`, `POST /reset`; `GET /reset/{token}`, `GET /setup/{token}`, `POST /reset/password`
//!
//! A reset and a first password end in the same form; only its words differ.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::Refusal;
use wabe_kernel::{FieldErrors, FormState, Problem, Secret};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Arrival, Cost, Failure, Form, Guest, Needs, Page, Path, Routes, see_other};

use crate::Portal;
use crate::door::{Rules, link};

/// Asks for whom a new password is.
#[derive(Template)]
#[template(path = "portal/door/reset.html")]
pub(crate) struct ResetPage {
    /// The form.
    pub form: FormState,
}

/// The one answer to that.
#[derive(Template)]
#[template(path = "portal/door/reset_sent.html")]
pub(crate) struct SentPage;

/// Asks for the new password.
#[derive(Template)]
#[template(path = "portal/door/new_password.html")]
pub(crate) struct NewPasswordPage {
    /// The form.
    pub form: FormState,
    /// Whether it is somebody's first.
    pub first: bool,
    /// The link's secret.
    pub token: Secret,
    /// What it must be.
    pub rules: Rules,
}

/// The link does not work any more, or never did.
#[derive(Template)]
#[template(path = "portal/door/link_void.html")]
pub(crate) struct VoidPage;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/reset", Needs::Public, ask)
        .post("/reset", Needs::Public, request)
        .get("/reset/{token}", Needs::Public, again)
        .get("/setup/{token}", Needs::Public, first)
        .post("/reset/password", Needs::Public, set)
        .cost(Cost::Heavy)
}

/// What every link answers that does not work, whatever the reason.
pub(crate) fn void(guest: &Guest) -> Response {
    guest
        .page(VoidPage)
        .status(StatusCode::NOT_FOUND)
        .into_response()
}

async fn ask(guest: Guest) -> Page<ResetPage> {
    guest.page(ResetPage {
        form: FormState::new(),
    })
}

async fn request(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let email = form.get("email").trim();
    if email.is_empty() {
        let errors = FieldErrors::one("email", Problem::new("required"));
        let form = FormState::of(&form.fields, errors, &[]);
        return Ok(guest.page(ResetPage { form }).invalid());
    }
    Box::pin(portal.identity.request_reset(email, arrival.address())).await?;
    Ok(guest.page(SentPage).into_response())
}

async fn again(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    open(&portal, &guest, &token, false).await
}

async fn first(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    open(&portal, &guest, &token, true).await
}

async fn open(
    portal: &Portal,
    guest: &Guest,
    token: &str,
    first: bool,
) -> Result<Response, Failure> {
    let token = link(token);
    if !portal.identity.link_works(token.expose()).await? {
        return Ok(void(guest));
    }
    let beside = portal.identity.link_beside_factor(token.expose()).await?;
    let rules = portal.password_rules(beside);
    let page = NewPasswordPage {
        form: FormState::new(),
        first,
        token,
        rules,
    };
    Ok(guest.page(page).into_response())
}

async fn set(guest: Guest, State(portal): State<Portal>, form: Form) -> Result<Response, Failure> {
    let token = link(form.get("token"));
    let chosen = Secret::new(form.get("new_password"));
    match Box::pin(portal.identity.redeem(token.expose(), &chosen)).await {
        Ok(()) => Ok(see_other("/login?done=password")),
        Err(Refusal::NotFound) => Ok(void(&guest)),
        Err(Refusal::Invalid(errors)) => {
            let first = form.get("first") == "true";
            let form = FormState::of(&form.fields, errors, &["new_password", "token"]);
            let beside = portal.identity.link_beside_factor(token.expose()).await?;
            let rules = portal.password_rules(beside);
            Ok(guest
                .page(NewPasswordPage {
                    form,
                    first,
                    token,
                    rules,
                })
                .invalid())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::tests::rules;
    use crate::samples;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for ResetPage {
        fn samples() -> Vec<Self> {
            vec![
                Self {
                    form: FormState::new(),
                },
                Self {
                    form: samples::errors("email", "required"),
                },
            ]
        }
    }

    impl Sample for SentPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    impl Sample for VoidPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    impl Sample for NewPasswordPage {
        fn samples() -> Vec<Self> {
            let page = |form, first| Self {
                form,
                first,
                token: Secret::new("a-_b"),
                rules: rules(),
            };
            let wrong = samples::errors("new_password", "password-common");
            vec![
                page(FormState::new(), false),
                page(FormState::new(), true),
                page(wrong, true),
            ]
        }
    }

    #[test]
    fn the_pages_of_a_new_password_are_whole() {
        let found = [
            check_samples::<ResetPage>(),
            check_samples::<SentPage>(),
            check_samples::<VoidPage>(),
            check_samples::<NewPasswordPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

//! `GET /invitation/{token}`, `POST /invitation`
//!
//! Whoever is a user already only agrees; somebody new says who they are and chooses a password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Refusal, Role};
use wabe_identity::invitation::accept::{AcceptInvitation, InvitationView};
use wabe_kernel::field::form_field;
use wabe_kernel::{FieldErrors, FormState, MailAddress, PersonName, Secret};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Cost, Failure, Form, Guest, Needs, Path, Routes, see_other};

use crate::Portal;
use crate::door::{Rules, link, reset};

/// The field of a second address.
const SECOND: &str = "second_email";

/// The invitation.
#[derive(Template)]
#[template(path = "portal/door/invitation.html")]
pub(crate) struct InvitationPage {
    /// The form.
    pub form: FormState,
    /// The link's secret.
    pub token: Secret,
    /// Into which customer.
    pub customer: String,
    /// As what.
    pub role: Role,
    /// To which address.
    pub email: String,
    /// What a new person's password must be; absent for people who have one.
    pub rules: Option<Rules>,
    /// Whether a second address is asked for.
    pub second: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/invitation/{token}", Needs::Public, show)
        .post("/invitation", Needs::Public, accept)
        .cost(Cost::Heavy)
}

fn page(portal: &Portal, found: InvitationView, token: Secret, form: FormState) -> InvitationPage {
    let beside = portal.identity.profile().factor_for_all();
    InvitationPage {
        form,
        token,
        customer: found.customer_name,
        role: found.invitation.role,
        second: found.needs_second,
        email: found.invitation.email.to_string(),
        rules: (!found.known_user).then(|| portal.password_rules(beside)),
    }
}

async fn show(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    let Some(found) = portal.identity.invitation(&token).await? else {
        return Ok(reset::void(&guest));
    };
    Ok(guest
        .page(page(&portal, found, token, FormState::new()))
        .into_response())
}

/// What somebody new says about themselves.
fn newcomer(guest: &Guest, form: &Form, token: &Secret) -> Result<AcceptInvitation, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = form_field::<PersonName>(&form.fields, "name", &mut errors);
    let password = form_field::<Secret>(&form.fields, "password", &mut errors);
    let second = form_field::<Option<MailAddress>>(&form.fields, SECOND, &mut errors);
    match (name, password, second) {
        (Some(name), Some(password), Some(second)) => {
            let new = AcceptInvitation::new(token.clone(), name, password, guest.language);
            Ok(new.with_second(second))
        }
        _ => Err(errors),
    }
}

async fn accept(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let token = link(form.get("token"));
    let Some(found) = portal.identity.invitation(&token).await? else {
        return Ok(reset::void(&guest));
    };
    let command = if found.known_user {
        Ok(AcceptInvitation::of(token.clone()))
    } else {
        newcomer(&guest, &form, &token).map_err(Refusal::from)
    };
    let done = match command {
        Ok(command) => Box::pin(portal.identity.accept_invitation(&portal.gate, command)).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => Ok(see_other("/login?done=invitation")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &["password", "token"]);
            Ok(guest.page(page(&portal, found, token, form)).invalid())
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

    impl Sample for InvitationPage {
        fn samples() -> Vec<Self> {
            let page = |form, rules, second| Self {
                form,
                token: Secret::new("a-_b"),
                customer: "Bäckerei Sonnenkorn <& Söhne> Handwerksbetriebe GmbH".to_owned(),
                role: Role::DatabaseManager,
                email: "friederike.unterschuetz@sonnenkorn.example".to_owned(),
                rules,
                second,
            };
            vec![
                page(FormState::new(), None, false),
                page(FormState::new(), Some(rules()), false),
                page(
                    samples::errors("password", "password-context"),
                    Some(rules()),
                    false,
                ),
                page(
                    samples::errors("second_email", "contact-needs-second"),
                    Some(rules()),
                    true,
                ),
            ]
        }
    }

    #[test]
    fn the_page_of_an_invitation_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<InvitationPage>(),
            Vec::<String>::new()
        );
    }
}

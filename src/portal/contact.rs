//! `GET /contact`, `POST /contact`: where a customer is reached.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Permission, Refusal, customer};
use wabe_identity::customer::set_contact::SetContact;
use wabe_kernel::{FormState, Problem};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Needs, Page, Query, Routes, see_other};

use crate::proof::{self, Proving};
use crate::refused::{self, Note, Refused};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

const PAGE: &str = "/contact";
const NEEDS: Needs = Needs::Permission(Permission::CustomerWrite);

/// The form.
#[derive(Template)]
#[template(path = "portal/account/contact.html")]
pub(crate) struct ContactPage {
    /// What was typed.
    pub form: FormState,
    /// Why it was refused as a whole.
    pub note: Option<Note>,
    /// Whether the password is asked for.
    pub proof: bool,
    /// What was just done.
    pub done: Option<DoneBar>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, NEEDS, show)
        .post(PAGE, NEEDS, set)
}

fn page(member: &Member, refused: Refused, done: Option<DoneBar>) -> Page<ContactPage> {
    let Refused { form, note } = refused;
    let proof = proof::needed(member.visitor.authenticated_at, member.now);
    member.at("contact").page(ContactPage {
        form,
        note,
        proof,
        done,
    })
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::CustomerWrite)?;
    let found = customer::find(&mut tx, scope.customer()).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let found = found.ok_or(Failure::NotFound)?;
    let second = found.second_contact_email.map(|email| email.to_string());
    let phone = found.contact_phone.map(|phone| phone.to_string());
    let form = FormState::new()
        .with("contact_phone", phone.unwrap_or_default())
        .with("contact_email", found.contact_email.to_string())
        .with("second_contact_email", second.unwrap_or_default());
    Ok(page(&member, form.into(), done).into_response())
}

async fn set(
    member: Member,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = set_as(&portal, &proving, &form).await;
    Ok(proving.finish(answer))
}

async fn set_as(portal: &Portal, proving: &Proving, form: &Form) -> Result<Response, Failure> {
    let member = &proving.member;
    let secret = [proof::FIELD];
    let again = match (&proving.wrong, form.parse::<SetContact>(&secret)) {
        (Some(wrong), _) => proof::asked(form, &[], wrong.clone()).into(),
        (None, Err(form)) => form.into(),
        (None, Ok(command)) => {
            match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(done) => return Ok(see_other(&undo::done_path(PAGE, done.change))),
                Err(Refusal::StepUp) => {
                    proof::asked(form, &[], Problem::new("proof-needed")).into()
                }
                Err(refusal) => refused::again(form, &secret, refusal)?,
            }
        }
    };
    Ok(page(member, again, None).invalid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for ContactPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let full = FormState::new().with("contact_email", "buero@sonnenkorn.example");
            let wrong = samples::errors("second_contact_email", "contact-needs-second");
            let page = |form, note, proof, done| Self {
                form,
                note,
                proof,
                done,
            };
            vec![
                page(full, None, false, samples::done("customer-set-contact")),
                page(wrong, samples::conflict(), true, None),
            ]
        }
    }

    #[test]
    fn the_page_of_contact_addresses_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<ContactPage>(),
            Vec::<String>::new()
        );
    }
}

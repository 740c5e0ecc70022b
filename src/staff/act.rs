//! Acting with the hoster's authority: a form becomes a command and a purpose, or comes back.

use axum::response::Response;
use http::StatusCode;

use wabe_access::gate::STEP_UP_SECONDS;
use wabe_access::{Actor, Command, Done, Mode, Refusal};
use wabe_kernel::field::form_field;
use wabe_kernel::{FieldErrors, Fields, FormState, Reason};
use wabe_web::{Failure, Form, LocalPath, StaffMember, see_other};

use crate::Staff;

/// The field in which staff say why.
const PURPOSE: &str = "purpose";
/// A form is opened only with a proof that lasts so many seconds longer.
const SPARE_SECONDS: i64 = 180;

/// A form on its way back.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// What was typed, with the errors.
    pub(crate) form: FormState,
    /// The message of what stands in the way as a whole.
    pub(crate) note: Option<String>,
}

impl Again {
    /// The status of the form's page.
    pub(crate) const fn status(&self) -> StatusCode {
        match self.note {
            Some(_) => StatusCode::CONFLICT,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl From<FormState> for Again {
    fn from(form: FormState) -> Self {
        Self { form, note: None }
    }
}

/// What became of a form.
pub(crate) enum Acted<T> {
    /// The change.
    Done(Done<T>),
    /// The form again.
    Again(Again),
    /// First a fresh proof.
    Prove,
}

/// Done, or the form again, or (nothing) a proof first; for who does not need the answer.
pub(crate) fn without<T>(acted: Acted<T>) -> Result<(), Option<Again>> {
    match acted {
        Acted::Done(_) => Ok(()),
        Acted::Prove => Err(None),
        Acted::Again(again) => Err(Some(again)),
    }
}

/// What was found; nothing where there is none.
///
/// # Errors
/// The right that is not there, a fault.
pub(crate) fn if_found<T>(found: Result<T, Refusal>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Refusal::NotFound) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Where a form leads on which somebody decided: to what says that it is `done`, or to a proof that comes back
/// `here`; or the form is shown again.
pub(crate) fn decided(
    acted: Result<(), Option<Again>>,
    done: &str,
    here: &str,
) -> Result<Response, Again> {
    match acted {
        Ok(()) => Ok(see_other(done)),
        Err(None) => Ok(prove(here)),
        Err(Some(again)) => Err(again),
    }
}

/// The command and why, or every error of both at once.
fn parsed<C: Fields>(form: &Form, secret: &[&str]) -> Result<(C, Reason), FormState> {
    let mut errors = FieldErrors::default();
    let purpose = form_field::<Reason>(&form.fields, PURPOSE, &mut errors);
    let command = match C::from_form(&form.fields) {
        Ok(command) => Some(command),
        Err(wrong) => {
            for (field, problem) in wrong.0 {
                errors.add(&field, problem);
            }
            None
        }
    };
    match (command, purpose) {
        (Some(command), Some(purpose)) => Ok((command, purpose)),
        _ => Err(FormState::of(&form.fields, errors, secret)),
    }
}

/// Runs the command that the form describes, for the purpose that it names.
///
/// # Errors
/// What no form can say: missing things, the right that is not there, a fault.
pub(crate) async fn act<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    form: &Form,
) -> Result<Acted<C::Output>, Failure> {
    let (command, purpose) = match parsed::<C>(form, &[]) {
        Ok(both) => both,
        Err(form) => return Ok(Acted::Again(form.into())),
    };
    let actor = member.actor().clone().for_purpose(purpose);
    run(staff, &actor, command, form).await
}

/// Runs the command that the form describes, in a ticket, which is the purpose.
///
/// # Errors
/// What no form can say: missing things, the right that is not there, a fault.
pub(crate) async fn act_in_ticket<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    form: &Form,
) -> Result<Acted<C::Output>, Failure> {
    match form.parse::<C>(&[]) {
        Ok(command) => run(staff, member.actor(), command, form).await,
        Err(form) => Ok(Acted::Again(form.into())),
    }
}

async fn run<C: Command>(
    staff: &Staff,
    actor: &Actor,
    command: C,
    form: &Form,
) -> Result<Acted<C::Output>, Failure> {
    let again = |errors, note| {
        Ok(Acted::Again(Again {
            form: FormState::of(&form.fields, errors, &[]),
            note,
        }))
    };
    match Box::pin(staff.gate.run(actor, command, Mode::Commit)).await {
        Ok(done) => Ok(Acted::Done(done)),
        Err(Refusal::StepUp) => Ok(Acted::Prove),
        Err(Refusal::Invalid(errors)) => again(errors, None),
        Err(Refusal::Conflict(code)) => {
            again(FieldErrors::default(), Some(format!("conflict-{code}")))
        }
        Err(Refusal::Limit { .. }) => again(
            FieldErrors::default(),
            Some("staff-limit-reached".to_owned()),
        ),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Where the employee proves themselves and then goes on at `next` (ours).
pub(crate) fn prove(next: &str) -> Response {
    see_other(&format!(
        "/prove?next={}",
        LocalPath::or_home(next).encoded()
    ))
}

/// The way to a proof, when a sensitive form would outlast the present one: asked before anything is
/// typed, so that nothing is lost.
pub(crate) fn prove_first(member: &StaffMember, next: &str) -> Option<Response> {
    let age = member.now.seconds_since(member.visitor.authenticated_at);
    (age > STEP_UP_SECONDS - SPARE_SECONDS).then(|| prove(next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_identity::customer::suspend::SuspendCustomer;

    fn form(fields: &[(&str, &str)]) -> Form {
        let fields = fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Form {
            fields: fields.collect(),
        }
    }

    #[test]
    fn an_act_without_purpose_is_no_act_and_all_errors_come_at_once() {
        let wrong = parsed::<SuspendCustomer>(&form(&[("customer", "K10234")]), &[]).unwrap_err();
        let names: Vec<&str> = wrong.errors().keys().map(String::as_str).collect();
        assert_eq!(names, ["purpose", "reason"]);
        let fields = [
            ("customer", "K10234"),
            ("reason", "Spam"),
            ("purpose", "Abuse 17"),
        ];
        let (_, purpose) = parsed::<SuspendCustomer>(&form(&fields), &[]).unwrap();
        assert_eq!(purpose.as_str(), "Abuse 17");
    }
}

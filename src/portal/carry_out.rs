//! A form becomes a command and passes the gate, or comes back with what is to be mended.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use wabe_access::{Command, Done, Mode};
use wabe_web::{Failure, Form, Member, Page};

use crate::Portal;
use crate::refused::{Refused, again};

/// Runs the command that the form describes; `Err` inside holds the form to show again, without the
/// fields in `secret`.
///
/// # Errors
/// What no form can say: foreign and missing things, the right that is not there, a fault.
pub(crate) async fn carry_out<C: Command>(
    portal: &Portal,
    member: &Member,
    form: &Form,
    secret: &[&str],
    mode: Mode,
) -> Result<Result<Done<C::Output>, Refused>, Failure> {
    let command = match form.parse::<C>(secret) {
        Ok(command) => command,
        Err(state) => return Ok(Err(Refused::from(state))),
    };
    match Box::pin(portal.gate.run(member.actor(), command, mode)).await {
        Ok(done) => Ok(Ok(done)),
        Err(refusal) => again(form, secret, refusal).map(Err),
    }
}

/// Whether the button of this name asked to see what would change, or to change it.
pub(crate) fn asked_mode(form: &Form, button: &str) -> Mode {
    if form.get(button) == "preview" {
        Mode::Preview
    } else {
        Mode::Commit
    }
}

/// A page with a refused form on it: 409 when the plan or the state is in the way, 422 when fields
/// are wrong.
pub(crate) fn refused_page<T: askama::Template>(page: Page<T>, noted: bool) -> Response {
    let status = if noted {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.status(status).into_response()
}

//! Files in tickets: those that come with a form, and one on its way back as a download.

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Done, Mode};
use wabe_kernel::id::{TicketAttachmentId, TicketId};
use wabe_kernel::{FieldErrors, FormState};
use wabe_support::attachment::{
    self, FILE_BYTES_MAX, FILES_MAX, Files, MESSAGE_BYTES_MAX, Sent, WithFiles,
};
use wabe_web::{Bounds, Failure, Form, Member, Path2, PostedFile, download};

use crate::Portal;
use crate::refused::{Refused, again};

/// How much a form of a ticket may carry.
pub(super) const BOUNDS: Bounds = Bounds {
    files: FILES_MAX,
    file_bytes: FILE_BYTES_MAX,
    bytes: MESSAGE_BYTES_MAX,
};

/// Runs the command that the form describes, with its files; `Err` inside holds the form to show again.
pub(super) async fn carry_out<C: WithFiles>(
    portal: &Portal,
    member: &Member,
    form: &Form,
    posted: Vec<PostedFile>,
) -> Result<Result<Done<C::Output>, Refused>, Failure> {
    let mut errors = FieldErrors::default();
    let sent = posted.into_iter().map(|file| Sent {
        name: file.name,
        bytes: file.bytes,
    });
    let files = Files::of(sent.collect()).map_err(|problem| errors.add("files", problem));
    let command = C::from_form(&form.fields).map_err(|wrong| {
        for (field, problem) in wrong.0 {
            errors.add(&field, problem);
        }
    });
    let (Ok(command), Ok(files)) = (command, files) else {
        let state = FormState::of(&form.fields, errors, &[]);
        return Ok(Err(state.into()));
    };
    let command = command.with_files(files);
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(Ok(done)),
        Err(refusal) => again(form, &[], refusal).map(Err),
    }
}

pub(super) async fn open(
    member: Member,
    State(portal): State<Portal>,
    Path2(ticket, id): Path2<TicketId, TicketAttachmentId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let (about, bytes) = attachment::open(&mut tx, &scope, (ticket, id)).await?;
    tx.rollback().await?;
    Ok(download(about.kind.media_type(), &about.name, bytes))
}

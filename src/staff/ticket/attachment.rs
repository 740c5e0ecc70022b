//! Files in tickets at the desk: those that come with what is written, and one on its way out.

use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Refusal};
use wabe_kernel::id::{TicketAttachmentId, TicketId};
use wabe_kernel::{FieldErrors, FormState};
use wabe_support::attachment::{
    self, FILE_BYTES_MAX, FILES_MAX, Files, MESSAGE_BYTES_MAX, Sent, WithFiles,
};
use wabe_support::ticket::queue;
use wabe_web::{Arrival, Bounds, Failure, Form, Path2, PostedFile, Routes, StaffMember, download};

use crate::act::Again;
use crate::ticket::READ;
use crate::{STAFF, Staff};

/// How much a form of a ticket may carry.
pub(super) const BOUNDS: Bounds = Bounds {
    files: FILES_MAX,
    file_bytes: FILE_BYTES_MAX,
    bytes: MESSAGE_BYTES_MAX,
};

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/attachments/{attachment}", READ, open)
        .id("tkt")
}

/// Runs the command that the form describes, with its files; the form again when something is wrong
/// with either.
pub(super) async fn carry_out<C: WithFiles>(
    staff: &Staff,
    member: &StaffMember,
    form: &Form,
    posted: Vec<PostedFile>,
) -> Result<Result<C::Output, Again>, Failure> {
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
    let again = |errors, note| Again {
        form: FormState::of(&form.fields, errors, &[]),
        note,
    };
    let (Ok(command), Ok(files)) = (command, files) else {
        return Ok(Err(again(errors, None)));
    };
    let command = command.with_files(files);
    match Box::pin(staff.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(Ok(done.output)),
        Err(Refusal::Invalid(errors)) => Ok(Err(again(errors, None))),
        Err(Refusal::Conflict(code)) => {
            let note = Some(format!("conflict-{code}"));
            Ok(Err(again(FieldErrors::default(), note)))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn open(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(ticket, id): Path2<TicketId, TicketAttachmentId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let customer = queue::load(&mut tx, &scope, ticket).await?.customer_id;
    let opened = attachment::open_at_desk(&mut tx, &scope, (ticket, id)).await?;
    tx.rollback().await?;
    let about = (customer, Some(ticket.to_string()));
    staff
        .note_about(&member, "ticket.file", about, arrival.address())
        .await?;
    let (about, bytes) = opened;
    Ok(download(about.kind.media_type(), &about.name, bytes))
}

//! `GET` and `POST /staff/tickets/{id}/export`: asking that everything that is kept of a customer is made into
//! a file for its owners. Nothing of it is ever seen here.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::approval::request_export::RequestExport;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{FieldErrors, FormState};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Again, prove, prove_first};
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/export.html")]
pub(crate) struct ExportPage {
    pub(crate) queued: Queued,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/export", WORK, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/export", WORK, request)
        .id("tkt")
}

fn here(id: TicketId) -> String {
    format!("{}/export", path(id))
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    Again { form, note }: Again,
) -> Result<(CustomerId, Page<ExportPage>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let page = ExportPage { queued, form, note };
    Ok((page.queued.customer_id, member.at(PLACE).page(page)))
}

/// Notes the look with the customer whose ticket the page shows.
async fn noted(
    staff: &Staff,
    member: &StaffMember,
    (id, customer): (TicketId, CustomerId),
    arrival: &Arrival,
) -> Result<(), Failure> {
    let about = (customer, Some(id.to_string()));
    staff
        .note_in_ticket(member, ("ticket.read", id), about, arrival.address())
        .await
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &here(id)) {
        return Ok(first);
    }
    let (customer, page) = page(&staff, &member, id, Again::default()).await?;
    noted(&staff, &member, (id, customer), &arrival).await?;
    Ok(page.into_response())
}

async fn request(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("ticket".to_owned(), id.to_string());
    let again = match form.parse::<RequestExport>(&[]) {
        Err(form) => Again::from(form),
        Ok(command) => {
            let again = |errors, note| Again {
                form: FormState::of(&form.fields, errors, &[]),
                note,
            };
            match Box::pin(staff.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(_) => return Ok(see_other(&format!("{}?done=export", path(id)))),
                Err(Refusal::StepUp) => return Ok(prove(&here(id))),
                Err(Refusal::Invalid(errors)) => again(errors, None),
                Err(Refusal::Conflict(code)) => {
                    again(FieldErrors::default(), Some(format!("conflict-{code}")))
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
    };
    let status = again.status();
    let (customer, page) = page(&staff, &member, id, again).await?;
    noted(&staff, &member, (id, customer), &arrival).await?;
    Ok(page.status(status).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{errors, sample};
    use crate::ticket::tests::queued;
    use wabe_support::ticket::Status;
    use wabe_web::check::check_samples;

    sample! {
        ExportPage: {
            let page = |form, note: Option<&str>| ExportPage {
                queued: queued(Status::Open),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(FormState::new(), None),
                page(errors(&["reason"]), None),
                page(errors(&[]), Some("conflict-export-asked")),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_an_export_is_whole() {
        assert_eq!(check_samples::<ExportPage>(), Vec::<String>::new());
    }
}

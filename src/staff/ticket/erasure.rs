//! `GET` and `POST /staff/tickets/{id}/erasure`: asking that everything of a customer whose contract is over is
//! removed for good. What goes and what stays stands beside the form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Permission, Refusal};
use wabe_identity::approval::request_erasure::RequestErasure;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{FieldErrors, FormState};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Again, prove, prove_first};
use crate::ticket::{PLACE, path};
use crate::{STAFF, Staff};

/// Who may ask: whoever deals with contracts.
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/erasure.html")]
pub(crate) struct ErasurePage {
    pub(crate) queued: Queued,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/erasure", NEEDS, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/erasure", NEEDS, request)
        .id("tkt")
}

fn here(id: TicketId) -> String {
    format!("{}/erasure", path(id))
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    Again { form, note }: Again,
) -> Result<(CustomerId, Page<ErasurePage>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let page = ErasurePage { queued, form, note };
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
    let again = match form.parse::<RequestErasure>(&[]) {
        Err(form) => Again::from(form),
        Ok(command) => {
            let again = |errors, note| Again {
                form: FormState::of(&form.fields, errors, &[]),
                note,
            };
            match Box::pin(staff.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(_) => return Ok(see_other(&format!("{}?done=erasure", path(id)))),
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
        ErasurePage: {
            let page = |form, note: Option<&str>| ErasurePage {
                queued: queued(Status::Open),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(FormState::new(), None),
                page(errors(&["reason"]), None),
                page(errors(&[]), Some("conflict-erasure-not-suspended")),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_an_erasure_is_whole() {
        assert_eq!(check_samples::<ErasurePage>(), Vec::<String>::new());
    }
}

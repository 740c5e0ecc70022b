//! `GET` and `POST /staff/tickets/{id}/extension`: asking that a consent to read content holds for as long as
//! the customer gave it for, and not for a day.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Reach;
use wabe_identity::approval::request_extension::RequestExtension;
use wabe_kernel::id::{ConsentId, CustomerId, TicketId};
use wabe_kernel::{FormState, Timestamp};
use wabe_support::consent::{self, Consent};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act_in_ticket, prove, prove_first};
use crate::ticket::look::longer;
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// A consent that could hold for longer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Longer {
    /// Which.
    pub(crate) id: ConsentId,
    /// What it reaches.
    pub(crate) reach: Reach,
    /// Until when it holds, or held; nothing for one that waits for the second person from the beginning.
    pub(crate) until: Option<Timestamp>,
    /// Until when it was given.
    pub(crate) agreed: Timestamp,
}

impl Longer {
    fn of(consent: &Consent) -> Option<Self> {
        Some(Self {
            id: consent.id,
            reach: consent.reach,
            until: consent.until.filter(|_| !consent.waits()),
            agreed: consent.agreed_beyond()?,
        })
    }
}

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/extension.html")]
pub(crate) struct ExtensionPage {
    pub(crate) queued: Queued,
    /// What could hold for longer; nothing in a ticket in which nothing could.
    pub(crate) longer: Option<Longer>,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/extension", WORK, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/extension", WORK, request)
        .id("tkt")
}

fn here(id: TicketId) -> String {
    format!("{}/extension", path(id))
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    Again { form, note }: Again,
) -> Result<(CustomerId, Page<ExtensionPage>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    let all = consent::at_desk(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let open = queued.ticket.is_open();
    let longer = longer(&all, member.now).filter(|_| open);
    let page = ExtensionPage {
        longer: longer.and_then(Longer::of),
        queued,
        form,
        note,
    };
    Ok((page.queued.customer_id, member.at(PLACE).page(page)))
}

/// Notes the look with the customer whose consent the page shows.
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
    let again = match act_in_ticket::<RequestExtension>(&staff, &member, &form).await? {
        Acted::Done(_) => return Ok(see_other(&format!("{}?done=extension", path(id)))),
        Acted::Prove => return Ok(prove(&here(id))),
        Acted::Again(again) => again,
    };
    let status = again.status();
    let (customer, page) = page(&staff, &member, id, again).await?;
    noted(&staff, &member, (id, customer), &arrival).await?;
    Ok(page.status(status).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use crate::ticket::tests::queued;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_support::ticket::Status;
    use wabe_web::check::check_samples;

    sample! {
        ExtensionPage: {
            let page = |there: bool, form, note: Option<&str>| ExtensionPage {
                queued: queued(Status::Open),
                longer: there.then(|| Longer {
                    id: ConsentId::from_uuid(Uuid::from_u128(1)),
                    reach: Reach::EVERYTHING,
                    until: note.is_none().then(|| NOW.plus_days(1)),
                    agreed: NOW.plus_days(30),
                }),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(true, FormState::new(), None),
                page(true, errors(&["reason"]), None),
                page(true, errors(&[]), Some("conflict-extension-open")),
                page(false, FormState::new(), None),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_longer_is_whole() {
        assert_eq!(check_samples::<ExtensionPage>(), Vec::<String>::new());
    }
}

//! `POST /staff/tickets/{id}/hand-over`: a ticket of somebody without an account comes to the customer whose
//! it is; and the part of a ticket's page that says who wrote.

use axum::extract::State;
use axum::response::Response;

use wabe_access::actor::HOUSE;
use wabe_access::{CustomerNumber, customer};
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{FieldErrors, FormState, Problem, Timestamp};
use wabe_store::Tx;
use wabe_support::contact::{HandOverTicket, of_ticket};
use wabe_web::{Failure, Form, Path, Routes, StaffMember, see_other};

use crate::act::Again;
use crate::ticket::act::{carry_out, refused};
use crate::ticket::{WORK, path};
use crate::{STAFF, Staff};

/// The field in which the customer's number is typed.
const NUMBER: &str = "number";

/// Who wrote without an account.
#[derive(Debug, Clone)]
pub(crate) struct Stranger {
    /// What they say they are called.
    pub(crate) name: String,
    /// Where they say they are reached.
    pub(crate) email: String,
    /// When they proved that they read that address.
    pub(crate) proved_at: Option<Timestamp>,
    /// Whether the ticket is no customer's yet.
    pub(crate) of_house: bool,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets/{id}/hand-over", WORK, hand_over)
        .id("tkt")
}

/// Who wrote a ticket without an account; nobody when somebody with one did.
pub(super) async fn stranger(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
) -> Result<Option<Stranger>, Failure> {
    let found = of_ticket(tx, ticket).await?;
    Ok(found.map(|contact| Stranger {
        name: contact.name.to_string(),
        email: contact.email.to_string(),
        proved_at: contact.proved_at,
        of_house: customer == HOUSE,
    }))
}

/// The customer with this number.
async fn numbered(
    staff: &Staff,
    member: &StaffMember,
    typed: &str,
) -> Result<Option<CustomerId>, Failure> {
    let Ok(number) = typed.parse::<CustomerNumber>() else {
        return Ok(None);
    };
    let (mut tx, _scope) = staff.read(member).await?;
    let found = customer::find_number(&mut tx, &number).await?;
    tx.rollback().await?;
    Ok(found.filter(|id| *id != HOUSE))
}

async fn hand_over(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let Some(customer) = numbered(&staff, &member, form.get(NUMBER)).await? else {
        let errors = FieldErrors::one(NUMBER, Problem::new("no-such-customer"));
        let again = Again::from(FormState::of(&form.fields, errors, &[]));
        return refused(&staff, &member, id, again).await;
    };
    form.fields.insert("ticket".to_owned(), id.to_string());
    form.fields
        .insert("customer".to_owned(), customer.to_string());
    match carry_out::<HandOverTicket>(&staff, &member, &form).await? {
        Ok(_) => Ok(see_other(&format!("{}?done=handed", path(id)))),
        Err(again) => refused(&staff, &member, id, again).await,
    }
}

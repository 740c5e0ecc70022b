//! `POST /staff/tickets/{id}/caller`: who calls, by their telephone PIN, and the part of a ticket's page
//! that asks for it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::caller;
use wabe_access::member;
use wabe_identity::phone_pin::prove::ProveByPhone;
use wabe_identity::phone_pin::store as pins;
use wabe_identity::user::store as users;
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::{FormState, Timestamp};
use wabe_store::Tx;
use wabe_web::{Choice, Failure, Form, Path, Routes, StaffMember, see_other};

use crate::act::Again;
use crate::ticket::act::carry_out;
use crate::ticket::{PLACE, WORK, path, view};
use crate::{STAFF, Staff};

/// What a ticket's page knows of whoever calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Callers {
    /// Members of the customer with a PIN that recognises them, to choose from.
    pub(crate) choices: Vec<Choice>,
    /// Members who have none, or a locked one, by name.
    pub(crate) without: Vec<String>,
    /// Who was recognised, and until when that counts.
    pub(crate) proved: Option<(String, Timestamp, Timestamp)>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets/{id}/caller", WORK, prove)
        .id("tkt")
}

async fn name(tx: &mut Tx, user: UserId) -> Result<String, Failure> {
    let found = users::find(tx, user).await?;
    Ok(found.map(|user| user.name.to_string()).unwrap_or_default())
}

/// Who could be calling about a ticket, and who was recognised.
pub(super) async fn of(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    now: Timestamp,
) -> Result<Callers, Failure> {
    let mut callers = Callers::default();
    for member in member::list(tx, customer).await? {
        let title = name(tx, member.user).await?;
        let pin = pins::standing(tx, member.user, now).await?;
        if pin.is_some_and(|pin| pin.locked_until.is_none()) {
            callers.choices.push(Choice {
                value: member.user.to_string(),
                title,
                text: String::new(),
            });
        } else {
            callers.without.push(title);
        }
    }
    if let Some(found) = caller::proved(tx, ticket, now).await? {
        let until = found.until();
        callers.proved = Some((name(tx, found.user).await?, found.at, until));
    }
    Ok(callers)
}

/// What was typed never comes back, right or wrong.
async fn prove(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("ticket".to_owned(), id.to_string());
    let again = match carry_out::<ProveByPhone>(&staff, &member, &form).await? {
        Ok(proof) if proof.proved => return Ok(see_other(&format!("{}?done=caller", path(id)))),
        Ok(proof) => {
            let word = if proof.is_locked() { "locked" } else { "wrong" };
            Again {
                form: FormState::new().with("user", form.get("user")),
                note: Some(format!("staff-caller-{word}")),
            }
        }
        Err(again) => {
            let (mut errors, note) = (again.form.errors().clone(), again.note);
            errors.retain(|field, _| field != "ticket");
            let errors = wabe_kernel::FieldErrors(errors);
            form.fields.remove("pin");
            Again {
                form: FormState::of(&form.fields, errors, &["pin"]),
                note,
            }
        }
    };
    let status = match again.note {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = view::page(&staff, &member, id, again).await?;
    Ok(member.at(PLACE).page(page).status(status).into_response())
}

//! Consents: what staff ask a customer for beyond instructions, and what they do on it.
//!
//! An instruction opens the settings of one thing. To see the customer's pages, staff ask in the ticket,
//! with a reason, and say whether they want to read mail, files or rows there; whoever runs the customer gives
//! all of that, or less, or refuses it, with a click, and takes it back at any time.
//! Each look on it is a grant of an hour at most. Invariants: staff never answer for the customer, and write
//! an answer down only for a caller, see [`crate::caller`]; what was
//! withdrawn counts at the next statement, and ends the looks that stand on it; what reads content holds for
//! a day, and longer only when a second person of the hoster, who looks at nothing on it, approved that.
//! Source: controls MWK-4-03, MWK-4-04, bar 3.8 T1 to T3.

mod answer;
mod ask;
mod look;
mod model;
pub(crate) mod store;

pub use answer::{GiveConsent, RefuseConsent, WithdrawConsent};
pub(crate) use answer::{Said, days, keep};
pub use ask::AskConsent;
pub use look::{CloseAccess, EndAccess, OpenAccess};
pub use model::{Answer, Consent};

use crate::ticket::queue;
use wabe_access::{CommandSpec, Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<AskConsent>(),
    CommandSpec::of::<GiveConsent>(),
    CommandSpec::of::<RefuseConsent>(),
    CommandSpec::of::<WithdrawConsent>(),
    CommandSpec::of::<OpenAccess>(),
    CommandSpec::of::<CloseAccess>(),
    CommandSpec::of::<EndAccess>(),
];

/// The consents of a ticket that the scope sees, oldest first.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<Vec<Consent>, Refusal> {
    let found = crate::ticket::load(tx, scope, ticket).await?;
    Ok(store::of_ticket(tx, found.customer, ticket).await?)
}

/// The consents of a ticket at the desk, oldest first.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn at_desk(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
) -> Result<Vec<Consent>, Refusal> {
    let found = queue::load(tx, scope, ticket).await?;
    Ok(store::of_ticket(tx, found.customer_id, ticket).await?)
}

/// The consents of a customer that are asked for, in force now, or could be by a second person's word, the
/// latest first; for who may answer.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn open(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Vec<Consent>, Refusal> {
    scope.needs(Permission::MemberWrite)?;
    Ok(open_of(tx, scope.customer(), now).await?)
}

pub(crate) async fn open_of(
    tx: &mut Tx,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<Consent>, Fault> {
    let mut all = store::of_customer(tx, customer).await?;
    all.retain(|consent| consent.ticket_open && (consent.is_asked() || consent.is_agreed(now)));
    Ok(all)
}

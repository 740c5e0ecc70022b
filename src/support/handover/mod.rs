//! New passwords that staff had made: for whoever may set them, and for nobody else.
//!
//! The other way round than [`crate::secret`]: there a customer tells the hoster's people something, here the
//! panel tells the customer's people. Invariants: staff start it and see that it is there, never what it is;
//! a secret is sealed in the transaction that made it, opens once, for one member who may set it themselves,
//! within three days, with an entry in the customer's record; a newer one for the same thing takes its place.
//! Source: bar 3.4 T6, ASVS 6.4.6.

mod collect;
mod empty;
pub(crate) mod store;

pub use collect::CollectSecret;
pub use empty::empty_due;
pub use store::{Handover, list};

use crate::secret::Desk;
use wabe_access::gate::Made;
use wabe_access::{CommandSpec, Door, Refusal};
use wabe_kernel::Secret;
use wabe_kernel::id::TicketId;

/// For how many seconds a secret waits; the database allows as many.
pub(crate) const WAITS_SECONDS: i64 = 3 * 86_400;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[CommandSpec::of::<CollectSecret>()];

/// Keeps a secret that an act in a ticket made, for the people of its customer.
///
/// # Errors
/// A fault; then the act did not happen either.
pub(crate) async fn keep(
    door: &mut Door<'_>,
    ticket: TicketId,
    (made, secret): (&Made, &Secret),
) -> Result<(), Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let tools = door.tools().clone();
    let sealing = (Desk::of(&tools)?.secrets.as_ref(), tools.rng.as_ref());
    store::replace(door.tx(), (customer, made.object.as_str()), now).await?;
    let about = store::About {
        object: &made.object,
        kind: made.object_kind,
        name: &made.name,
    };
    let place = (customer, ticket);
    store::insert(door.tx(), sealing, place, (&about, secret), now).await?;
    Ok(())
}

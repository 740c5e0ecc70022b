//! What two people of the hoster have to agree on, as whoever sees the ticket reads it.

use std::collections::BTreeMap;

use wabe_identity::approval::model::{Ending, InTicket};
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;

use crate::ticket::show::sign;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    /// Who shall own the customer.
    pub(crate) name: String,
    /// The initials of who asked.
    pub(crate) by: String,
    /// How it ended; it waits when nothing is said.
    pub(crate) ending: Option<Ending>,
    /// Whether nobody may agree yet.
    pub(crate) waits: bool,
    /// When it ended, or from when on somebody may agree.
    pub(crate) at: Timestamp,
}

/// The people that are named.
pub(super) fn people(all: &[InTicket]) -> impl Iterator<Item = UserId> {
    all.iter()
        .flat_map(|one| [one.deed.user(), one.requested_by])
}

/// As the page says it.
pub(super) fn decisions(
    all: &[InTicket],
    names: &BTreeMap<UserId, String>,
    now: Timestamp,
) -> Vec<Decision> {
    let said = |one: &InTicket| {
        let lapsed = (Ending::Lapsed, one.expires_at);
        let ended = one.ended.or((!one.is_open(now)).then_some(lapsed));
        Decision {
            name: names.get(&one.deed.user()).cloned().unwrap_or_default(),
            by: sign(names, one.requested_by),
            ending: ended.map(|(ending, _)| ending),
            waits: now < one.due_at,
            at: ended.map_or(one.due_at, |(_, at)| at),
        }
    };
    all.iter().map(said).collect()
}

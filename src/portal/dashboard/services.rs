//! The services of a customer as counts, and as a comb of cells.

use wabe_kernel::{ResourceKind, State};
use wabe_web::comb::{CELLS_MAX, Comb};

use crate::reading::icon;

/// How many there are of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    /// Which kind.
    pub(crate) kind: ResourceKind,
    /// How many.
    pub(crate) count: i64,
}

/// What there is, and how it is doing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Services {
    /// How many of each kind, in a fixed order; kinds without any are left out.
    pub(crate) counts: Vec<Count>,
    /// All of them.
    pub(crate) total: i64,
    /// Those that are live.
    pub(crate) live: i64,
    /// Those that change right now.
    pub(crate) busy: i64,
    /// Those that need somebody.
    pub(crate) failed: i64,
    /// Those that are switched off.
    pub(crate) suspended: i64,
    /// The picture; none for no service and for too many.
    pub(crate) comb: Option<Comb>,
}

impl Services {
    /// The services behind these counts.
    #[must_use]
    pub(crate) fn of(counts: &[(ResourceKind, State, i64)]) -> Self {
        let sum = |of: &dyn Fn(ResourceKind, State) -> bool| -> i64 {
            let those = counts.iter().filter(|(kind, state, _)| of(*kind, *state));
            those.map(|(_, _, count)| *count).sum()
        };
        let all = ResourceKind::ALL.iter();
        let by_kind = all.map(|kind| Count {
            kind: *kind,
            count: sum(&|k, _| k == *kind),
        });
        let total = sum(&|_, _| true);
        Self {
            counts: by_kind.filter(|count| count.count > 0).collect(),
            total,
            live: sum(&|kind, state| shown(kind, state) == State::Live),
            busy: sum(&|kind, state| {
                matches!(
                    shown(kind, state),
                    State::Pending | State::Updating | State::Deleting
                )
            }),
            failed: sum(&|kind, state| shown(kind, state) == State::Failed),
            suspended: sum(&|kind, state| shown(kind, state) == State::Suspended),
            comb: comb(counts, total),
        }
    }

    /// How many there are of a kind.
    #[must_use]
    pub(crate) fn of_kind(&self, kind: ResourceKind) -> i64 {
        self.counts
            .iter()
            .find(|count| count.kind == kind)
            .map_or(0, |count| count.count)
    }

    /// The word for the whole: `empty`, `failed`, `busy` or `fine`; of the messages
    /// `dashboard-lead-{word}`.
    #[must_use]
    pub(crate) const fn word(&self) -> &'static str {
        match (self.total, self.failed, self.busy) {
            (0, _, _) => "empty",
            (_, 1.., _) => "failed",
            (_, _, 1..) => "busy",
            _ => "fine",
        }
    }
}

/// The state as people see it: a domain that waits for its proof needs somebody.
const fn shown(kind: ResourceKind, state: State) -> State {
    match (kind, state) {
        (ResourceKind::Domain, State::Pending) => State::Failed,
        (_, state) => state,
    }
}

fn comb(counts: &[(ResourceKind, State, i64)], total: i64) -> Option<Comb> {
    if usize::try_from(total).map_or(true, |total| total > CELLS_MAX) {
        return None;
    }
    let mut cells = Vec::new();
    for kind in ResourceKind::ALL {
        let of_kind = counts.iter().filter(|(found, _, _)| found == kind);
        for (_, state, count) in of_kind {
            let state = shown(*kind, *state).word().to_owned();
            let cell = (state, icon(kind.word()));
            cells.extend(std::iter::repeat_n(
                cell,
                usize::try_from(*count).unwrap_or(0),
            ));
        }
    }
    Comb::of(&cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_without_proof_needs_somebody() {
        let services = Services::of(&[
            (ResourceKind::Domain, State::Pending, 1),
            (ResourceKind::Mailbox, State::Live, 2),
        ]);
        assert_eq!((services.total, services.live, services.failed), (3, 2, 1));
        assert_eq!(services.word(), "failed");
        assert_eq!(services.comb.unwrap().cells.len(), 3);
    }

    #[test]
    fn many_services_are_counts_without_a_picture() {
        let services = Services::of(&[(ResourceKind::Mailbox, State::Live, 12_000)]);
        assert!(services.comb.is_none());
        assert_eq!(
            (services.of_kind(ResourceKind::Mailbox), services.word()),
            (12_000, "fine")
        );
        assert_eq!(Services::of(&[]).word(), "empty");
    }
}

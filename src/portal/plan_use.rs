//! What a plan allows, what is taken of it, and what would be taken after a change.

use wabe_access::usage::{self, Use};
use wabe_access::{Limit, Permission, Scope};
use wabe_kernel::Fault;
use wabe_store::Tx;

/// One limit as a bar, with its preview; for the macros `p::use_bar` and `p::plan_after`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UseBar {
    /// Which limit.
    pub(crate) limit: Limit,
    /// Taken now.
    pub(crate) used: i64,
    /// Allowed at most.
    pub(crate) max: i64,
    /// How full now, 0 to 100.
    pub(crate) percent: i64,
    /// Taken afterwards.
    pub(crate) after: i64,
    /// How full afterwards, 0 to 100.
    pub(crate) after_percent: i64,
}

impl UseBar {
    /// The bar of a limit from which a change takes `wanted` (below zero: gives back).
    #[must_use]
    pub(crate) fn of(known: Use, wanted: i64) -> Self {
        let after = known.used.saturating_add(wanted).max(0);
        let then = Use {
            used: after,
            ..known
        };
        Self {
            limit: known.limit,
            used: known.used,
            max: known.max,
            percent: known.percent(),
            after,
            after_percent: then.percent(),
        }
    }

    /// Whether it counts bytes.
    #[must_use]
    pub(crate) fn is_bytes(&self) -> bool {
        self.limit == Limit::StorageBytes
    }

    /// Whether the change does not fit.
    #[must_use]
    pub(crate) const fn is_short(&self) -> bool {
        self.after > self.used && self.after > self.max
    }
}

/// Every limit of the customer; none for who may not see them.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn bars(tx: &mut Tx, scope: &Scope) -> Result<Vec<UseBar>, Fault> {
    if !scope.has(Permission::CustomerRead) {
        return Ok(Vec::new());
    }
    let known = usage::list(tx, scope.customer()).await?;
    Ok(known
        .into_iter()
        .map(|known| UseBar::of(known, 0))
        .collect())
}

/// The limits that a change takes from, with what it would take; none for who may not see them.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn bars_after(
    tx: &mut Tx,
    scope: &Scope,
    takes: &[(Limit, i64)],
) -> Result<Vec<UseBar>, Fault> {
    let bars = bars(tx, scope).await?;
    let wanted = |bar: &UseBar| {
        let take = takes.iter().find(|(limit, _)| *limit == bar.limit)?;
        let known = Use {
            limit: bar.limit,
            used: bar.used,
            max: bar.max,
        };
        Some(UseBar::of(known, take.1))
    };
    Ok(bars.iter().filter_map(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_knows_before_whether_a_change_fits() {
        let known = Use {
            limit: Limit::Mailboxes,
            used: 24,
            max: 25,
        };
        let one = UseBar::of(known, 1);
        assert_eq!(
            (one.after, one.after_percent, one.is_short()),
            (25, 100, false)
        );
        assert!(UseBar::of(known, 2).is_short());
        assert!(!UseBar::of(known, 0).is_short());
        assert_eq!(UseBar::of(known, -30).after, 0);
    }
}

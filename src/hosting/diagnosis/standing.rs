//! What the state of a thing says.

use crate::diagnosis::{Finding, Way};
use wabe_access::standing::Standing;
use wabe_kernel::State;

/// From how full it is worth saying, in percent; the bars of the pages say it from there too.
const NEARLY_FULL: i64 = 85;

pub(super) fn standing(standing: &Standing, object: &str) -> Finding {
    if let Some(at) = standing.deleted_at {
        return Finding::bad("in-trash").at(at).mend(Way::Trash, object);
    }
    let reason = standing.reason.clone().unwrap_or_default();
    match standing.state {
        State::Suspended => Finding::bad("switched-off")
            .with("reason", &reason)
            .mend(Way::Page, object),
        State::Failed => {
            let failed = Finding::bad("failed").with("failure", &reason);
            let failed = failed.mend(Way::Page, object);
            standing.retry_at.map_or(failed.clone(), |at| failed.at(at))
        }
        State::Pending if standing.waits_for().is_some() => Finding::bad("waits"),
        State::Pending | State::Updating | State::Deleting => {
            Finding::note("under-way").at(standing.updated_at)
        }
        State::Live if standing.waits_for().is_some() => Finding::note("live-in-part"),
        State::Live => Finding::good("live"),
    }
}

pub(super) fn room(used: i64, quota: i64, object: &str) -> Finding {
    let percent = if quota <= 0 {
        100
    } else {
        i64::try_from(i128::from(used) * 100 / i128::from(quota)).unwrap_or(100)
    };
    let found = match percent {
        100.. => Finding::bad("full").mend(Way::Settings, object),
        NEARLY_FULL..100 => Finding::note("nearly-full").mend(Way::Settings, object),
        _ => Finding::good("room"),
    };
    found.with("percent", &percent)
}

//! What PHP kept of uploads and sessions, and nobody came for.

use std::io;
use std::time::UNIX_EPOCH;
use wabe_kernel::Timestamp;

use crate::embedded::web::{Place, durable};
use crate::php::pool::temporary;

/// Files that nobody wrote to for so many days are removed. PHP ends sessions long before, where it is asked for
/// pages at all.
const DAYS: i64 = 7;

/// What was written before goes.
pub(crate) fn oldest(now: Timestamp) -> Timestamp {
    now.plus_days(-DAYS)
}

/// Removes files from a webspace's temporary folder that are too old; folders that an application made there stay,
/// and count. Blocks on file work.
///
/// # Errors
/// What the system says.
pub(crate) fn sweep(place: &Place, now: Timestamp) -> io::Result<()> {
    let entries = match std::fs::read_dir(temporary(place)) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        // It may be gone by itself meanwhile.
        let Ok(about) = entry.metadata() else {
            continue;
        };
        let written = about.modified()?.duration_since(UNIX_EPOCH);
        let written = written.map_or(0, |since| since.as_micros());
        let written = Timestamp(i64::try_from(written).unwrap_or(i64::MAX));
        if about.is_file() && written < oldest(now) {
            durable::remove(&entry.path())?;
        }
    }
    Ok(())
}

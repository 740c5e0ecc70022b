//! The limits that the process puts on itself before it touches the database.
//!
//! They are the backstop behind the engine's own limits: whatever a statement finds in SQLite, it ends
//! with this process. Limits are only ever lowered.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

use crate::failure::Failure;
use crate::order::Order;

/// Address space in bytes: the engine's heap limit and room for the program.
const ADDRESS_SPACE_BYTES: u64 = 512 << 20;
/// What may be added to a file beyond its pages: journal headers.
const FILE_MARGIN_BYTES: u64 = 16 << 20;
/// Standard streams, database, journal, folder, random numbers, and a few to spare.
const OPEN_FILES: u64 = 16;

/// Puts the limits in force.
pub(crate) fn raise(order: &Order) -> Result<(), Failure> {
    umask(Mode::RWXG | Mode::RWXO);
    let present = std::fs::metadata(&order.database).map_or(0, |file| file.len());
    // A journal may hold every page once more; the database itself is bounded by its page count.
    let file_bytes = order.quota_bytes.max(present).saturating_mul(2);
    let limits = [
        (Resource::Core, 0),
        (Resource::Nproc, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Cpu, order.time.as_secs().saturating_add(1)),
        (
            Resource::Fsize,
            file_bytes.saturating_add(FILE_MARGIN_BYTES),
        ),
        (Resource::As, ADDRESS_SPACE_BYTES),
    ];
    for (resource, wanted) in limits {
        let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Some(wanted.min(allowed));
        let both = Rlimit {
            current: limit,
            maximum: limit,
        };
        setrlimit(resource, both).map_err(Failure::fault)?;
    }
    Ok(())
}

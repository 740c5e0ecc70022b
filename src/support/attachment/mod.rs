//! Files in tickets.
//!
//! Invariants: a file comes with a message and is read by whom the message is read by, on PostgreSQL by
//! policy as well; what it is, its bytes say and not its name; it leaves as a download alone; the record
//! names a public one and its digest, never what is in it, and of a note's only how many there are.
//! Absent on purpose: a scanner for viruses. Files that announce themselves as such are refused.

mod attach;
mod file;
mod kind;
mod name;
mod read;
pub(crate) mod store;
mod strip;

pub use attach::AttachToTicket;
pub(crate) use file::digest;
pub use file::{FileBytes, Files, NewFile, Sent, WithFiles};
pub use kind::FileKind;
pub use name::FileName;
pub use read::{open, open_at_desk};
pub use store::Attachment;

use wabe_access::CommandSpec;

/// The most files of one message.
pub const FILES_MAX: usize = 8;
/// The most bytes of one file.
pub const FILE_BYTES_MAX: usize = 10_000_000;
/// The most bytes of the files of one message.
pub const MESSAGE_BYTES_MAX: usize = 20_000_000;
/// The most bytes of the files of one ticket.
pub const TICKET_BYTES_MAX: i64 = 100_000_000;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[CommandSpec::of::<AttachToTicket>()];

/// Bytes as people say them: whole megabytes.
fn megabytes(bytes: impl TryInto<i64>) -> i64 {
    bytes.try_into().unwrap_or(i64::MAX) / 1_000_000
}

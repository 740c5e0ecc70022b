//! The record: who changed what, sealed, numbered into a hash tree, and signed.
//!
//! Invariants: an entry is written in the transaction of its change and never altered afterwards,
//! except that its payload may be destroyed; the skeleton holds ids and codes, never what a person
//! typed; every committed entry gets exactly one place in the tree; a checkpoint is signed only when
//! the tree still contains the one before. Start reading at [`recorder`] (writing and reading
//! entries), [`skeleton`] (what is hashed, byte for byte) and [`sequencer`].
//!
//! Source: RFC 6962, C2SP tlog-checkpoint and signed-note, bar 3.10, 3.11 T1, 3.16.

pub mod access;
pub mod area;
pub mod checkpoint;
pub mod dump;
pub mod entry;
pub mod erase;
pub mod export;
pub mod keys;
mod lent;
pub mod line;
pub mod recorder;
pub mod seal;
pub mod seen;
pub mod sequencer;
pub mod skeleton;
pub mod stream;
pub mod table;
pub mod tile;
pub mod tree;

#[cfg(test)]
mod tests;

pub use access::{Access, AccessBy};
pub use checkpoint::Checkpoint;
pub use dump::Dump;
pub use entry::{ChangeFilter, ChangeKind, ChangeRecord, Entry};
pub use export::Export;
pub use keys::Keys;
pub use recorder::Recorder;
pub use seen::{Looks, Seen, looks_in};
pub use sequencer::Sequencer;
pub use stream::{AccessRecord, Retention, Security, SecurityRecord, Streams, Subject};
pub use table::{changes_as_csv, seen_as_csv, written as as_csv};

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<wabe_store::Statement> {
    [
        dump::STATEMENTS,
        erase::STATEMENTS,
        export::STATEMENTS,
        recorder::STATEMENTS,
        seen::STATEMENTS,
        sequencer::STATEMENTS,
        stream::STATEMENTS,
        tile::STATEMENTS,
    ]
    .concat()
}

//! Files of nodes that somebody edited by hand, and what is to become of them.
//!
//! Invariants: what was written is neither written over nor forgotten before somebody of the hoster answered about
//! exactly that; an answer is the hoster's, and the customer reads of it; what is taken over is what the customer's own
//! commands allow, and the file says what the state says afterwards; it writes over nothing that waits.

mod answer;
mod model;
pub(crate) mod store;
pub(crate) mod stray;

pub use answer::{LeaveEditedFile, RestoreEditedFile, TakeOverEditedFile};
pub use model::{Answer, EditedFile, ListedFile};
pub use store::{count_of, list, load, note};
pub use stray::{KnownStray, note_strays, strays};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<RestoreEditedFile>(),
    CommandSpec::of::<LeaveEditedFile>(),
    CommandSpec::of::<TakeOverEditedFile>(),
];

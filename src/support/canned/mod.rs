//! Canned replies: answers that staff write again and again.
//!
//! Placeholders are `{customer}`, `{name}`, `{number}` and `{object}`; they are filled in before an
//! answer is sent, so that whoever sends it reads what they say.

mod fill;
pub(crate) mod store;
mod write;

pub use fill::{Facts, fill};
pub use store::{CannedReply, list, load};
pub use write::{CreateCannedReply, DeleteCannedReply, SetCannedReply};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateCannedReply>(),
    CommandSpec::of::<SetCannedReply>(),
    CommandSpec::of::<DeleteCannedReply>(),
];

//! "Why can I not log in?" What the tables say about a login, with the way to mend it; reads only.
//!
//! Invariants: whoever may see the members of a customer asks about each of them, everybody about
//! themselves; about somebody else, nothing is said that comes from another customer or from the hoster
//! of theirs; nothing here opens, resets or proves anything, and what somebody typed is never said.

mod facts;
mod login;
#[cfg(test)]
mod tests;

pub use login::{LoginQuestion, upload_closed_until};

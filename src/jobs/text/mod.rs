//! What people are told, in their language: kinds of messages, their arguments, their words.
//!
//! Invariants: every sentence lies in `templates/text/{de,en}/notice.ftl`; a text has no code and no
//! other secret than the one link it may carry (bar 3.14 T7). An argument is one line: it can start
//! neither a header nor a paragraph. Messages of a kind take the same arguments in every language.

mod args;
mod flow;
mod kind;
mod words;

pub use args::{Arg, Args};
pub use kind::{NoticeKind, Weight};
pub use words::{Letterhead, Texts};

#[cfg(test)]
mod tests;

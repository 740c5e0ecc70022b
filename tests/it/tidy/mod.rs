//! The habits of the code, kept by a machine: a rule that nobody checks decays.
//!
//! Exceptions stand in lists under `tests/tidy/`, each with its reason; a list may only shrink.

mod budget;
mod code;
mod imports;
mod machine;
mod names;
mod parsers;
mod sentences;
mod source;
mod templates;

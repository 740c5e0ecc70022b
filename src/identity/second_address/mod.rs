//! Whoever is reached only through what is hosted here is asked for a second address elsewhere.
//!
//! Invariants: what nobody asks for when it is set is caught when a domain is proved later; nothing waits
//! for the answer; each address is asked once by letter, and on the pages until there is a second one.

pub mod ask;
pub mod missing;

//! The telephone PIN: what a person says to somebody of the hoster to be recognised.
//!
//! Invariants: only the person sets it, and nobody sees it again; it opens nothing by itself and proves
//! nothing but a voice, for 15 minutes and one ticket; a guess is counted before it is checked; the
//! third wrong one locks it until the person sets another or a day has passed, and they are told; right
//! and wrong alike stand in the customer's record.

pub mod prove;
pub mod rules;
pub mod set;
pub mod store;

//! Once a quarter every right of everybody who works here is gone through: confirmed, or withdrawn.
//!
//! Invariants: nobody decides about their own rights, which the database holds too; what is withdrawn
//! ends in the same transaction; what was found and decided stays as evidence, with its own copy of
//! names. Source: controls MWK-3-02, MWK-4-03, MWK-4-04.

pub mod decide;
mod gather;
pub mod open;
pub mod quarter;
pub mod read;
pub mod remind;
pub(crate) mod store;
pub mod table;

pub use store::{Item, Outcome, Review, RightKind};

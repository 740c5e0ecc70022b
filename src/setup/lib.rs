//! What it takes to make a Debian machine a node: the machine is looked at, a pure plan says what would change,
//! and nothing but that list is carried out.
//!
//! Invariants: [`plan`] reads nothing and changes nothing; whatever it answers is shown before it happens. A file
//! is written only where there was none, where it is still as this program or the package left it, and never
//! through a link; what lay there is kept beside it. Programs of the system are started with arguments that stand
//! in [`tools`], through no shell. What somebody else set up is named and left alone.

pub mod apply;
pub mod change;
pub mod configuration;
pub mod difference;
pub mod ledger;
pub mod look;
pub mod machine;
pub mod plan;
pub mod table;
pub mod tools;
pub mod wish;

mod disk;

#[cfg(test)]
mod tests;

pub use apply::{Outcome, apply};
pub use look::look;
pub use plan::plan;
pub use tools::{System, Tools};
pub use wish::{Part, Wish};

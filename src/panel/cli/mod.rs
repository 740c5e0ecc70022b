//! The command line.

mod arguments;
mod node;
mod offline;
mod output;

pub use arguments::{Arguments, Verb};
pub use offline::run;
pub(crate) use output::say;

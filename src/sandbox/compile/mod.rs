//! Compiles one component, in a process that may die of it.

use std::process::ExitCode;

/// Compiles the standard input to the standard output.
pub(crate) fn main() -> ExitCode {
    ExitCode::FAILURE
}

//! The author's commands.

use std::process::ExitCode;

/// What the author asks for.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

/// Carries it out.
pub(crate) fn main(_arguments: &Arguments) -> ExitCode {
    ExitCode::FAILURE
}

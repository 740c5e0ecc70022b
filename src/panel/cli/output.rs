//! What the command line prints: results on standard output, problems on standard error.

use std::io::Write as _;
use std::process::ExitCode;

/// Everything went well.
pub(crate) const DONE: u8 = 0;
/// What was asked for is not possible, or a check found something.
pub(crate) const REFUSED: u8 = 1;
/// The command or the configuration was wrong.
pub(crate) const WRONG: u8 = 2;
/// The machine failed.
pub(crate) const FAULT: u8 = 3;

/// Prints a result.
pub(crate) fn say(text: &str) {
    // A closed pipe is the reader's choice.
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Prints what is worth a second thought, beside the result.
pub(crate) fn warn(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "wabe: warning: {text}"));
}

/// Prints what is wrong and ends.
pub(crate) fn fail(code: u8, text: &str) -> ExitCode {
    drop(writeln!(std::io::stderr().lock(), "wabe: {text}"));
    ExitCode::from(code)
}

//! `wabe-agent enter`: goes into a customer's share of the machine and becomes the program that is to run there.
//!
//! A program that is put there from outside has had a moment in which it could start others.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use wabe_drivers::slices;

/// Where to, and what for.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the share
    #[arg(long = slices::SLICE, value_name = "DIR")]
    slice: PathBuf,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Returns only where that did not go well.
pub(crate) fn main(arguments: &Arguments) -> Result<(), String> {
    slices::enter(&arguments.slice).map_err(|error| format!("share of the machine: {error}"))?;
    let (program, rest) = arguments.command.split_first().ok_or("nothing to start")?;
    #[expect(
        clippy::disallowed_methods,
        reason = "it becomes a program that a driver named, with typed arguments and no shell"
    )]
    let error = Command::new(program).args(rest).exec();
    Err(format!("{}: {error}", program.display()))
}

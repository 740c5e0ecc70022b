//! The binary `wabe-sandbox`: runs customers' plugins, compiles them, and serves their authors.
//!
//! A process of its own, because an engine that runs strangers' code is where a break-out would begin:
//! it holds no database, no customer's files, no secret and no socket but the one to its parent. What a
//! guest may not do is not linked; what it may do is asked of the panel, call by call.
//!
//! Invariants: the only room with an engine for WebAssembly; nothing is compiled in a process that runs
//! strangers' plugins; an artifact is loaded only after its seal was verified. Start reading at [`run`].

mod author;
mod bench;
mod compile;
mod engine;
mod fence;
mod run;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// Runs plugins, compiles them, and helps their authors.
#[derive(Debug, Parser)]
#[command(name = "wabe-sandbox", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Subcommand)]
enum Work {
    /// Runs plugins for the panel, which speaks over the standard input
    Run,
    /// Compiles a component from the standard input to an artifact on the standard output
    Compile(compile::Arguments),
    /// Measures how fast a component runs here
    Bench(bench::Arguments),
    /// For authors of plugins
    Plugin(author::Arguments),
}

fn main() -> ExitCode {
    let mut command = Arguments::command();
    // Authors come by `wabe plugin`, which starts this binary.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "plugin")
    {
        command = command.bin_name("wabe");
    }
    let parsed = Arguments::from_arg_matches(&command.get_matches());
    match parsed.unwrap_or_else(|error| error.exit()).work {
        Work::Run => run::main(),
        Work::Compile(arguments) => compile::main(arguments),
        Work::Bench(arguments) => bench::main(&arguments),
        Work::Plugin(arguments) => author::main(&arguments),
    }
}

//! The binary `wabe-agent`: root on a node, for a panel that is nobody in particular.
//!
//! It takes typed steps over a unix socket from one user of the system, carries them out with the drivers of
//! sites, and starts workers that are customers' users for customers' files.
//!
//! Invariants: kernel and drivers only; it knows no panel and no database of one. Nothing that comes over the
//! socket becomes a word of a shell or a path. As root it opens what it made itself, named by typed ids; beneath a
//! customer's folder it gives what it holds by a handle to the customer's user (`drivers::owners`) and looks at the
//! file of a cron job, over no link, and nothing else. Start reading at [`serve`], then `session` (who may say what) and
//! `worker` (who a customer's files are opened by); `enter` is how programs begin in their customer's share of the
//! machine.

mod enter;
mod keeper;
mod node;
mod serve;
mod session;
mod socket;
mod worker;
mod workers;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use wabe_drivers::slices::ENTER;

/// Holds the drivers of a node as root, for a panel that is not.
#[derive(Debug, Parser)]
#[command(name = "wabe-agent", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Subcommand)]
enum Work {
    /// Takes steps from the panel; as root
    Serve(serve::Arguments),
    /// Works on the files of one webspace; started by the agent alone
    #[command(hide = true)]
    Worker(worker::Arguments),
    /// Goes into a share of the machine, and becomes a program; started by the agent alone
    #[command(hide = true, name = ENTER)]
    Enter(enter::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter =
        EnvFilter::try_from_env("WABE_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        // On a full disk nothing is said, and nothing breaks off for that.
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let ended = match arguments.work {
        Work::Serve(arguments) => serve::main(arguments),
        Work::Worker(arguments) => worker::main(&arguments),
        Work::Enter(arguments) => enter::main(&arguments),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tracing::error!("{why}");
            ExitCode::FAILURE
        }
    }
}

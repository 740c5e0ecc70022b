//! The author's commands: from an empty folder to a signed package, in the very sandbox that runs the
//! plugin later.
//!
//! Every command says what comes next. Every error names the file, the cause and the next step. Start
//! reading at [`stage`] (one run of a plugin) and [`case`] (what a test says).

mod build;
mod case;
mod check;
mod dev;
mod disk;
mod examples;
mod judge;
mod kit;
mod new;
mod pack;
mod project;
mod replay;
mod screen;
mod sign;
mod simulate;
mod stage;
mod test;
#[cfg(test)]
mod tests;
mod world;

use clap::{Args, Subcommand};
use project::Project;
use screen::Done;
use std::path::PathBuf;
use std::process::ExitCode;

/// What the author asks for.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder with plugin.toml
    #[arg(long, global = true, value_name = "FOLDER", default_value = ".")]
    project: PathBuf,
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Subcommand)]
enum Work {
    /// Begins a project that builds and passes its test
    New(new::Arguments),
    /// Builds on every change and runs the cases
    Dev,
    /// Says everything that is wrong with manifest, schema, icon, cases and component
    Check(check::Arguments),
    /// Runs the cases in tests/, in the sandbox
    Test(test::Arguments),
    /// Runs once, with an example or your own input
    Simulate(simulate::Arguments),
    /// Runs a recorded run once more, and names the first difference
    Replay(replay::Arguments),
    /// Builds, checks, and leaves NAME.wabeplugin
    Pack(pack::Arguments),
    /// Puts your signature into the package
    Sign(sign::Arguments),
    /// Makes keys and tells their ids
    Key {
        #[command(subcommand)]
        work: sign::KeyWork,
    },
}

/// Carries it out.
pub(crate) fn main(arguments: &Arguments) -> ExitCode {
    match carry_out(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            screen::complain(&trouble);
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: &Arguments) -> Done {
    let project = || Project::open(&arguments.project);
    match &arguments.work {
        Work::New(more) => new::new(&arguments.project, more),
        Work::Dev => dev::dev(&project()?),
        Work::Check(more) => check::check(&project()?, *more),
        Work::Test(more) => test::test(&project()?, more),
        Work::Simulate(more) => simulate::simulate(&project()?, more),
        Work::Replay(more) => replay::replay(&project()?, more),
        Work::Pack(more) => pack::pack(&project()?, *more),
        Work::Sign(more) => sign::sign(&project()?, more),
        Work::Key { work } => sign::key(work),
    }
}

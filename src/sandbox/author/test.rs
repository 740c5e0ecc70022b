//! `wabe plugin test`

use crate::author::build;
use crate::author::case::{Case, Step};
use crate::author::disk;
use crate::author::judge::judge;
use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, fuel, harmless, next, say};
use crate::author::stage::Stage;
use crate::author::world::World;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_package::wire::Ending;

/// Which cases.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Run the component that is there
    #[arg(long)]
    no_build: bool,
    /// Only these files; all of tests/ without it
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Builds the project and runs its cases.
pub(crate) fn test(project: &Project, arguments: &Arguments) -> Done {
    let component = build::build(project, !arguments.no_build)?;
    let stage = Stage::new(project, &component)?;
    let files = match arguments.files.as_slice() {
        [] => disk::list(&project.path("tests"), "json"),
        files => files.to_vec(),
    };
    if files.is_empty() {
        let step = "Write a case, such as tests/first.json: wabe plugin simulate --save makes one";
        return Err(Trouble::one("tests", "there is no case", step));
    }
    let wrong: usize = files.iter().map(|file| run(project, &stage, file)).sum();
    if wrong > 0 {
        let cause = format!("{wrong} of {} failed, as said above", files.len());
        return Err(Trouble::one(
            "tests",
            &cause,
            "Mend the plugin, or the case",
        ));
    }
    next("wabe plugin pack");
    Ok(())
}

/// Runs one file and says how it went; 1 when it failed.
fn run(project: &Project, stage: &Stage, file: &Path) -> usize {
    let name = disk::shown(file.strip_prefix(&project.folder).unwrap_or(file));
    let case = match Case::read(file) {
        Ok(case) => case,
        Err(trouble) => {
            say(&format!("FAIL  {name}"));
            trouble.0.iter().for_each(|line| say(&format!("  {line}")));
            return 1;
        }
    };
    let title = match case.about.as_str() {
        "" => name,
        about => format!("{name}: {about}"),
    };
    let (lines, log, used) = steps(project, stage, &case);
    if lines.is_empty() {
        say(&format!("ok    {title} ({} units of fuel)", fuel(used)));
        return 0;
    }
    say(&format!("FAIL  {title}"));
    for line in lines {
        say(&harmless(&format!("  {}", line.replace('\n', "\n  "))));
    }
    for line in log {
        say(&harmless(&format!("  log {line}")));
    }
    1
}

/// What was wrong in the first step that failed, with its log, and the most fuel of a step.
fn steps(project: &Project, stage: &Stage, case: &Case) -> (Vec<String>, Vec<String>, u64) {
    let world = Arc::new(World::new(&project.manifest));
    let mut cursor: Option<String> = None;
    let mut used = 0;
    for (at, step) in case.steps.iter().enumerate() {
        let name = |line: String| match case.steps.len() {
            1 => line,
            _ => format!("step {}: {line}", at + 1),
        };
        let scene = (&step.entry, &step.context, &step.host);
        let ran = match stage.run(&world, scene, (project, cursor.as_deref())) {
            Ok(ran) => ran,
            Err(why) => return (vec![name(why)], Vec::new(), used),
        };
        used = used.max(ran.ended.usage.fuel.unwrap_or(0));
        cursor = match &ran.ended.ending {
            Ending::Done { outcome } => outcome.cursor.clone(),
            _ => None,
        };
        let lines = verdict(project, step, &ran, &world);
        if !lines.is_empty() {
            let level =
                |line: &wabe_package::wire::LogLine| format!("{}: {}", line.level, line.message);
            let log = ran.ended.log.iter().map(level).collect();
            return (lines.into_iter().map(name).collect(), log, used);
        }
    }
    (Vec::new(), Vec::new(), used)
}

fn verdict(
    project: &Project,
    step: &Step,
    ran: &crate::author::stage::Ran,
    world: &World,
) -> Vec<String> {
    let grants = project.grants(&step.host.deny).unwrap_or_default();
    judge(
        (&step.expect, ran, &world.state()),
        (&project.manifest, &grants),
    )
}

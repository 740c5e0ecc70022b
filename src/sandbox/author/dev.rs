//! `wabe plugin dev`

use crate::author::project::Project;
use crate::author::screen::{Done, complain, say};
use crate::author::test;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(300);
/// The most files that are looked at.
const FILES_MAX: usize = 5_000;
/// Folders that are made by building.
const MADE: [&str; 4] = ["target", "node_modules", ".wabe", ".git"];

/// Builds and tests whenever a file changed, until it is stopped.
pub(crate) fn dev(project: &Project) -> Done {
    say("watching; Ctrl+C ends it");
    let mut seen = BTreeMap::new();
    loop {
        let found = files(project);
        if found != seen {
            say("");
            let next = match round(&project.folder) {
                Ok(()) => "change something; or, when you are content: wabe plugin pack",
                Err(trouble) => {
                    complain(&trouble);
                    "mend it; saving runs it again"
                }
            };
            // What the build made is not a change.
            seen = files(project);
            say(&format!("\nnext: {next}"));
        }
        std::thread::sleep(LOOK);
    }
}

/// One round, with the manifest as it is now.
fn round(folder: &Path) -> Done {
    test::test(&Project::open(folder)?, &test::Arguments::default())
}

/// When each file was changed last.
fn files(project: &Project) -> BTreeMap<PathBuf, SystemTime> {
    let mut found = BTreeMap::new();
    let mut folders = vec![project.folder.clone()];
    let component = project.path(&project.manifest.component);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(about) = entry.metadata() else {
                continue;
            };
            if about.is_dir() {
                if !MADE.iter().any(|made| name == *made) {
                    folders.push(path);
                }
                continue;
            }
            let made = path == component || name.to_string_lossy().ends_with(".wabeplugin");
            if let (false, Ok(at)) = (made || found.len() >= FILES_MAX, about.modified()) {
                found.insert(path, at);
            }
        }
    }
    found
}

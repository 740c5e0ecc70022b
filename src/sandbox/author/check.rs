//! `wabe plugin check`

use crate::author::case::Case;
use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, next, say};
use crate::author::{build, disk};
use std::collections::BTreeMap;
use wabe_package::archive::{COMPONENT_BYTES, README};
use wabe_package::icon::Icon;
use wabe_package::{Package, manifest};

/// What to look at.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Arguments {
    /// Look at the component that is there
    #[arg(long)]
    no_build: bool,
}

/// Says everything that is wrong at once.
pub(crate) fn check(project: &Project, arguments: Arguments) -> Done {
    let mut wrong = Vec::new();
    let mut note =
        |done: Done| wrong.extend(done.err().map(|trouble| trouble.0).into_iter().flatten());
    note(project.settings().map(drop));
    note(icon(project));
    for file in disk::list(&project.path("tests"), "json") {
        note(Case::read(&file).map(drop));
    }
    match build::build(project, !arguments.no_build) {
        Ok(component) => note(package(project, &component).map(drop)),
        Err(trouble) => note(Err(trouble)),
    }
    for advice in project.manifest.advice() {
        say(&format!("advice: {advice}"));
    }
    if !wrong.is_empty() {
        return Err(Trouble(wrong));
    }
    let (capabilities, triggers) = (
        project.manifest.capabilities.len(),
        project.manifest.triggers.len(),
    );
    say(&format!(
        "all is well: {triggers} triggers, {capabilities} capabilities"
    ));
    next("wabe plugin test");
    Ok(())
}

fn icon(project: &Project) -> Done {
    let Some(part) = &project.manifest.icon else {
        return Ok(());
    };
    Icon::read(part, &disk::read(&project.path(part))?)
        .map(drop)
        .map_err(Trouble::from)
}

/// The package of a project with this component.
pub(crate) fn package(project: &Project, component: &[u8]) -> Result<Package, Trouble> {
    let manifest = &project.manifest;
    let mut parts = BTreeMap::from([(manifest.component.clone(), component.to_vec())]);
    let named = [
        Some(manifest::PART),
        manifest.settings.as_deref(),
        manifest.icon.as_deref(),
    ];
    for name in named.into_iter().flatten() {
        parts.insert(name.to_owned(), disk::read(&project.path(name))?);
    }
    if let Some(readme) = disk::read_if_there(&project.path(README))? {
        parts.insert(README.to_owned(), readme);
    }
    Package::of_parts(parts, COMPONENT_BYTES).map_err(|flaws| Trouble::of(&flaws))
}

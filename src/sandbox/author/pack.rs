//! `wabe plugin pack`

use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, bytes, next, say};
use crate::author::{build, check, disk};
use wabe_package::icon::Icon;

/// What to pack.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Arguments {
    /// Pack the component that is there
    #[arg(long)]
    no_build: bool,
}

/// The name of a project's package.
pub(crate) fn name(project: &Project) -> String {
    format!("{}.wabeplugin", project.manifest.id)
}

/// Leaves the package in the project's folder.
pub(crate) fn pack(project: &Project, arguments: Arguments) -> Done {
    project.settings()?;
    let component = build::build(project, !arguments.no_build)?;
    let package = check::package(project, &component)?;
    if let (Some(part), Some(icon)) = (&project.manifest.icon, package.icon()) {
        Icon::read(part, icon).map_err(Trouble::from)?;
    }
    let file = package.write();
    let name = name(project);
    disk::write(&project.path(&name), &file)?;
    let size = bytes(u64::try_from(file.len()).unwrap_or(u64::MAX));
    say(&format!(
        "{name}: version {}, {size}, not signed",
        project.manifest.version
    ));
    say(&format!("digest {}", package.digest()));
    next("wabe plugin sign --key FILE");
    Ok(())
}

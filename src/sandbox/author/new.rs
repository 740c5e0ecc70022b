//! `wabe plugin new`

use crate::author::disk;
use crate::author::kit::Language;
use crate::author::screen::{Done, Trouble, next, say};
use std::path::Path;
use wabe_package::PluginName;

/// What to begin.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The language
    #[arg(long, value_enum)]
    lang: Language,
    /// The plugin's id: small letters, digits and hyphens; also the name of the folder
    name: String,
}

/// Writes the template and the kit into a folder of the project's name, below `above`.
pub(crate) fn new(above: &Path, arguments: &Arguments) -> Done {
    let name: PluginName = arguments
        .name
        .parse()
        .map_err(|defect: wabe_package::Defect| {
            Trouble::one("NAME", &defect.cause(), &defect.step())
        })?;
    let folder = above.join(name.as_str());
    if folder.exists() {
        let step = "Choose another name, or remove the folder";
        return Err(Trouble::one(
            &disk::shown(&folder),
            "it is there already",
            step,
        ));
    }
    for (path, bytes) in arguments.lang.files(name.as_str()) {
        disk::write(&folder.join(path), &bytes)?;
    }
    let folder = disk::shown(&folder);
    say(&format!(
        "{folder}: a plugin that hears of new mailboxes, with one case in tests/"
    ));
    match arguments.lang {
        Language::Rust => next(&format!("cd {folder} && wabe plugin test")),
        Language::Js => next(&format!("cd {folder} && npm install && wabe plugin test")),
    }
    Ok(())
}

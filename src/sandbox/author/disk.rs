//! The project's files, with errors that name them.

use crate::author::screen::{Done, Trouble};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A file's path as the author reads it.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

/// The whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    std::fs::read(path).map_err(|error| {
        let (cause, step) = match error.kind() {
            ErrorKind::NotFound => (
                "it is not there".to_owned(),
                "Make it, or give another path",
            ),
            _ => (error.to_string(), "Make it readable"),
        };
        Trouble::one(&shown(path), &cause, step)
    })
}

/// The whole file, when it is there.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    if path.exists() {
        read(path).map(Some)
    } else {
        Ok(None)
    }
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<String, Trouble> {
    String::from_utf8(read(path)?).map_err(|_not_utf8| {
        Trouble::one(&shown(path), "it is not UTF-8", "Save the file as UTF-8")
    })
}

fn failed(path: &Path, error: &std::io::Error) -> Trouble {
    let step = "Make the folder writable, or choose another one";
    Trouble::one(&shown(path), &error.to_string(), step)
}

/// Writes a file beside the old one and puts it in its place, with the folders above.
#[expect(
    clippy::disallowed_methods,
    reason = "an author's command writes the author's files"
)]
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Done {
    let folder = path.parent().unwrap_or(Path::new("."));
    let work = || {
        std::fs::create_dir_all(folder)?;
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".new");
        let fresh = PathBuf::from(fresh);
        std::fs::write(&fresh, bytes)?;
        std::fs::rename(&fresh, path)
    };
    work().map_err(|error| failed(path, &error))
}

/// Writes a file that must not be there yet; `secret` keeps it from other users.
pub(crate) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> Done {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options
        .write(true)
        .create_new(true)
        .mode(if secret { 0o600 } else { 0o644 });
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Trouble::one(&shown(path), "it is there already", "Choose another name")
        }
        _ => failed(path, &error),
    })
}

/// The files of a folder with this ending, in order of their names; none when there is no folder.
pub(crate) fn list(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    paths
}

//! What is in the folder, and what becomes of it.

use crate::build::Files;
use wabe::{Failure, Problem, Result};

/// The most files of a site.
const FILES_MAX: usize = 1_000;
/// The most folders of a site.
const FOLDERS_MAX: usize = 100;
/// Files that are copied as they are.
const COPIED: [&str; 14] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "pdf", "txt", "css", "woff2", "mp3",
    "mp4",
];

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Markdown.
    Page,
    /// Copied as it is.
    Asset,
}

/// A file of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Below the folder.
    pub(crate) path: String,
    /// Below the site.
    pub(crate) output: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// Bytes.
    pub(crate) size: u64,
    /// Changes when the file does.
    pub(crate) stamp: String,
}

/// Every file below the folder that becomes something, in order of the paths.
pub(crate) fn list(files: &mut impl Files, folder: &str) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![String::new()];
    let mut seen = 0;
    while let Some(below) = folders.pop() {
        seen += 1;
        if seen > FOLDERS_MAX {
            return Err(too_many("folders", FOLDERS_MAX));
        }
        for entry in files.list(&joined(folder, &below))?.unwrap_or_default() {
            let path = joined(&below, &entry.name);
            if entry.name.starts_with(['.', '_']) {
                continue;
            }
            if entry.is_folder {
                folders.push(path);
            } else if let Some((kind, output)) = becomes(&path) {
                sources.push(Source {
                    path,
                    output,
                    kind,
                    size: entry.size,
                    stamp: format!("{}-{}", entry.size, entry.modified_ms),
                });
            }
        }
        if sources.len() > FILES_MAX {
            return Err(too_many("files", FILES_MAX));
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(without_doubles(sources))
}

/// Two parts of a path.
pub(crate) fn joined(above: &str, below: &str) -> String {
    match (above.is_empty(), below.is_empty()) {
        (true, _) => below.to_owned(),
        (_, true) => above.to_owned(),
        _ => format!("{above}/{below}"),
    }
}

/// What a file becomes, by its name.
fn becomes(path: &str) -> Option<(Kind, String)> {
    let (stem, extension) = path.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some((Kind::Page, page_of(stem))),
        known if COPIED.contains(&known) => Some((Kind::Asset, path.to_owned())),
        _ => None,
    }
}

/// `about` becomes `about.html`; a folder's `README` is its `index.html`.
pub(crate) fn page_of(stem: &str) -> String {
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let name = if name.eq_ignore_ascii_case("readme") {
        "index"
    } else {
        name
    };
    joined(folder, &format!("{name}.html"))
}

/// `index.md` goes before `README.md` in the same folder: the later one of a place is left out.
fn without_doubles(sources: Vec<Source>) -> Vec<Source> {
    let is_index = |source: &Source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        name.starts_with("index.")
    };
    let mut kept: Vec<Source> = Vec::with_capacity(sources.len());
    for source in sources {
        match kept.iter_mut().find(|other| other.output == source.output) {
            None => kept.push(source),
            Some(other) if is_index(&source) => *other = source,
            Some(_) => {}
        }
    }
    kept
}

fn too_many(what: &str, max: usize) -> Failure {
    Failure::new("too-large", format!("a site has at most {max} {what}"))
}

impl From<&Source> for Problem {
    fn from(source: &Source) -> Self {
        Self {
            code: "not-found".to_owned(),
            message: format!("{} went away while it was read", source.path),
            how: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::tests::Memory;

    #[test]
    fn files_become_pages_or_are_copied() {
        let mut files = Memory::of(&[
            ("content/README.md", "a"),
            ("content/index.md", "b"),
            ("content/about.markdown", "c"),
            ("content/news/README.md", "d"),
            ("content/img/a.PNG", "e"),
            ("content/.git/config.txt", "f"),
            ("content/_draft.md", "g"),
            ("content/run.php", "h"),
            ("content/page.html", "i"),
            ("other/x.md", "j"),
        ]);
        let sources = list(&mut files, "content").unwrap();
        let outputs: Vec<_> = sources
            .iter()
            .map(|s| (s.path.as_str(), s.output.as_str()))
            .collect();
        assert_eq!(
            outputs,
            [
                ("index.md", "index.html"),
                ("about.markdown", "about.html"),
                ("img/a.PNG", "img/a.PNG"),
                ("news/README.md", "news/index.html"),
            ]
        );
    }
}

//! Webspaces in memory. Folders are where files are.

use crate::author::case::Content;
use crate::author::world::{conflict, invalid, limit, not_found};
use std::collections::{BTreeMap, BTreeSet};
use wabe_kernel::RelPath;
use wabe_package::Blob;
use wabe_package::wire::{Answer, FileEntry, Problem};

const FILE_BYTES_MAX: usize = 1 << 20;
const NAMES_MAX: usize = 1_000;

struct File {
    content: Vec<u8>,
    modified_ms: u64,
}

/// The webspaces by their ids.
#[derive(Default)]
pub(crate) struct Files {
    webspaces: BTreeMap<String, BTreeMap<String, File>>,
    touched: BTreeSet<(String, String)>,
    now_ms: u64,
}

impl Files {
    pub(super) fn begin(
        &mut self,
        now_ms: u64,
        scene: &BTreeMap<String, BTreeMap<String, Content>>,
    ) -> Result<(), String> {
        self.now_ms = now_ms;
        self.touched.clear();
        for (webspace, files) in scene {
            let known = self.webspaces.entry(webspace.clone()).or_default();
            for (path, content) in files {
                let place = || format!("host.files.{webspace}.{path}");
                let bytes = content
                    .bytes()
                    .ok_or_else(|| format!("{}: it is not Base64", place()))?;
                let path: RelPath = path
                    .parse()
                    .map_err(|_bad| format!("{}: it is not a relative path", place()))?;
                let file = File {
                    content: bytes,
                    modified_ms: now_ms,
                };
                known.insert(path.to_string(), file);
            }
        }
        Ok(())
    }

    /// The bytes of a file, for whoever compares.
    pub(crate) fn content(&self, webspace: &str, path: &str) -> Option<&[u8]> {
        self.webspaces
            .get(webspace)?
            .get(path)
            .map(|file| file.content.as_slice())
    }

    /// Whether the run wrote or deleted it.
    pub(crate) fn was_touched(&self, webspace: &str, path: &str) -> bool {
        self.touched
            .contains(&(webspace.to_owned(), path.to_owned()))
    }

    fn place(
        &self,
        webspace: &str,
        path: &str,
    ) -> Result<(&BTreeMap<String, File>, String), Problem> {
        let Some(files) = self.webspaces.get(webspace) else {
            let how = "use one of the webspaces of the grant; in a case, those of host.files";
            let message = "the grant does not name this webspace";
            return Err(Problem::new("denied", message, how));
        };
        let path: RelPath = path
            .trim_matches('/')
            .parse()
            .map_err(|_bad| invalid("a path is relative and has no dots"))?;
        Ok((files, path.to_string()))
    }

    pub(super) fn read(&self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let (files, path) = self.place(webspace, path)?;
        let file = files.get(&path).ok_or_else(|| missing(files, &path))?;
        if file.content.len() > FILE_BYTES_MAX {
            return Err(limit(format!(
                "a file of at most {FILE_BYTES_MAX} bytes is read"
            )));
        }
        Ok(Answer::Content {
            content: Blob(file.content.clone()),
        })
    }

    pub(super) fn write(
        &mut self,
        webspace: &str,
        path: &str,
        content: Vec<u8>,
    ) -> Result<Answer, Problem> {
        let (files, path) = self.place(webspace, path)?;
        let under = |folder: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if path.is_empty() || is_folder(files, &path) || files.keys().any(|file| under(file)) {
            return Err(invalid(
                "a file where a folder is needed, or the other way round",
            ));
        }
        let file = File {
            content,
            modified_ms: self.now_ms,
        };
        self.touched.insert((webspace.to_owned(), path.clone()));
        self.webspaces
            .entry(webspace.to_owned())
            .or_default()
            .insert(path, file);
        Ok(Answer::Nothing)
    }

    pub(super) fn list(&self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let (files, path) = self.place(webspace, path)?;
        if !path.is_empty() && !is_folder(files, &path) {
            return Err(missing(files, &path));
        }
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let mut found: BTreeMap<&str, FileEntry> = BTreeMap::new();
        for (within, file) in files
            .iter()
            .filter_map(|(p, f)| Some((p.strip_prefix(&prefix)?, f)))
        {
            let (name, directory) = match within.split_once('/') {
                Some((name, _)) => (name, true),
                None => (within, false),
            };
            let size = if directory {
                0
            } else {
                u64::try_from(file.content.len()).unwrap_or(0)
            };
            let entry = found.entry(name).or_insert_with(|| FileEntry {
                name: name.to_owned(),
                directory,
                size,
                modified_ms: 0,
            });
            entry.modified_ms = entry.modified_ms.max(file.modified_ms);
        }
        if found.len() > NAMES_MAX {
            return Err(limit(format!(
                "a folder of at most {NAMES_MAX} names is listed"
            )));
        }
        Ok(Answer::Files {
            files: found.into_values().collect(),
        })
    }

    pub(super) fn delete(&mut self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let (files, path) = self.place(webspace, path)?;
        if is_folder(files, &path) {
            return Err(conflict("the folder is not empty"));
        }
        if !files.contains_key(&path) {
            return Err(missing(files, &path));
        }
        self.touched.insert((webspace.to_owned(), path.clone()));
        self.webspaces
            .entry(webspace.to_owned())
            .or_default()
            .remove(&path);
        Ok(Answer::Nothing)
    }
}

fn is_folder(files: &BTreeMap<String, File>, path: &str) -> bool {
    let within = |file: &String| {
        file.strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    files.keys().any(within)
}

fn missing(files: &BTreeMap<String, File>, path: &str) -> Problem {
    if is_folder(files, path) || files.contains_key(path) {
        return invalid("a file where a folder is needed, or the other way round");
    }
    not_found("there is nothing of this name")
}

//! A slice of a build.

use crate::budget::Budget;
use crate::index::{Entry, Index, fingerprint};
use crate::layout;
use crate::meta;
use crate::nav::{self, Link};
use crate::render::render;
use crate::settings::Settings;
use crate::source::{self, Kind, Source, joined};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wabe::files::Entry as FileEntry;
use wabe::{Problem, Result};

/// The largest file; a call of the host carries 1 MiB.
const FILE_BYTES_MAX: u64 = 1_000_000;
/// Grows when the same source makes another page.
const MAKE: &str = "1";
/// The source of the style sheet and of the list of pages; a colon is in no file's path here.
const STYLE: &str = ":style";
const CONTENTS: &str = ":contents";

/// The files of the webspace.
pub(crate) trait Files {
    /// What is in a folder.
    fn list(&mut self, path: &str) -> Result<Option<Vec<FileEntry>>, Problem>;
    /// A file's content.
    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem>;
    /// Writes a file.
    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), Problem>;
    /// Deletes a file.
    fn delete(&mut self, path: &str) -> Result<(), Problem>;
    /// What is left for this run.
    fn budget(&mut self) -> &mut Budget;
}

impl<F: Files> Files for &mut F {
    fn list(&mut self, path: &str) -> Result<Option<Vec<FileEntry>>, Problem> {
        (**self).list(path)
    }

    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        (**self).read(path)
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), Problem> {
        (**self).write(path, content)
    }

    fn delete(&mut self, path: &str) -> Result<(), Problem> {
        (**self).delete(path)
    }

    fn budget(&mut self) -> &mut Budget {
        (**self).budget()
    }
}

/// How a slice went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Report {
    /// Pages that visitors see.
    pub(crate) pages: usize,
    /// Files that were written.
    pub(crate) written: usize,
    /// Files that were deleted.
    pub(crate) deleted: usize,
    /// Files that wait for the next slice.
    pub(crate) left: usize,
    /// Places where a file of somebody else is.
    pub(crate) in_the_way: Vec<String>,
    /// Files that are too large.
    pub(crate) too_large: Vec<String>,
    /// When.
    pub(crate) at_ms: u64,
    /// In which webspace.
    pub(crate) webspace: String,
}

/// A file that may have to be written.
#[derive(Clone, Copy)]
struct Target<'file> {
    /// Its key in the index.
    path: &'file str,
    /// Below the site.
    output: &'file str,
    /// About how many bytes it has.
    size: u64,
    /// Of what it is made.
    made: u64,
}

impl<'file> Target<'file> {
    const fn of(path: &'file str, output: &'file str, made: u64) -> Self {
        Self {
            path,
            output,
            size: 16 << 10,
            made,
        }
    }

    fn from(source: &'file Source, made: u64) -> Self {
        Self {
            size: source.size,
            ..Self::of(&source.path, &source.output, made)
        }
    }
}

/// A site that is being built.
pub(crate) struct Site<'run, F> {
    settings: &'run Settings,
    index: &'run mut Index,
    files: F,
    target: &'run str,
    /// Texts that were read for their titles.
    texts: BTreeMap<String, String>,
    report: Report,
}

impl<'run, F: Files> Site<'run, F> {
    pub(crate) fn new(
        settings: &'run Settings,
        index: &'run mut Index,
        files: F,
        target: &'run str,
    ) -> Self {
        Self {
            settings,
            index,
            files,
            target,
            texts: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// Does what fits into the budget: titles first, as every page shows all of them.
    pub(crate) fn build(&mut self) -> Result<Report> {
        let mut sources = source::list(&mut self.files, self.settings.source())?;
        sources.retain(|source| {
            let fits = source.size <= FILE_BYTES_MAX;
            if !fits {
                self.report.too_large.push(source.path.clone());
            }
            fits
        });
        self.forget(&sources)?;
        let unread = self.read_titles(&sources)?;
        if unread > 0 {
            self.report.left = unread + sources.len();
            return Ok(std::mem::take(&mut self.report));
        }
        let nav = nav::order(self.index.values());
        self.report.pages = nav.len();
        self.write_style(&nav)?;
        for source in &sources {
            match source.kind {
                Kind::Page => self.write_page(source, &nav)?,
                Kind::Asset => self.copy(source)?,
            }
        }
        Ok(std::mem::take(&mut self.report))
    }

    /// Deletes what came from files that are gone.
    fn forget(&mut self, sources: &[Source]) -> Result<()> {
        let known: BTreeMap<&str, &str> = sources
            .iter()
            .map(|source| (source.path.as_str(), source.output.as_str()))
            .collect();
        let has_first = sources.iter().any(|source| source.output == "index.html");
        let stays = |path: &str, entry: &Entry| match path {
            STYLE => true,
            CONTENTS => !has_first && !sources.is_empty(),
            path => known.get(path) == Some(&entry.output.as_str()),
        };
        let gone: Vec<String> = self
            .index
            .iter()
            .filter(|(path, entry)| !stays(path, entry))
            .map(|(path, _)| path.clone())
            .collect();
        for path in gone {
            let output = self.index.get(&path).filter(|entry| entry.written > 0);
            let output = output.map(|entry| entry.output.clone());
            // Another file may have taken its place, and is written in this same run.
            if let Some(output) =
                output.filter(|output| !known.values().any(|known| known == output))
            {
                if self.files.budget().take(1, 0).is_break() {
                    self.report.left += 1;
                    continue;
                }
                self.files.delete(&joined(self.target, &output))?;
                self.report.deleted += 1;
            }
            self.index.remove(&path);
        }
        Ok(())
    }

    /// Reads pages that changed; answers how many did not fit.
    fn read_titles(&mut self, sources: &[Source]) -> Result<usize> {
        let mut unread = 0;
        for source in sources.iter().filter(|source| source.kind == Kind::Page) {
            let before = self.index.get(&source.path);
            if before.is_some_and(|entry| entry.stamp == source.stamp) {
                continue;
            }
            if unread > 0 || self.files.budget().take(1, source.size).is_break() {
                unread += 1;
                continue;
            }
            let text = self.read_text(source)?;
            let (meta, _) = meta::read(&source.path, &text);
            let entry = self.index.entry(source.path.clone()).or_default();
            entry.output.clone_from(&source.output);
            entry.stamp.clone_from(&source.stamp);
            entry.title = meta.title;
            entry.order = meta.order;
            entry.draft = meta.draft;
            self.texts.insert(source.path.clone(), text);
        }
        Ok(unread)
    }

    fn read_text(&mut self, source: &Source) -> Result<String> {
        let path = joined(self.settings.source(), &source.path);
        let bytes = self
            .files
            .read(&path)?
            .ok_or_else(|| Problem::from(source))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The style sheet, and a list of pages when there is no first one.
    fn write_style(&mut self, nav: &[Link]) -> Result<()> {
        if nav.is_empty() {
            return Ok(());
        }
        let style = Target::of(STYLE, layout::STYLE_NAME, self.made_of_file(layout::STYLE));
        self.put(style, |_| Ok(layout::STYLE.as_bytes().to_vec()))?;
        if nav.iter().any(|link| link.output == "index.html") {
            return Ok(());
        }
        let list = Target::of(CONTENTS, "index.html", self.made_of_page("", nav));
        self.put(list, |site| {
            let body = layout::contents(site.settings, nav);
            let title = layout::site_title(site.settings, nav);
            Ok(layout::page(site.settings, nav, "index.html", &title, &body).into_bytes())
        })
    }

    fn write_page(&mut self, source: &Source, nav: &[Link]) -> Result<()> {
        let Some(entry) = self.index.get(&source.path) else {
            return Ok(());
        };
        if entry.draft {
            return self.withdraw(&source.path);
        }
        let title = entry.title.clone();
        let made = self.made_of_page(&source.stamp, nav);
        self.put(Target::from(source, made), |site| {
            let text = match site.texts.remove(&source.path) {
                Some(text) => text,
                None => site.read_text(source)?,
            };
            let (_, markdown) = meta::read(&source.path, &text);
            let body = render(markdown);
            Ok(layout::page(site.settings, nav, &source.output, &title, &body).into_bytes())
        })
    }

    fn copy(&mut self, source: &Source) -> Result<()> {
        let made = self.made_of_file(&source.stamp);
        self.put(Target::from(source, made), |site| {
            let path = joined(site.settings.source(), &source.path);
            let content = site.files.read(&path)?;
            Ok(content.ok_or_else(|| Problem::from(source))?)
        })
    }

    /// Deletes the page of what has become a draft.
    fn withdraw(&mut self, path: &str) -> Result<()> {
        let Some(entry) = self.index.get_mut(path).filter(|entry| entry.written > 0) else {
            return Ok(());
        };
        if self.files.budget().take(1, 0).is_break() {
            self.report.left += 1;
            return Ok(());
        }
        entry.written = 0;
        let output = joined(self.target, &entry.output);
        self.files.delete(&output)?;
        self.report.deleted += 1;
        Ok(())
    }

    /// Of everything that a page shows: its source, the navigation and the settings.
    fn made_of_page(&self, stamp: &str, nav: &[Link]) -> u64 {
        let Settings {
            title, language, ..
        } = self.settings;
        let fixed = [MAKE, self.target, stamp, title, language];
        let links = nav
            .iter()
            .flat_map(|link| [link.output.as_str(), link.title.as_str()]);
        fingerprint(fixed.into_iter().chain(links))
    }

    /// Of what is copied as it is.
    fn made_of_file(&self, stamp: &str) -> u64 {
        fingerprint([MAKE, self.target, stamp])
    }

    /// Writes a file when what goes into it has changed, the budget allows it, and nobody else's file
    /// is in its place.
    fn put(
        &mut self,
        Target {
            path,
            output,
            size,
            made,
        }: Target,
        content: impl FnOnce(&mut Self) -> Result<Vec<u8>>,
    ) -> Result<()> {
        let written = self.index.get(path).map_or(0, |entry| entry.written);
        if written == made {
            return Ok(());
        }
        if self.report.left > 0 || self.files.budget().take_for(size).is_break() {
            self.report.left += 1;
            return Ok(());
        }
        let file = joined(self.target, output);
        let is_ours = written > 0 || self.settings.replace;
        let content = content(self)?;
        let is_free = |found: Vec<u8>| found == content || layout::may_replace(&found);
        if !is_ours && !self.files.read(&file)?.is_none_or(is_free) {
            self.report.in_the_way.push(output.to_owned());
            return Ok(());
        }
        self.files.write(&file, &content)?;
        self.report.written += 1;
        let entry = self.index.entry(path.to_owned()).or_default();
        output.clone_into(&mut entry.output);
        entry.written = made;
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;

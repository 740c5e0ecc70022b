//! The end of a log, over its daily files, read from there piece by piece.

use rustix::fd::OwnedFd;
use std::ffi::CString;
use std::fs::File;
use std::sync::Arc;
use wabe_kernel::content::ContentError;
use wabe_kernel::{LogQuery, SiteLog, is_unseen};

use crate::embedded::files::beneath::{Folder, Root, fault, handle};
use crate::embedded::files::handle::read_up_to;
use crate::embedded::files::hands::{Opening, Own};

/// The most lines, and the most bytes that are read for them.
const LINES_MAX: usize = 10_000;
const BYTES_MAX: usize = 8 * 1_024 * 1_024;
/// What is read at a time, in bytes.
const PIECE: usize = 64 * 1_024;
/// Longer lines are cut, in characters.
const LINE_CHARS_MAX: usize = 2_000;

/// The last lines of a webspace's log that are asked for, newest last.
pub(super) fn tail(root: &Root, asked: &LogQuery) -> Result<Vec<String>, ContentError> {
    end_of_logs(root.logs(), asked)
}

/// The last visits to a redirect, whose folder of logs this is.
pub(super) fn of_redirect(
    logs: Result<OwnedFd, ContentError>,
    lines: usize,
) -> Result<Vec<String>, ContentError> {
    let asked = LogQuery::of(SiteLog::Access, lines);
    end_of_logs(logs.map(|logs| Folder::new(logs, Arc::new(Own))), &asked)
}

/// Another number once something was written to a log: how much there is of it.
pub(super) fn mark(root: &Root, log: SiteLog) -> Result<u64, ContentError> {
    let logs = match root.logs() {
        Err(ContentError::NotFound) => return Ok(0),
        logs => logs?,
    };
    let mut all = 0_u64;
    for name in files(&logs, log)? {
        // What was put aside meanwhile counts under its other name the next time.
        let size = logs.look(&*name).map_or(0, |found| found.size);
        all = all.wrapping_add(u64::try_from(size).unwrap_or(0));
    }
    Ok(all)
}

/// The files of a log, oldest first.
fn files(logs: &Folder, log: SiteLog) -> Result<Vec<CString>, ContentError> {
    let mut files = logs.names()?;
    files.retain(|name| {
        let rest = name.to_bytes().strip_prefix(log.word().as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"-") || rest.starts_with(b"."))
            && name.to_bytes().ends_with(b".log")
    });
    files.sort_unstable();
    Ok(files)
}

/// Nothing without a folder: then nobody came yet.
fn end_of_logs(
    logs: Result<Folder, ContentError>,
    asked: &LogQuery,
) -> Result<Vec<String>, ContentError> {
    let logs = match logs {
        Err(ContentError::NotFound) => return Ok(Vec::new()),
        logs => logs?,
    };
    let mut search = Search {
        asked,
        wanted: asked.lines.min(LINES_MAX),
        left: BYTES_MAX,
        newest_first: Vec::new(),
    };
    for name in files(&logs, asked.log)?.into_iter().rev() {
        if search.is_over() {
            break;
        }
        match logs.open(&*name, Opening::Read).map_err(fault) {
            // Gone meanwhile, or a link: nobody's log.
            Err(ContentError::NotFound | ContentError::NotPlain) => {}
            file => search.walk(&File::from(file?))?,
        }
    }
    search.newest_first.reverse();
    Ok(search.newest_first)
}

/// What is found on the way from the end to the beginning.
struct Search<'q> {
    asked: &'q LogQuery,
    wanted: usize,
    /// How much may still be read, in bytes.
    left: usize,
    newest_first: Vec<String>,
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.newest_first.len() >= self.wanted || self.left == 0
    }

    /// Goes through a file backwards.
    fn walk(&mut self, file: &File) -> Result<(), ContentError> {
        let size = handle(file)?.plain_file()?.size;
        let mut end = usize::try_from(size).unwrap_or(0);
        // The end of a line whose beginning was not read yet.
        let mut cut: Vec<u8> = Vec::new();
        while end > 0 && !self.is_over() {
            let length = end.min(PIECE).min(self.left);
            end = end.saturating_sub(length);
            self.left = self.left.saturating_sub(length);
            let at = u64::try_from(end).unwrap_or(u64::MAX);
            let mut piece = read_up_to(file, at, length)?;
            piece.append(&mut cut);
            let whole = match piece.iter().position(|byte| *byte == b'\n') {
                _ if end == 0 => 0,
                Some(first) => first.saturating_add(1),
                None => piece.len(),
            };
            let lines = piece.split_off(whole);
            cut = piece;
            self.take(&lines);
        }
        Ok(())
    }

    /// Keeps what is asked for of whole lines.
    fn take(&mut self, lines: &[u8]) {
        for line in lines.rsplit(|byte| *byte == b'\n') {
            if self.newest_first.len() >= self.wanted {
                return;
            }
            let line = String::from_utf8_lossy(line);
            if !line.is_empty() && self.asked.holds(&line) {
                self.newest_first.push(shown(&line));
            }
        }
    }
}

/// A line as it may be shown: what has no look of its own, or deceives about the order of letters, is marked.
fn shown(line: &str) -> String {
    let plain = |c: char| match c {
        '\t' => ' ',
        c if is_unseen(c) => '\u{fffd}',
        c => c,
    };
    let line = line.trim_end_matches('\r');
    line.chars().take(LINE_CHARS_MAX).map(plain).collect()
}

//! The end of an access log, over its daily files.

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::path::Path;
use wabe_kernel::content::ContentError;

use crate::embedded::files::beneath::{Root, beneath, fault, handle, names};
use crate::embedded::files::handle::read_up_to;

/// The most lines, and the most bytes that are read for them.
const LINES_MAX: usize = 10_000;
const BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// The last `lines` lines of a webspace's `logs/access*.log`, newest last.
pub(super) fn tail(root: &Root, lines: usize) -> Result<Vec<String>, ContentError> {
    end_of_logs(root.logs(), lines)
}

/// The same of a redirect, whose folder of logs this is.
pub(super) fn of_redirect(logs: &Path, lines: usize) -> Result<Vec<String>, ContentError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let logs = rustix::fs::open(logs, flags, Mode::empty());
    end_of_logs(logs.map_err(fault), lines)
}

/// Nothing without a folder: then nobody came yet.
fn end_of_logs(
    logs: Result<OwnedFd, ContentError>,
    lines: usize,
) -> Result<Vec<String>, ContentError> {
    let logs = match logs {
        Err(ContentError::NotFound) => return Ok(Vec::new()),
        logs => logs?,
    };
    let mut files: Vec<_> = names(logs.as_fd())?
        .into_iter()
        .filter(|name| {
            let name = name.to_bytes();
            name.starts_with(b"access") && name.ends_with(b".log")
        })
        .collect();
    files.sort_unstable();
    let wanted = lines.min(LINES_MAX);
    let mut left = BYTES_MAX;
    let mut newest_first: Vec<String> = Vec::new();
    for name in files.into_iter().rev() {
        if newest_first.len() >= wanted || left == 0 {
            break;
        }
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = beneath(logs.as_fd(), &*name, flags, Mode::empty()).map_err(fault)?;
        let text = end_of(&File::from(file), left)?;
        left = left.saturating_sub(text.len());
        let missing = wanted.saturating_sub(newest_first.len());
        newest_first.extend(text.lines().rev().take(missing).map(str::to_owned));
    }
    newest_first.reverse();
    Ok(newest_first)
}

/// At most the last `most` bytes of a file, beginning with a whole line.
fn end_of(file: &File, most: usize) -> Result<String, ContentError> {
    let size = u64::try_from(handle(file)?.plain_file()?.size).unwrap_or(0);
    let skipped = size.saturating_sub(u64::try_from(most).unwrap_or(u64::MAX));
    let text = String::from_utf8_lossy(&read_up_to(file, skipped, most)?).into_owned();
    Ok(match text.split_once('\n') {
        Some((_, whole)) if skipped > 0 => whole.to_owned(),
        _ => text,
    })
}

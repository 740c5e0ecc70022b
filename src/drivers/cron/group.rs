//! The processes of one run.

use rustix::process::{Pid, Signal, kill_process_group};
use std::path::Path;

use crate::daemon;

/// How many processes are in a group; those that end while they are counted do not count.
pub(super) fn count(group: Pid) -> usize {
    let wanted = group.as_raw_nonzero().get();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let in_it = entries.filter(|entry| {
        let name = entry.file_name();
        let is_process = name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
        is_process && group_of(&entry.path().join("stat")) == Some(wanted)
    });
    in_it.count()
}

/// The process group in a `stat` of a process.
fn group_of(stat: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(stat).ok()?;
    daemon::told(&text).map(|(_, _, group)| group)
}

/// The most memory that a process was seen with, in bytes. Source: proc(5).
pub(super) fn memory(process: Pid) -> Option<u64> {
    let path = format!("/proc/{}/status", process.as_raw_nonzero());
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kilobytes.saturating_mul(1_024))
}

/// Tells the whole group.
pub(super) fn tell(group: Pid, signal: Signal) {
    // Nobody left in it is as good.
    if let Err(fault) = kill_process_group(group, signal) {
        tracing::debug!(%fault, "a group had ended by itself");
    }
}

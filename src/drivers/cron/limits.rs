//! How much of the machine one run takes.

use std::ffi::OsString;

/// Processes of one run.
pub(super) const PROCESSES_MAX: usize = 64;
/// What a run may write in all, in bytes.
pub(super) const WRITTEN_MAX: u64 = 16 << 20;

/// Of each process: no core, five minutes of a processor, 1 GiB of addresses and half of that of its own
/// data, 256 open files, files of 1 GiB.
const EACH: [&str; 6] = [
    "--core=0",
    "--cpu=300:310",
    "--as=1073741824",
    "--data=536870912",
    "--nofile=256",
    "--fsize=1073741824",
];

/// The arguments of `prlimit`. The kernel counts processes by users, so that only who has one of their own is
/// bounded by it; the group is counted besides, whoever runs it.
pub(super) fn arguments(has_user: bool) -> Vec<OsString> {
    let mut all: Vec<OsString> = EACH.iter().map(OsString::from).collect();
    if has_user {
        // Two runs at once, and PHP of the site beside them.
        all.push("--nproc=256".into());
    }
    all
}

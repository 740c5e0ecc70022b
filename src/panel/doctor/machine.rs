//! The machine: room on its disk, and the walls that its kernel has.

use crate::doctor::Finding;
use std::fs;
use std::path::Path;

/// Of a hundred parts of a disk that are free, below which it is told, and below which it is wrong.
const FREE_WARN: u64 = 10;
const FREE_WRONG: u64 = 3;
/// Walls of the kernel around whatever takes customers' input, and what they are for.
const LANDLOCK: &str = "kernel has Landlock";
const SECCOMP: &str = "kernel has seccomp";
const SLICES: &str = "processes of webspaces can be limited";
/// What limits are made of.
const CONTROLLERS: [&str; 3] = ["cpu", "memory", "pids"];

/// How much of a hundred is free; nothing where a file system counts none.
fn percent(free: u64, all: u64) -> Option<u64> {
    free.saturating_mul(100).checked_div(all)
}

fn left(what: &'static str, percent: Option<u64>, place: &Path) -> Finding {
    let said = |percent| format!("{percent} % are free below {}", place.display());
    let mend = "make room, or enlarge the disk: du -xh --max-depth=2 shows what is large";
    match percent {
        Some(free) if free < FREE_WRONG => Finding::bad(what, said(free)).mend(mend),
        Some(free) if free < FREE_WARN => Finding::odd(what, said(free)).mend(mend),
        Some(_) | None => Finding::fine(what),
    }
}

/// Whether files still fit where they are kept.
pub(super) fn room(place: &Path) -> Vec<Finding> {
    let (bytes, files) = ("disk has room", "disk takes more files");
    match rustix::fs::statvfs(place) {
        Ok(disk) => vec![
            left(bytes, percent(disk.f_bavail, disk.f_blocks), place),
            left(files, percent(disk.f_favail, disk.f_files), place),
        ],
        Err(error) => vec![Finding::bad(bytes, error)],
    }
}

/// Whether the list of the kernel's security modules has Landlock; where there is no list, nobody knows.
fn landlock(list: Option<&str>) -> Finding {
    match list {
        Some(list) if list.trim().split(',').any(|name| name == "landlock") => {
            Finding::fine(LANDLOCK)
        }
        Some(_) => Finding::odd(LANDLOCK, "it is not among the kernel's security modules")
            .mend("add landlock to lsm= on the kernel's command line"),
        None => Finding::odd(LANDLOCK, "this machine does not show its security modules")
            .mend("mount -t securityfs securityfs /sys/kernel/security"),
    }
}

/// Whether the kernel knows seccomp, as a process's own status tells.
fn seccomp(status: &str) -> Finding {
    if status.lines().any(|line| line.starts_with("Seccomp:")) {
        Finding::fine(SECCOMP)
    } else {
        Finding::bad(SECCOMP, "plugins are not run without it").mend("start a kernel of Debian's")
    }
}

/// Whether processes can be limited together, by what the second version of control groups offers.
fn slices(controllers: Option<&str>) -> Finding {
    let Some(controllers) = controllers else {
        return Finding::odd(SLICES, "control groups of version 2 are not mounted")
            .mend("start with systemd, and without systemd.unified_cgroup_hierarchy=0");
    };
    let has = |name: &&str| controllers.split_whitespace().any(|one| one == *name);
    let missing: Vec<&str> = CONTROLLERS.into_iter().filter(|name| !has(name)).collect();
    if missing.is_empty() {
        return Finding::fine(SLICES);
    }
    let missing = missing.join(", ");
    Finding::odd(SLICES, format_args!("control groups have no {missing}")).mend(
        "add cgroup_enable=memory to the kernel's command line, or start a kernel of Debian's",
    )
}

/// The walls that this machine has.
pub(super) fn walls() -> Vec<Finding> {
    let read = |path: &str| fs::read_to_string(path).ok();
    vec![
        landlock(read("/sys/kernel/security/lsm").as_deref()),
        seccomp(&read("/proc/self/status").unwrap_or_default()),
        slices(read("/sys/fs/cgroup/cgroup.controllers").as_deref()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{landlock, left, percent, seccomp, slices};
    use std::path::Path;

    #[test]
    fn room_is_told_before_it_ends() {
        let grade = |free, all| {
            let found = left("disk has room", percent(free, all), Path::new("/srv"));
            found.to_string().split(' ').next().unwrap().to_owned()
        };
        assert_eq!(
            (grade(50, 100).as_str(), grade(9, 100).as_str()),
            ("ok", "warn")
        );
        assert_eq!(
            (grade(2, 100).as_str(), grade(0, 0).as_str()),
            ("WRONG", "ok")
        );
        assert_eq!(percent(u64::MAX, u64::MAX), Some(1));
    }

    #[test]
    fn walls_are_read_off_the_kernels_words() {
        let ok = |finding: crate::doctor::Finding| finding.to_string().starts_with("ok ");
        assert!(ok(landlock(Some("capability,landlock,yama\n"))));
        assert!(!ok(landlock(Some("capability,landlocked"))) && !ok(landlock(None)));
        assert!(ok(seccomp("Name:\twabe\nSeccomp:\t0\n")) && seccomp("Name:\twabe\n").is_bad());
        assert!(ok(slices(Some("cpuset cpu io memory pids\n"))));
        assert!(!ok(slices(Some("cpuset io memory pids"))) && !ok(slices(None)));
    }
}

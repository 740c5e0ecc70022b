//! What a machine can share out, found out once.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::slices::share::Controller;
use crate::slices::write;

/// Whether customers are held to shares of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They are, in everything.
    Whole,
    /// They are, but not in these: the machine keeps them to itself, or has them in groups of the first version.
    Without(BTreeSet<Controller>),
    /// There is no tree of groups of the second version, or nothing in it is shared out.
    NotThere,
    /// The tree is there and our part of it is not ours to write, in the system's words: the unit needs
    /// `Delegate=yes`.
    NotDelegated(String),
}

impl Standing {
    /// Whether this is shared out.
    #[must_use]
    pub fn has(&self, controller: Controller) -> bool {
        match self {
            Self::Whole => true,
            Self::Without(missing) => !missing.contains(&controller),
            Self::NotThere | Self::NotDelegated(_) => false,
        }
    }
}

/// The group that this process is in, of the second version.
pub(super) fn delegated() -> Result<PathBuf, Standing> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    group_in(&mounts, &groups).ok_or(Standing::NotThere)
}

/// The same in the words of the system. Source: proc(5), cgroups(7).
pub(super) fn group_in(mounts: &str, groups: &str) -> Option<PathBuf> {
    let mut mounts = mounts.lines().filter_map(|line| {
        let (head, tail) = line.split_once(" - ")?;
        let is_ours = tail.split(' ').next()? == "cgroup2";
        is_ours.then(|| head.split(' ').nth(4))?
    });
    let mount = Path::new(mounts.next()?);
    let mut groups = groups.lines().filter_map(|line| line.strip_prefix("0::/"));
    Some(mount.join(groups.next()?))
}

/// Makes two groups beneath ours: one for whoever is in it now, one for customers; with everything shared out
/// to the second that can be.
///
/// Errors: why there are no slices at all.
pub(super) fn split(group: &Path, (ours, customers): (&str, &str)) -> Result<Standing, Standing> {
    let offered = std::fs::read_to_string(group.join("cgroup.controllers"));
    let offered = offered.map_err(|_missing| Standing::NotThere)?;
    let is_offered = |controller: &Controller| {
        let mut words = offered.split_whitespace();
        words.any(|word| word == controller.word())
    };
    let (can, mut missing): (BTreeSet<_>, BTreeSet<_>) =
        Controller::ALL.into_iter().partition(is_offered);
    if can.is_empty() {
        return Err(Standing::NotThere);
    }
    let refused = |fault: io::Error| Standing::NotDelegated(fault.to_string());
    make(&group.join(customers)).map_err(refused)?;
    move_out(group, &group.join(ours)).map_err(refused)?;
    for controller in can {
        let text = format!("+{}", controller.word());
        let shared = write(&group.join("cgroup.subtree_control"), &text)
            .and_then(|()| write(&group.join(customers).join("cgroup.subtree_control"), &text));
        if let Err(fault) = shared {
            tracing::warn!(controller = controller.word(), %fault, "nothing of it is shared out");
            missing.insert(controller);
        }
    }
    match missing.len() {
        0 => Ok(Standing::Whole),
        all if all == Controller::ALL.len() => Err(Standing::NotDelegated(
            "nothing is shared out to groups beneath".to_owned(),
        )),
        _ => Ok(Standing::Without(missing)),
    }
}

/// Moves everybody out of a group that is to share: such a one has no processes itself. The topmost may.
fn move_out(group: &Path, to: &Path) -> io::Result<()> {
    if !group.join("cgroup.type").exists() {
        return Ok(());
    }
    let there = std::fs::read_to_string(group.join("cgroup.procs"))?;
    if there.trim().is_empty() {
        return Ok(());
    }
    make(to)?;
    for process in there.lines() {
        // Whoever ended meanwhile is out as well.
        if let Err(fault) = write(&to.join("cgroup.procs"), process) {
            tracing::debug!(process, %fault, "a process is not moved");
        }
    }
    Ok(())
}

fn make(folder: &Path) -> io::Result<()> {
    match std::fs::create_dir(folder) {
        Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists => Err(fault),
        _ => Ok(()),
    }
}

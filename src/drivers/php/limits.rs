//! What PHP may take of a machine, as the operator decides it.

use serde::{Deserialize, Serialize};
use wabe_kernel::PhpChildren;

use crate::daemon::Confinement;
use crate::slices::Slice;

/// Processes beside those that answer requests: one that keeps them, and one that is being replaced.
const BESIDE: u32 = 2;

/// The limits of the PHP of one webspace, whatever its plan grants; those of whole users hold for all that the user runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The most processes of a customer's user, whatever runs them.
    pub processes: u32,
    /// The most files that one process holds open.
    pub open_files: u32,
    /// The most that one process may compute before another one takes its place, in seconds.
    pub cpu_seconds: u32,
    /// How readily it is ended when the machine runs out of memory: 0 as everybody else, 1000 first of all.
    pub oom_score: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            processes: 100,
            open_files: 1_024,
            cpu_seconds: 3_600,
            oom_score: 500,
        }
    }
}

impl Limits {
    /// What is wrong with them, one line each, naming the key.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, is, least, most) in [
            ("processes", self.processes, BESIDE + 1, 65_536),
            ("open_files", self.open_files, 64, 1_048_576),
            ("cpu_seconds", self.cpu_seconds, 60, 31_536_000),
            ("oom_score", u32::from(self.oom_score), 0, 1_000),
        ] {
            if !(least..=most).contains(&is) {
                found.push(format!("{key}: from {least} to {most}"));
            }
        }
        found
    }

    /// So many of the processes that a plan grants for requests come to life beside the others.
    pub(super) fn held(self, children: PhpChildren) -> u32 {
        let most = self.processes.saturating_sub(BESIDE).max(1);
        children.get().min(most)
    }

    /// What a master of one webspace is held to.
    pub(crate) const fn confinement(self, slice: Option<Slice>) -> Confinement {
        Confinement {
            processes: self.processes,
            open_files: self.open_files,
            cpu_seconds: self.cpu_seconds,
            oom_score: self.oom_score,
            low_ports: false,
            slice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_let_nothing_run_are_named() {
        assert!(Limits::default().problems().is_empty());
        let none = Limits {
            processes: 1,
            open_files: 3,
            cpu_seconds: 0,
            oom_score: 1_001,
        };
        assert_eq!(none.problems().len(), 4);
    }
    #[test]
    fn no_plan_grants_more_processes_than_a_user_has() {
        let limits = Limits {
            processes: 6,
            ..Limits::default()
        };
        let held = |children| limits.held(PhpChildren::try_from(children).unwrap());
        assert_eq!((held(3), held(4), held(9)), (3, 4, 4));
    }
}

//! What a daemon is held to that runs what strangers wrote.

use std::process::Command;

use crate::slices::{self, Slice};

/// Sets limits of its own process and takes its own place then.
pub(crate) const PRLIMIT: &str = "/usr/bin/prlimit";
/// Sets how readily a process is ended when memory runs out, and takes its own place then.
const CHOOM: &str = "/usr/bin/choom";

/// What a daemon and everything that it starts is held to. It never leaves a dump of its memory, and never
/// gains rights that it was not started with.
#[derive(Debug, Clone)]
pub struct Confinement {
    /// The most processes of its user, whoever started them.
    pub processes: u32,
    /// The most files that one of its processes holds open.
    pub open_files: u32,
    /// The most that one of its processes may compute, in seconds; it is ended then.
    pub cpu_seconds: u32,
    /// How readily it is ended when memory runs out: 0 as everybody else, 1000 first of all.
    pub oom_score: u16,
    /// Whether it listens at ports that are the system's to give.
    pub low_ports: bool,
    /// What it shares with others of its customer, where the machine can.
    pub slice: Option<Slice>,
}

impl Confinement {
    /// The beginning of a command that sets all this and then becomes what follows.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = slices::command_in(self.slice.as_ref(), PRLIMIT);
        let both = |name: &str, most: u32| format!("--{name}={most}:{most}");
        command
            .args([
                both("nproc", self.processes),
                both("nofile", self.open_files),
                both("cpu", self.cpu_seconds),
                both("core", 0),
            ])
            .args(["--", CHOOM, "-n", &self.oom_score.to_string(), "--"])
            .arg(program);
        command
    }
}

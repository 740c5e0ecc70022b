//! The life of one run, on a thread of its own.

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wabe_kernel::CronOutcome;
use wabe_kernel::cron::CronEnded;

use crate::cron::limits::{self, PROCESSES_MAX, WRITTEN_MAX};
use crate::cron::output::Output;
use crate::cron::{Ready, group};
use crate::daemon::PRLIMIT;
use crate::daemon::account::SETPRIV;
use crate::slices;

/// How often it is looked at.
const TICK: Duration = Duration::from_millis(10);
/// Looks between two counts of its processes.
const COUNT_EVERY: u32 = 10;
/// The processor's time was used up; a file grew too long. Source: signal(7).
const XCPU: i32 = 24;
const XFSZ: i32 = 25;

/// What a run is held to.
pub(super) struct Bounds {
    pub(super) within: Duration,
    pub(super) farewell: Duration,
    /// Nobody waits any more.
    pub(super) gone: Arc<AtomicBool>,
}

/// Why it was ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Time,
    Written,
    Processes,
    Gone,
}

fn command(ready: &Ready) -> Command {
    let mut command = slices::command_in(ready.slice.as_ref(), SETPRIV);
    if let Some(account) = ready.account {
        command.args(account.arguments());
    }
    command.args(["--no-new-privs", "--pdeathsig", "KILL", "--", PRLIMIT]);
    command.args(limits::arguments(ready.account.is_some()));
    command.arg("--").arg(&ready.program).args(&ready.arguments);
    command
        .env_clear()
        .env("HOME", &ready.folders.files)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("TZ", "Europe/Berlin")
        .env("LANG", "C.UTF-8")
        .current_dir(&ready.folders.files)
        .process_group(0)
        .stdin(Stdio::null());
    command
}

fn start(ready: &Ready) -> io::Result<(Child, Output)> {
    let (reader, writer) = io::pipe()?;
    let output = Output::new(reader)?;
    let mut command = command(ready);
    command.stdout(writer.try_clone()?).stderr(writer);
    let child = command.spawn()?;
    // The command holds writing ends, which must be gone for the pipe to end.
    drop(command);
    Ok((child, output))
}

/// Runs it to its end.
pub(super) fn live(ready: &Ready, bounds: &Bounds) -> CronEnded {
    match start(ready) {
        Ok((child, output)) => Life::new(&child, output).lead(child, bounds),
        Err(fault) => {
            tracing::error!(%fault, "a cron job could not be started");
            CronEnded::never("not-started")
        }
    }
}

struct Life {
    group: Pid,
    output: Output,
    memory: Option<u64>,
    ticks: u32,
    /// Why it is to end, and since which tick.
    told: Option<(Cause, u32)>,
}

/// How many ticks this takes.
fn ticks(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / TICK.as_millis()).unwrap_or(u32::MAX)
}

impl Life {
    fn new(child: &Child, output: Output) -> Self {
        Self {
            group: Pid::from_child(child),
            output,
            memory: None,
            ticks: 0,
            told: None,
        }
    }

    fn lead(mut self, mut child: Child, bounds: &Bounds) -> CronEnded {
        while !self.is_over() {
            self.output.take();
            self.memory = group::memory(self.group).max(self.memory);
            match self.told {
                None => self.judge(bounds),
                // It may have begun others meanwhile; whoever was told twice to end is ended.
                Some((_, since)) if self.ticks >= since.saturating_add(ticks(bounds.farewell)) => {
                    group::tell(self.group, Signal::KILL);
                }
                Some(_) => {}
            }
            self.ticks = self.ticks.saturating_add(1);
            std::thread::park_timeout(TICK);
        }
        // It was not waited for yet, so that the number of its group is still its own.
        group::tell(self.group, Signal::KILL);
        let status = child.wait();
        self.output.take();
        match status {
            Ok(status) => self.ended(status),
            Err(fault) => {
                tracing::error!(%fault, "a cron job could not be waited for");
                CronEnded::never("not-started")
            }
        }
    }

    /// Whether its first process has ended.
    fn is_over(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(self.group), options) {
            Ok(found) => found.is_some(),
            Err(fault) => fault != rustix::io::Errno::INTR,
        }
    }

    /// Ends it when it went too far: what takes too long is asked first.
    fn judge(&mut self, bounds: &Bounds) {
        let many =
            self.ticks.is_multiple_of(COUNT_EVERY) && group::count(self.group) > PROCESSES_MAX;
        let cause = if bounds.gone.load(Ordering::Relaxed) {
            Cause::Gone
        } else if many {
            Cause::Processes
        } else if self.output.written > WRITTEN_MAX {
            Cause::Written
        } else if self.ticks >= ticks(bounds.within) {
            Cause::Time
        } else {
            return;
        };
        let signal = if matches!(cause, Cause::Time | Cause::Gone) {
            Signal::TERM
        } else {
            Signal::KILL
        };
        self.told = Some((cause, self.ticks));
        group::tell(self.group, signal);
    }

    fn ended(self, status: ExitStatus) -> CronEnded {
        let (exit, signal) = (status.code(), status.signal());
        let (outcome, reason) = match (self.told.map(|(cause, _)| cause), exit, signal) {
            (Some(Cause::Time), ..) => (CronOutcome::Timeout, None),
            (Some(Cause::Written), ..) => (CronOutcome::Limit, Some("output")),
            (Some(Cause::Processes), ..) => (CronOutcome::Limit, Some("processes")),
            (Some(Cause::Gone), ..) => (CronOutcome::Lost, None),
            (None, _, Some(XCPU)) => (CronOutcome::Limit, Some("cpu")),
            (None, _, Some(XFSZ)) => (CronOutcome::Limit, Some("file-size")),
            (None, Some(0), _) => (CronOutcome::Ok, None),
            (None, ..) => (CronOutcome::Failed, None),
        };
        let (text, cut) = self.output.text();
        CronEnded {
            outcome,
            reason,
            exit,
            signal,
            memory_bytes: self.memory,
            output: text,
            cut,
        }
    }
}

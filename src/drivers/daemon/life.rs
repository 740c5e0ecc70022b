//! The lives of a daemon: one after the other, until it is told to end.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::daemon::account::{Account, SETPRIV};
use crate::daemon::confinement::Confinement;
use crate::daemon::{Daemon, Order, leftover};

/// How often it is looked whether a daemon lives.
const TICK: Duration = Duration::from_millis(50);
/// Ticks after which a daemon did not end soon: a minute.
const LIVED: u32 = 1_200;
/// The same for one of thousands, once it did not end soon: they are looked at by a thread each.
const TICK_OF_MANY: Duration = Duration::from_secs(1);
/// The pause before a daemon is started again, doubled each time it ends soon.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// A log that grew beyond this is begun anew, in bytes.
const LOG_BYTES_MAX: u64 = 4 << 20;

/// `program` with an empty environment: as `account`, and ended by the signal of this name once the thread
/// that started it ends; held to `confined`, where that is given.
pub(super) fn confined(
    program: &Path,
    (account, told): (Option<Account>, Option<&str>),
    confined: Option<&Confinement>,
) -> Command {
    let Some(confined) = confined else {
        return command(program, account, told);
    };
    let mut command = confined.command(SETPRIV);
    command.arg("--no-new-privs");
    if confined.low_ports {
        // This one right stays when it is not root any more, and no other one.
        command.args([
            "--inh-caps=-all,+net_bind_service",
            "--ambient-caps=-all,+net_bind_service",
        ]);
    }
    if let Some(account) = account {
        command.args(account.arguments());
    }
    if let Some(told) = told {
        command.args(["--pdeathsig", told]);
    }
    command.arg("--").arg(program);
    command.env_clear().current_dir("/");
    command
}

/// The same without anything that it is held to.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver starts a program of the system, with typed arguments and no shell"
)]
pub(super) fn command(program: &Path, account: Option<Account>, told: Option<&str>) -> Command {
    let mut command = if account.is_none() && told.is_none() {
        Command::new(program)
    } else {
        let mut command = Command::new(SETPRIV);
        if let Some(account) = account {
            command.args(account.arguments());
        }
        if let Some(told) = told {
            command.args(["--pdeathsig", told]);
        }
        command.arg("--").arg(program);
        command
    };
    command.env_clear().current_dir("/");
    command
}

/// Begins a log anew that grew too long, while whoever appends to it goes on. Blocks on file work.
pub(super) fn bound(log: &Path) -> io::Result<()> {
    match std::fs::metadata(log) {
        Ok(file) if file.len() > LOG_BYTES_MAX => {
            OpenOptions::new().write(true).open(log)?.set_len(0)
        }
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

impl Order {
    fn spawn(&self) -> io::Result<Child> {
        let said = match &self.log {
            None => Stdio::null(),
            Some(log) => {
                let full = std::fs::metadata(log).is_ok_and(|file| file.len() > LOG_BYTES_MAX);
                let mut options = OpenOptions::new();
                let options = options.create(true).append(!full).write(true);
                options.truncate(full).mode(0o600).open(log)?.into()
            }
        };
        let told = self.follows.then(|| self.ending.word());
        let held = self.confined.as_ref();
        confined(&self.program, (self.account, told), held)
            .envs(self.environment.iter().copied())
            .args(&self.arguments)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
    }

    /// How long what a former life left behind may take to end by itself.
    const fn linger(&self) -> Duration {
        if self.follows {
            self.patience
        } else {
            Duration::ZERO
        }
    }
}

/// Ends a whole group however its time comes about.
struct Group(Pid);

impl Drop for Group {
    fn drop(&mut self) {
        // Nobody left in it is as good.
        if let Err(fault) = kill_process_group(self.0, Signal::KILL) {
            tracing::debug!(%fault, "a group had ended by itself");
        }
    }
}

impl Daemon {
    /// Does this on a thread of its own, which the daemon's processes do not outlive.
    pub(super) fn on_a_thread(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) + Send + 'static,
    ) -> io::Result<JoinHandle<()>> {
        let daemon = Arc::clone(self);
        let thread = std::thread::Builder::new().name("daemon".to_owned());
        thread.spawn(move || work(&daemon))
    }

    /// Lives until it is told to end. `tell` hears of the first start; when that fails, it is the only one.
    pub(super) fn stay(&self, mut tell: Option<mpsc::Sender<io::Result<()>>>) {
        let name = &*self.order.name;
        let mut pause = PAUSE;
        while !self.is_ending() {
            leftover::end(name, &self.order.group_file, self.order.linger());
            let (how, ticks) = match (self.begin(), tell.take()) {
                (Ok(child), tell) => {
                    if let Some(tell) = tell {
                        // Whoever started it may have gone already.
                        drop(tell.send(Ok(())));
                    }
                    self.watch(child)
                }
                (Err(fault), Some(tell)) => {
                    drop(tell.send(Err(fault)));
                    return;
                }
                (Err(fault), None) => (fault.to_string(), 0),
            };
            if self.is_ending() {
                return;
            }
            pause = if ticks > LIVED {
                PAUSE
            } else {
                pause.saturating_mul(2).min(PAUSE_MAX)
            };
            tracing::error!(
                daemon = name,
                how,
                wait_ms = pause.as_millis(),
                "a daemon ended"
            );
            std::thread::park_timeout(pause);
        }
    }

    fn begin(&self) -> io::Result<Child> {
        if let Some(around) = &self.around {
            around.prepare()?;
        }
        let child = self.order.spawn()?;
        let process = Pid::from_child(&child);
        leftover::remember(&self.order, process);
        self.process.send_replace(Some(process));
        tracing::info!(daemon = self.order.name, "a daemon is up");
        Ok(child)
    }

    /// Returns when it has ended, and says how and after how many ticks; brings the end about when it is due.
    fn watch(&self, mut child: Child) -> (String, u32) {
        let group = Group(Pid::from_child(&child));
        let (mut ticks, mut asked) = (0_u32, 0_u32);
        let mut is_looked_at = false;
        let how = loop {
            match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => break status.to_string(),
                Err(fault) => break fault.to_string(),
            }
            // It was not waited for, so the number is still its own.
            if self.is_ending() {
                self.urge(&mut child, asked);
                asked = asked.saturating_add(1);
            } else if !is_looked_at {
                is_looked_at = self.look_at(&mut child);
            }
            ticks = ticks.saturating_add(1);
            let is_of_many = self.order.confined.is_some() && !self.is_ending();
            let pause = if is_of_many && ticks > LIVED {
                TICK_OF_MANY
            } else {
                TICK
            };
            std::thread::park_timeout(pause);
        };
        self.process.send_replace(None);
        drop(group);
        (how, ticks)
    }

    /// Looks at what it made, and ends it where that must not be; whether there is nothing left to look at.
    fn look_at(&self, child: &mut Child) -> bool {
        let Some(around) = &self.around else {
            return true;
        };
        let looked = around.look();
        if let Err(fault) = &looked {
            tracing::error!(daemon = self.order.name, %fault, "a daemon is ended");
            if let Err(fault) = child.kill() {
                tracing::warn!(daemon = self.order.name, %fault, "it could not be");
            }
        }
        looked.unwrap_or(true)
    }

    /// Asks for the end once, and forces it when that takes too long.
    fn urge(&self, child: &mut Child, asked: u32) {
        let done = if asked == 0 {
            let process = Pid::from_child(child);
            kill_process(process, self.order.ending.signal()).map_err(io::Error::from)
        } else if TICK.saturating_mul(asked) >= self.order.patience {
            child.kill()
        } else {
            Ok(())
        };
        if let Err(fault) = done {
            tracing::warn!(daemon = self.order.name, %fault, "a daemon could not be told to end");
        }
    }
}

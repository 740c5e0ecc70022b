//! Keeps a service running: starts it, starts it again when it dies, ends it in order.
//!
//! A thread of its own starts the program and lives as long as that does, because the kernel ends the
//! program together with the thread that started it (parent-death signal): so nothing outlives this
//! process, not even when it is killed.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::private::account::Account;

/// How often it is looked whether the service lives.
const TICK: Duration = Duration::from_millis(100);
/// Ticks after which a service counts as calm: what ends then is started again at once.
const CALM: u32 = 600;
/// Ticks that an end in order may take.
const END: u32 = 100;
/// The pause before a service is started again, and the longest.
const PAUSE: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// A log that grew beyond this is begun anew with the next start, in bytes.
const LOG_BYTES_MAX: u64 = 4 << 20;

/// The signal that ends a service in order.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    /// SIGINT: PostgreSQL's fast shutdown.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Ending {
    const fn signal(self) -> Signal {
        match self {
            Self::Interrupt => Signal::INT,
            Self::Terminate => Signal::TERM,
        }
    }

    /// As `setpriv` calls it.
    const fn word(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }
}

/// How a service is started.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Who it runs as; this process's own user when absent.
    pub account: Option<Account>,
    /// What ends it.
    pub ending: Ending,
    /// Where what it says is kept.
    pub log: PathBuf,
}

/// A service that is kept running; dropping it ends it, which may take ten seconds.
pub struct Kept {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    recipe: Recipe,
    child: Mutex<Option<Child>>,
    ending: AtomicBool,
}

/// `program` as `account`, with an empty environment, under `setpriv`.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver starts a program of the system, with typed arguments and no shell"
)]
fn command(program: &Path, account: Option<Account>, signal: Option<&str>) -> Command {
    let mut command = Command::new("/usr/bin/setpriv");
    if let Some(account) = account {
        command.args(account.arguments());
    }
    if let Some(signal) = signal {
        command.args(["--pdeathsig", signal]);
    }
    command.arg("--").arg(program).current_dir("/");
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

/// Runs a program of a service to its end. Blocks; for programs that take seconds.
///
/// # Errors
/// What starting it says, or what it said itself when it did not end well.
pub fn run(program: &Path, arguments: &[OsString], account: Option<Account>) -> io::Result<Output> {
    let mut command = command(program, account, None);
    let output = command.args(arguments).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {said}", output.status)))
}

impl Recipe {
    fn spawn(&self) -> io::Result<Child> {
        let full = std::fs::metadata(&self.log).is_ok_and(|file| file.len() > LOG_BYTES_MAX);
        let log: File = OpenOptions::new()
            .create(true)
            .append(!full)
            .write(true)
            .truncate(full)
            .mode(0o600)
            .open(&self.log)?;
        let told = Some(self.ending.word());
        command(&self.program, self.account, told)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
    }
}

impl Kept {
    /// Starts a service and keeps it running.
    ///
    /// # Errors
    /// When it cannot be started the first time.
    pub fn start(recipe: Recipe) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            recipe,
            child: Mutex::default(),
            ending: AtomicBool::new(false),
        });
        let (tell, told) = mpsc::channel();
        let kept = shared.clone();
        let thread = std::thread::Builder::new().name("service".to_owned());
        let thread = thread.spawn(move || kept.keep(&tell))?;
        told.recv().map_err(io::Error::other)??;
        Ok(Self {
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// The process that runs now; nothing between two of them.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.shared.child().as_ref().map(Child::id)
    }

    /// Ends the service in order, and waits until it has ended. Blocks.
    pub fn end(&self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("the keeper of a service panicked");
            }
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn keep(&self, tell: &mpsc::Sender<io::Result<()>>) {
        let program = self.recipe.program.display();
        let mut pause = PAUSE;
        let mut started = false;
        while !self.is_ending() {
            match self.recipe.spawn() {
                Ok(child) => {
                    *self.child() = Some(child);
                    if !started {
                        // Whoever started it may have gone already.
                        drop(tell.send(Ok(())));
                    }
                    started = true;
                }
                Err(error) if !started => {
                    drop(tell.send(Err(error)));
                    return;
                }
                Err(error) => tracing::error!(%program, %error, "a service cannot be started"),
            }
            let ticks = self.watch();
            if self.is_ending() {
                return;
            }
            tracing::warn!(%program, "a service ended by itself and is started again");
            pause = if ticks > CALM {
                PAUSE
            } else {
                pause.saturating_mul(2).min(PAUSE_MAX)
            };
            std::thread::park_timeout(pause);
        }
    }

    /// Returns when the program has ended, and says after how many ticks; brings the end about when it is due.
    fn watch(&self) -> u32 {
        let (mut ticks, mut ending) = (0_u32, 0_u32);
        loop {
            {
                let mut child = self.child();
                let Some(running) = child.as_mut() else {
                    return ticks;
                };
                if !matches!(running.try_wait(), Ok(None)) {
                    *child = None;
                    return ticks;
                }
                // Under the lock it was not waited for, so the number is still its own.
                if self.is_ending() {
                    self.urge(running, ending);
                    ending = ending.saturating_add(1);
                }
            }
            ticks = ticks.saturating_add(1);
            std::thread::park_timeout(TICK);
        }
    }

    /// Asks for the end once, and forces it when that takes too long.
    fn urge(&self, running: &mut Child, asked: u32) {
        let done = match asked {
            0 => kill_process(Pid::from_child(running), self.recipe.ending.signal())
                .map_err(io::Error::from),
            END => running.kill(),
            _ => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a service could not be told to end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Kept, Recipe};
    use rustix::process::{Pid, Signal, kill_process};
    use std::time::Duration;

    fn sleeper(folder: &std::path::Path) -> Recipe {
        Recipe {
            program: "/bin/sleep".into(),
            arguments: vec!["600".into()],
            account: None,
            ending: Ending::Terminate,
            log: folder.join("log"),
        }
    }

    /// Waits up to ten seconds for a process that is another than `before`.
    fn another(kept: &Kept, before: Option<u32>) -> Option<u32> {
        (0..100).find_map(|_look| {
            std::thread::sleep(Duration::from_millis(100));
            kept.pid().filter(|pid| Some(*pid) != before)
        })
    }

    fn lives(pid: u32) -> bool {
        std::path::Path::new("/proc").join(pid.to_string()).exists()
    }

    #[test]
    fn a_service_that_dies_is_started_again_and_ends_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::start(sleeper(folder.path())).unwrap();
        let first = kept.pid().unwrap();
        let pid = Pid::from_raw(i32::try_from(first).unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
        let second = another(&kept, Some(first)).expect("it is started again");
        kept.end();
        assert!(!lives(second));
        assert_eq!(kept.pid(), None);
    }

    #[test]
    fn what_cannot_be_started_says_so_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Recipe {
            log: folder.path().join("missing").join("log"),
            ..sleeper(folder.path())
        };
        assert!(Kept::start(recipe).is_err());
    }
}

//! A share of the machine for each customer: groups of processes that the kernel weighs and bounds (cgroup v2).
//!
//! A slice is a folder beneath the group that was delegated to us. Where that cannot be, the machine says so
//! once, in [`Standing`], and everything runs without: limits of single processes hold anyway (see
//! [`Confinement`](crate::daemon::Confinement)). Source: Documentation/admin-guide/cgroup-v2.rst.
//!
//! Start reading at [`Slices`], then `share` (what a customer gets) and `standing` (what the machine can).

mod share;
mod standing;
#[cfg(test)]
mod tests;

use rustix::process::Pid;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

pub use share::{Controller, Share};
pub use standing::Standing;

/// Holds all customers, beside whatever else was delegated to us.
const CUSTOMERS: &str = "wabe-customers";
/// Holds this process and its own daemons: a group with groups beneath it that share has no processes itself.
const OURS: &str = "wabe";
/// How long the kernel may take to let go of ended processes, in looks.
const LOOKS: u32 = 80;
const LOOK: Duration = Duration::from_millis(25);

/// How a program is started in a slice: `{program} enter --slice {folder} -- {command}`, which does [`enter`] and then
/// becomes the command.
pub const ENTER: &str = "enter";
/// What names the slice's folder there.
pub const SLICE: &str = "slice";

/// The slices of this machine.
pub struct Slices {
    /// The program that goes into slices.
    entrance: PathBuf,
    /// Holds one folder for each customer; nothing where the machine cannot.
    folder: Option<PathBuf>,
    standing: Standing,
    share: Share,
}

/// The slice of one customer.
#[derive(Debug, Clone)]
pub struct Slice {
    entrance: PathBuf,
    folder: PathBuf,
}

impl Slices {
    /// The slices beneath the group that this process was started in; `entrance` is the program that knows how to
    /// [`ENTER`] one. Blocks on file work.
    #[must_use]
    pub fn open(share: Share, entrance: PathBuf) -> Arc<Self> {
        Self::over(standing::delegated(), (share, entrance))
    }

    /// The slices beneath this group.
    pub(super) fn over(
        group: Result<PathBuf, Standing>,
        (share, entrance): (Share, PathBuf),
    ) -> Arc<Self> {
        let made = group.and_then(|group| {
            standing::split(&group, (OURS, CUSTOMERS)).map(|standing| (group, standing))
        });
        let (folder, standing) = match made {
            Ok((group, standing)) => (Some(group.join(CUSTOMERS)), standing),
            Err(standing) => (None, standing),
        };
        if standing == Standing::Whole {
            tracing::info!("customers have shares of this machine");
        } else {
            tracing::warn!(
                ?standing,
                "customers are not held to shares of this machine"
            );
        }
        Arc::new(Self {
            entrance,
            folder,
            standing,
            share,
        })
    }

    /// What this machine can.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The slice of whom this names, with the share that everybody gets; nothing where the machine has none.
    /// Blocks on file work.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(&self, customer: impl Display) -> io::Result<Option<Slice>> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let folder = folder.join(customer.to_string());
        match std::fs::create_dir(&folder) {
            Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists => return Err(fault),
            _ => {}
        }
        for (name, text) in self.share.lines() {
            if self.standing.has(name.controller()) {
                write(&folder.join(name.file()), &text)?;
            }
        }
        Ok(Some(Slice {
            entrance: self.entrance.clone(),
            folder,
        }))
    }

    /// Ends whatever runs in somebody's slice, and takes the slice away. Blocks for a moment where something
    /// does.
    ///
    /// # Errors
    /// What the system says; `ResourceBusy` when something does not end.
    pub fn remove(&self, customer: impl Display) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let folder = folder.join(customer.to_string());
        for look in 0..LOOKS {
            match std::fs::remove_dir(&folder) {
                Err(fault) if fault.kind() == io::ErrorKind::ResourceBusy => {}
                Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
                _ => return Ok(()),
            }
            if look == 0 {
                // Not there before Linux 5.14; whoever asks ended the processes by their user as well.
                if let Err(fault) = write(&folder.join("cgroup.kill"), "1") {
                    tracing::debug!(%fault, "a slice is not ended as one");
                }
            }
            std::thread::sleep(LOOK);
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }
}

impl Slice {
    /// Puts a process there that waits for us; what it starts from then on is there, too.
    ///
    /// # Errors
    /// What the system says.
    pub fn enter(&self, process: Pid) -> io::Result<()> {
        let number = process.as_raw_nonzero().to_string();
        write(&self.folder.join("cgroup.procs"), &number)
    }
}

/// Puts this very process into the slice with this folder.
///
/// # Errors
/// What the system says; then nothing of a customer's must be started.
pub fn enter(folder: &Path) -> io::Result<()> {
    // Source: cgroups(7), whoever writes is meant.
    write(&folder.join("cgroup.procs"), "0")
}

/// A command that is in a slice before the first instruction of `program`, where there is a slice.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver starts a program of the system, with typed arguments and no shell"
)]
pub(crate) fn command_in(slice: Option<&Slice>, program: &str) -> Command {
    let Some(slice) = slice else {
        return Command::new(program);
    };
    let mut command = Command::new(&slice.entrance);
    command
        .args([ENTER, &format!("--{SLICE}")])
        .arg(&slice.folder)
        .args(["--", program]);
    command
}

/// Writes into a file that the kernel made.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(text.as_bytes())
}

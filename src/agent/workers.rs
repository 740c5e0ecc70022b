//! Workers: processes that are a customer's user, each for the files of one webspace.
//!
//! One for each webspace and not for each customer: the walls around a process can be narrowed and never widened,
//! and webspaces come while workers run. It ends when nobody holds the other end of its socket, or wants anything.

use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::Pid;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::Semaphore;
use wabe_drivers::agent_link::{receive, send};
use wabe_drivers::php::Owners;
use wabe_drivers::slices::Slice;
use wabe_kernel::id::WebspaceId;

use crate::keeper::{Ownership, make_own};

/// Workers at the same time.
const WORKERS_MAX: usize = 256;
/// How long one may take until it is behind its walls.
const START: Duration = Duration::from_secs(10);
/// The folders of a webspace that a worker is let into.
pub(crate) const FOLDERS: [&str; 4] = ["files", "staging", TEMPORARY, "logs"];
/// The one of them that is there with PHP only.
const TEMPORARY: &str = "tmp";

/// The program that runs, also when another one lies in its place by now.
pub(crate) const ITSELF: &str = "/proc/self/exe";

/// What a worker says once it is behind its walls.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ready {
    /// Walls that this kernel does not have, in plain words.
    pub(crate) gaps: Vec<String>,
}

/// Why there is no worker.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The webspace has no folder here.
    NotFound,
    /// There are too many.
    Busy,
    /// What the system said.
    Failed(String),
}

/// A worker behind its walls.
pub(crate) struct Started {
    /// The other end of its socket.
    pub(crate) socket: OwnedFd,
    /// The folder of its webspace; it leads on, and shows nothing.
    pub(crate) folder: OwnedFd,
    /// Walls that it does not have.
    pub(crate) gaps: Vec<String>,
}

/// Starts workers.
pub(crate) struct Workers {
    web: PathBuf,
    owners: Arc<dyn Owners>,
    slots: Arc<Semaphore>,
}

fn failed(error: impl std::fmt::Display) -> Trouble {
    Trouble::Failed(error.to_string())
}

/// A folder of ours, to go on from there; it must be none that somebody put there in its place.
pub(crate) fn folder_at(at: BorrowedFd<'_>, name: &str) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(at, name, flags, Mode::empty())
}

/// The folder of a webspace, which is root's.
pub(crate) fn folder_of(path: &Path) -> rustix::io::Result<OwnedFd> {
    folder_at(rustix::fs::CWD, path.to_str().unwrap_or_default())
}

impl Workers {
    pub(crate) fn new(folder: &Path, owners: Arc<dyn Owners>) -> Self {
        Self {
            web: folder.join("web"),
            owners,
            slots: Arc::new(Semaphore::new(WORKERS_MAX)),
        }
    }

    /// The user and the group that the files of a webspace are of.
    pub(crate) fn owner(&self, webspace: WebspaceId) -> Option<(u32, u32)> {
        let account = self.owners.of(webspace)?.account()?;
        Some((account.user(), account.group()))
    }

    /// Where everything of a webspace lies.
    pub(crate) fn folder(&self, webspace: WebspaceId) -> PathBuf {
        self.web.join(webspace.to_string())
    }

    /// Starts a worker for the files of this webspace. Blocks; within a runtime.
    pub(crate) fn start(&self, webspace: WebspaceId) -> Result<Started, Trouble> {
        let folder = match folder_of(&self.folder(webspace)) {
            Err(rustix::io::Errno::NOENT) => return Err(Trouble::NotFound),
            folder => folder.map_err(failed)?,
        };
        let owner = self.owner(webspace);
        let owner = owner.ok_or_else(|| failed("the webspace has no user of its own"))?;
        let theirs = Ownership {
            user: owner.0,
            group: owner.1,
            mode: 0o700,
        };
        let mut folders = Vec::new();
        for name in FOLDERS {
            match folder_at(folder.as_fd(), name) {
                // It goes with the webspace's PHP, and a worker is let into it all the same.
                Err(rustix::io::Errno::NOENT) if name == TEMPORARY => {
                    make_own(folder.as_fd(), name, &theirs).map_err(failed)?;
                    folders.push(folder_at(folder.as_fd(), name).map_err(failed)?);
                }
                Err(rustix::io::Errno::NOENT) => return Err(Trouble::NotFound),
                opened => folders.push(opened.map_err(failed)?),
            }
        }
        let slice = self.owners.slice_of(webspace);
        let (socket, gaps) = self.begin((owner, slice), &folders)?;
        Ok(Started {
            socket,
            folder,
            gaps,
        })
    }

    /// Starts a worker, lets it into these folders, and waits until it is behind its walls; which it lacks.
    fn begin(
        &self,
        owner: ((u32, u32), Option<Slice>),
        folders: &[OwnedFd],
    ) -> Result<(OwnedFd, Vec<String>), Trouble> {
        let socket = self.spawn(owner)?;
        let handles: Vec<BorrowedFd<'_>> = folders.iter().map(OwnedFd::as_fd).collect();
        send(&socket, b"f", &handles).map_err(failed)?;
        set_socket_timeout(&socket, Timeout::Recv, Some(START)).map_err(failed)?;
        let mut room = vec![0; 16 * 1_024];
        let (length, _) = receive(&socket, &mut room).map_err(failed)?;
        let said = room.get(..length).unwrap_or_default();
        let ready: Ready = serde_json::from_slice(said)
            .map_err(|_silent| failed("a worker ended before it was behind its walls"))?;
        Ok((socket, ready.gaps))
    }

    /// The walls that workers of this machine lack, found out by one that works on nothing.
    pub(crate) fn try_walls(
        &self,
        folder: &Path,
        user: (u32, u32),
    ) -> Result<Vec<String>, Trouble> {
        let folder = folder.join("walls");
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let at = folder_of(&folder).map_err(failed)?;
        let folders = FOLDERS.map(|_| folder_at(at.as_fd(), "."));
        let folders = folders.into_iter().collect::<Result<Vec<_>, _>>();
        Ok(self.begin((user, None), &folders.map_err(failed)?)?.1)
    }

    fn spawn(
        &self,
        ((user, group), slice): ((u32, u32), Option<Slice>),
    ) -> Result<OwnedFd, Trouble> {
        let slot = Arc::clone(&self.slots).try_acquire_owned();
        let slot = slot.map_err(|_full| Trouble::Busy)?;
        let (ours, theirs) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )
        .map_err(failed)?;
        let mut child = Command::new(ITSELF)
            .arg("worker")
            .args(["--user", &user.to_string(), "--group", &group.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(failed)?;
        // It waits for its folders.
        let number = child.id().and_then(|number| i32::try_from(number).ok());
        if let (Some(slice), Some(process)) = (slice, number.and_then(Pid::from_raw))
            && let Err(error) = slice.enter(process)
        {
            tracing::error!(%error, "a worker runs outside of its slice");
        }
        tokio::spawn(async move {
            if let Err(error) = child.wait().await {
                tracing::warn!(%error, "a worker's end was not seen");
            }
            drop(slot);
        });
        Ok(ours)
    }
}

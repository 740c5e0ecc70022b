//! The hands of a worker, from the other end.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{RecvFlags, recv};
use std::ffi::CString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use wabe_kernel::Timestamp;

use crate::agent_link::packet;
use crate::agent_link::worker::{Given, LOOKED_MAX, MESSAGE_BYTES, NAMES_BYTES, Wanted};
use crate::embedded::files::Found;
use crate::embedded::files::hands::{Hands, Named, Opening};

/// A worker that does not answer for so long hangs: removing the name of a large file takes a while.
const PATIENCE: Duration = Duration::from_mins(1);

/// A worker, at the other end of a socket. One thing after the other.
pub(super) struct Remote {
    socket: Mutex<OwnedFd>,
    is_broken: AtomicBool,
}

impl Remote {
    pub(super) fn new(socket: OwnedFd) -> Result<Self, Errno> {
        for way in [Timeout::Recv, Timeout::Send] {
            set_socket_timeout(&socket, way, Some(PATIENCE))?;
        }
        Ok(Self {
            socket: Mutex::new(socket),
            is_broken: AtomicBool::new(false),
        })
    }

    /// Whether it can still be asked.
    pub(super) fn is_alive(&self) -> bool {
        if self.is_broken.load(Ordering::Relaxed) {
            return false;
        }
        // Somebody is being answered.
        let Ok(socket) = self.socket.try_lock() else {
            return true;
        };
        let mut byte = [0_u8; 1];
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        matches!(recv(&*socket, &mut byte, flags), Err(Errno::AGAIN))
    }

    fn ask(
        &self,
        wanted: &Wanted,
        handles: &[BorrowedFd<'_>],
    ) -> Result<(Given, Option<OwnedFd>), Errno> {
        let bytes = serde_json::to_vec(wanted).map_err(|_unsaid| Errno::INVAL)?;
        if bytes.len() > MESSAGE_BYTES {
            return Err(Errno::NAMETOOLONG);
        }
        let socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(Errno::PIPE);
        }
        let answered = packet::send(&*socket, &bytes, handles).and_then(|()| {
            let mut room = vec![0; MESSAGE_BYTES];
            let (length, handles) = packet::receive(&*socket, &mut room)?;
            let bytes = room.get(..length).unwrap_or_default();
            let given = serde_json::from_slice(bytes).map_err(|_nonsense| Errno::PIPE)?;
            Ok((given, handles.into_iter().next()))
        });
        // What comes later would be taken for the answer to something else.
        if answered.is_err() {
            self.is_broken.store(true, Ordering::Relaxed);
        }
        match answered? {
            (Given::Failed { errno }, _) => Err(Errno::from_raw_os_error(errno)),
            given => Ok(given),
        }
    }

    fn done(&self, wanted: &Wanted, handles: &[BorrowedFd<'_>]) -> Result<(), Errno> {
        match self.ask(wanted, handles)? {
            (Given::Done, _) => Ok(()),
            _ => Err(Errno::PIPE),
        }
    }

    /// One message's worth of names.
    fn look_some(
        &self,
        at: BorrowedFd<'_>,
        names: &[CString],
    ) -> Result<Vec<Result<Found, Errno>>, Errno> {
        let bytes = names.iter().map(|name| name.as_bytes().to_vec());
        let wanted = Wanted::Look {
            names: bytes.collect(),
        };
        match self.ask(&wanted, &[at])? {
            (Given::Looked { found }, _) if found.len() == names.len() => {
                let found = found.into_iter();
                Ok(found
                    .map(|one| one.map_err(Errno::from_raw_os_error))
                    .collect())
            }
            _ => Err(Errno::PIPE),
        }
    }
}

/// How many of these names fit one message; one at least.
fn fitting(names: &[CString]) -> usize {
    let mut bytes = 0_usize;
    let fits = names.iter().take(LOOKED_MAX).take_while(|name| {
        bytes = bytes.saturating_add(name.as_bytes().len());
        bytes <= NAMES_BYTES
    });
    fits.count().max(1)
}

impl Hands for Remote {
    fn open(&self, (at, way): Named<'_>, what: Opening) -> Result<OwnedFd, Errno> {
        let wanted = Wanted::Open {
            way: way.to_bytes().to_vec(),
            what,
        };
        match self.ask(&wanted, &[at])? {
            (Given::Opened, Some(opened)) => Ok(opened),
            _ => Err(Errno::PIPE),
        }
    }

    fn look(
        &self,
        at: BorrowedFd<'_>,
        names: &[CString],
    ) -> Result<Vec<Result<Found, Errno>>, Errno> {
        let (mut found, mut left) = (Vec::with_capacity(names.len()), names);
        while !left.is_empty() {
            let (some, rest) = left.split_at(fitting(left));
            found.extend(self.look_some(at, some)?);
            left = rest;
        }
        Ok(found)
    }

    fn make_folder(&self, (at, name): Named<'_>, is_private: bool) -> Result<(), Errno> {
        let wanted = Wanted::MakeFolder {
            name: name.to_bytes().to_vec(),
            private: is_private,
        };
        self.done(&wanted, &[at])
    }

    fn remove(&self, (at, name): Named<'_>, is_folder: bool) -> Result<(), Errno> {
        let wanted = Wanted::Remove {
            name: name.to_bytes().to_vec(),
            folder: is_folder,
        };
        self.done(&wanted, &[at])
    }

    fn rename(&self, from: Named<'_>, to: Named<'_>, replace: bool) -> Result<(), Errno> {
        let wanted = Wanted::Rename {
            from: from.1.to_bytes().to_vec(),
            to: to.1.to_bytes().to_vec(),
            replace,
        };
        self.done(&wanted, &[from.0, to.0])
    }

    fn set_modified(&self, file: BorrowedFd<'_>, at: Timestamp) -> Result<(), Errno> {
        self.done(&Wanted::SetModified { at }, &[file.as_fd()])
    }
}

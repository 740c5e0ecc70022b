//! The end of a worker: it does what a name in its webspace needs, as whoever it is, and hands back what it opened.
//!
//! It trusts nobody: a name is one name, a way begins at a handle and leads over no link and not out of it.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use serde::{Deserialize, Serialize};
use std::ffi::CString;
use std::time::Duration;
use wabe_kernel::Timestamp;

use crate::agent_link::packet;
use crate::embedded::files::Found;
use crate::embedded::files::hands::{Hands as _, Opening, Own};

/// The longest message, in bytes.
pub(super) const MESSAGE_BYTES: usize = 64 * 1_024;
/// The most names that are looked at with one message, and the most bytes of them.
pub(super) const LOOKED_MAX: usize = 64;
pub(super) const NAMES_BYTES: usize = 8 * 1_024;

/// What a worker is asked; the handles it is about come with it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) enum Wanted {
    Open {
        way: Vec<u8>,
        what: Opening,
    },
    Look {
        names: Vec<Vec<u8>>,
    },
    MakeFolder {
        name: Vec<u8>,
        private: bool,
    },
    Remove {
        name: Vec<u8>,
        folder: bool,
    },
    Rename {
        from: Vec<u8>,
        to: Vec<u8>,
        replace: bool,
    },
    SetModified {
        at: Timestamp,
    },
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) enum Given {
    /// The handle comes with it.
    Opened,
    Looked {
        found: Vec<Result<Found, i32>>,
    },
    Done,
    Failed {
        errno: i32,
    },
}

/// Answers whoever holds the other end of `socket`, until they let go of it or want nothing for so long.
///
/// # Errors
/// When the socket fails, or what comes makes no sense.
pub fn serve(socket: &OwnedFd, idle: Duration) -> Result<(), Errno> {
    set_socket_timeout(socket, Timeout::Recv, Some(idle))?;
    let mut room = vec![0; MESSAGE_BYTES];
    loop {
        let (length, handles) = match packet::receive(socket, &mut room) {
            Ok((0, _)) | Err(Errno::AGAIN | Errno::CONNRESET) => return Ok(()),
            came => came?,
        };
        let bytes = room.get(..length).unwrap_or_default();
        let wanted: Wanted = serde_json::from_slice(bytes).map_err(|_nonsense| Errno::BADMSG)?;
        let (given, opened) = match act(wanted, &handles) {
            Ok(answer) => answer,
            Err(errno) => {
                let errno = errno.raw_os_error();
                (Given::Failed { errno }, None)
            }
        };
        let bytes = serde_json::to_vec(&given).map_err(|_unsaid| Errno::BADMSG)?;
        let handed: Vec<BorrowedFd<'_>> = opened.iter().map(AsFd::as_fd).collect();
        match packet::send(socket, &bytes, &handed) {
            Err(Errno::PIPE | Errno::CONNRESET) => return Ok(()),
            sent => sent?,
        }
    }
}

/// One name: no way, and neither a folder itself nor the one above.
fn name(bytes: Vec<u8>) -> Result<CString, Errno> {
    if bytes.is_empty() || matches!(&*bytes, b"." | b"..") || bytes.contains(&b'/') {
        return Err(Errno::INVAL);
    }
    CString::new(bytes).map_err(|_nul| Errno::INVAL)
}

fn act(wanted: Wanted, handles: &[OwnedFd]) -> Result<(Given, Option<OwnedFd>), Errno> {
    let at = handles.first().ok_or(Errno::BADF)?.as_fd();
    let done = |()| (Given::Done, None);
    match wanted {
        Wanted::Open { way, what } => {
            let way = CString::new(way).map_err(|_nul| Errno::INVAL)?;
            let opened = Own.open((at, &way), what)?;
            Ok((Given::Opened, Some(opened)))
        }
        Wanted::Look { names } => {
            if names.len() > LOOKED_MAX {
                return Err(Errno::INVAL);
            }
            let names: Vec<CString> = names.into_iter().map(name).collect::<Result<_, _>>()?;
            let looked = Own.look(at, &names)?.into_iter();
            let found = looked.map(|one| one.map_err(Errno::raw_os_error)).collect();
            Ok((Given::Looked { found }, None))
        }
        Wanted::MakeFolder { name: of, private } => {
            Own.make_folder((at, &name(of)?), private).map(done)
        }
        Wanted::Remove { name: of, folder } => Own.remove((at, &name(of)?), folder).map(done),
        Wanted::Rename { from, to, replace } => {
            let into = handles.get(1).ok_or(Errno::BADF)?.as_fd();
            let (from, to) = (name(from)?, name(to)?);
            Own.rename((at, &from), (into, &to), replace).map(done)
        }
        Wanted::SetModified { at: time } => Own.set_modified(at, time).map(done),
    }
}

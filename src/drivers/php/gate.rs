//! The folder of a master's sockets: its user's while they are made, ours for as long as they are used.
//!
//! Who makes a socket writes into its folder, and could put a link to a stranger's socket in its place, which the web
//! server would follow. So nobody but the user passes while the folder is theirs; once the sockets are there it is
//! taken back, they are looked at, and only then the web server comes in. The user does not: what PHP is started
//! with over its own socket is not theirs to say.

use std::io;
use std::path::Path;

use crate::daemon::Around;
use crate::daemon::account::Account;
use crate::owners::ground;
use crate::php::status::Sockets;

/// The sockets of one master, and who they are for.
pub(super) struct Gate {
    pub(super) sockets: Sockets,
    pub(super) user: Account,
    /// Whose members pass to them.
    pub(super) web_group: u32,
}

/// The folder that a socket lies in.
fn folder_of(socket: &Path) -> io::Result<&Path> {
    socket
        .parent()
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Whether the way to a socket was opened, because it is its user's.
pub(super) fn is_open(socket: &Path) -> bool {
    folder_of(socket).is_ok_and(ground::is_taken)
}

impl Around for Gate {
    fn prepare(&self) -> io::Result<()> {
        let folder = folder_of(&self.sockets.requests)?;
        // Of all versions of a webspace.
        ground::make_open(folder_of(folder)?)?;
        ground::hand_over(folder, self.user)
    }

    fn look(&self) -> io::Result<bool> {
        let folder = folder_of(&self.sockets.requests)?;
        let all = std::iter::once(&self.sockets.requests).chain(&self.sockets.status);
        let names: Vec<_> = all.filter_map(|socket| socket.file_name()).collect();
        ground::take_back(folder, (self.user, &names), self.web_group)
    }
}

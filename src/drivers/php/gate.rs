//! The folder of a master's sockets: its user's while they are made, ours for as long as they are used.
//!
//! Who makes a socket writes into its folder, and could put a link to a stranger's socket in its place, which the web
//! server would follow. So nobody but the user passes while the folder is theirs; once the sockets are there it is
//! taken back, they are looked at, and only then the web server comes in. The user does not: what PHP is started
//! with over its own socket is not theirs to say. Who passes is said by the folder around it, which is always ours:
//! whoever owns a folder opens it to whom they like.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::daemon::Around;
use crate::daemon::account::Account;
use crate::owners::ground;
use crate::php::status::Sockets;

/// The sockets of one master, and who they are for.
pub(super) struct Gate {
    pub(super) sockets: Sockets,
    pub(super) user: Account,
    /// Who passes to them.
    pub(super) way: Way,
}

/// The group whose members pass to sockets: the web server's, or that of the webspace's own server. It changes while a
/// master runs, but never while its folder is on its way from one to the other.
#[derive(Clone)]
pub(super) struct Way(Arc<Mutex<u32>>);

impl Way {
    /// For this group.
    pub(super) fn of(group: u32) -> Self {
        Self(Arc::new(Mutex::new(group)))
    }

    fn held(&self) -> MutexGuard<'_, u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leads this group to the sockets from now on, once they are there; again where that failed before.
    pub(super) fn lead(&self, sockets: &Sockets, group: u32) -> io::Result<()> {
        let mut held = self.held();
        *held = group;
        let folder = folder_of(&sockets.requests)?;
        // Whose it is meanwhile, nobody passes; then the look lets in whom it should.
        if ground::is_taken(folder) {
            ground::make_passable(folder, group)?;
            ground::make_passable(folder_of(folder)?, group)?;
        }
        Ok(())
    }
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
        let _held = self.way.held();
        let folder = folder_of(&self.sockets.requests)?;
        let around = folder_of(folder)?;
        // Of all versions of a webspace.
        ground::make_open(folder_of(around)?)?;
        ground::make_passable(around, self.user.group())?;
        ground::hand_over(folder, self.user)
    }

    fn look(&self) -> io::Result<bool> {
        let group = self.way.held();
        let folder = folder_of(&self.sockets.requests)?;
        let all = std::iter::once(&self.sockets.requests).chain(&self.sockets.status);
        let names: Vec<_> = all.filter_map(|socket| socket.file_name()).collect();
        if !ground::take_back(folder, (self.user, &names), *group)? {
            return Ok(false);
        }
        ground::make_passable(folder_of(folder)?, *group)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs_root::needs_root;
    use std::io::ErrorKind;
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::os::unix::net::UnixListener;
    use tempfile::TempDir;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;

    /// Whoever makes the sockets, and the web server's group.
    const USER: u32 = 299_991;
    const WEB: u32 = 299_992;

    /// A gate in a folder of its own, which goes with the first of them.
    fn gate() -> (TempDir, Gate) {
        needs_root();
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("run")).unwrap();
        let id = WebspaceId::from_uuid(Uuid::from_u128(7));
        let gate = Gate {
            sockets: Sockets::of((dir.path(), true), id, "8.2".parse().unwrap()),
            user: Account::new(USER, USER),
            way: Way::of(WEB),
        };
        (dir, gate)
    }

    /// Makes a socket of this user's.
    fn bound(socket: &Path, user: u32) {
        drop(UnixListener::bind(socket).unwrap());
        Account::new(user, user).own(socket).unwrap();
    }

    /// Whose a folder is, and who passes.
    fn whose(folder: &Path) -> (u32, u32, u32) {
        let about = std::fs::symlink_metadata(folder).unwrap();
        (about.uid(), about.gid(), about.mode() & 0o7777)
    }

    /// The same of the sockets' folder.
    fn seen(gate: &Gate) -> (u32, u32, u32) {
        whose(gate.sockets.requests.parent().unwrap())
    }

    /// The same of what is around it.
    fn around(gate: &Gate) -> (u32, u32, u32) {
        whose(folder_of(gate.sockets.requests.parent().unwrap()).unwrap())
    }

    #[test]
    fn the_web_server_passes_once_all_sockets_are_there_and_the_user_no_more() {
        let (_dir, gate) = gate();
        let (requests, status) = (&gate.sockets.requests, gate.sockets.status.as_ref());
        for _life in 0..2 {
            gate.prepare().unwrap();
            // What a former life left is gone.
            assert!(!requests.exists() && !is_open(requests));
            assert_eq!(seen(&gate), (USER, USER, 0o700));
            assert!(!gate.look().unwrap());
            bound(requests, USER);
            assert!(!gate.look().unwrap());
            assert_eq!(seen(&gate), (USER, USER, 0o700));
            assert_eq!(around(&gate), (0, USER, 0o710));
            bound(status.unwrap(), USER);
            assert!(gate.look().unwrap() && is_open(requests));
            assert_eq!(seen(&gate), (0, WEB, 0o710));
            assert_eq!(around(&gate), (0, WEB, 0o710));
        }
    }

    #[test]
    fn another_group_passes_from_when_it_is_led_there_and_in_later_lives() {
        let (_dir, gate) = gate();
        let (requests, status) = (&gate.sockets.requests, gate.sockets.status.as_ref());
        for other in [WEB + 1, WEB + 2] {
            gate.prepare().unwrap();
            // While the folder is its user's nobody is let in.
            gate.way.lead(&gate.sockets, other).unwrap();
            assert_eq!(seen(&gate), (USER, USER, 0o700));
            bound(requests, USER);
            bound(status.unwrap(), USER);
            assert!(gate.look().unwrap());
            assert_eq!(seen(&gate), (0, other, 0o710));
            assert_eq!(around(&gate), (0, other, 0o710));
            // What came only half of the way is done again.
            Account::new(0, WEB)
                .own(folder_of(requests).unwrap())
                .unwrap();
            gate.way.lead(&gate.sockets, other).unwrap();
            assert_eq!(seen(&gate), (0, other, 0o710));
            gate.way.lead(&gate.sockets, WEB).unwrap();
            assert_eq!(seen(&gate), (0, WEB, 0o710));
            assert_eq!(around(&gate), (0, WEB, 0o710));
        }
    }

    #[test]
    fn nobody_passes_where_something_else_lies_in_the_place_of_a_socket() {
        let (dir, gate) = gate();
        let (requests, status) = (&gate.sockets.requests, gate.sockets.status.as_ref());
        let other = dir.path().join("other");
        bound(&other, USER);
        let plants: [&dyn Fn(&Path); 3] = [
            &|place| symlink(&other, place).unwrap(),
            &|place| std::fs::create_dir(place).unwrap(),
            &|place| bound(place, USER + 1),
        ];
        for plant in plants {
            for (planted, fine) in [(requests, status.unwrap()), (status.unwrap(), requests)] {
                gate.prepare().unwrap();
                bound(fine, USER);
                plant(planted);
                let fault = gate.look().unwrap_err();
                assert_eq!(fault.kind(), ErrorKind::InvalidData);
                assert_eq!(seen(&gate), (0, 0, 0o700));
                assert_eq!(around(&gate), (0, USER, 0o710));
                assert!(!is_open(requests));
            }
        }
        assert!(other.exists());
    }
}

//! A disk of its own that is full when a test wants it so: a small file system in memory, which refuses as one on a
//! disk does.

use crate::tools::needs_root;
use std::fs::{File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A mounted file system. To be declared before whoever writes there, so that it goes after them.
pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    /// An empty one that others may pass through. For root.
    pub(crate) fn new(megabytes: u32) -> Self {
        needs_root();
        let disk = Self(tempfile::tempdir().unwrap());
        let open = Permissions::from_mode(0o711);
        std::fs::set_permissions(disk.0.path(), open).unwrap();
        std::fs::create_dir(disk.path()).unwrap();
        let options = format!("size={megabytes}m,mode=0711");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]);
        let mounted = mount.arg(disk.path()).status().unwrap();
        assert!(mounted.success(), "root may mount file systems here");
        disk
    }

    /// Where it is mounted.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("disk")
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Takes all room that is left.
    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        for piece in [1 << 20, 4_096] {
            let zeros = vec![0; piece];
            while ballast.write_all(&zeros).is_ok() {}
        }
    }

    /// Gives it back.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let mut unmount = Command::new("umount");
        drop(unmount.arg("--lazy").arg(self.path()).status());
    }
}

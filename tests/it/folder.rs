//! Temporary folders beneath which services run.

use std::path::Path;
use tempfile::TempDir;
use wabe_drivers::{apache, nginx, php};

/// Where a node's things lie: of drivers alone, and of a panel.
const NODES: [&str; 2] = ["node", "data/node"];

/// A temporary folder. Dropping it ends the nginx and the PHP-FPM of a node beneath it, which outlive whoever
/// started them, and removes it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Moved first: whoever still keeps a daemon would begin it anew, and finds no configuration.
        let over = self.0.path().with_extension("over");
        if std::fs::rename(self.0.path(), &over).is_err() {
            return;
        }
        for node in NODES.map(|node| over.join(node)) {
            nginx::end_former(&node);
            php::end_former(&node);
            apache::end_former(&node);
        }
        drop(std::fs::remove_dir_all(&over));
    }
}

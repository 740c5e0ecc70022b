//! Where the things of a webspace lie beneath the node's folder.

use std::path::{Path, PathBuf};
use wabe_kernel::id::WebspaceId;

/// `web/` of a node's folder. Every path is made from a typed id, never from text of a user.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    web: PathBuf,
}

impl Layout {
    pub(super) fn new(node_dir: &Path) -> Self {
        Self {
            web: node_dir.join("web"),
        }
    }

    /// Holds all webspaces.
    pub(super) fn web(&self) -> &Path {
        &self.web
    }

    /// Everything of one webspace.
    pub(super) fn folder(&self, id: WebspaceId) -> PathBuf {
        self.web.join(id.to_string())
    }

    /// What the customer uploads; the only part that customers reach.
    pub(super) fn files(&self, id: WebspaceId) -> PathBuf {
        self.folder(id).join("files")
    }

    pub(super) fn document(&self, id: WebspaceId) -> PathBuf {
        self.folder(id).join("site.json")
    }

    pub(super) fn certificate(&self, id: WebspaceId) -> PathBuf {
        self.folder(id).join("cert.pem")
    }

    pub(super) fn key(&self, id: WebspaceId) -> PathBuf {
        self.folder(id).join("key.pem")
    }

    pub(super) fn logs(&self, id: WebspaceId) -> PathBuf {
        self.folder(id).join("logs")
    }

    /// The webspaces that have a folder here, oldest first.
    pub(super) fn webspaces(&self) -> std::io::Result<Vec<WebspaceId>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.web)? {
            if let Some(id) = entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            {
                found.push(id);
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

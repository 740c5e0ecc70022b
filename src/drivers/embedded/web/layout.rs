//! Where the things of a webspace, and of a redirect, lie beneath the node's folder.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use wabe_kernel::id::{DomainId, WebspaceId};

/// `web/` and `redirect/` of a node's folder. Every path is made from a typed id, never from text of a
/// user.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    web: PathBuf,
    redirect: PathBuf,
}

/// What visitors come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visited {
    /// A webspace.
    Site(WebspaceId),
    /// The redirect of a domain.
    Redirect(DomainId),
}

impl From<WebspaceId> for Visited {
    fn from(id: WebspaceId) -> Self {
        Self::Site(id)
    }
}

impl From<DomainId> for Visited {
    fn from(id: DomainId) -> Self {
        Self::Redirect(id)
    }
}

impl fmt::Display for Visited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site(id) => id.fmt(f),
            Self::Redirect(id) => id.fmt(f),
        }
    }
}

impl Layout {
    pub(super) fn new(node_dir: &Path) -> Self {
        Self {
            web: node_dir.join("web"),
            redirect: node_dir.join("redirect"),
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

    /// Everything of one domain's redirect.
    pub(super) fn redirect_folder(&self, id: DomainId) -> PathBuf {
        self.redirect.join(id.to_string())
    }

    pub(super) fn redirect_document(&self, id: DomainId) -> PathBuf {
        self.redirect_folder(id).join("redirect.json")
    }

    pub(super) fn logs(&self, of: impl Into<Visited>) -> PathBuf {
        let folder = match of.into() {
            Visited::Site(id) => self.folder(id),
            Visited::Redirect(id) => self.redirect_folder(id),
        };
        folder.join("logs")
    }

    /// The webspaces that have a folder here, oldest first.
    pub(super) fn webspaces(&self) -> std::io::Result<Vec<WebspaceId>> {
        ids_in(&self.web)
    }

    /// The domains that have a folder here, oldest first.
    pub(super) fn domains(&self) -> std::io::Result<Vec<DomainId>> {
        match ids_in(&self.redirect) {
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            found => found,
        }
    }
}

/// The certificate that lies in a folder.
pub(super) fn certificate_in(folder: &Path) -> PathBuf {
    folder.join("cert.pem")
}

/// Its key.
pub(super) fn key_in(folder: &Path) -> PathBuf {
    folder.join("key.pem")
}

/// What the public names of a webspace are served with.
pub(super) fn public_certificate_in(folder: &Path) -> PathBuf {
    folder.join("public-cert.pem")
}

/// Its key.
pub(super) fn public_key_in(folder: &Path) -> PathBuf {
    folder.join("public-key.pem")
}

fn ids_in<T: FromStr + Ord>(folder: &Path) -> std::io::Result<Vec<T>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.parse().ok()));
    }
    found.sort_unstable();
    Ok(found)
}

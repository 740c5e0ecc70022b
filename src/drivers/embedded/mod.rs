//! The embedded default: no root, nothing to install.

pub mod ca;
pub mod database;
pub mod files;
pub mod hands;
pub mod mail;
pub mod sftp;
pub mod touched;
pub mod web;

use std::sync::Arc;
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::id::WebspaceId;

/// Finds configured webspaces; what the upload server and the file layer know of sites.
pub trait SiteIndex: Send + Sync + 'static {
    /// The site with this id, as configured on this node.
    fn site(&self, id: WebspaceId) -> Option<Arc<Wish<Webspace>>>;

    /// The site that this login name uploads to.
    fn by_login(&self, login: &str) -> Option<Arc<Wish<Webspace>>>;
}

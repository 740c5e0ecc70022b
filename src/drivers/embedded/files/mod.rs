//! The files of webspaces: read, written, listed, unpacked, beneath `node/web/<id>/files/`.
//!
//! The file manager (through [`Files`]) and the SFTP server (through the methods of [`WebFiles`])
//! work on the same count of bytes and entries. Invariants:
//! - No path leaves the webspace's folder and no link is followed (see `beneath`).
//! - A file becomes visible whole, by a rename from `node/web/<id>/staging/`, or not at all. Only
//!   [`WebFiles::open`] for writing changes a visible file in place.
//! - The quota is held while writing, not afterwards (see `space`).
//! - Blocking work runs on blocking threads, and ends even when the caller is gone.
//!
//! Hidden sites may be read, so that a suspended customer can fetch what is theirs; writing answers
//! `Refused("suspended")`. Sites that are not configured answer `NotFound`.

mod beneath;
mod change;
mod content;
mod handle;
pub(crate) mod hands;
mod list;
mod log_tail;
mod place;
pub(crate) mod rule_file;
pub(crate) mod shut;
mod space;
mod tending;
mod tree;
mod unzip;
mod upload;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::Wish;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, Clock, RelPath, Timestamp};

use crate::embedded::SiteIndex;
use crate::embedded::files::beneath::Root;
use crate::embedded::files::hands::OwnDoors;
use crate::embedded::files::space::Space;
use crate::embedded::touched::Touched;

pub(crate) use crate::embedded::files::beneath::Found;
pub use crate::embedded::files::handle::{OpenFile, Place};
pub use crate::embedded::files::hands::{Door, Doors};
pub use crate::embedded::files::space::ENTRIES_MAX;
pub use crate::embedded::files::upload::Upload;

/// The most entries of a folder that a listing shows.
pub const LISTED_MAX: usize = 10_000;

/// Archives unpacked at the same time (security bar 3.15 T5).
const UNZIPS: usize = 2;

/// The files of all webspaces of this node. Clones share everything.
#[derive(Clone)]
pub struct WebFiles {
    node: Arc<Node>,
}

struct Node {
    doors: Arc<dyn Doors>,
    index: Arc<dyn SiteIndex>,
    clock: Arc<dyn Clock>,
    spaces: Mutex<HashMap<WebspaceId, Arc<Space>>>,
    staged: AtomicU64,
    unzips: Arc<Semaphore>,
    touched: Touched,
}

/// How full a webspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Bytes allowed.
    pub quota: Bytes,
    /// Bytes in use.
    pub used: Bytes,
    /// Files and folders, of at most [`ENTRIES_MAX`].
    pub entries: i64,
}

/// What a change of the visible tree works on; the turn is held as long as it lives.
struct Ground {
    space: Arc<Space>,
    root: Root,
    quota: Bytes,
}

impl WebFiles {
    /// The files beneath `node_dir/web`, for the sites that `index` knows, and the logs of redirects.
    #[must_use]
    pub fn new(node_dir: PathBuf, index: Arc<dyn SiteIndex>, clock: Arc<dyn Clock>) -> Self {
        let (redirect, php) = (node_dir.join("redirect"), node_dir.join("php"));
        let mut web = node_dir;
        web.push("web");
        let doors = OwnDoors { web, redirect, php };
        Self::behind(Arc::new(doors), index, clock)
    }

    /// The files behind these doors, for the sites that `index` knows.
    #[must_use]
    pub fn behind(doors: Arc<dyn Doors>, index: Arc<dyn SiteIndex>, clock: Arc<dyn Clock>) -> Self {
        Self {
            node: Arc::new(Node {
                doors,
                index,
                clock,
                spaces: Mutex::default(),
                staged: AtomicU64::new(0),
                unzips: Arc::new(Semaphore::new(UNZIPS)),
                touched: Touched::default(),
            }),
        }
    }

    /// Webspaces whose files changed.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.node.touched.clone()
    }

    /// Clears what uploads of an earlier process left unfinished. Blocks; for the start, before
    /// anything is served. A webspace that cannot be cleared now is cleared at its first use.
    pub fn sweep(&self) {
        for web in self.node.doors.all() {
            let door = self.node.doors.open(web);
            let cleared = door.and_then(|door| tree::clear(&Root::enter(&door)?.staging()?));
            if let Err(error) = cleared {
                tracing::debug!(?error, "unfinished uploads could not be cleared");
            }
        }
    }

    /// How full the webspace is.
    pub async fn fill(&self, web: WebspaceId) -> Result<Fill, ContentError> {
        let (space, quota, _) = self.node.space(web)?;
        let turn = space.turn().await;
        let now = self.node.clock.now();
        blocking(move || {
            let _turn = turn;
            space.count(&space.open()?, now)?;
            let (used, entries) = space.usage();
            Ok(Fill {
                quota,
                used,
                entries,
            })
        })
        .await
    }

    /// Counts the webspace anew, for callers that wrote into its folder by other means.
    pub async fn recount(&self, web: WebspaceId) -> Result<Fill, ContentError> {
        self.node.space(web)?.0.doubt();
        self.fill(web).await
    }

    /// Work that changes nothing.
    async fn reading<T, F>(&self, web: WebspaceId, work: F) -> Result<T, ContentError>
    where
        T: Send + 'static,
        F: FnOnce(&Root) -> Result<T, ContentError> + Send + 'static,
    {
        let (space, _, _) = self.node.space(web)?;
        blocking(move || work(&space.open()?)).await
    }

    /// Work that changes the visible tree, alone.
    async fn changing<T, F>(&self, web: WebspaceId, work: F) -> Result<T, ContentError>
    where
        T: Send + 'static,
        F: FnOnce(&Ground) -> Result<T, ContentError> + Send + 'static,
    {
        let turn = self.node.space(web)?.0.turn().await;
        // Asked again: the wish may have changed while others had their turn.
        let (space, quota) = self.node.writable(web)?;
        let now = self.node.clock.now();
        blocking(move || {
            let _turn = turn;
            work(&Ground::enter(space, quota, now)?)
        })
        .await
    }
}

impl Node {
    /// The webspace's count, its quota, and whether it is shown.
    fn space(&self, web: WebspaceId) -> Result<(Arc<Space>, Bytes, bool), ContentError> {
        let wish = self.index.site(web);
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        let (quota, shown, runs) = match wish.as_deref() {
            Some(Wish::Present(site)) => (site.quota, true, site.php.is_some()),
            Some(Wish::Hidden(site)) => (site.quota, false, false),
            Some(Wish::Gone) | None => {
                spaces.remove(&web);
                return Err(ContentError::NotFound);
            }
        };
        let new = || {
            let doors = Arc::clone(&self.doors);
            Arc::new(Space::new(doors, web, self.touched.clone()))
        };
        let space = Arc::clone(spaces.entry(web).or_insert_with(new));
        space.note_runs(runs);
        Ok((space, quota, shown))
    }

    fn writable(&self, web: WebspaceId) -> Result<(Arc<Space>, Bytes), ContentError> {
        match self.space(web)? {
            (space, quota, true) => Ok((space, quota)),
            _ => Err(ContentError::Refused("suspended")),
        }
    }

    /// A name that nothing in a staging folder has.
    fn staging_name(&self) -> String {
        format!("{}", self.staged.fetch_add(1, Ordering::Relaxed))
    }
}

impl Ground {
    /// Only with the turn held.
    fn enter(space: Arc<Space>, quota: Bytes, now: Timestamp) -> Result<Self, ContentError> {
        let root = space.open()?;
        space.count(&root, now)?;
        Ok(Self { space, root, quota })
    }
}

/// Runs file work where it may block.
async fn blocking<T, F>(work: F) -> Result<T, ContentError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, ContentError> + Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|broken| ContentError::Fault(broken.to_string()))?
}

/// Two paths are one way: `inner` is `outer` or lies beneath it.
fn holds(outer: &RelPath, inner: &RelPath) -> bool {
    inner.names().starts_with(outer.names())
}

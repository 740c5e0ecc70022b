//! The web side of hosting in the embedded default: the driver that materialises sites beneath the
//! node's folder, and the small HTTP server that serves them.
//!
//! The server reads what the driver wrote and nothing else. Invariants:
//! - A host name belongs to one webspace or to one redirect; names that are not configured get no certificate and no
//!   content, nor do bare addresses and `localhost` (cookies ignore ports, so the panel's own host
//!   must never serve a customer's page).
//! - No request leaves its webspace's folder, whatever links lie in it.
//! - One broken site never keeps others from being served.
//! - Visitors' addresses are shortened before the first write.
//!
//! Start reading at [`Sites`], then `steps` (what changes) and `answer` (what visitors get).

pub(crate) mod access_log;
mod answer;
mod body;
pub(crate) mod certificate;
mod challenge;
mod conditional;
mod document;
pub(crate) mod durable;
mod error_page;
mod folder;
mod front;
mod host;
mod idle;
mod index;
mod keeper;
mod layout;
mod owned;
pub(crate) mod page;
pub(crate) mod probe;
pub(crate) mod public;
mod range;
mod redirect;
mod serve;
mod static_file;
mod steps;
mod target;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod tls;

use rustls::crypto::CryptoProvider;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::Mutex;
use wabe_kernel::certificate::Vault;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::{StepFailure, Webspace, Wish};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock, Rng, Secret};

use crate::embedded::SiteIndex;
use crate::embedded::ca::LocalCa;
use crate::embedded::web::access_log::AccessLog;
use crate::embedded::web::index::{Index, Site};
use crate::embedded::web::layout::Layout;
use crate::embedded::web::static_file::Shelf;
use crate::owners::Users;

pub(crate) use crate::embedded::web::answer::CHALLENGES;

pub use crate::embedded::web::challenge::Challenges;
pub use crate::embedded::web::front::{Front, Place, Showing, Visited};
pub use crate::embedded::web::keeper::Keeper;

/// Things that share a turn wait for each other; more turns, less waiting.
const TURNS: usize = 64;

/// All sites of this node: configured through steps, served to visitors.
pub struct Sites {
    layout: Layout,
    ca: Arc<LocalCa>,
    clock: Arc<dyn Clock>,
    provider: CryptoProvider,
    index: RwLock<Index>,
    turns: Vec<Mutex<()>>,
    shelf: Shelf,
    log: AccessLog,
    /// Where HTTPS is listened for, while it is.
    listening: RwLock<Option<SocketAddr>>,
    /// Marks the driver's own requests, which no access log needs to hold.
    probe_mark: Secret,
    /// Shows everything in place of the server here, where there is one.
    front: OnceLock<Arc<dyn Front>>,
    /// What certificate authorities are answered that look whether a name leads here.
    challenges: Arc<Challenges>,
    /// Where certificates with their keys come from, where any do.
    vault: OnceLock<Arc<dyn Vault>>,
    /// The users of customers, where they have any.
    users: OnceLock<Arc<Users>>,
    /// Has the folders of webspaces in its care, where it is not this process's own user.
    keeper: OnceLock<Arc<dyn Keeper>>,
    /// The group that reads keys of certificates, where anybody else does.
    readers: OnceLock<u32>,
    rng: Arc<dyn Rng>,
}

impl Sites {
    /// Loads every site beneath `node_dir`. Blocks on file work.
    ///
    /// A file that cannot be used is logged, marked (see [`Self::damaged`]) and passed over.
    ///
    /// # Errors
    /// `files-failed` when the folder of all webspaces cannot be made or read.
    pub fn open(
        node_dir: &Path,
        ca: Arc<LocalCa>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Arc<Self>, StepFailure> {
        let failed = |fault: std::io::Error| StepFailure::new("files-failed", fault);
        let layout = Layout::new(node_dir);
        std::fs::create_dir_all(layout.web()).map_err(failed)?;
        let mark = u128::from_le_bytes(wabe_kernel::rng::random(rng.as_ref()));
        let sites = Arc::new(Self {
            shelf: Shelf::open(layout.web()).map_err(failed)?,
            log: AccessLog::new(layout.clone(), Arc::clone(&clock)),
            layout,
            ca,
            clock,
            provider: rustls::crypto::aws_lc_rs::default_provider(),
            index: RwLock::new(Index::default()),
            turns: (0..TURNS).map(|_| Mutex::new(())).collect(),
            listening: RwLock::new(None),
            probe_mark: Secret::new(format!("{mark:032x}")),
            front: OnceLock::new(),
            challenges: Arc::new(Challenges::open(node_dir).map_err(failed)?),
            vault: OnceLock::new(),
            users: OnceLock::new(),
            keeper: OnceLock::new(),
            readers: OnceLock::new(),
            rng,
        });
        for id in sites.layout.webspaces().map_err(failed)? {
            if let Err(fault) = sites.load(id) {
                tracing::warn!(
                    webspace.id = %id,
                    code = fault.code,
                    detail = fault.detail,
                    "site was passed over"
                );
                sites.index_mut().mark_damaged(id);
            }
        }
        sites.load_redirects().map_err(failed)?;
        Ok(sites)
    }

    /// What certificate authorities are answered; whoever orders certificates puts answers there.
    #[must_use]
    pub fn challenges(&self) -> Arc<Challenges> {
        Arc::clone(&self.challenges)
    }

    /// Webspaces whose files could not be loaded and that were not configured anew since.
    #[must_use]
    pub fn damaged(&self) -> Vec<WebspaceId> {
        self.index().damaged().iter().copied().collect()
    }

    /// The last `lines` lines of the webspace's access log, newest last; at most 10 000.
    pub async fn tail(
        self: &Arc<Self>,
        web: WebspaceId,
        lines: usize,
    ) -> Result<Vec<String>, ContentError> {
        let sites = Arc::clone(self);
        tokio::task::spawn_blocking(move || sites.log.tail(web, lines))
            .await
            .map_err(|fault| ContentError::Fault(fault.to_string()))?
    }

    fn load(&self, id: WebspaceId) -> Result<(), StepFailure> {
        let Some(document) = document::read(&self.layout.document(id), id)? else {
            return Ok(());
        };
        let revision = document.revision;
        let mut index = self.index_mut();
        if let Some(webspace) = document.webspace() {
            index.claim(webspace)?;
        }
        match Site::new(document, self.log.pending_of(id)) {
            Some(site) => index.put(site),
            None => index.remove(id, revision),
        }
        Ok(())
    }

    fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn_of(&self, id: Uuid) -> &Mutex<()> {
        let number = usize::from(id.as_bytes()[15]) % TURNS;
        &self.turns[number]
    }

    fn listening(&self) -> Option<SocketAddr> {
        *self
            .listening
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn set_listening(&self, address: Option<SocketAddr>) {
        *self
            .listening
            .write()
            .unwrap_or_else(PoisonError::into_inner) = address;
    }
}

impl SiteIndex for Sites {
    fn site(&self, id: WebspaceId) -> Option<Arc<Wish<Webspace>>> {
        self.index().by_id(id).map(|site| Arc::clone(&site.wish))
    }

    fn by_login(&self, login: &str) -> Option<Arc<Wish<Webspace>>> {
        self.index()
            .by_login(login)
            .map(|site| Arc::clone(&site.wish))
    }
}

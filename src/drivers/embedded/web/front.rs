//! Another server that shows what lies here, in place of the one in this process: what it is told, and
//! when.
//!
//! It is told before a site counts as configured, so that what is written down here is what visitors
//! see; what it refuses stays as it was. Its own files are part of what is observed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use wabe_kernel::desired::{Redirect, StepFailure, Webspace, Wish, Working};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, EditMark, Edited, Secret};

use crate::embedded::web::Sites;
use crate::embedded::web::access_log;
use crate::embedded::web::layout::{certificate_in, key_in, public_certificate_in, public_key_in};

pub use crate::embedded::web::layout::Visited;

/// What visitors come to, as it should be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// A site, or the page that stands for a hidden one. Never `Gone`.
    Site(Wish<Webspace>),
    /// A host name that sends its visitors on.
    Redirect(Redirect),
}

impl Showing {
    /// What it is of.
    #[must_use]
    pub const fn of(&self) -> Option<Visited> {
        match self {
            Self::Site(Wish::Present(webspace) | Wish::Hidden(webspace)) => {
                Some(Visited::Site(webspace.id))
            }
            Self::Site(Wish::Gone) => None,
            Self::Redirect(redirect) => Some(Visited::Redirect(redirect.id)),
        }
    }

    /// The site that it is of.
    pub(super) fn site(self) -> Option<Wish<Webspace>> {
        match self {
            Self::Site(wish) => Some(wish),
            Self::Redirect(_) => None,
        }
    }

    /// The name that it is asked by after a change.
    #[must_use]
    pub const fn host(&self) -> Option<&DomainName> {
        match self {
            Self::Site(Wish::Present(webspace) | Wish::Hidden(webspace)) => Some(&webspace.preview),
            Self::Site(Wish::Gone) => None,
            Self::Redirect(redirect) => Some(&redirect.name),
        }
    }
}

/// Where its things lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Everything of it.
    pub folder: PathBuf,
    /// What the customer uploads.
    pub files: PathBuf,
    /// Its access logs.
    pub logs: PathBuf,
    /// Its certificate.
    pub certificate: PathBuf,
    /// The certificate's key.
    pub key: PathBuf,
    /// The certificate of its public names, and its key.
    pub public: (PathBuf, PathBuf),
    /// Holds what certificate authorities are answered.
    pub challenges: PathBuf,
}

/// A server that shows sites and redirects.
pub trait Front: Send + Sync + 'static {
    /// Shows this from now on; answers once visitors get it.
    ///
    /// Errors: when it cannot be; then visitors get what they got before.
    fn show(&self, what: Showing, place: Place) -> Working<'_, Result<(), StepFailure>>;

    /// Shows nothing there any more, and leaves nothing of it behind.
    fn hide(&self, of: Visited) -> Working<'_, Result<(), StepFailure>>;

    /// Takes up the certificate that lies there now, where it shows anything.
    fn renew(&self, of: Visited) -> Working<'_, Result<(), StepFailure>>;

    /// Whether its files say exactly this. Blocks on file work.
    fn shows(&self, what: &Showing, place: &Place) -> bool;

    /// Why it took back the newest configuration; nothing while it did not.
    fn refused(&self, of: Visited) -> Option<String>;

    /// What somebody wrote by hand for this; nothing while nobody did, or somebody answered. Blocks on file work.
    fn edited(&self, what: &Showing, place: &Place) -> Option<Box<Edited>>;

    /// Puts back its own where exactly this was written by hand, so that [`Self::show`] goes on. Blocks on file work.
    ///
    /// Errors: `edited-again` when something else was written meanwhile.
    fn restore(&self, what: &Showing, place: &Place, mark: &EditMark) -> Result<(), StepFailure>;
}

impl Sites {
    /// Shows everything through this server from now on; the one in this process must not be started.
    pub fn set_front(&self, front: Arc<dyn Front>, https: SocketAddr) {
        if self.front.set(front).is_ok() {
            self.set_listening(Some(https));
        }
    }

    pub(super) fn front(&self) -> Option<&Arc<dyn Front>> {
        self.front.get()
    }

    /// What the driver's own requests carry in the header `x-wabe-probe`.
    #[must_use]
    pub fn probe_mark(&self) -> Secret {
        Secret::new(self.probe_mark.expose())
    }

    /// Where the things of this lie.
    #[must_use]
    pub fn place(&self, of: Visited) -> Place {
        let folder = match of {
            Visited::Site(id) => self.layout.folder(id),
            Visited::Redirect(id) => self.layout.redirect_folder(id),
        };
        Place {
            files: folder.join("files"),
            logs: self.layout.logs(of),
            certificate: certificate_in(&folder),
            key: key_in(&folder),
            public: (public_certificate_in(&folder), public_key_in(&folder)),
            challenges: self.challenges.root().to_owned(),
            folder,
        }
    }

    /// Everything that is configured, as it is shown.
    #[must_use]
    pub fn standing(&self) -> Vec<(Showing, Place)> {
        let index = self.index();
        let sites = index.all().map(|site| Showing::Site((*site.wish).clone()));
        let redirects = index.redirects().all().cloned().map(Showing::Redirect);
        let all: Vec<Showing> = sites.chain(redirects).collect();
        drop(index);
        let placed = |what: Showing| Some((what.of()?, what));
        all.into_iter()
            .filter_map(placed)
            .map(|(of, what)| (what, self.place(of)))
            .collect()
    }

    /// Why the other server took back the newest configuration of this.
    pub(super) fn refused(&self, of: impl Into<Visited>) -> Option<String> {
        self.front()?.refused(of.into())
    }

    /// Whether the other server, if there is one, shows exactly this.
    pub(super) fn is_shown(&self, what: &Showing) -> bool {
        let (Some(front), Some(of)) = (self.front(), what.of()) else {
            return true;
        };
        front.shows(what, &self.place(of))
    }

    /// What somebody wrote by hand for this, where another server shows it.
    pub(super) fn edited(&self, what: &Showing) -> Option<Box<Edited>> {
        let (front, of) = (self.front()?, what.of()?);
        front.edited(what, &self.place(of))
    }

    /// Has the other server, if there is one, put back its own in place of what was written by hand.
    pub(super) fn restore(&self, id: WebspaceId, mark: &EditMark) -> Result<(), StepFailure> {
        let site = self.index().by_id(id).cloned();
        match (self.front(), site) {
            (Some(front), Some(site)) => {
                let what = Showing::Site((*site.wish).clone());
                front.restore(&what, &self.place(id.into()), mark)
            }
            _ => Ok(()),
        }
    }

    /// Keeps access logs that another server writes within their bounds, until `stop`.
    pub async fn keep_logs(self: Arc<Self>, stop: CancellationToken) {
        access_log::tend(self, stop).await;
    }
}

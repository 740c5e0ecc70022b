//! What the panel knows of the sites of a node whose drivers are the agent's.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use wabe_kernel::desired::{Act, Observed, Step, Subject, Webspace, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::SiteIndex;

#[derive(Default)]
struct Sites {
    sites: HashMap<WebspaceId, Arc<Wish<Webspace>>>,
    logins: HashMap<String, WebspaceId>,
}

/// The sites as the agent told of them, and as steps changed them since.
#[derive(Default)]
pub struct Known(RwLock<Sites>);

/// What is to be there, shown or not.
pub(super) fn webspace(wish: &Wish<Webspace>) -> Option<&Webspace> {
    match wish {
        Wish::Present(webspace) | Wish::Hidden(webspace) => Some(webspace),
        Wish::Gone => None,
    }
}

impl Sites {
    fn put(&mut self, wish: Wish<Webspace>) {
        let Some(webspace) = webspace(&wish) else {
            return;
        };
        let (id, login) = (webspace.id, webspace.upload.login.clone());
        self.remove(id);
        self.logins.insert(login, id);
        self.sites.insert(id, Arc::new(wish));
    }

    fn remove(&mut self, id: WebspaceId) {
        self.sites.remove(&id);
        self.logins.retain(|_, holder| *holder != id);
    }
}

impl Known {
    fn sites(&self) -> RwLockWriteGuard<'_, Sites> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes up what the agent has.
    pub(super) fn put(&self, wish: Wish<Webspace>) {
        self.sites().put(wish);
    }

    /// Takes up what a step did.
    pub(super) fn applied(&self, step: &Step) {
        match &step.act {
            Act::ConfigureSite(wish @ (Wish::Present(_) | Wish::Hidden(_))) => {
                self.put(wish.clone());
            }
            Act::ConfigureSite(Wish::Gone) | Act::RemoveSite(_) | Act::RemoveFolder(_) => {
                if let Subject::Webspace(id) = step.subject {
                    self.sites().remove(id);
                }
            }
            _ => {}
        }
    }

    /// Takes up what was seen: an answer to a step may have been lost.
    pub(super) fn seen(&self, observed: &Observed) {
        if let Observed::Webspace(seen) = observed
            && let Some(wish) = &seen.site
        {
            self.put(wish.clone());
        }
    }
}

impl SiteIndex for Known {
    fn site(&self, id: WebspaceId) -> Option<Arc<Wish<Webspace>>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.sites.get(&id).cloned()
    }

    fn by_login(&self, login: &str) -> Option<Arc<Wish<Webspace>>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.sites.get(known.logins.get(login)?).cloned()
    }
}

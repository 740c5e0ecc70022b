//! What runs behind nginx for something that is shown.

use wabe_kernel::desired::{StepFailure, Webspace, Wish};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{PhpVersion, SiteServer};

use crate::apache::{Backend, Served};
use crate::embedded::web::{Place, Showing};
use crate::nginx::Nginx;
use crate::php::PoolValues;

/// The webspace that Apache answers for behind nginx, when this is one that is shown.
pub(super) fn behind(what: &Showing) -> Option<&Webspace> {
    match what {
        Showing::Site(Wish::Present(webspace))
            if webspace.rules.server == SiteServer::Apache && webspace.rules.proxy.is_none() =>
        {
            Some(webspace)
        }
        _ => None,
    }
}

/// What runs the PHP of this, when it is shown and has some.
pub(super) fn version_of(what: &Showing) -> Option<(WebspaceId, PhpVersion)> {
    pool_of(what).map(|(id, version, _)| (id, version))
}

/// The pool that this needs, when it is shown and has PHP. What an application elsewhere answers for has none.
pub(super) fn pool_of(what: &Showing) -> Option<(WebspaceId, PhpVersion, PoolValues)> {
    match what {
        Showing::Site(Wish::Present(webspace)) if webspace.rules.proxy.is_none() => Some((
            webspace.id,
            webspace.php?,
            PoolValues::from(&*webspace.rules),
        )),
        Showing::Site(_) | Showing::Redirect(_) => None,
    }
}

impl Nginx {
    /// Where the Apache is that answers for this, where one does.
    pub(super) fn backend_of(&self, what: &Showing) -> Result<Option<Backend>, StepFailure> {
        let id = behind(what).map(|webspace| webspace.id);
        id.map(|id| self.apache.backend(id)).transpose()
    }

    /// The Apache that this needs, when it is shown and wants one.
    pub(super) fn served(&self, what: &Showing, place: &Place) -> Option<Served> {
        let webspace = behind(what)?;
        let php = webspace.php.map(|php| self.php.socket(webspace.id, php));
        Some(Served {
            webspace: webspace.clone(),
            place: place.clone(),
            php,
        })
    }
}

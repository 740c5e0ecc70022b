//! What runs behind nginx for something that is shown.

use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{PhpVersion, SiteServer};

use crate::embedded::web::Showing;
use crate::php::PoolValues;

/// The webspace that Apache answers for behind nginx, when this is one that is shown.
pub(super) fn behind(what: &Showing) -> Option<&Webspace> {
    match what {
        Showing::Site(Wish::Present(webspace)) if webspace.rules.server == SiteServer::Apache => {
            Some(webspace)
        }
        _ => None,
    }
}

/// What runs the PHP of this, when it is shown and has some.
pub(super) fn version_of(what: &Showing) -> Option<(WebspaceId, PhpVersion)> {
    pool_of(what).map(|(id, version, _)| (id, version))
}

/// The pool that this needs, when it is shown and has PHP.
pub(super) fn pool_of(what: &Showing) -> Option<(WebspaceId, PhpVersion, PoolValues)> {
    match what {
        Showing::Site(Wish::Present(webspace)) => Some((
            webspace.id,
            webspace.php?,
            PoolValues::from(&*webspace.rules),
        )),
        Showing::Site(Wish::Hidden(_) | Wish::Gone) | Showing::Redirect(_) => None,
    }
}

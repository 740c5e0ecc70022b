//! Messages of plugins to the people of their customer.

mod send;

pub use send::SendMessage;

use crate::installation::Installation;
use crate::plugin::PluginVersion;
use wabe_jobs::notice::About;

/// An installation as notices are about it.
pub(crate) fn about(installation: &Installation, version: &PluginVersion) -> About {
    About {
        kind: None,
        id: installation.id.to_string(),
        name: version.manifest.name.de.clone(),
    }
}

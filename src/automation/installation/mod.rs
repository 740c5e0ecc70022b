//! Plugins in customers: what is installed, what it was granted, and what it keeps.
//!
//! Invariants: an installation may what the hoster's ceiling, the manifest and the grant allow all
//! three, and never more than whoever granted it may at that moment; whatever takes rights away counts
//! its generation up, and runs of another generation may do nothing more; a version that asks for more
//! waits until somebody agrees; secrets are sealed under their installation and name, and nobody
//! reads them again.

mod create;
mod delete;
pub mod export;
pub mod kv;
pub(crate) mod model;
mod pause;
pub(crate) mod rights;
pub(crate) mod schedule;
pub(crate) mod secret;
mod set_capabilities;
mod set_secret;
mod set_settings;
mod settled;
pub(crate) mod standing;
pub(crate) mod store;
mod update;
mod webhook_address;

pub use create::CreateInstallation;
pub use delete::DeleteInstallation;
pub use model::{
    Installation, InstallationChanged, InstallationShown, InstallationState, Installed, PausedBy,
    UpdateShown, WEBHOOK_SECRET,
};
pub use pause::{PauseInstallation, ResumeInstallation};
pub use rights::Rights;
pub use set_capabilities::SetCapabilities;
pub use set_secret::{SecretSet, SetSecret};
pub use set_settings::SetSettings;
pub use store::{list, load, with_cards};
pub use update::{ApproveUpdate, RollBack, UpdateInstallation};
pub use webhook_address::signing_secret;

use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::Timestamp;
use wabe_kernel::id::InstallationId;
use wabe_store::Tx;

/// When the scheduled triggers of an installation come next, by their names.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn upcoming(
    tx: &mut Tx,
    scope: &Scope,
    id: InstallationId,
) -> Result<Vec<(String, Timestamp)>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    Ok(schedule::list(tx, scope.customer(), id).await?)
}

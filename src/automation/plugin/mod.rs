//! The hoster's catalogue of plugins.
//!
//! Invariants: a version's package never changes once it was uploaded; its component was compiled here;
//! whoever uploads does not release (controls MWK-1c-01, MWK-4-08); customers see and install only
//! what is released, and what was withdrawn runs nowhere.

mod model;
mod release;
pub(crate) mod store;
mod upload;
mod withdraw;

pub use model::{
    CapabilityShown, CatalogueEntry, PluginVersion, VersionShown, VersionState, Worded,
};
pub use release::ReleasePlugin;
pub(crate) use release::filled;
pub use store::{
    catalogue, catalogue_entry, compiled, installations, load, of_package, package,
    released_recordings, versions,
};
pub use upload::UploadPlugin;
pub use withdraw::WithdrawPlugin;

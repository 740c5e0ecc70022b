//! Databases of customers.
//!
//! Invariants: a name is used once per customer; the engine is chosen at creation and stays.

mod create;
mod delete;
mod model;
mod set_quota;
pub(crate) mod store;

pub use create::CreateDatabase;
pub use delete::{DeleteDatabase, RestoreDatabase};
pub use model::Database;
pub use set_quota::SetDatabaseQuota;
pub use store::{list, load};

use wabe_access::{CommandSpec, Permission};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::DatabaseId;

crate::lifecycle::suspend_and_resume!(
    DatabaseId,
    ResourceKind::Database,
    Permission::DatabaseWrite,
    "database.suspend",
    "database.resume"
);
crate::lifecycle::retry_command!(
    DatabaseId,
    ResourceKind::Database,
    Permission::DatabaseWrite,
    "database.retry"
);

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateDatabase>(),
    CommandSpec::of::<SetDatabaseQuota>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<Suspend>(),
    CommandSpec::of::<Resume>(),
    CommandSpec::of::<DeleteDatabase>(),
    CommandSpec::of::<RestoreDatabase>(),
];

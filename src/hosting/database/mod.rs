//! Databases of customers.
//!
//! Invariants: a name is used once per customer; the engine is chosen at creation, of what the node offers,
//! and stays; a password is made here, shown once, and kept as what its server verifies it with; programs elsewhere
//! come in from where the customer listed, over TLS, where hoster and plan allow it.

mod create;
mod delete;
mod model;
mod reset_password;
pub mod server;
mod set_connections;
mod set_password;
mod set_quota;
mod set_remote_addresses;
pub(crate) mod store;

pub use create::CreateDatabase;
pub use delete::{DeleteDatabase, RestoreDatabase};
pub use model::{Created, Database};
pub use reset_password::ResetDatabasePassword;
pub use set_connections::SetDatabaseConnections;
pub use set_password::{NewDatabasePassword, SetDatabasePassword};
pub use set_quota::SetDatabaseQuota;
pub use set_remote_addresses::SetDatabaseRemoteAddresses;
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
    CommandSpec::of::<SetDatabaseConnections>(),
    CommandSpec::of::<SetDatabaseRemoteAddresses>(),
    CommandSpec::of::<SetDatabasePassword>(),
    CommandSpec::of::<ResetDatabasePassword>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<Suspend>(),
    CommandSpec::of::<Resume>(),
    CommandSpec::of::<DeleteDatabase>(),
    CommandSpec::of::<RestoreDatabase>(),
];

//! Alias addresses: mail to them arrives in one or more mailboxes of the same customer.

mod create;
mod delete;
mod model;
mod set_targets;
pub(crate) mod store;

pub use create::CreateAlias;
pub use delete::{DeleteAlias, RestoreAlias};
pub use model::Alias;
pub use set_targets::SetAliasTargets;
pub use store::{list, load};

use wabe_access::{CommandSpec, Permission};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::AliasId;

crate::lifecycle::suspend_and_resume!(
    AliasId,
    ResourceKind::Alias,
    Permission::MailboxWrite,
    "alias.suspend",
    "alias.resume"
);
crate::lifecycle::retry_command!(
    AliasId,
    ResourceKind::Alias,
    Permission::MailboxWrite,
    "alias.retry"
);

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateAlias>(),
    CommandSpec::of::<SetAliasTargets>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<Suspend>(),
    CommandSpec::of::<Resume>(),
    CommandSpec::of::<DeleteAlias>(),
    CommandSpec::of::<RestoreAlias>(),
];

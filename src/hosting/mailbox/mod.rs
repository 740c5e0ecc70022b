//! Mailboxes.
//!
//! Invariants: an address lies on a proved domain of the same customer and receives at one place; the
//! password is kept as argon2id without pepper, because the mail server verifies it by itself.

mod address;
mod create;
mod delete;
mod model;
mod reset_password;
mod set_password;
mod set_quota;
pub(crate) mod store;

pub(crate) use address::{reserve, usable_domain};
pub use create::CreateMailbox;
pub use delete::{DeleteMailbox, RestoreMailbox};
pub use model::Mailbox;
pub use reset_password::ResetMailboxPassword;
pub use set_password::SetMailboxPassword;
pub use set_quota::SetMailboxQuota;
pub use store::{find_address, list, load};

use wabe_access::{CommandSpec, Permission};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::MailboxId;

crate::lifecycle::suspend_and_resume!(
    MailboxId,
    ResourceKind::Mailbox,
    Permission::MailboxWrite,
    "mailbox.suspend",
    "mailbox.resume"
);
crate::lifecycle::retry_command!(
    MailboxId,
    ResourceKind::Mailbox,
    Permission::MailboxWrite,
    "mailbox.retry"
);

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateMailbox>(),
    CommandSpec::of::<SetMailboxQuota>(),
    CommandSpec::of::<SetMailboxPassword>(),
    CommandSpec::of::<ResetMailboxPassword>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<Suspend>(),
    CommandSpec::of::<Resume>(),
    CommandSpec::of::<DeleteMailbox>(),
    CommandSpec::of::<RestoreMailbox>(),
];

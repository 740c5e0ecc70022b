//! For whom a link in a mailbox may speak.

use wabe_access::Tools;
use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// What a link in somebody's mail is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByLink {
    /// It speaks for them: whoever reads their mail could log in as them all the same.
    Suffices,
    /// They have a second factor, must have one, or their login is locked: a mailbox is less than that.
    NeedsLogin,
    /// Nobody logs in as them.
    ShutOut,
}

/// Knows what it takes to be somebody; whoever owns the table of users is it.
pub trait Logins: Send + Sync + 'static {
    /// What a link in this person's mail is worth now. The transaction is the system's.
    fn by_link<'a>(
        &'a self,
        tx: &'a mut Tx,
        tools: &'a Tools,
        user: UserId,
    ) -> Working<'a, Result<ByLink, Fault>>;
}

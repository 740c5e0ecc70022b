//! What it takes to be somebody: known where users are kept, asked by rooms that cannot see them.

use crate::command::Tools;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// What somebody's mailbox alone is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByMail {
    /// As much as their login: a new password takes no more.
    Enough,
    /// Less: there is a second factor, or there must be one, the login is locked, or its address is another
    /// one since. Source: bar 3.4 T1, 3.6 T4.
    TooLittle,
    /// Nothing: nobody logs in as them.
    ShutOut,
}

/// Knows what it takes to be somebody; whoever owns the table of users is it.
pub trait Logins: Send + Sync + 'static {
    /// What this person's mailbox alone is worth now, for a letter that went to it then. The transaction is
    /// the system's.
    fn by_mail<'a>(
        &'a self,
        tx: &'a mut Tx,
        tools: &'a Tools,
        letter: (UserId, Timestamp),
    ) -> Working<'a, Result<ByMail, Fault>>;
}

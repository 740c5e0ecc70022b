//! Whether whoever reads somebody's mail could be them.

use crate::desk::Desk;
use crate::factor::demand;
use crate::lockout::throttle::{self, Subject};
use crate::user::store as users;
use wabe_access::Tools;
use wabe_kernel::Fault;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// What somebody's mailbox alone is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByMail {
    /// As much as their login: a new password takes no more.
    Enough,
    /// Less: there is a second factor, or there must be one, or the login is locked. Source: bar 3.6 T4.
    TooLittle,
    /// Nothing: nobody logs in as them.
    ShutOut,
}

/// What this person's mailbox alone is worth now. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub async fn by_mail(tx: &mut Tx, tools: &Tools, user: UserId) -> Result<ByMail, Fault> {
    let desk = Desk::of(tools)?;
    let found = users::find(tx, user).await?;
    if found.is_none_or(|found| found.disabled_at.is_some()) {
        return Ok(ByMail::ShutOut);
    }
    let beside = demand::stands_beside(tx, &desk, user).await?;
    let now = tools.clock.now();
    if beside || !throttle::is_open(tx, &Subject::user(user), now).await? {
        return Ok(ByMail::TooLittle);
    }
    Ok(ByMail::Enough)
}

//! Whether whoever reads somebody's mail could be them.

use crate::address_change;
use crate::desk::Desk;
use crate::factor::demand;
use crate::lockout::throttle::{self, Subject};
use crate::user::store as users;
use wabe_access::{ByMail, Logins, Tools};
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Tells it by the table of users.
#[derive(Debug, Clone, Copy)]
pub struct Known;

impl Logins for Known {
    fn by_mail<'a>(
        &'a self,
        tx: &'a mut Tx,
        tools: &'a Tools,
        letter: (UserId, Timestamp),
    ) -> Working<'a, Result<ByMail, Fault>> {
        Box::pin(worth(tx, tools, letter))
    }
}

async fn worth(
    tx: &mut Tx,
    tools: &Tools,
    (user, sent_at): (UserId, Timestamp),
) -> Result<ByMail, Fault> {
    let desk = Desk::of(tools)?;
    let found = users::find(tx, user).await?;
    if found.is_none_or(|found| found.disabled_at.is_some()) {
        return Ok(ByMail::ShutOut);
    }
    let beside = demand::stands_beside(tx, &desk, user).await?;
    let now = tools.clock.now();
    // Whoever reads the mailbox that was theirs is somebody else by now.
    let moved = address_change::store::moved_since(tx, user, sent_at).await?;
    if beside || moved || !throttle::is_open(tx, &Subject::user(user), now).await? {
        return Ok(ByMail::TooLittle);
    }
    Ok(ByMail::Enough)
}

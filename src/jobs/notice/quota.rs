//! When the use of a quota is news.

use crate::notice::store::clear;
use crate::notice::tell::{About, Notice, tell};
use crate::text::{Args, NoticeKind};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Bytes, Fault, Quota, Rng, Timestamp};
use wabe_store::Tx;

/// The levels that are told, in percent, highest first.
const LEVELS: [(i64, NoticeKind); 3] = [
    (100, NoticeKind::Quota100),
    (95, NoticeKind::Quota95),
    (80, NoticeKind::Quota80),
];
/// A level counts as left again so many percent below it, so that a use around it is told once.
const SLACK: i64 = 5;

/// How much of a thing's quota is in use.
#[derive(Debug, Clone)]
pub struct QuotaUse {
    /// Whose thing.
    pub customer: CustomerId,
    /// Which.
    pub about: About,
    /// In use.
    pub used: Bytes,
    /// At most.
    pub max: Quota,
}

/// Tells the highest level that is reached, once until the use falls clearly below it again; answers
/// the level in percent when it was told now.
///
/// # Errors
/// A fault of the database.
pub async fn quota(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    state: &QuotaUse,
) -> Result<Option<i64>, Fault> {
    let max = state.max.bytes();
    // At most 2^50 times 100 fits.
    let percent = state.used.clamp(0, 1 << 50).saturating_mul(100) / max;
    let (mut reached, mut told) = (false, None);
    for (level, kind) in LEVELS {
        let key = format!("quota:{}:{level}", state.about.id);
        if percent >= level && !reached {
            reached = true;
            let notice = Notice {
                customer: state.customer,
                kind,
                about: state.about.clone(),
                args: Args::new().bytes("used", state.used).bytes("max", max),
                dedupe_key: Some(key),
            };
            told = (tell(tx, now, rng, &notice).await? > 0).then_some(level);
        } else if percent < level - SLACK {
            clear(tx, state.customer, &key).await?;
        }
    }
    Ok(told)
}

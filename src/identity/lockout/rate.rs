//! How often something may be asked for within an hour.

use crate::lockout::store;
use crate::password::pepper::Pepper;
use wabe_kernel::{Fault, Timestamp, hex};
use wabe_store::Tx;

/// Counts a request for `what` by `whom`; true while there were at most `most` within the hour.
pub(crate) async fn allows(
    tx: &mut Tx,
    pepper: &Pepper,
    (what, whom): (&str, &str),
    most: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let bucket = hex(&pepper.keyed("rate", &[what.as_bytes(), whom.as_bytes()]));
    Ok(store::rate(tx, &bucket, now).await? <= most)
}

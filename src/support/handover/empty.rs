//! What nobody came for.

use crate::handover::store;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Store;

/// Empties the secrets whose time is up; answers how many. For a schedule.
///
/// # Errors
/// A fault of the database; what was emptied until then stays so.
pub async fn empty_due(db: &Store, now: Timestamp) -> Result<usize, Fault> {
    let mut tx = db.read().await?;
    let due = store::due(&mut tx, now).await?;
    tx.rollback().await?;
    for (customer, id) in &due {
        let mut tx = db.write_for(*customer).await?;
        store::empty(&mut tx, (*customer, *id), now).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}

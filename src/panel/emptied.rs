//! A node whose folder was emptied, by a restore or a new disk: whatever is wished there is compared at once, and so
//! made again, in place of within the hour.
//!
//! A mark in the folder tells: where it is missing, nobody knows what the folder holds.

use crate::ground::Ground;
use crate::ready::write_private;
use wabe_kernel::Fault;
use wabe_store::statements;

statements! {
    LOOK = "panel.emptied.look_again" => "UPDATE resource SET checked_at = 0 WHERE checked_at > 0";
}

/// The mark's name.
const MARK: &str = "known";

/// Has everything looked at where the folder has no mark, and puts one there. Before the reconciler begins.
///
/// # Errors
/// A fault of the database, or a mark that cannot be written.
pub async fn begin(ground: &Ground) -> Result<(), Fault> {
    let mark = ground.data.node().join(MARK);
    if mark.exists() {
        return Ok(());
    }
    let mut tx = ground.store.write().await?;
    let count = LOOK.query().execute(&mut tx).await?;
    tx.commit().await?;
    if count > 0 {
        tracing::warn!(
            count,
            "the folder of the node is not known; everything on it is compared"
        );
    }
    write_private(&mark, b"").map_err(|error| Fault::because("mark the folder of the node", error))
}

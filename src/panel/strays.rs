//! Files on the node that are none of ours, where its servers read files from: written down for the desk.

use crate::ground::Ground;
use crate::node::Node;
use std::sync::Arc;
use wabe_hosting::edited_file::note_strays;
use wabe_kernel::Fault;

/// Looks once, and writes down what lies there; what is new is in the log as well.
///
/// # Errors
/// When nobody can look, or a fault of the database.
pub async fn look(ground: Arc<Ground>, node: Arc<Node>) -> Result<(), Fault> {
    let found = node.strays(&ground).await?;
    let mut tx = ground.store.write().await?;
    let new = note_strays(&mut tx, &found, ground.clock.now()).await?;
    tx.commit().await?;
    for stray in new {
        let (path, is_read) = (stray.path, stray.is_read);
        tracing::warn!(path, is_read, "a file on the node is none of ours");
    }
    Ok(())
}

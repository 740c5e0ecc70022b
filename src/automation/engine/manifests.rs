//! Versions that the engine has read before: they never change, but for their state.

use crate::plugin::{self, PluginVersion};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use wabe_kernel::Fault;
use wabe_kernel::id::PluginVersionId;
use wabe_store::Tx;

/// The most that are held.
const MOST: usize = 512;

/// Versions by their ids. State and ceiling may change: whoever cares asks the database.
#[derive(Default)]
pub(crate) struct Versions(Mutex<BTreeMap<PluginVersionId, Arc<PluginVersion>>>);

impl Versions {
    /// A version; read once.
    ///
    /// # Errors
    /// A fault when there is none.
    pub(crate) async fn get(
        &self,
        tx: &mut Tx,
        id: PluginVersionId,
    ) -> Result<Arc<PluginVersion>, Fault> {
        let known = {
            let versions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            versions.get(&id).cloned()
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let missing = || Fault::new("find the version of an installation");
        let found = Arc::new(plugin::store::find(tx, id).await?.ok_or_else(missing)?);
        let mut versions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if versions.len() >= MOST {
            versions.clear();
        }
        versions.insert(id, Arc::clone(&found));
        Ok(found)
    }

    /// A version as it stands now: what was read of its state and ceiling may be old.
    ///
    /// # Errors
    /// A fault when there is none.
    pub(crate) async fn current(
        &self,
        tx: &mut Tx,
        id: PluginVersionId,
    ) -> Result<Arc<PluginVersion>, Fault> {
        let known = self.get(tx, id).await?;
        let standing = plugin::store::standing(tx, id).await?;
        if standing.as_ref() == Some(&(known.state, known.ceiling.clone())) {
            return Ok(known);
        }
        {
            let mut versions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            versions.remove(&id);
        }
        self.get(tx, id).await
    }

    /// Forgets what may have changed.
    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

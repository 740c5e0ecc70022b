//! Whoever makes and removes the folders of webspaces, and looks into them, where that is not for this process's
//! own user to do: what lies in them is then a customer's user's, and only that user follows a way in it.

use std::sync::Arc;
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};

use crate::embedded::web::Sites;

/// Keeps the folders of webspaces. All of it blocks.
pub trait Keeper: Send + Sync + 'static {
    /// Makes the folder and its document root, where missing; a new folder gets this first page.
    ///
    /// # Errors
    /// `files-failed` when it cannot be made.
    fn make(&self, id: WebspaceId, root: &RelPath, first: &[u8]) -> Result<(), StepFailure>;

    /// Deletes everything that the webspace has on this node.
    ///
    /// # Errors
    /// `files-failed` when something stays.
    fn remove(&self, id: WebspaceId) -> Result<(), StepFailure>;

    /// The files of rules for Apache in it.
    ///
    /// # Errors
    /// `NotFound` when it has no files yet.
    fn rule_files(&self, id: WebspaceId) -> Result<Vec<RuleFile>, ContentError>;

    /// Removes what its applications kept for a while and nobody wrote to since `before`.
    ///
    /// # Errors
    /// When something stays that should go.
    fn sweep(&self, id: WebspaceId, before: Timestamp) -> Result<(), ContentError>;
}

impl Sites {
    /// Leaves the folders of webspaces to this one from now on.
    pub fn set_keeper(&self, keeper: Arc<dyn Keeper>) {
        // There is one start.
        self.keeper.get_or_init(|| keeper);
    }

    pub(super) fn keeper(&self) -> Option<&Arc<dyn Keeper>> {
        self.keeper.get()
    }
}

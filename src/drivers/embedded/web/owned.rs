//! Webspaces whose customers have users of their own on this node.

use std::sync::Arc;
use wabe_kernel::desired::{Act, StepFailure, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::Sites;
use crate::owners::Keeper;

impl Sites {
    /// Gives webspaces to users of their customers from now on: each one before it is shown the next time, so
    /// that nobody's files are shown or run that are not their user's.
    pub fn set_owners(&self, owners: Arc<Keeper>) {
        if self.owners.set(owners).is_err() {
            tracing::error!("webspaces have users of their own already");
        }
    }

    /// What has to be of its user before this act.
    ///
    /// Errors: `owner-failed`.
    pub(super) async fn settle(
        self: &Arc<Self>,
        id: WebspaceId,
        act: &Act,
    ) -> Result<(), StepFailure> {
        let Some(owners) = self.owners.get().map(Arc::clone) else {
            return Ok(());
        };
        let Act::ConfigureSite(Wish::Present(webspace) | Wish::Hidden(webspace)) = act else {
            return Ok(());
        };
        let (webspace, place) = (webspace.clone(), self.place(id.into()));
        self.blocking(move |sites| {
            sites.make_folder(id, &webspace.document_root)?;
            owners.settle(&webspace, &place)
        })
        .await
    }

    /// Ends what the customer runs whose last webspace this is; nothing writes into its folder any more.
    ///
    /// Errors: `owner-failed`.
    pub(super) fn quiet(&self, id: WebspaceId) -> Result<(), StepFailure> {
        self.owners.get().map_or(Ok(()), |owners| owners.quiet(id))
    }

    /// Forgets whose a webspace was that is gone.
    ///
    /// Errors: `owner-failed`.
    pub(super) fn strike(&self, id: WebspaceId) -> Result<(), StepFailure> {
        self.owners.get().map_or(Ok(()), |owners| owners.strike(id))
    }
}

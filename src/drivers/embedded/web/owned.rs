//! Webspaces whose customers have users of their own on this node.

use std::sync::Arc;
use wabe_kernel::desired::{Act, StepFailure, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::Sites;
use crate::owners::Users;

impl Sites {
    /// Gives webspaces to users of their customers from now on: each one before it is shown the next time, so
    /// that nobody's files are shown or run that are not their user's.
    pub fn set_users(&self, users: Arc<Users>) {
        // There is one start.
        self.readers.get_or_init(|| users.web().group());
        self.users.get_or_init(|| users);
    }

    /// What has to be of its user before this act.
    ///
    /// Errors: `owner-failed`.
    pub(super) async fn settle(
        self: &Arc<Self>,
        id: WebspaceId,
        act: &Act,
    ) -> Result<(), StepFailure> {
        let Some(users) = self.users.get().map(Arc::clone) else {
            return Ok(());
        };
        match act {
            Act::MakeFolder(_, _, Some(customer)) => {
                let customer = *customer;
                self.blocking(move |_| users.assign(customer, id)).await
            }
            Act::ConfigureSite(Wish::Present(webspace) | Wish::Hidden(webspace)) => {
                let (webspace, place) = (webspace.clone(), self.place(id.into()));
                self.blocking(move |sites| {
                    if let Some(customer) = webspace.customer {
                        users.assign(customer, id)?;
                    }
                    sites.make_folder(id, &webspace.document_root)?;
                    users.settle(&webspace, &place)
                })
                .await
            }
            _ => Ok(()),
        }
    }

    /// Ends what the customer runs whose last webspace this is; nothing writes into its folder any more, and nothing
    /// in it is locked.
    ///
    /// Errors: `owner-failed`.
    pub(super) fn quiet(&self, id: WebspaceId) -> Result<(), StepFailure> {
        let Some(users) = self.users.get() else {
            return Ok(());
        };
        users.quiet(id)?;
        // Applications lock folders against themselves, and it is their user who deletes them.
        users.unlock(id, &self.place(id.into()))
    }

    /// Forgets whose a webspace was that is gone.
    ///
    /// Errors: `owner-failed`.
    pub(super) fn strike(&self, id: WebspaceId) -> Result<(), StepFailure> {
        self.users.get().map_or(Ok(()), |users| users.strike(id))
    }
}

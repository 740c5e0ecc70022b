//! Working on another customer.

use crate::factor::store as factors;
use crate::identity::Identity;
use crate::session::model::Session;
use crate::session::store;
use wabe_access::{Refusal, member};
use wabe_kernel::Secret;
use wabe_kernel::id::CustomerId;

impl Identity {
    /// Turns a session to another customer of its user; answers the session's new token.
    ///
    /// # Errors
    /// `NotFound` when the user is no member there, or the session is over; `Conflict` with
    /// `factor-first` when everybody there needs a second factor and the user has none.
    pub async fn switch_customer(
        &self,
        session: &Session,
        customer: CustomerId,
    ) -> Result<Secret, Refusal> {
        if session.staff {
            return Err(Refusal::NotFound);
        }
        let mut tx = self.store.write().await?;
        if member::role(&mut tx, session.user, customer)
            .await?
            .is_none()
        {
            return Err(Refusal::NotFound);
        }
        if !session.has_factor && factors::is_required(&mut tx, customer).await? {
            return Err(Refusal::Conflict("factor-first"));
        }
        store::switch(&mut tx, (session.id, session.user), customer).await?;
        let token = self.rotate_in(&mut tx, session).await?;
        tx.commit().await?;
        token.ok_or(Refusal::NotFound)
    }
}

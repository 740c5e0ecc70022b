//! From the portal to the staff desk and back, for people who have business on both sides.

use crate::identity::Identity;
use crate::session::model::{Session, sessions_max};
use crate::session::store;
use wabe_access::gate::is_fresh;
use wabe_access::{Refusal, member};
use wabe_audit::Subject;
use wabe_kernel::Secret;

impl Identity {
    /// Turns a session to the other side; answers its new token. One session is on one side only.
    ///
    /// The desk opens only to somebody who proved their second factor within the last ten minutes, and its hours
    /// count from now. In the portal the session is as old as it was.
    ///
    /// # Errors
    /// `NotFound` when the user has no business there, or the session is over; `StepUp`; `Conflict` with
    /// `factor-first` when somebody without a second factor wants to the desk.
    pub async fn switch_side(&self, session: &Session) -> Result<Secret, Refusal> {
        let (now, to_desk) = (self.clock().now(), !session.staff);
        let mut tx = self.store.write().await?;
        let customer = if to_desk {
            let roles = member::staff_roles(&mut tx, session.user).await?;
            if roles.is_empty() {
                return Err(Refusal::NotFound);
            }
            if !session.has_factor {
                return Err(Refusal::Conflict("factor-first"));
            }
            if !is_fresh(session.proved_at(), now) {
                return Err(Refusal::StepUp);
            }
            None
        } else {
            let places = member::of_user(&mut tx, session.user).await?;
            let (customer, _) = places.first().ok_or(Refusal::NotFound)?;
            Some(*customer)
        };
        let since = if to_desk { now } else { session.created_at };
        let place = (session.id, session.user);
        store::switch_side(&mut tx, place, (to_desk, customer), since).await?;
        let token = self.rotate_in(&mut tx, session).await?;
        let most = sessions_max(to_desk);
        store::trim(&mut tx, session.user, to_desk, most).await?;
        let side = if to_desk { "desk" } else { "portal" };
        let user = Subject::User(session.user);
        self.note(&mut tx, "session.switched", user, (None, Some(side)))
            .await?;
        tx.commit().await?;
        token.ok_or(Refusal::NotFound)
    }
}

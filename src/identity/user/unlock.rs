//! Opening a login again that wrong passwords locked.

use crate::lockout::throttle::{self, Subject};
use crate::user::store;
use serde_json::json;
use wabe_access::{Command, Door, InTickets, Object, Permission, Refusal, Scope, member};
use wabe_kernel::fields;
use wabe_kernel::id::MemberId;

fields! {
    /// Lets a member try to log in again at once, after too many wrong passwords. Their password stays, and
    /// so does the count of the month: when that is spent, only the link opens that they were mailed.
    pub struct UnlockUser {
        /// Whose login.
        pub id: MemberId,
    }
}

impl Command for UnlockUser {
    const NAME: &'static str = "user.unlock";
    // One's own login; somebody else's is asked for in `apply`, and by the gate where staff act.
    const PERMISSION: Permission = Permission::SelfWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now, actor) = (door.customer(), door.now(), door.actor().clone());
        let found = member::find(door.tx(), customer, self.id).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let own = actor.user == Some(found.user);
        if actor.ticket.is_none() && !own {
            Scope::of(door.tx(), &actor)
                .await?
                .needs(Permission::MemberWrite)?;
        }
        let subject = Subject::user(found.user);
        // A login belongs to a person, not to a customer.
        let tx = door.tx();
        tx.unscope().await?;
        let works_here = !member::staff_roles(tx, found.user).await?.is_empty();
        let user = store::find(tx, found.user).await?;
        let tries = throttle::tries(tx, &subject, now).await?;
        tx.rescope().await?;
        // The login of somebody who works here opens the desk as well: neither colleagues open it on what was
        // asked for as a customer, nor whoever runs a customer that they belong to. Source: bar 3.8 T1.
        if works_here && !own {
            return Err(Refusal::Conflict("works-here"));
        }
        // Whoever spent the month proves themselves by mail. Source: bar 3.2 T2.
        if tries.spent_until.is_some() {
            return Err(Refusal::Conflict("guesses-spent"));
        }
        let until = tries.locked_until;
        let until = until.ok_or(Refusal::Conflict("login-not-locked"))?;
        let tx = door.tx();
        tx.unscope().await?;
        throttle::open(tx, &subject).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "member",
            id: self.id.to_string(),
            name: user.map(|user| user.email.to_string()).unwrap_or_default(),
        };
        let before = json!({ "id": self.id, "locked_until": until });
        let after = json!({ "id": self.id, "locked_until": null });
        door.record(object, before, after);
        Ok(())
    }
}

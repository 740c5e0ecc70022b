//! Taking a change of address back by the link that was mailed to what was before.
//!
//! Whoever made the change may know the password and sit in a session: all of it ends, and only a
//! new password opens the login again.

use crate::address_change::follow::{self, Followed};
use crate::address_change::model::Addresses;
use crate::address_change::{letter, store as changes};
use crate::desk::Desk;
use crate::lockout::store::device_revoke_all;
use crate::lockout::throttle::{self, Subject};
use crate::recovery::store as links;
use crate::secret_token::digest;
use crate::session::store as sessions;
use crate::token::end as tokens;
use crate::user::store;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::{Secret, fields};

fields! {
    /// Puts the addresses from before a change back. Ends all sessions, makes all devices unknown,
    /// revokes all API tokens and takes the password away.
    pub struct UndoEmail {
        /// The link's secret.
        pub token: Secret,
    }
}

impl UndoEmail {
    /// An undo with a link's secret.
    #[must_use]
    pub const fn of(token: Secret) -> Self {
        Self { token }
    }
}

impl Command for UndoEmail {
    const NAME: &'static str = "user.undo_email";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (tools, now) = (door.tools().clone(), door.now());
        let (desk, rng) = (Desk::of(&tools)?, tools.rng.as_ref());
        let tx = door.tx();
        tx.unscope().await?;
        let hash = digest(self.token.expose());
        let found = follow::find(tx, &hash, now).await?;
        let Some(Followed::TakesBack { change }) = found else {
            return Err(Refusal::NotFound);
        };
        // Of many who come at once, one gets further; links of later changes die with this one.
        if links::use_up(tx, &hash, now).await? != Some(change.user) {
            return Err(Refusal::NotFound);
        }
        let user = store::find(tx, change.user).await?;
        let user = user.ok_or(Refusal::NotFound)?;
        if !store::set_addresses(tx, user.id, &change.old).await? {
            return Err(Refusal::NotFound);
        }
        changes::undone(tx, &change, now).await?;
        links::supersede_all(tx, user.id, now).await?;
        store::clear_password(tx, user.id, desk.profile.history, (now, rng)).await?;
        sessions::end_others(tx, user.id, None).await?;
        device_revoke_all(tx, user.id).await?;
        tokens::all(tx, user.id, now).await?;
        throttle::reset(tx, &Subject::user(user.id)).await?;
        let then = Addresses::of(&user);
        letter::restored(tx, &desk, &user, (&change.old, &then)).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: user.id.to_string(),
            name: user.name.to_string(),
        };
        let before = json!({ "email": then.first, "second_email": then.second });
        let after = json!({ "email": change.old.first, "second_email": change.old.second });
        door.record(object, before, after);
        Ok(())
    }
}

//! Shutting a user out.

use crate::session::store as sessions;
use crate::user::enable::EnableUser;
use crate::user::model::User;
use crate::user::store;
use serde_json::{Value, json};
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Inverse, Object, Permission, Refusal, Risk, member};
use wabe_kernel::fields;
use wabe_kernel::id::UserId;

fields! {
    /// Shuts a user out: their next request fails, their API tokens rest, logging in is refused.
    pub struct DisableUser {
        /// Whom.
        pub id: UserId,
    }
}

/// The user, whom the actor may deal with: only who may make staff shuts staff out.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub(crate) async fn dealt_with(door: &mut Door<'_>, id: UserId) -> Result<User, Refusal> {
    let actor = door.actor().clone();
    let found = store::find(door.tx(), id).await?.ok_or(Refusal::NotFound)?;
    let works_here = !member::staff_roles(door.tx(), id).await?.is_empty();
    if works_here {
        let own = wabe_access::Scope::of(door.tx(), &actor).await?;
        own.needs(Permission::StaffWrite)?;
    }
    Ok(found)
}

pub(crate) fn object(user: &User) -> Object {
    Object {
        kind: "user",
        id: user.id.to_string(),
        name: user.email.to_string(),
    }
}

impl Command for DisableUser {
    const NAME: &'static str = "user.disable";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if door.actor().user == Some(self.id) {
            return Err(Refusal::Conflict("yourself"));
        }
        let found = dealt_with(door, self.id).await?;
        let now = door.now();
        store::set_disabled(door.tx(), self.id, Some(now)).await?;
        sessions::end_others(door.tx(), self.id, None).await?;
        let before = json!({ "id": self.id, "disabled_at": found.disabled_at });
        door.record(
            object(&found),
            before,
            json!({ "id": self.id, "disabled_at": now }),
        );
        Ok(())
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let id = before.get("id")?;
        Some(Inverse::new(EnableUser::NAME, json!({ "id": id })))
    }
}

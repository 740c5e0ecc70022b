//! Letting a user in again.

use crate::user::disable::{dealt_with, object};
use crate::user::store;
use serde_json::{Value, json};
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::UserId;

fields! {
    /// Lets a user log in again.
    pub struct EnableUser {
        /// Whom.
        pub id: UserId,
    }
}

impl Command for EnableUser {
    const NAME: &'static str = "user.enable";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let found = dealt_with(door, self.id).await?;
        store::set_disabled(door.tx(), self.id, None).await?;
        let before = json!({ "id": self.id, "disabled_at": found.disabled_at });
        let after = json!({ "id": self.id, "disabled_at": Value::Null });
        door.record(object(&found), before, after);
        Ok(())
    }
}

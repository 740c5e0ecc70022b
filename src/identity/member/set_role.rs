//! Giving a member another role.

use crate::member::policy;
use crate::user::store as users;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk, Role, member};
use wabe_kernel::fields;
use wabe_kernel::id::MemberId;

fields! {
    /// Gives a member another role; it holds from their next request on.
    pub struct SetRole {
        /// Whom.
        pub id: MemberId,
        /// What they are from now on.
        pub role: Role,
    }
}

impl Command for SetRole {
    const NAME: &'static str = "member.set_role";
    const PERMISSION: Permission = Permission::MemberWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let found = policy::dealt_with(door, self.id).await?;
        policy::may_assign(door, self.role).await?;
        if self.role != Role::Owner {
            policy::keep_an_owner(door, &found).await?;
        }
        let customer = door.customer();
        let tx = door.tx();
        member::set_role(tx, customer, self.id, self.role).await?;
        tx.unscope().await?;
        let user = users::find(tx, found.user).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "member",
            id: self.id.to_string(),
            name: user.map(|user| user.email.to_string()).unwrap_or_default(),
        };
        door.record(
            object,
            json!({ "role": found.role }),
            json!({ "role": self.role }),
        );
        Ok(())
    }
}

//! Ending a membership.

use crate::member::policy;
use crate::session::store as sessions;
use crate::token::store as tokens;
use crate::user::store as users;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Limit, Object, Permission, Refusal, Risk, member};
use wabe_kernel::fields;
use wabe_kernel::id::MemberId;

fields! {
    /// Ends a membership, with the person's sessions and API tokens in this customer.
    pub struct RemoveMember {
        /// Whose.
        pub id: MemberId,
    }
}

impl Command for RemoveMember {
    const NAME: &'static str = "member.remove";
    const PERMISSION: Permission = Permission::MemberWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let found = policy::dealt_with(door, self.id).await?;
        policy::keep_an_owner(door, &found).await?;
        let customer = door.customer();
        let tx = door.tx();
        member::delete(tx, customer, self.id).await?;
        tokens::revoke_in_customer(tx, customer, found.user).await?;
        tx.unscope().await?;
        sessions::end_in_customer(tx, found.user, customer).await?;
        let user = users::find(tx, found.user).await?;
        tx.rescope().await?;
        door.give(Limit::Members, 1).await?;
        let email = user.map(|user| user.email.to_string()).unwrap_or_default();
        let object = Object {
            kind: "member",
            id: self.id.to_string(),
            name: email.clone(),
        };
        let before = json!({ "user": found.user, "email": email, "role": found.role });
        door.record(object, before, Value::Null);
        Ok(())
    }
}

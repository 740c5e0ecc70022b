//! Ending an API token.

use crate::token::create::snapshot;
use crate::token::store;
use serde_json::Value;
use wabe_access::{Command, Door, Object, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::TokenId;

fields! {
    /// Ends one of one's own API tokens at once.
    pub struct RevokeToken {
        /// Which one.
        pub id: TokenId,
    }
}

impl Command for RevokeToken {
    const NAME: &'static str = "token.revoke";
    const PERMISSION: Permission = Permission::TokenWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = door.actor().user.ok_or(Refusal::Forbidden)?;
        let customer = door.customer();
        let token = store::find(door.tx(), customer, user, self.id).await?;
        let token = token.ok_or(Refusal::NotFound)?;
        store::revoke(door.tx(), customer, user, self.id).await?;
        let object = Object {
            kind: "token",
            id: token.id.to_string(),
            name: token.name.to_string(),
        };
        door.record(object, snapshot(&token), Value::Null);
        Ok(())
    }
}

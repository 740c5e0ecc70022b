//! Ending an API token of the hoster's own, whoever's it is.

use crate::token::create::snapshot;
use crate::token::{end, store};
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::TokenId;

fields! {
    /// Ends one API token of the hoster's own at once; other tokens of its owner go on.
    pub struct RevokeHosterToken {
        /// Which one.
        pub id: TokenId,
    }
}

impl Command for RevokeHosterToken {
    const NAME: &'static str = "hoster_token.revoke";
    const PERMISSION: Permission = Permission::StaffWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let token = store::find_hoster(door.tx(), self.id).await?;
        let token = token.ok_or(Refusal::NotFound)?;
        let now = door.now();
        end::one(door.tx(), &token, now).await?;
        let object = Object {
            kind: "token",
            id: token.id.to_string(),
            name: token.name.to_string(),
        };
        door.record(object, snapshot(&token), Value::Null);
        Ok(())
    }
}

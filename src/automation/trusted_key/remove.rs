//! `trusted_key.remove`

use crate::trusted_key::store;
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::TrustedKeyId;

fields! {
    /// Trusts a key no longer.
    pub struct RemoveTrustedKey {
        /// Which one.
        pub id: TrustedKeyId,
    }
}

impl Command for RemoveTrustedKey {
    const NAME: &'static str = "trusted_key.remove";
    const PERMISSION: Permission = Permission::PluginWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let found = store::load(door.tx(), self.id).await?;
        let key = found.ok_or(Refusal::NotFound)?;
        store::delete(door.tx(), self.id).await?;
        door.record(key.object(), key.snapshot(), Value::Null);
        Ok(())
    }
}

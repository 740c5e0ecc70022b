//! `trusted_key.add`

use crate::field::Prose;
use crate::trusted_key::store::{self, TrustedKey};
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk};
use wabe_kernel::id::TrustedKeyId;
use wabe_kernel::{Line, Problem, fields};
use wabe_package::PublicKey;

fields! {
    /// Trusts packages that were signed with a key.
    pub struct AddTrustedKey {
        /// Whose key it is.
        pub name: Line,
        /// The `PUBLIC KEY` file.
        pub public_key: Prose,
    }
}

impl Command for AddTrustedKey {
    const NAME: &'static str = "trusted_key.add";
    const PERMISSION: Permission = Permission::PluginWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    const RISK: Risk = Risk::Sensitive;
    type Output = TrustedKey;

    async fn apply(&self, door: &mut Door<'_>) -> Result<TrustedKey, Refusal> {
        let wrong = |_defect| Refusal::field("public_key", Problem::new("not-a-signing-key"));
        let key = PublicKey::read(&self.public_key.0).map_err(wrong)?;
        let new = TrustedKey {
            id: TrustedKeyId::new(door.now(), door.rng()),
            name: self.name.to_string(),
            fingerprint: key.id(),
            created_at: door.now(),
        };
        if !store::insert(door.tx(), &new, &key.write()).await? {
            return Err(Refusal::field(
                "public_key",
                Problem::new("key-trusted-already"),
            ));
        }
        door.record(new.object(), Value::Null, new.snapshot());
        Ok(new)
    }
}

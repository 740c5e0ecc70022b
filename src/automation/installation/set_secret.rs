//! `installation.set_secret`

use crate::desk::Desk;
use crate::installation::model::WEBHOOK_SECRET;
use crate::installation::secret::{self, Named};
use crate::installation::{settled, webhook_address};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Line, Problem, Secret, fields};

fields! {
    /// Gives an installation a secret to use, or takes it away when there is no value. Under the name
    /// `@webhook` it gets a new password for its webhooks, which is made here and shown once.
    pub struct SetSecret {
        /// Which installation.
        pub id: InstallationId,
        /// The secret's name in the manifest, or `@webhook`.
        pub name: Line,
        /// The secret; nobody reads it again.
        pub value: Option<Secret>,
    }
}

/// A secret after it was set.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SecretSet {
    /// Its name.
    pub name: String,
    /// Whether there is one now.
    pub set: bool,
    /// The new password of the webhooks; this is the only time it is shown.
    pub webhook_password: Option<String>,
}

impl Command for SetSecret {
    const NAME: &'static str = "installation.set_secret";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = SecretSet;

    async fn apply(&self, door: &mut Door<'_>) -> Result<SecretSet, Refusal> {
        let found = settled::find(door, self.id).await?;
        let (version, installation) = (found.version, found.installation);
        let (name, now) = (self.name.as_str(), door.now());
        let mut set = SecretSet {
            name: name.to_owned(),
            set: true,
            webhook_password: None,
        };
        if name == WEBHOOK_SECRET {
            if installation.webhook_slug.is_none() || self.value.is_some() {
                return Err(Refusal::field("name", Problem::new("no-such-secret")));
            }
            set.webhook_password = Some(webhook_address::set_password(door, &installation).await?);
        } else {
            let mut slots = version.manifest.secrets.iter();
            if !slots.any(|slot| slot.name.as_str() == name) {
                return Err(Refusal::field("name", Problem::new("no-such-secret")));
            }
            let tools = door.tools().clone();
            let key = &Desk::of(&tools)?.secrets;
            let named = Named {
                customer: installation.customer,
                installation: installation.id,
                name,
            };
            if let Some(value) = &self.value {
                let sealing = (key.as_ref(), tools.rng.as_ref());
                secret::set(door.tx(), sealing, named, value, now).await?;
            } else {
                secret::remove(door.tx(), named).await?;
                set.set = false;
            }
        }
        let had = found.secrets.iter().any(|known| known == name);
        let word = |is: bool, word| if is { word } else { "absent" };
        let before = json!({ "id": self.id, "secret": name, "value": word(had, "old") });
        let after = json!({ "id": self.id, "secret": name, "value": word(set.set, "new") });
        door.record(installation.object(&version), before, after);
        Ok(set)
    }
}

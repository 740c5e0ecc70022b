//! `alias.delete` and `alias.restore`

use crate::alias::{model::Alias, store};
use crate::lifecycle;
use crate::mailbox::usable_domain;
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::AliasId;
use wabe_kernel::{ResourceKind, fields};

fields! {
    /// Puts an alias into the trash for 14 days; mail to it is refused meanwhile.
    pub struct DeleteAlias {
        /// Which one.
        pub id: AliasId,
    }
}

impl Command for DeleteAlias {
    const NAME: &'static str = "alias.delete";
    const PERMISSION: Permission = Permission::MailboxWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let id = self.id.to_string();
        let found = store::find(door.tx(), customer, self.id).await?;
        found.standing.present()?;
        lifecycle::delete(door, ResourceKind::Alias, &id, found.snapshot()).await?;
        door.give(Limit::Aliases, 1).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "alias.restore",
            json!({ "id": before.get("id")? }),
        ))
    }
}

fields! {
    /// Takes an alias out of the trash.
    pub struct RestoreAlias {
        /// Which one.
        pub id: AliasId,
    }
}

impl Command for RestoreAlias {
    const NAME: &'static str = "alias.restore";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Aliases, 1)];
    type Output = Alias;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Alias, Refusal> {
        let customer = door.customer();
        let found = store::find(door.tx(), customer, self.id).await?;
        usable_domain(door, &found.address).await?;
        let (id, kind) = (self.id.to_string(), ResourceKind::Alias);
        lifecycle::restore(door, kind, &id, found.snapshot()).await?;
        store::find(door.tx(), customer, self.id).await
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "alias.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}

//! `mailbox.delete` and `mailbox.restore`

use crate::lifecycle;
use crate::mailbox::{model::Mailbox, store, usable_domain};
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{ResourceKind, fields};

fields! {
    /// Puts a mailbox into the trash for 14 days; mail to it is refused meanwhile.
    pub struct DeleteMailbox {
        /// Which one.
        pub id: MailboxId,
    }
}

impl Command for DeleteMailbox {
    const NAME: &'static str = "mailbox.delete";
    const PERMISSION: Permission = Permission::MailboxWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let id = self.id.to_string();
        let found = store::find(door.tx(), customer, self.id).await?;
        found.standing.present()?;
        lifecycle::delete(door, ResourceKind::Mailbox, &id, found.snapshot()).await?;
        door.give(Limit::Mailboxes, 1).await?;
        door.give(Limit::StorageBytes, found.quota_bytes).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "mailbox.restore",
            json!({ "id": before.get("id")? }),
        ))
    }
}

fields! {
    /// Takes a mailbox out of the trash, with its mail.
    pub struct RestoreMailbox {
        /// Which one.
        pub id: MailboxId,
    }
}

impl Command for RestoreMailbox {
    const NAME: &'static str = "mailbox.restore";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Mailboxes, 1)];
    type Output = Mailbox;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Mailbox, Refusal> {
        let customer = door.customer();
        let found = store::find(door.tx(), customer, self.id).await?;
        usable_domain(door, &found.address).await?;
        door.take(Limit::StorageBytes, found.quota_bytes).await?;
        let (id, kind) = (self.id.to_string(), ResourceKind::Mailbox);
        lifecycle::restore(door, kind, &id, found.snapshot()).await?;
        store::find(door.tx(), customer, self.id).await
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "mailbox.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}

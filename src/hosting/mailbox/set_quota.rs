//! `mailbox.set_quota`

use crate::mailbox::{model::Mailbox, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Permission, Refusal};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Quota, fields};

fields! {
    /// Gives a mailbox more room, or less. What is in it stays.
    pub struct SetMailboxQuota {
        /// Which one.
        pub id: MailboxId,
        /// The most it may hold, in bytes.
        pub quota_bytes: Quota,
    }
}

impl Command for SetMailboxQuota {
    const NAME: &'static str = "mailbox.set_quota";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Mailbox;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Mailbox, Refusal> {
        let customer = door.customer();
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        crate::move_storage(door, before.quota_bytes, self.quota_bytes.bytes()).await?;
        store::set_quota(door.tx(), customer, self.id, self.quota_bytes).await?;
        let after = Mailbox {
            quota_bytes: self.quota_bytes.bytes(),
            standing: door.wish(&self.id.to_string()).await?,
            ..before.clone()
        };
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let input = json!({ "id": before.get("id")?, "quota_bytes": before.get("quota_bytes")? });
        Some(Inverse::new(Self::NAME, input))
    }
}

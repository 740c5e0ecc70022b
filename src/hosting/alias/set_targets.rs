//! `alias.set_targets`

use crate::alias::create::check_targets;
use crate::alias::{model::Alias, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Permission, Refusal};
use wabe_kernel::id::AliasId;
use wabe_kernel::{MailAddress, fields};

fields! {
    /// Changes where an alias delivers to.
    pub struct SetAliasTargets {
        /// Which one.
        pub id: AliasId,
        /// Mailboxes of the same customer; 1 to 20.
        pub targets: Vec<MailAddress>,
    }
}

impl Command for SetAliasTargets {
    const NAME: &'static str = "alias.set_targets";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Alias;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Alias, Refusal> {
        let customer = door.customer();
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        let targets = check_targets(door, &self.targets).await?;
        store::set_targets(door.tx(), customer, self.id, &targets).await?;
        door.wish(&self.id.to_string()).await?;
        let after = store::find(door.tx(), customer, self.id).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let input = json!({ "id": before.get("id")?, "targets": before.get("targets")? });
        Some(Inverse::new(Self::NAME, input))
    }
}

//! `mailbox.set_password`

use crate::mailbox::{create::hashed, model::Mailbox, store};
use serde_json::json;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Permission, Refusal, resource};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Fault, Secret, fields};

/// Gives a mailbox the password of this hash.
pub(crate) async fn set(
    door: &mut Door<'_>,
    id: MailboxId,
    hash: &str,
) -> Result<Mailbox, Refusal> {
    let customer = door.customer();
    store::set_password(door.tx(), customer, id, hash).await?;
    door.wish(&id.to_string()).await?;
    let found = store::find(door.tx(), customer, id).await?;
    let said = |word: &str| json!({ "id": id, "password": word });
    door.record(found.object(), said("old"), said("new"));
    Ok(found)
}

fields! {
    /// Gives a mailbox another password; mail programs need the new one from then on.
    pub struct SetMailboxPassword {
        /// Which one.
        pub id: MailboxId,
        /// The new password.
        pub password: Secret,
    }
    prepared {
        /// The password, hashed.
        hash: Option<String>,
    }
}

impl Command for SetMailboxPassword {
    const NAME: &'static str = "mailbox.set_password";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const PREPARES: bool = true;
    type Output = Mailbox;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let mut tx = with.store.read_for(with.actor.customer).await?;
        let found = store::find(&mut tx, with.actor.customer, self.id).await?;
        tx.rollback().await?;
        self.hash = Some(hashed(with, &self.password, &found.address).await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Mailbox, Refusal> {
        let customer = door.customer();
        resource::load_present(door.tx(), customer, &self.id.to_string()).await?;
        let missing = Fault::new("a mailbox without a hashed password");
        let hash = self.hash.as_deref().ok_or(missing)?;
        set(door, self.id, hash).await
    }
}

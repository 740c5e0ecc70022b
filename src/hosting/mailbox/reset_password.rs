//! `mailbox.reset_password`

use crate::mailbox::set_password::set;
use crate::mailbox::{model::Mailbox, store};
use crate::new_password::{in_ticket, new_password};
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, InTickets, Permission, Refusal, Risk};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Fault, Secret, fields};

fields! {
    /// Gives a mailbox a new password that nobody chose, in a ticket: whoever may set it themselves sees it
    /// there, once, and support never does. Mail programs need it from then on.
    pub struct ResetMailboxPassword {
        /// Which one.
        pub id: MailboxId,
    }
    prepared {
        /// The password, and its hash.
        password: Option<(Secret, String)>,
    }
}

impl Command for ResetMailboxPassword {
    const NAME: &'static str = "mailbox.reset_password";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const RISK: Risk = Risk::Sensitive;
    const IN_TICKETS: InTickets = InTickets::Consented;
    const PREPARES: bool = true;
    const HANDS_OVER: bool = true;
    type Output = Mailbox;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let mut tx = with.store.read_for(with.actor.customer).await?;
        let found = store::find(&mut tx, with.actor.customer, self.id).await?;
        tx.rollback().await?;
        let address = &found.address;
        let context = [address.local().as_str(), address.domain().as_str()];
        self.password = Some(new_password(with, &context).await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Mailbox, Refusal> {
        in_ticket(door, &self.id.to_string()).await?;
        let missing = Fault::new("a mailbox without a new password");
        let (secret, hash) = self.password.as_ref().ok_or(missing)?;
        let found = set(door, self.id, hash).await?;
        door.hand_over(secret.clone());
        Ok(found)
    }
}

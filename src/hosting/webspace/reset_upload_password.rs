//! `webspace.reset_upload_password`

use crate::new_password::{in_ticket, new_password};
use crate::webspace::model::Webspace;
use crate::webspace::set_upload_password::set;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, InTickets, Permission, Refusal, Risk};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, Secret, fields};

fields! {
    /// Gives a webspace a new upload password, in a ticket: whoever may make one themselves sees it there,
    /// once, and support never does. The old one ends.
    pub struct ResetUploadPassword {
        /// Which webspace.
        pub id: WebspaceId,
    }
    prepared {
        /// The password, and its hash.
        password: Option<(Secret, String)>,
    }
}

impl Command for ResetUploadPassword {
    const NAME: &'static str = "webspace.reset_upload_password";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const RISK: Risk = Risk::Sensitive;
    const IN_TICKETS: InTickets = InTickets::Consented;
    const PREPARES: bool = true;
    const HANDS_OVER: bool = true;
    type Output = Webspace;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.password = Some(new_password(with, &[]).await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        in_ticket(door, &self.id.to_string()).await?;
        let missing = Fault::new("a webspace without a new upload password");
        let (secret, hash) = self.password.as_ref().ok_or(missing)?;
        let found = set(door, self.id, hash).await?;
        door.hand_over(secret.clone());
        Ok(found)
    }
}

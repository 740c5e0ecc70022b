//! `database.reset_password`

use crate::database::set_password::{made_for, set};
use crate::database::{model::Database, store};
use crate::new_password::in_ticket;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, InTickets, Permission, Refusal, Risk};
use wabe_kernel::id::{CustomerId, DatabaseId};
use wabe_kernel::{PasswordVerifier, Secret, fields};
use wabe_store::Tx;

fields! {
    /// Gives a database on a server a new password, in a ticket: whoever may make one themselves sees it there, once,
    /// and support never does. Programs need it from then on.
    pub struct ResetDatabasePassword {
        /// Which database.
        pub id: DatabaseId,
    }
    prepared {
        /// The password, and what the server verifies it with.
        password: Option<(Secret, PasswordVerifier)>,
    }
}

impl Command for ResetDatabasePassword {
    const NAME: &'static str = "database.reset_password";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    const RISK: Risk = Risk::Sensitive;
    const IN_TICKETS: InTickets = InTickets::Consented;
    const PREPARES: bool = true;
    const HANDS_OVER: bool = true;
    type Output = Database;

    /// Files have no passwords.
    async fn suits(tx: &mut Tx, customer: CustomerId, object: &str) -> Result<bool, Refusal> {
        let Ok(id) = object.parse() else {
            return Ok(false);
        };
        match store::find(tx, customer, id).await {
            Ok(found) => Ok(found.engine.is_server()),
            Err(Refusal::NotFound) => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.password = made_for(with, self.id).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        in_ticket(door, &self.id.to_string()).await?;
        let (found, secret) = set(door, self.id, self.password.as_ref()).await?;
        door.hand_over(secret);
        Ok(found)
    }
}

//! `database.reset_password`

use crate::database::set_password::made;
use crate::database::{model::Database, store};
use serde_json::json;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, InTickets, Permission, Refusal, Risk, resource};
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
        let mut tx = with.store.read_for(with.actor.customer).await?;
        let found = store::find(&mut tx, with.actor.customer, self.id).await?;
        tx.rollback().await?;
        self.password = made(with, found.engine, &found.name)?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        let (customer, id) = (door.customer(), self.id.to_string());
        resource::load_present(door.tx(), customer, &id).await?;
        // Elsewhere nobody keeps it for anybody: members have one made themselves.
        if door.actor().ticket.is_none() {
            return Err(Refusal::Forbidden);
        }
        let Some((secret, verifier)) = &self.password else {
            return Err(Refusal::Conflict("engine-without-password"));
        };
        store::set_verifier(door.tx(), customer, self.id, verifier).await?;
        door.wish(&id).await?;
        let found = store::find(door.tx(), customer, self.id).await?;
        let said = |word: &str| json!({ "id": self.id, "password": word });
        door.record(found.object(), said("old"), said("new"));
        door.hand_over(secret.clone());
        Ok(found)
    }
}

//! `database.set_password`

use crate::database::{model::Database, store};
use crate::new_password;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Permission, Refusal, resource};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{DatabaseName, Engine, Fault, PasswordVerifier, Secret, fields};

/// A new password for a database, and what its server verifies it with; nothing for an engine without logins.
pub(crate) fn made(
    with: &Preparing<'_>,
    engine: Engine,
    name: &DatabaseName,
) -> Result<Option<(Secret, PasswordVerifier)>, Refusal> {
    if !engine.is_server() {
        return Ok(None);
    }
    let secret = new_password::secret(with.tools, &[name.as_str()])?;
    let verifier = PasswordVerifier::of(engine, &secret, with.tools.rng.as_ref());
    let verifier = verifier.ok_or(Fault::new("make a verifier of a password"))?;
    Ok(Some((secret, verifier)))
}

/// A new password for a database that is there.
pub(crate) async fn made_for(
    with: &Preparing<'_>,
    id: DatabaseId,
) -> Result<Option<(Secret, PasswordVerifier)>, Refusal> {
    let mut tx = with.store.read_for(with.actor.customer).await?;
    let found = store::find(&mut tx, with.actor.customer, id).await?;
    tx.rollback().await?;
    made(with, found.engine, &found.name)
}

/// Gives a database the password that was made for it, and answers both.
pub(crate) async fn set(
    door: &mut Door<'_>,
    id: DatabaseId,
    made: Option<&(Secret, PasswordVerifier)>,
) -> Result<(Database, Secret), Refusal> {
    let customer = door.customer();
    let (secret, verifier) = made.ok_or(Refusal::Conflict("engine-without-password"))?;
    store::set_verifier(door.tx(), customer, id, verifier).await?;
    door.wish(&id.to_string()).await?;
    let found = store::find(door.tx(), customer, id).await?;
    let said = |word: &str| json!({ "id": id, "password": word });
    door.record(found.object(), said("old"), said("new"));
    Ok((found, secret.clone()))
}

fields! {
    /// Makes a new password for a database on a server; the old one ends, and who is logged in with it is out.
    pub struct SetDatabasePassword {
        /// Which database.
        pub id: DatabaseId,
    }
    prepared {
        /// The password, to be shown once, and what the server verifies it with.
        password: Option<(Secret, PasswordVerifier)>,
    }
}

/// The password that is shown this once, and where it is used.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewDatabasePassword {
    /// The host.
    pub host: Option<String>,
    /// The port.
    pub port: Option<i64>,
    /// What the database is called there.
    pub database: Option<String>,
    /// The login name.
    pub user: Option<String>,
    /// The password.
    pub password: String,
}

impl Command for SetDatabasePassword {
    const NAME: &'static str = "database.set_password";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    const PREPARES: bool = true;
    type Output = NewDatabasePassword;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.password = made_for(with, self.id).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<NewDatabasePassword, Refusal> {
        let customer = door.customer();
        resource::load_present(door.tx(), customer, &self.id.to_string()).await?;
        let (found, secret) = set(door, self.id, self.password.as_ref()).await?;
        Ok(NewDatabasePassword {
            host: found.host,
            port: found.port,
            database: found.database,
            user: found.user,
            password: secret.expose().to_owned(),
        })
    }
}

//! `database.create`

use crate::database::model::Created;
use crate::database::set_connections::{granted, possible};
use crate::database::set_password::made;
use crate::database::{server, store};
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Limit, Permission, Refusal};
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{
    DatabaseName, Engine, Fault, PasswordVerifier, Problem, Quota, RemoteAddresses, ResourceKind,
    Secret, ServerName, fields,
};

/// What a database may hold when nobody says otherwise.
const QUOTA_DEFAULT: i64 = Quota::GIGABYTE / 2;

fields! {
    /// Makes an empty database; on a server with a user of its own, whose password is shown once.
    pub struct CreateDatabase {
        /// Its name; used once per customer.
        pub name: DatabaseName,
        /// What runs it, of what the node offers; `sqlite` when absent.
        pub engine: Option<Engine>,
        /// The most it may hold, in bytes; 500 MB when absent.
        pub quota_bytes: Option<Quota>,
        /// Connections that programs may hold at once, on a server; up to 20 of what the plan leaves when absent.
        pub connections: Option<i64>,
    }
    prepared {
        /// The password, to be shown once, and what the server verifies it with.
        password: Option<(Secret, PasswordVerifier)>,
    }
}

impl CreateDatabase {
    fn engine(&self) -> Engine {
        self.engine.unwrap_or(Engine::Sqlite)
    }

    /// The database's name where it is free on the server, else with something added.
    async fn server_name(
        &self,
        door: &mut Door<'_>,
        id: DatabaseId,
    ) -> Result<ServerName, Refusal> {
        let plain = ServerName::plain(&self.name);
        if let Some(plain) = plain {
            door.tx().unscope().await?;
            let taken = store::is_server_name_taken(door.tx(), self.engine(), &plain).await?;
            door.tx().rescope().await?;
            if !taken {
                return Ok(plain);
            }
        }
        self.with_tail(id)
    }

    /// A name on the server that nobody else's is.
    fn with_tail(&self, id: DatabaseId) -> Result<ServerName, Refusal> {
        let id = id.to_string();
        let tail = id.get(id.len().saturating_sub(8)..).unwrap_or("");
        let name = ServerName::with_tail(&self.name, tail);
        Ok(name.ok_or(Fault::new("make a name for a server"))?)
    }

    /// What opens it; nothing where no server runs it.
    async fn login(
        &self,
        door: &mut Door<'_>,
        id: DatabaseId,
    ) -> Result<Option<DatabaseLogin>, Refusal> {
        if !self.engine().is_server() {
            return match self.connections {
                Some(_) => Err(Refusal::Conflict("engine-without-connections")),
                None => Ok(None),
            };
        }
        let connections = u32::try_from(granted(door, self.connections).await?);
        let connections =
            connections.map_err(|error| Fault::because("count connections", error))?;
        let missing = Fault::new("a database without a password");
        let (_secret, verifier) = self.password.as_ref().ok_or(missing)?;
        Ok(Some(DatabaseLogin {
            name: self.server_name(door, id).await?,
            verifier: verifier.clone(),
            connections,
            remote: RemoteAddresses::default(),
        }))
    }
}

impl Command for CreateDatabase {
    const NAME: &'static str = "database.create";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Databases, 1)];
    const PREPARES: bool = true;
    type Output = Created;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.password = made(with, self.engine(), &self.name)?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Created, Refusal> {
        if let Some(asked) = self.connections {
            possible(asked)?;
        }
        let customer = door.customer();
        if !server::is_offered(door.tx(), self.engine()).await? {
            return Err(Refusal::field("engine", Problem::new("engine-not-offered")));
        }
        if store::is_taken(door.tx(), customer, &self.name).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        let fallback = Quota::new(QUOTA_DEFAULT).ok_or(Refusal::NotFound)?;
        let quota = self.quota_bytes.unwrap_or(fallback);
        door.take(Limit::StorageBytes, quota.bytes()).await?;
        let id = DatabaseId::new(door.now(), door.rng());
        let login = self.login(door, id).await?;
        door.create_resource(ResourceKind::Database, &id.to_string(), self.name.as_str())
            .await?;
        let new = store::NewDatabase {
            id,
            name: &self.name,
            engine: self.engine(),
            quota,
            login: login.as_ref(),
        };
        if !store::insert(door.tx(), customer, &new).await? {
            // Somebody else's was free at the same moment.
            let other = match &login {
                Some(login) => Some(DatabaseLogin {
                    name: self.with_tail(id)?,
                    ..login.clone()
                }),
                None => None,
            };
            let login = other.as_ref();
            let again = store::NewDatabase { login, ..new };
            if !store::insert(door.tx(), customer, &again).await? {
                return Err(Refusal::field("name", Problem::new("name-taken")));
            }
        }
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), serde_json::Value::Null, made.snapshot());
        let secret = self.password.as_ref().map(|(secret, _)| secret.expose());
        Ok(Created {
            database: made,
            password: secret.map(str::to_owned),
        })
    }

    fn inverse(
        _before: &serde_json::Value,
        after: &serde_json::Value,
    ) -> Option<wabe_access::Inverse> {
        let input = serde_json::json!({ "id": after.get("id")? });
        Some(wabe_access::Inverse::new("database.delete", input))
    }
}

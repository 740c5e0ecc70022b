//! PostgreSQL with the databases of customers.
//!
//! Each has a database and one role of the same name: no superuser, no other databases, no roles, no files
//! and no programs of the server. The database belongs to the administrator, the schema `public` to the
//! customer, and nobody else may connect; from elsewhere a role comes in over TLS from where the customer listed,
//! on instances that are ours. The server learns SCRAM verifiers only. Extensions come from a
//! list that an event trigger holds (`fit.sql`).
//!
//! Invariants: an administrator's connection to a customer's database finds names in `pg_catalog` only, so
//! nothing a customer defines there is ever run with its rights. What a customer types runs over a
//! connection that logged in as theirs.

mod account;
mod console;
mod dump;
mod fit;
mod hba;
pub mod instance;
mod quote;
mod remote;
mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};
use wabe_kernel::content::{ByteSource, ContentError, QueryResult, TableInfo};
use wabe_kernel::desired::{DatabaseLogin, Working};
use wabe_kernel::quota::Bytes;
use wabe_kernel::{Clock, Engine, Rng, Secret, ServerName};

use crate::database_server::dump::Incoming;
use crate::database_server::server::{
    DatabaseServer, Held, Offer, Place, Reach, Seen, Trouble, connected, within,
};
use crate::postgresql::hba::Hba;

/// The database that administrators work in.
const HOME: &str = "postgres";
/// How long it waits for what somebody else holds.
const LOCKED: &str = "5s";

const SIZES: &str = "SELECT CAST(datname AS text) AS name, GREATEST(pg_database_size(oid) - \
    (SELECT pg_database_size(oid) FROM pg_database WHERE datname = 'template0'), 0) AS bytes \
    FROM pg_database WHERE NOT datistemplate AND datallowconn AND datname <> 'postgres'";
const SIZE: &str = "SELECT GREATEST(pg_database_size(oid) - \
    (SELECT pg_database_size(oid) FROM pg_database WHERE datname = 'template0'), 0) AS bytes \
    FROM pg_database WHERE datname = $1";

/// A PostgreSQL server.
#[derive(Clone)]
pub struct Postgresql {
    place: Place,
    /// Who may connect, where that file is ours.
    hba: Option<Hba>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Postgresql {
    /// The server at this place. Nothing is asked of it yet.
    #[must_use]
    pub fn new(place: Place, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Arc<Self> {
        Arc::new(Self {
            place,
            hba: None,
            clock,
            rng,
        })
    }

    /// The same of an instance whose `pg_hba.conf` is ours.
    fn with_rules(
        (place, hba): (Place, Hba),
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Arc<Self> {
        Arc::new(Self {
            place,
            hba: Some(hba),
            clock,
            rng,
        })
    }

    /// Closes the server's own databases to everybody but administrators, and removes what consoles left
    /// behind when an earlier process ended.
    ///
    /// Errors: the server's.
    pub async fn prepare(&self) -> Result<(), Trouble> {
        within(async {
            let mut home = self.admin(HOME).await?;
            for closing in [
                "REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC",
                "REVOKE CONNECT, TEMPORARY ON DATABASE template1 FROM PUBLIC",
            ] {
                home.execute(sqlx::raw_sql(closing)).await?;
            }
            self.sweep(&mut home, None).await?;
            Ok(home.close().await?)
        })
        .await
    }

    /// A connection, which nothing in the database can lead astray.
    async fn connect(
        &self,
        database: &str,
        (user, password): (&str, &Secret),
        settings: &[(&str, &str)],
    ) -> Result<PgConnection, Trouble> {
        let options = PgConnectOptions::new_without_pgpass()
            .host(&self.place.host)
            .port(self.place.port)
            .username(user)
            .password(password.expose())
            .database(database)
            .ssl_mode(PgSslMode::Disable)
            .application_name("wabe")
            .options(settings.iter().copied())
            .disable_statement_logging();
        connected(options.connect()).await
    }

    /// An administrator's connection.
    async fn admin(&self, database: &str) -> Result<PgConnection, Trouble> {
        let login = (self.place.user.as_str(), &self.place.password);
        // What a customer's open transaction holds is not waited for beyond that.
        let settings = [("search_path", "pg_catalog"), ("lock_timeout", LOCKED)];
        self.connect(database, login, &settings).await
    }

    async fn version(&self) -> Result<String, Trouble> {
        let mut home = self.admin(HOME).await?;
        let asked = sqlx::query("SELECT current_setting('server_version') AS version");
        let row = home.fetch_one(asked).await?;
        let version = row.try_get("version")?;
        home.close().await?;
        Ok(version)
    }

    async fn measure(&self, name: &ServerName) -> Result<Bytes, Trouble> {
        let mut home = self.admin(HOME).await?;
        let query = sqlx::query(SIZE).bind(name.as_str());
        let row = home.fetch_optional(query).await?;
        home.close().await?;
        Ok(row.map_or(Ok(0), |row| row.try_get("bytes"))?)
    }

    async fn measure_all(&self) -> Result<BTreeMap<String, Bytes>, Trouble> {
        let mut home = self.admin(HOME).await?;
        let rows = home.fetch_all(sqlx::query(SIZES)).await?;
        home.close().await?;
        let sizes = rows
            .iter()
            .map(|row| Ok((row.try_get("name")?, row.try_get("bytes")?)));
        Ok(sizes.collect::<Result<_, sqlx::Error>>()?)
    }
}

impl DatabaseServer for Postgresql {
    fn offer(&self) -> Working<'_, Offer> {
        Box::pin(async move {
            let version = within(self.version()).await;
            self.place.offer(Engine::Postgresql, version)
        })
    }

    fn engine(&self) -> Engine {
        Engine::Postgresql
    }

    fn misfits<'a>(
        &'a self,
        ours: &'a BTreeSet<String>,
    ) -> Working<'a, Result<Vec<String>, Trouble>> {
        Box::pin(within(Self::misfits(self, ours)))
    }

    fn prepare(&self) -> Working<'_, Result<(), Trouble>> {
        Box::pin(Self::prepare(self))
    }

    fn look<'a>(&'a self, login: &'a DatabaseLogin) -> Working<'a, Result<Seen, Trouble>> {
        Box::pin(within(self.seen(login)))
    }

    fn make<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>> {
        Box::pin(within(self.make_database(name)))
    }

    fn admit<'a>(
        &'a self,
        login: &'a DatabaseLogin,
        reach: Reach,
    ) -> Working<'a, Result<(), Trouble>> {
        Box::pin(within(self.set_role(login, reach)))
    }

    fn remove<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>> {
        Box::pin(within(self.drop_all(name)))
    }

    fn size<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<Bytes, Trouble>> {
        Box::pin(within(self.measure(name)))
    }

    fn sizes(&self) -> Working<'_, Result<BTreeMap<String, Bytes>, Trouble>> {
        Box::pin(within(self.measure_all()))
    }

    fn query<'a>(
        &'a self,
        held: Held<'a>,
        sql: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(self.run_typed(held, sql, skip))
    }

    fn tables<'a>(&'a self, held: Held<'a>) -> Working<'a, Result<Vec<TableInfo>, ContentError>> {
        Box::pin(self.list_tables(held))
    }

    fn rows<'a>(
        &'a self,
        held: Held<'a>,
        table: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(self.read_table(held, table, skip))
    }

    fn import<'a>(
        &'a self,
        held: Held<'a>,
        dump: Incoming<'a>,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(self.take_dump(held, dump))
    }

    fn export<'a>(
        &'a self,
        held: Held<'a>,
    ) -> Working<'a, Result<Box<dyn ByteSource>, ContentError>> {
        Box::pin(self.write_dump(held))
    }
}

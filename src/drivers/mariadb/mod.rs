//! MariaDB with the databases of customers.
//!
//! Each has a database and one user of the same name, who logs in from this machine, and over TLS from where the
//! customer listed, holds what belongs to that database and nothing global: no files, no processes, no users, no
//! other database. The server learns hashes only, of the one kind that every client speaks
//! (`mysql_native_password`).
//!
//! Invariants: a grant names one database, its `_` and `%` escaped. What a customer types runs over a
//! connection that logged in as theirs.

mod account;
mod console;
mod dump;
mod fit;
mod hosts;
pub mod instance;
mod quote;
pub(crate) mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, MySqlConnection, Row as _};
use wabe_kernel::content::{ByteSource, ContentError, QueryResult, TableInfo};
use wabe_kernel::desired::{DatabaseLogin, Working};
use wabe_kernel::quota::Bytes;
use wabe_kernel::{Clock, Engine, Rng, Secret, ServerName};

use crate::database_server::dump::Incoming;
use crate::database_server::server::{
    DatabaseServer, Held, Offer, Place, Reach, Seen, Trouble, connected, within,
};

const SIZES: &str = "SELECT CAST(SUBSTRING_INDEX(NAME, '/', 1) AS CHAR) AS name, \
    CAST(SUM(FILE_SIZE) AS SIGNED) AS bytes FROM information_schema.INNODB_SYS_TABLESPACES \
    WHERE NAME LIKE '%/%' GROUP BY SUBSTRING_INDEX(NAME, '/', 1)";
const SIZE: &str = "SELECT CAST(COALESCE(SUM(FILE_SIZE), 0) AS SIGNED) AS bytes \
    FROM information_schema.INNODB_SYS_TABLESPACES WHERE SUBSTRING_INDEX(NAME, '/', 1) = ?";

/// A MariaDB server.
pub struct Mariadb {
    place: Place,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Mariadb {
    /// The server at this place. Nothing is asked of it yet.
    #[must_use]
    pub fn new(place: Place, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Arc<Self> {
        Arc::new(Self { place, clock, rng })
    }

    fn options(&self, (user, password): (&str, &Secret)) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .host(&self.place.host)
            .port(self.place.port)
            .username(user)
            .password(password.expose())
            .ssl_mode(MySqlSslMode::Disabled)
            .disable_statement_logging()
    }

    /// An administrator's connection.
    async fn admin(&self) -> Result<MySqlConnection, Trouble> {
        let login = (self.place.user.as_str(), &self.place.password);
        let mut home = connected(self.options(login).connect()).await?;
        // What a customer's open transaction holds is not waited for beyond ten seconds.
        let bound =
            sqlx::raw_sql("SET SESSION lock_wait_timeout = 10, innodb_lock_wait_timeout = 10");
        home.execute(bound).await?;
        Ok(home)
    }

    async fn version(&self) -> Result<String, Trouble> {
        let mut home = self.admin().await?;
        let row = home
            .fetch_one(sqlx::query("SELECT VERSION() AS version"))
            .await?;
        let version = row.try_get("version")?;
        home.close().await?;
        Ok(version)
    }

    async fn measure(&self, name: &ServerName) -> Result<Bytes, Trouble> {
        let mut home = self.admin().await?;
        let query = sqlx::query(SIZE).bind(name.as_str());
        let row = home.fetch_one(query).await?;
        home.close().await?;
        Ok(row.try_get("bytes")?)
    }

    async fn measure_all(&self) -> Result<BTreeMap<String, Bytes>, Trouble> {
        let mut home = self.admin().await?;
        let rows = home.fetch_all(sqlx::query(SIZES)).await?;
        home.close().await?;
        let sizes = rows
            .iter()
            .map(|row| Ok((row.try_get("name")?, row.try_get("bytes")?)));
        Ok(sizes.collect::<Result<_, sqlx::Error>>()?)
    }
}

impl DatabaseServer for Mariadb {
    fn offer(&self) -> Working<'_, Offer> {
        Box::pin(async move {
            let version = within(self.version()).await;
            self.place.offer(Engine::Mariadb, version)
        })
    }

    fn engine(&self) -> Engine {
        Engine::Mariadb
    }

    fn misfits<'a>(
        &'a self,
        ours: &'a BTreeSet<String>,
    ) -> Working<'a, Result<Vec<String>, Trouble>> {
        Box::pin(within(Self::misfits(self, ours)))
    }

    fn prepare(&self) -> Working<'_, Result<(), Trouble>> {
        Box::pin(async { Ok(()) })
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
        Box::pin(within(self.set_user(login, reach)))
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

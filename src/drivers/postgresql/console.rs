//! What a customer types, and tables that are looked at, over a connection that logged in as theirs.
//!
//! Nobody here knows the customer's password, and an administrator who only pretended to be the customer
//! could be talked out of it by a statement. So each time a role is made that is nobody but the customer's
//! role, logs in once, and is removed. What it made is the customer's.

use futures_util::StreamExt as _;
use sqlx::postgres::{PgColumn, PgRow};
use sqlx::{
    Column as _, Connection as _, Either, Executor as _, PgConnection, Row as _, TypeInfo as _,
    ValueRef as _,
};
use wabe_kernel::content::{ContentError, QueryResult, TableInfo};
use wabe_kernel::rng::random;
use wabe_kernel::{Engine, PasswordVerifier, Secret, hex};

use crate::database_server::page::{
    Cell, Page, ROWS, STATEMENTS_BYTES_MAX, binary, in_time, measured, number,
};
use crate::database_server::rendered::{Quoted, Rendered, typed};
use crate::database_server::server::{Held, Trouble, within};
use crate::postgresql::account::run;
use crate::postgresql::quote::{identifier, literal};
use crate::postgresql::{HOME, Postgresql};

/// What the names of such roles begin with; no customer's does. Those of dumps live longer.
const PREFIX: &str = "wabe_c_";
const DUMP_PREFIX: &str = "wabe_d_";

const LEFT_BEHIND: &str = "SELECT CAST(c.rolname AS text) AS console, \
    CAST(COALESCE(u.rolname, '') AS text) AS customer FROM pg_roles c \
    LEFT JOIN pg_auth_members m ON m.member = c.oid LEFT JOIN pg_roles u ON u.oid = m.roleid \
    WHERE starts_with(CAST(c.rolname AS text), 'wabe_c_') \
    OR starts_with(CAST(c.rolname AS text), 'wabe_d_')";
const THERE: &str = "SELECT rolname FROM pg_roles WHERE rolname = $1";
/// Counts exactly what is small, and believes the planner where counting would take long.
const TABLES: &str = "SELECT CASE WHEN n.nspname = 'public' THEN CAST(c.relname AS text) \
    ELSE n.nspname || '.' || c.relname END AS name, CASE WHEN c.reltuples > 100000 \
    THEN CAST(c.reltuples AS bigint) ELSE CAST(CAST((xpath('/row/c/text()', query_to_xml(format( \
    'SELECT count(*) AS c FROM %I.%I', n.nspname, c.relname), false, true, '')))[1] AS text) AS bigint) \
    END AS rows FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'wabe') \
    AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1 LIMIT 1000";
const FIND_TABLE: &str = "SELECT CAST(n.nspname AS text) AS place, CAST(c.relname AS text) AS name \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'wabe') \
    AND n.nspname !~ '^pg_' AND CASE WHEN n.nspname = 'public' THEN CAST(c.relname AS text) \
    ELSE n.nspname || '.' || c.relname END = $1";

/// A role for one look, and the connection that it logged in with.
pub(super) struct Console {
    name: String,
    pub(super) connection: PgConnection,
}

/// A role that logs in once as the customer.
pub(super) struct Guest {
    pub(super) name: String,
    pub(super) password: Secret,
}

/// What a role that logs in once is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Statements and looks, which take seconds.
    Console,
    /// A dump, which takes minutes.
    Dump,
}

impl Purpose {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Console => PREFIX,
            Self::Dump => DUMP_PREFIX,
        }
    }

    /// The age at which a role is one that was left behind, in milliseconds.
    const fn old_millis(self) -> i64 {
        match self {
            Self::Console => 60_000,
            Self::Dump => 900_000,
        }
    }
}

/// Whether a role is one that was left behind.
fn is_old(role: &str, now: i64) -> bool {
    let made = [Purpose::Console, Purpose::Dump]
        .into_iter()
        .find_map(|purpose| {
            let (millis, _) = role.strip_prefix(purpose.prefix())?.split_once('_')?;
            Some((purpose, i64::from_str_radix(millis, 16).ok()?))
        });
    made.is_none_or(|(purpose, at)| now.saturating_sub(at) > purpose.old_millis())
}

/// What the customer is told of a server's refusal: its own words, where they are about the statement.
pub(super) fn said(error: sqlx::Error) -> ContentError {
    if let sqlx::Error::Database(words) = &error {
        return match words.code().as_deref() {
            Some("57014") => ContentError::TimedOut,
            _ => ContentError::Rejected(words.message().to_owned()),
        };
    }
    Trouble::from(error).into()
}

impl Postgresql {
    pub(super) async fn open_console(
        &self,
        customer: &str,
        purpose: Purpose,
    ) -> Result<Console, Trouble> {
        let Guest { name, password } = self.invite(customer, purpose).await?;
        match self.connect(customer, (&name, &password), &[]).await {
            Ok(connection) => Ok(Console { name, connection }),
            Err(trouble) => {
                self.dismiss(&name).await;
                Err(trouble)
            }
        }
    }

    /// Makes a role that logs in once as the customer.
    pub(super) async fn invite(&self, customer: &str, purpose: Purpose) -> Result<Guest, Trouble> {
        let (bytes, rng) = (random::<24>(self.rng.as_ref()), self.rng.as_ref());
        let (tail, secret) = bytes.split_at(4);
        let (prefix, now) = (purpose.prefix(), self.clock.now().millis());
        let name = format!("{prefix}{now:x}_{}", hex(tail));
        let password = Secret::new(hex(secret));
        let verifier = PasswordVerifier::of(Engine::Postgresql, &password, rng);
        let missing = || Trouble::Refused("no verifier".to_owned());
        let verifier = literal(verifier.ok_or_else(missing)?.as_str())?;
        let mut home = self.admin(HOME).await?;
        self.sweep(&mut home, Some(customer)).await?;
        home.close().await?;
        if let Err(trouble) = self.make_console((&name, &verifier), customer).await {
            self.dismiss(&name).await;
            return Err(trouble);
        }
        Ok(Guest { name, password })
    }

    /// Removes a role that could not be used.
    async fn dismiss(&self, name: &str) {
        if let Err(trouble) = self.close_console(name).await {
            tracing::warn!(?trouble, "a console's role was not removed");
        }
    }

    /// Makes the role that a console logs in as.
    async fn make_console(
        &self,
        (name, verifier): (&str, &Quoted),
        customer: &str,
    ) -> Result<(), Trouble> {
        let (own, role) = (identifier(name)?, identifier(customer)?);
        let mut home = self.admin(HOME).await?;
        let make = "CREATE ROLE ? LOGIN INHERIT CONNECTION LIMIT 1 PASSWORD ? IN ROLE ?";
        run(&mut home, &[make], &[&own, verifier, &role]).await?;
        run(
            &mut home,
            &["ALTER ROLE ? SET role = ?"],
            &[&own, &literal(customer)?],
        )
        .await?;
        let limits = [
            "ALTER ROLE ? SET statement_timeout = '9s'",
            "ALTER ROLE ? SET temp_file_limit = '256MB'",
        ];
        run(&mut home, &limits, &[&own]).await?;
        Ok(home.close().await?)
    }

    /// Ends the role and leaves what it made to the customer.
    pub(super) async fn close_console(&self, console: &str) -> Result<(), Trouble> {
        let own = identifier(console)?;
        let mut home = self.admin(HOME).await?;
        // Somebody else may have swept it away.
        let there = sqlx::query(THERE).bind(console);
        if home.fetch_optional(there).await?.is_some() {
            run(&mut home, &["ALTER ROLE ? NOLOGIN"], &[&own]).await?;
            self.drop_role(&mut home, (console, &own)).await?;
        }
        Ok(home.close().await?)
    }

    /// Removes what consoles left behind when nobody waited for their end: of one customer's what is old, or
    /// everything, when a process begins. A role that cannot be removed lets nobody in, and is tried again.
    pub(super) async fn sweep(
        &self,
        home: &mut PgConnection,
        only: Option<&str>,
    ) -> Result<(), Trouble> {
        let now = self.clock.now().millis();
        for row in home.fetch_all(sqlx::query(LEFT_BEHIND)).await? {
            let console: String = row.try_get("console")?;
            let customer: String = row.try_get("customer")?;
            let is_customers = only == Some(customer.as_str());
            if only.is_none() || (is_customers && is_old(&console, now)) {
                let closed = self.close_console(&console).await;
                if let Err(trouble) = closed {
                    tracing::error!(?trouble, "a console's role stays");
                }
            }
        }
        Ok(())
    }

    async fn enter(&self, held: Held<'_>) -> Result<Console, ContentError> {
        Ok(within(self.open_console(held.login().name.as_str(), Purpose::Console)).await?)
    }

    pub(super) async fn leave(&self, console: Console) {
        let Console { name, connection } = console;
        // The session may be in the middle of something: it is ended, not asked.
        drop(connection);
        if let Err(trouble) = within(self.close_console(&name)).await {
            tracing::warn!(?trouble, "a console's role was not removed");
        }
    }

    pub(super) async fn run_typed(
        &self,
        held: Held<'_>,
        sql: &str,
        skip: usize,
    ) -> Result<QueryResult, ContentError> {
        if sql.len() > STATEMENTS_BYTES_MAX {
            return Err(ContentError::Refused("sql-limit"));
        }
        let mut console = self.enter(held).await?;
        let asked = gather(&mut console.connection, typed(sql), skip);
        let found = measured(self.clock.as_ref(), asked).await;
        self.leave(console).await;
        found
    }

    pub(super) async fn list_tables(&self, held: Held<'_>) -> Result<Vec<TableInfo>, ContentError> {
        let mut console = self.enter(held).await?;
        let found = in_time(tables(&mut console.connection)).await;
        self.leave(console).await;
        found
    }

    pub(super) async fn read_table(
        &self,
        held: Held<'_>,
        table: &str,
        skip: usize,
    ) -> Result<QueryResult, ContentError> {
        let mut console = self.enter(held).await?;
        let asked = table_page(&mut console.connection, table, skip);
        let found = measured(self.clock.as_ref(), asked).await;
        self.leave(console).await;
        found
    }
}

async fn tables(connection: &mut PgConnection) -> Result<Vec<TableInfo>, ContentError> {
    let rows = connection
        .fetch_all(sqlx::query(TABLES))
        .await
        .map_err(said)?;
    let table = |row: &PgRow| {
        Ok(TableInfo {
            name: row.try_get("name")?,
            rows: row.try_get("rows")?,
        })
    };
    let tables = rows.iter().map(table);
    tables.collect::<Result<_, sqlx::Error>>().map_err(said)
}

async fn table_page(
    connection: &mut PgConnection,
    table: &str,
    skip: usize,
) -> Result<Page, ContentError> {
    let query = sqlx::query(FIND_TABLE).bind(table);
    let row = connection.fetch_optional(query).await.map_err(said)?;
    let row = row.ok_or(ContentError::NotFound)?;
    let part = |column: &str| {
        let name: String = row.try_get(column).map_err(said)?;
        identifier(&name).map_err(|_not_quotable| ContentError::NotFound)
    };
    let (place, name) = (part("place")?, part("name")?);
    let number = |count: usize| Quoted::number(u32::try_from(count).unwrap_or(u32::MAX));
    let read = Rendered::new(
        "SELECT * FROM ?.? LIMIT ? OFFSET ?",
        &[&place, &name, &number(ROWS + 1), &number(skip)],
    );
    gather(connection, read.raw(), 0).await
}

/// The rows that the last of these statements answers.
async fn gather(
    connection: &mut PgConnection,
    sql: sqlx::RawSql,
    skip: usize,
) -> Result<Page, ContentError> {
    let mut page = Page::new(skip);
    let mut coming = connection.fetch_many(sql);
    while let Some(next) = coming.next().await {
        match next.map_err(said)? {
            Either::Left(done) => page.end(done.rows_affected()),
            Either::Right(row) if page.wants() => {
                let name = |column: &PgColumn| column.name().to_owned();
                page.take(|| row.columns().iter().map(name).collect(), cells(&row)?)?;
            }
            Either::Right(_) => {}
        }
    }
    drop(coming);
    Ok(page)
}

/// The values of a row. The simple protocol sends each of them as text.
fn cells(row: &PgRow) -> Result<Vec<Cell>, ContentError> {
    let cell = |place: usize| -> Result<Cell, ContentError> {
        let value = row.try_get_raw(place).map_err(said)?;
        if value.is_null() {
            return Ok((serde_json::Value::Null, 4));
        }
        let kind = value.type_info().name().to_owned();
        let text = value.as_str();
        let text = text.map_err(|_no_text| ContentError::Refused("sql-limit"))?;
        let shown = match kind.as_str() {
            "INT2" | "INT4" | "INT8" | "FLOAT4" | "FLOAT8" => number(text),
            "BYTEA" => bytes(text).map_or_else(|| text.into(), |bytes| binary(&bytes)),
            _ => text.into(),
        };
        Ok((shown, text.len()))
    };
    (0..row.len()).map(cell).collect()
}

/// Bytes as PostgreSQL writes them: `\x` and hexadecimal digits.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

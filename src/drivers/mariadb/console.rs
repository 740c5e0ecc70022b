//! What a customer types, and tables that are looked at, over a connection that logged in as theirs.
//!
//! Nobody here knows the customer's password, and MariaDB lets nobody become somebody else. So the user gets
//! a second password for the moment of one login, which nobody else learns and which ends at once.

use futures_util::StreamExt as _;
use sqlx::mysql::{MySqlColumn, MySqlRow};
use sqlx::{
    Column as _, ConnectOptions as _, Connection as _, Either, Executor as _, MySqlConnection,
    Row as _, TypeInfo as _,
};
use wabe_kernel::content::{ContentError, QueryResult, TableInfo};
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::rng::random;
use wabe_kernel::{Engine, PasswordVerifier, Secret, hex};

use crate::database_server::page::{
    Cell, Page, ROWS, STATEMENTS_BYTES_MAX, binary, in_time, measured, number,
};
use crate::database_server::rendered::{Quoted, Rendered, typed};
use crate::database_server::server::{Held, Trouble, connected, within};
use crate::mariadb::Mariadb;
use crate::mariadb::account::run;
use crate::mariadb::quote::{identifier, literal};

/// Tables with more rows than this are not counted.
const COUNTED_MAX: i64 = 100_000;
/// The server's own codes: a statement that took too long, and one that was interrupted.
const TOO_LONG: [u16; 2] = [1969, 1317];

const TABLES: &str = "SELECT CAST(TABLE_NAME AS CHAR) AS name, \
    CAST(COALESCE(TABLE_ROWS, 0) AS SIGNED) AS about FROM information_schema.TABLES \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME LIMIT 1000";
const FIND_TABLE: &str = "SELECT CAST(TABLE_NAME AS CHAR) AS name FROM information_schema.TABLES \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME = ?";

/// What the customer is told of a server's refusal: its own words, where they are about the statement.
pub(super) fn said(error: sqlx::Error) -> ContentError {
    if let sqlx::Error::Database(words) = &error {
        let known = words.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
        let late = known.is_some_and(|words| TOO_LONG.contains(&words.number()));
        return if late {
            ContentError::TimedOut
        } else {
            ContentError::Rejected(words.message().to_owned())
        };
    }
    Trouble::from(error).into()
}

impl Mariadb {
    async fn open_console(&self, login: &DatabaseLogin) -> Result<MySqlConnection, Trouble> {
        let password = self.second_password(login).await?;
        let name = login.name.as_str();
        let options = self.options((name, &password)).database(name);
        let connected = connected(options.connect()).await;
        self.end_second_password(login).await?;
        let mut connection = connected?;
        let limit = sqlx::raw_sql("SET SESSION max_statement_time = 9");
        connection.execute(limit).await?;
        Ok(connection)
    }

    /// Gives the user a second password, which has to end once somebody has logged in with it. The next one
    /// writes over it, so whoever asks holds the login meanwhile.
    pub(super) async fn second_password(&self, login: &DatabaseLogin) -> Result<Secret, Trouble> {
        let password = Secret::new(hex(&random::<24>(self.rng.as_ref())));
        let verifier = PasswordVerifier::of(Engine::Mariadb, &password, self.rng.as_ref());
        let missing = || Trouble::Refused("no verifier".to_owned());
        let second = literal(verifier.ok_or_else(missing)?.as_str())?;
        let (user, first) = (
            literal(login.name.as_str())?,
            literal(login.verifier.as_str())?,
        );
        let mut home = self.admin().await?;
        let both = "ALTER USER ?@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING ? \
                    OR mysql_native_password USING ?";
        run(&mut home, &[both], &[&user, &first, &second]).await?;
        home.close().await?;
        Ok(password)
    }

    /// Leaves the user its own password alone.
    pub(super) async fn end_second_password(&self, login: &DatabaseLogin) -> Result<(), Trouble> {
        let (user, first) = (
            literal(login.name.as_str())?,
            literal(login.verifier.as_str())?,
        );
        let one = "ALTER USER ?@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING ?";
        let mut home = self.admin().await?;
        run(&mut home, &[one], &[&user, &first]).await?;
        Ok(home.close().await?)
    }

    async fn enter(&self, held: Held<'_>) -> Result<MySqlConnection, ContentError> {
        Ok(within(self.open_console(held.login())).await?)
    }

    /// Ends what the session still does: the server would not notice for a while that nobody listens.
    pub(super) async fn leave(&self, connection: MySqlConnection, session: u64) {
        drop(connection);
        let ending = within(async {
            let mut home = self.admin().await?;
            let session = Quoted::number(u32::try_from(session).unwrap_or(u32::MAX));
            // It has ended by itself already, as a rule.
            drop(run(&mut home, &["KILL ?"], &[&session]).await);
            Ok(home.close().await?)
        });
        if let Err(trouble) = ending.await {
            tracing::warn!(?trouble, "a console's session was not ended");
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
        let mut connection = self.enter(held).await?;
        let session = session(&mut connection).await?;
        let asked = gather(&mut connection, typed(sql), skip);
        let found = measured(self.clock.as_ref(), asked).await;
        self.leave(connection, session).await;
        found
    }

    pub(super) async fn list_tables(&self, held: Held<'_>) -> Result<Vec<TableInfo>, ContentError> {
        let mut connection = self.enter(held).await?;
        let session = session(&mut connection).await?;
        let found = in_time(tables(&mut connection)).await;
        self.leave(connection, session).await;
        found
    }

    pub(super) async fn read_table(
        &self,
        held: Held<'_>,
        table: &str,
        skip: usize,
    ) -> Result<QueryResult, ContentError> {
        let mut connection = self.enter(held).await?;
        let session = session(&mut connection).await?;
        let asked = table_page(&mut connection, table, skip);
        let found = measured(self.clock.as_ref(), asked).await;
        self.leave(connection, session).await;
        found
    }
}

/// The number by which an administrator ends this session.
pub(super) async fn session(connection: &mut MySqlConnection) -> Result<u64, ContentError> {
    let query = sqlx::query("SELECT CAST(CONNECTION_ID() AS UNSIGNED) AS session");
    let row = connection.fetch_one(query).await.map_err(said)?;
    row.try_get("session").map_err(said)
}

async fn tables(connection: &mut MySqlConnection) -> Result<Vec<TableInfo>, ContentError> {
    let rows = connection
        .fetch_all(sqlx::query(TABLES))
        .await
        .map_err(said)?;
    let mut found = Vec::new();
    for row in rows {
        let name: String = row.try_get("name").map_err(said)?;
        let about: i64 = row.try_get("about").map_err(said)?;
        let rows = match identifier(&name) {
            Ok(quoted) if about <= COUNTED_MAX => count(connection, &quoted).await?,
            _ => about,
        };
        found.push(TableInfo { name, rows });
    }
    Ok(found)
}

async fn count(connection: &mut MySqlConnection, table: &Quoted) -> Result<i64, ContentError> {
    let count = Rendered::new("SELECT CAST(COUNT(*) AS SIGNED) AS found FROM ?", &[table]);
    let row = connection.fetch_one(count.raw()).await.map_err(said)?;
    row.try_get("found").map_err(said)
}

async fn table_page(
    connection: &mut MySqlConnection,
    table: &str,
    skip: usize,
) -> Result<Page, ContentError> {
    let query = sqlx::query(FIND_TABLE).bind(table);
    let row = connection.fetch_optional(query).await.map_err(said)?;
    let row = row.ok_or(ContentError::NotFound)?;
    let name: String = row.try_get("name").map_err(said)?;
    let name = identifier(&name).map_err(|_not_quotable| ContentError::NotFound)?;
    let number = |count: usize| Quoted::number(u32::try_from(count).unwrap_or(u32::MAX));
    let read = Rendered::new(
        "SELECT * FROM ? LIMIT ? OFFSET ?",
        &[&name, &number(ROWS + 1), &number(skip)],
    );
    gather(connection, read.raw(), 0).await
}

/// The rows that the last of these statements answers.
async fn gather(
    connection: &mut MySqlConnection,
    sql: sqlx::RawSql,
    skip: usize,
) -> Result<Page, ContentError> {
    let mut page = Page::new(skip);
    let mut coming = connection.fetch_many(sql);
    while let Some(next) = coming.next().await {
        match next.map_err(said)? {
            Either::Left(done) => page.end(done.rows_affected()),
            Either::Right(row) if page.wants() => {
                let name = |column: &MySqlColumn| column.name().to_owned();
                page.take(|| row.columns().iter().map(name).collect(), cells(&row)?)?;
            }
            Either::Right(_) => {}
        }
    }
    drop(coming);
    Ok(page)
}

/// The values of a row. The text protocol sends each of them as text, whatever its type.
fn cells(row: &MySqlRow) -> Result<Vec<Cell>, ContentError> {
    let cell = |place: usize| -> Result<Cell, ContentError> {
        let bytes: Option<Vec<u8>> = row.try_get_unchecked(place).map_err(said)?;
        let Some(bytes) = bytes else {
            return Ok((serde_json::Value::Null, 4));
        };
        let length = bytes.len();
        let column = row.try_column(place).map_err(said)?;
        let shown = match (column.type_info().name(), String::from_utf8(bytes)) {
            (_, Err(other)) => binary(other.as_bytes()),
            (kind, Ok(text)) if is_number(kind) => number(&text),
            (_, Ok(text)) => text.into(),
        };
        Ok((shown, length))
    };
    (0..row.len()).map(cell).collect()
}

fn is_number(kind: &str) -> bool {
    kind.contains("INT") || ["FLOAT", "DOUBLE", "YEAR"].contains(&kind)
}

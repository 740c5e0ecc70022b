//! The database servers of the node, as they were looked at last.
//!
//! Bookkeeping: whoever leads the node writes down what it saw, and an engine that nobody saw is not offered.
//! A server that does not answer at the moment is offered all the same: what is wished waits for it.

use wabe_access::Refusal;
use wabe_kernel::{Engine, Fault, RemoteWay, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.database_server.list" =>
        "SELECT engine, host, port, version, answers, remote, remote_host, remote_authority \
         FROM database_server ORDER BY engine";
    FIND = "hosting.database_server.find" =>
        "SELECT engine, host, port, version, answers, remote, remote_host, remote_authority \
         FROM database_server WHERE engine = $1";
    SET = "hosting.database_server.set" =>
        "INSERT INTO database_server (engine, host, port, version, answers, changed_at, remote, remote_host, \
         remote_authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (engine) DO UPDATE SET \
         host = excluded.host, port = excluded.port, version = excluded.version, answers = excluded.answers, \
         changed_at = excluded.changed_at, remote = excluded.remote, remote_host = excluded.remote_host, \
         remote_authority = excluded.remote_authority";
    DROP = "hosting.database_server.drop" => "DELETE FROM database_server WHERE engine = $1";
    LOOK = "hosting.database_server.look_again" =>
        "UPDATE resource SET checked_at = 0, retry_at = CASE WHEN retry_at IS NULL THEN retry_at ELSE $1 END \
         WHERE id IN (SELECT id FROM database WHERE engine = $2 AND server_name IS NOT NULL)";
}

/// A database server of the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What it is.
    pub engine: Engine,
    /// The host, as programs on the node name it.
    pub host: String,
    /// The port.
    pub port: i64,
    /// Its version in its own words, as it said last; empty before it ever answered.
    pub version: String,
    /// Whether it answered when it was looked at last.
    pub answers: bool,
    /// Whether programs elsewhere come to it.
    pub remote: RemoteWay,
}

fn from_row(row: &Row) -> Result<Server, Fault> {
    Ok(Server {
        engine: row.parsed("engine")?,
        host: row.text("host")?,
        port: row.int("port")?,
        version: row.text("version")?,
        answers: row.flag("answers")?,
        remote: RemoteWay::kept(
            &row.text("remote")?,
            row.text_or_null("remote_host")?,
            row.text_or_null("remote_authority")?,
        ),
    })
}

/// The servers of the node.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx) -> Result<Vec<Server>, Fault> {
    let rows = LIST.query().all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// What a database can be run by: SQLite, and what the node has a server of.
///
/// # Errors
/// A fault of the database.
pub async fn offered(tx: &mut Tx) -> Result<Vec<Engine>, Fault> {
    let servers = list(tx).await?.into_iter().map(|server| server.engine);
    Ok(std::iter::once(Engine::Sqlite).chain(servers).collect())
}

/// Whether an engine is offered.
pub(crate) async fn is_offered(tx: &mut Tx, engine: Engine) -> Result<bool, Refusal> {
    if !engine.is_server() {
        return Ok(true);
    }
    Ok(FIND.bind(engine).optional(tx).await?.is_some())
}

/// Whether programs elsewhere come to the databases of an engine.
///
/// # Errors
/// A fault of the database.
pub async fn remote_way(tx: &mut Tx, engine: Engine) -> Result<RemoteWay, Fault> {
    let row = FIND.bind(engine).optional(tx).await?;
    let server = row.as_ref().map(from_row).transpose()?;
    Ok(server.map_or(RemoteWay::Off, |server| server.remote))
}

/// Writes down what was seen of a server; when it answers again or no more, or programs elsewhere come to it or no
/// more, all of its databases are looked at at once, and what waits for it is tried. The transaction must not be scoped.
///
/// # Errors
/// A fault of the database.
pub async fn note(tx: &mut Tx, server: &Server, now: Timestamp) -> Result<(), Fault> {
    let before = FIND.bind(server.engine).optional(tx).await?;
    let before = before.as_ref().map(from_row).transpose()?;
    if before.as_ref() == Some(server) {
        return Ok(());
    }
    let query = SET
        .bind(server.engine)
        .bind(&server.host)
        .bind(server.port)
        .bind(&server.version);
    let query = query.bind(server.answers).bind(now);
    let query = query.bind(server.remote.word()).bind(server.remote.host());
    query.bind(server.remote.authority()).execute(tx).await?;
    let differs = |before: Server| {
        before.answers != server.answers || before.remote.host() != server.remote.host()
    };
    if before.is_some_and(differs) {
        LOOK.bind(now).bind(server.engine).execute(tx).await?;
    }
    Ok(())
}

/// Forgets servers that the node has no more; what is on them is kept and says that it waits.
///
/// # Errors
/// A fault of the database.
pub async fn keep_only(tx: &mut Tx, engines: &[Engine]) -> Result<(), Fault> {
    for server in list(tx).await? {
        if !engines.contains(&server.engine) {
            DROP.bind(server.engine).execute(tx).await?;
        }
    }
    Ok(())
}

//! Dumps of a customer's database, in and out.

use std::ffi::OsString;

use sqlx::{Executor as _, PgConnection, Row as _};
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::quota::Bytes;

use crate::database_server::dump::child::{Program, Written};
use crate::database_server::dump::tape::{Kind, Piece};
use crate::database_server::dump::{Incoming, at_line, halted, watched};
use crate::database_server::rendered::typed;
use crate::database_server::server::{Held, within};
use crate::postgresql::Postgresql;
use crate::postgresql::console::{Guest, Purpose, said};
use crate::postgresql::instance::programs;
use crate::postgresql::script::{About, PublicSchema, Script, about};

/// What is the customer's in a database, and neither whose it is nor who may what: that is another's where a
/// dump is read. By name: whatever stands in no schema is the administrator's.
const OPTIONS: &[&str] = &[
    "--no-password",
    "--encoding=UTF8",
    "--schema=*",
    "--exclude-schema=pg_*",
    "--exclude-schema=information_schema",
    "--exclude-schema=wabe",
    "--extension=*",
    "--blobs",
    "--no-owner",
    "--no-privileges",
    "--no-security-labels",
    "--no-tablespaces",
    "--no-publications",
    "--no-subscriptions",
    "--lock-wait-timeout=10000",
];
/// Names the transaction that is going on.
const TRANSACTION: &str =
    "SELECT CAST(pg_catalog.pg_current_xact_id() AS pg_catalog.text) AS transaction";

impl Postgresql {
    /// Runs a dump in one transaction: all of it or nothing.
    pub(super) async fn take_dump(
        &self,
        held: Held<'_>,
        mut dump: Incoming<'_>,
    ) -> Result<Bytes, ContentError> {
        let (name, quota) = (held.login().name.clone(), dump.quota());
        let mut console = within(self.open_console(name.as_str(), Purpose::Dump)).await?;
        drop(held);
        let work = async {
            let connection = &mut console.connection;
            let done = run_all(connection, &mut dump).await?;
            if self.measure(&name).await? > quota {
                return Err(ContentError::OverQuota { quota });
            }
            commit(connection).await?;
            Ok(done)
        };
        let ended = watched(self, (&name, quota), work).await;
        self.leave(console).await;
        ended
    }

    /// Writes a dump with the engine's own program, which logs in with a role of its own.
    pub(super) async fn write_dump(
        &self,
        held: Held<'_>,
    ) -> Result<Box<dyn ByteSource>, ContentError> {
        let missing = |_missing| ContentError::Refused("no-dump-program");
        let path = programs().map_err(missing)?.join("pg_dump");
        let customer = held.login().name.as_str();
        let Guest { name, password } = within(self.invite(customer, Purpose::Dump)).await?;
        let place = [
            format!("--host={}", self.place.host),
            format!("--port={}", self.place.port),
            format!("--username={name}"),
            format!("--dbname={customer}"),
        ];
        let options = OPTIONS.iter().map(OsString::from);
        let program = Program {
            path,
            arguments: options.chain(place.map(OsString::from)).collect(),
            password: ("PGPASSWORD", password),
        };
        let server = self.clone();
        let after = async move {
            if let Err(trouble) = within(server.close_console(&name)).await {
                tracing::warn!(?trouble, "the role of a dump was not removed");
            }
        };
        drop(held);
        let mut written = Written::begin(program, PublicSchema::default(), after).await?;
        written.first().await?;
        let dump: Box<dyn ByteSource> = Box::new(written);
        Ok(dump)
    }
}

async fn run_all(
    connection: &mut PgConnection,
    dump: &mut Incoming<'_>,
) -> Result<Bytes, ContentError> {
    for setting in ["SET statement_timeout = 0", "BEGIN"] {
        let set = sqlx::raw_sql(setting);
        connection.execute(set).await.map_err(said)?;
    }
    let begun = transaction(connection).await?;
    let (mut script, mut done) = (Script::default(), 0_i64);
    while let Some(piece) = dump.piece(&mut script).await? {
        let ran = match piece.kind {
            Kind::Statement => run_one(connection, &piece).await,
            Kind::Copy => copy(connection, &piece, (&mut *dump, &mut script)).await,
            Kind::Rows | Kind::End | Kind::Client => continue,
        };
        ran.map_err(at_line(piece.line))?;
        done = done.saturating_add(1);
    }
    // A statement that was another one for the server than for us could have ended it.
    if transaction(connection).await? != begun {
        return Err(halted(done)(ContentError::Refused("dump-transaction")));
    }
    Ok(dump.total())
}

async fn commit(connection: &mut PgConnection) -> Result<(), ContentError> {
    let commit = sqlx::raw_sql("COMMIT");
    connection.execute(commit).await.map_err(said)?;
    Ok(())
}

async fn transaction(connection: &mut PgConnection) -> Result<String, ContentError> {
    let asked = connection.fetch_one(sqlx::raw_sql(TRANSACTION)).await;
    let row = asked.map_err(said)?;
    row.try_get("transaction").map_err(said)
}

/// The statement as text.
fn text(piece: &Piece) -> Result<&str, ContentError> {
    let text = std::str::from_utf8(piece.text()).ok();
    let text = text.filter(|text| !text.contains('\0'));
    let words = "invalid byte sequence for encoding \"UTF8\"";
    text.ok_or_else(|| ContentError::Rejected(words.to_owned()))
}

async fn run_one(connection: &mut PgConnection, piece: &Piece) -> Result<(), ContentError> {
    match about(piece.text()) {
        About::Transaction | About::Owner => Ok(()),
        About::Rollback => Err(ContentError::Refused("dump-rollback")),
        About::Encoding => Err(ContentError::Refused("dump-encoding")),
        About::Public => {
            let make = sqlx::raw_sql("CREATE SCHEMA IF NOT EXISTS public");
            connection.execute(make).await.map_err(said)?;
            Ok(())
        }
        About::Content => {
            let statement = typed(text(piece)?);
            connection.execute(statement).await.map_err(said)?;
            Ok(())
        }
    }
}

/// Runs a statement with the rows that follow it.
async fn copy(
    connection: &mut PgConnection,
    piece: &Piece,
    (dump, script): (&mut Incoming<'_>, &mut Script),
) -> Result<(), ContentError> {
    let mut rows = connection.copy_in_raw(text(piece)?).await.map_err(said)?;
    while let Some(piece) = dump.piece(script).await? {
        if piece.kind == Kind::End {
            rows.finish().await.map_err(said)?;
            return Ok(());
        }
        rows.send(piece.raw).await.map_err(said)?;
    }
    Err(ContentError::Refused("sql-unfinished"))
}

//! Dumps of a customer's database, in and out.

use std::ffi::OsString;
use std::time::Duration;

use sqlx::{ConnectOptions as _, Executor as _, MySqlConnection};
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::quota::Bytes;

use crate::database_server::dump::child::{Program, Written, installed};
use crate::database_server::dump::tape::{Kind, Piece};
use crate::database_server::dump::{Incoming, at_line, halted, watched};
use crate::database_server::rendered::typed;
use crate::database_server::server::{Held, Trouble, connected, within};
use crate::mariadb::Mariadb;
use crate::mariadb::console::{said, session};
use crate::mariadb::script::{Definers, Script, as_text, without_definer};

/// Where Debian keeps the program that writes dumps.
const PROGRAMS: &[&str] = &["/usr/bin/mariadb-dump", "/usr/bin/mysqldump"];
/// How long that may take to log in.
const LOGIN: Duration = Duration::from_secs(5);
/// One snapshot without locks; binary values in digits, so that all of it is text.
const OPTIONS: &[&str] = &[
    "--no-defaults",
    "--protocol=tcp",
    // It stays on this machine; newer programs would ask for an authority that the system knows.
    "--skip-ssl",
    "--default-character-set=utf8mb4",
    "--single-transaction",
    "--quick",
    "--skip-lock-tables",
    "--skip-add-locks",
    "--hex-blob",
    "--routines",
    "--triggers",
    "--no-tablespaces",
    "--skip-dump-date",
];

impl Mariadb {
    /// A connection that logged in as the customer's user and takes statements as a client does: with the
    /// server's own modes and clock, which what a dump defines keeps.
    async fn dump_connection(&self, login: &DatabaseLogin) -> Result<MySqlConnection, Trouble> {
        let password = self.second_password(login).await?;
        let name = login.name.as_str();
        let options = self.options((name, &password)).database(name);
        let options = options
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None::<String>);
        let connected = connected(options.connect()).await;
        self.end_second_password(login).await?;
        let mut connection = connected?;
        let limit = sqlx::raw_sql("SET SESSION max_statement_time = 590");
        connection.execute(limit).await?;
        Ok(connection)
    }

    /// Runs a dump, statement by statement. The server takes back no tables, so what ran before a failure
    /// stays, and the failure says how much that is.
    pub(super) async fn take_dump(
        &self,
        held: Held<'_>,
        mut dump: Incoming<'_>,
    ) -> Result<Bytes, ContentError> {
        let (name, quota) = (held.login().name.clone(), dump.quota());
        let mut connection = within(self.dump_connection(held.login())).await?;
        drop(held);
        let session = session(&mut connection).await?;
        let mut done = 0;
        let work = async {
            let bytes = run_all(&mut connection, &mut dump, &mut done).await?;
            if self.measure(&name).await? > quota {
                return Err(ContentError::OverQuota { quota });
            }
            Ok(bytes)
        };
        let ended = watched(self, (&name, quota), work).await;
        self.leave(connection, session).await;
        ended.map_err(halted(done))
    }

    /// Writes a dump with the engine's own program.
    pub(super) async fn write_dump(
        &self,
        held: Held<'_>,
    ) -> Result<Box<dyn ByteSource>, ContentError> {
        let path = installed(PROGRAMS)?;
        let login = held.login();
        let password = within(self.second_password(login)).await?;
        let program = Program {
            path,
            arguments: self.arguments(login),
            password: ("MYSQL_PWD", password),
        };
        let begun = begun(program).await;
        within(self.end_second_password(login)).await?;
        drop(held);
        let dump: Box<dyn ByteSource> = Box::new(begun?);
        Ok(dump)
    }

    fn arguments(&self, login: &DatabaseLogin) -> Vec<OsString> {
        let name = login.name.as_str();
        let place = [
            format!("--host={}", self.place.host),
            format!("--port={}", self.place.port),
            format!("--user={name}"),
            name.to_owned(),
        ];
        let options = OPTIONS.iter().map(OsString::from);
        options.chain(place.map(OsString::from)).collect()
    }
}

/// Starts the program, and waits until it has logged in: it writes nothing before.
async fn begun(program: Program) -> Result<Written, ContentError> {
    let mut written = Written::begin(program, Definers::default(), std::future::ready(())).await?;
    match tokio::time::timeout(LOGIN, written.first()).await {
        Ok(Err(failure)) => Err(failure),
        // One that waits for something has logged in all the same, or fails soon.
        Ok(Ok(())) | Err(_) => Ok(written),
    }
}

async fn run_all(
    connection: &mut MySqlConnection,
    dump: &mut Incoming<'_>,
    done: &mut i64,
) -> Result<Bytes, ContentError> {
    let mut script = Script::default();
    while let Some(piece) = dump.piece(&mut script).await? {
        if piece.kind == Kind::Statement {
            run_one(connection, &piece)
                .await
                .map_err(at_line(piece.line))?;
            *done = done.saturating_add(1);
        }
    }
    Ok(dump.total())
}

async fn run_one(connection: &mut MySqlConnection, piece: &Piece) -> Result<(), ContentError> {
    let sql = as_text(without_definer(piece.text()))?;
    connection.execute(typed(&sql)).await.map_err(said)?;
    Ok(())
}

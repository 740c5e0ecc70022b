//! The driver with the real program beneath it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::json;
use wabe_kernel::content::{ByteSource, ContentError, Sql, TableInfo};
use wabe_kernel::desired::{Act, Database, Observed, Step, Subject, Wish, Working};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Clock, Engine, Timestamp};

use crate::embedded::database::{Databases, Deadlines};

/// Each look at it is 5 ms later than the one before.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(5_000, Ordering::Relaxed))
    }
}

struct Node {
    folder: tempfile::TempDir,
    databases: Arc<Databases>,
}

/// The program beside the tests.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("wabe-sql");
    assert!(
        program.is_file(),
        "{} is missing: build it with `cargo build -p wabe-sqlbox`",
        program.display()
    );
    program
}

fn node_with(deadlines: Deadlines) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Ticking(AtomicI64::new(0)));
    let databases =
        Databases::open(&folder.path().join("node"), &program(), deadlines, clock).unwrap();
    Node { folder, databases }
}

fn node() -> Node {
    node_with(Deadlines::default())
}

fn id(number: u8) -> DatabaseId {
    format!("dbs_01jdn3x7qkf8r9s2t4v6w8y0a{number}")
        .parse()
        .unwrap()
}

fn database(number: u8) -> Database {
    Database {
        id: id(number),
        engine: Engine::Sqlite,
        quota: 2_000_000,
        login: None,
    }
}

fn step(number: u8, revision: i64, act: Act) -> Step {
    Step {
        subject: Subject::Database(id(number)),
        revision,
        act,
    }
}

impl Node {
    async fn code(&self, step: Step) -> &'static str {
        self.databases
            .apply(&step)
            .await
            .err()
            .map_or("done", |failure| failure.code)
    }

    async fn make(&self, number: u8) {
        assert_eq!(
            self.code(step(number, 1, Act::MakeDatabase(database(number))))
                .await,
            "done"
        );
        self.configure(number, 1, Wish::Present(database(number)))
            .await;
    }

    async fn configure(&self, number: u8, revision: i64, wish: Wish<Database>) {
        let act = Act::ConfigureDatabase(wish);
        assert_eq!(self.code(step(number, revision, act)).await, "done");
    }

    async fn rows(&self, sql: &str) -> Result<serde_json::Value, ContentError> {
        self.databases
            .query(id(1), sql, 0)
            .await
            .map(|result| json!(result.rows))
    }

    async fn import(
        &self,
        pieces: Vec<Result<Vec<u8>, ContentError>>,
    ) -> Result<i64, ContentError> {
        self.databases
            .import(id(1), &mut Pieces(pieces), &|_| ())
            .await
    }

    async fn export(&self) -> Result<String, ContentError> {
        let mut dump = self.databases.export(id(1)).await?;
        let mut text = Vec::new();
        while let Some(piece) = dump.next().await {
            text.extend(piece?);
        }
        Ok(String::from_utf8(text).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder
            .path()
            .join("node/db")
            .join(id(1).to_string())
            .join(name)
    }
}

/// Pieces in order, the last one first.
struct Pieces(Vec<Result<Vec<u8>, ContentError>>);

impl ByteSource for Pieces {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = (!self.0.is_empty()).then(|| self.0.remove(0));
        Box::pin(async move { piece })
    }
}

/// Gives one piece and then nothing, for ever.
struct Stalled(Option<Vec<u8>>);

impl ByteSource for Stalled {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = self.0.take();
        Box::pin(async move {
            match piece {
                Some(piece) => Some(Ok(piece)),
                None => std::future::pending().await,
            }
        })
    }
}

fn pieces(dump: &str) -> Vec<Result<Vec<u8>, ContentError>> {
    dump.as_bytes()
        .chunks(7)
        .map(|piece| Ok(piece.to_vec()))
        .collect()
}

/// Runs for minutes inside one function.
const ENDLESS: &str = "select instr(hex(zeroblob(2000000)), hex(zeroblob(1000000)) || '1')";

#[tokio::test]
async fn a_database_is_made_asked_hidden_and_removed() {
    let node = node();
    assert_eq!(node.rows("select 1").await, Err(ContentError::NotFound));
    node.make(1).await;
    let sql = "create table t(a); insert into t values (1), (2); select a from t";
    let result = node.databases.query(id(1), sql, 1).await.unwrap();
    assert_eq!(
        (result.columns, json!(result.rows)),
        (vec!["a".to_owned()], json!([[2]]))
    );
    assert_eq!((result.more, result.millis), (false, 5));
    let tables = node.databases.tables(id(1)).await.unwrap();
    assert_eq!(
        tables,
        [TableInfo {
            name: "t".to_owned(),
            rows: 2
        }]
    );
    let size = i64::try_from(std::fs::metadata(node.path("data.sqlite")).unwrap().len()).unwrap();
    assert_eq!(node.databases.usage(id(1)).await, Ok(size));

    node.configure(1, 2, Wish::Hidden(database(1))).await;
    let hidden = Observed::Database {
        file: true,
        entry: Some(Wish::Hidden(database(1))),
        full: false,
    };
    assert_eq!(node.databases.observe(id(1)).await, Ok(hidden));
    let suspended = Err(ContentError::Refused("suspended"));
    assert_eq!(node.rows("select a from t").await, suspended);
    assert_eq!(
        node.import(pieces("drop table t;")).await.err(),
        suspended.err()
    );
    assert!(
        node.export()
            .await
            .unwrap()
            .contains("INSERT INTO \"t\" VALUES(2);")
    );

    for _ in 0..2 {
        assert_eq!(
            node.code(step(1, 3, Act::RemoveDatabase(id(1)))).await,
            "done"
        );
        let nothing = Observed::Database {
            file: false,
            entry: None,
            full: false,
        };
        assert_eq!(node.databases.observe(id(1)).await, Ok(nothing));
    }
    assert_eq!(node.rows("select 1").await, Err(ContentError::NotFound));
    assert_eq!(
        node.databases.usage(id(1)).await,
        Err(ContentError::NotFound)
    );
}

#[tokio::test]
async fn steps_can_be_repeated_and_older_ones_are_refused() {
    let node = node();
    node.make(1).await;
    node.rows("create table t(a)").await.unwrap();
    node.make(1).await;
    assert_eq!(node.rows("select count(*) from t").await, Ok(json!([[0]])));
    node.configure(1, 5, Wish::Present(database(1))).await;
    let older = Act::ConfigureDatabase(Wish::Hidden(database(1)));
    assert_eq!(node.code(step(1, 4, older.clone())).await, "older-revision");
    assert_eq!(
        node.code(step(1, 4, Act::RemoveDatabase(id(1)))).await,
        "older-revision"
    );
    assert_eq!(
        node.code(step(1, 6, Act::RemoveDatabase(id(1)))).await,
        "done"
    );
    // A removed database stays removed, whatever arrives late.
    assert_eq!(
        node.code(step(1, 5, Act::MakeDatabase(database(1)))).await,
        "older-revision"
    );
    assert_eq!(node.code(step(1, 5, older)).await, "older-revision");
    assert_eq!(
        node.code(step(1, 7, Act::RemoveDatabase(id(2)))).await,
        "wrong-subject"
    );
}

#[tokio::test]
async fn a_damaged_entry_counts_as_missing_and_is_written_anew() {
    let node = node();
    node.make(1).await;
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(node.path("entry.json"))
        .unwrap();
    file.set_len(9).unwrap();
    let damaged = Observed::Database {
        file: true,
        entry: None,
        full: false,
    };
    assert_eq!(node.databases.observe(id(1)).await, Ok(damaged));
    node.configure(1, 1, Wish::Present(database(1))).await;
    assert!(node.rows("select 1").await.is_ok());
}

// 3.14 T4
#[tokio::test]
async fn refusals_of_the_program_keep_their_meaning() {
    let node = node();
    node.make(1).await;
    for (sql, expected) in [
        (
            "selec",
            ContentError::Rejected("near \"selec\": syntax error".to_owned()),
        ),
        (
            "attach '/etc/passwd' as p",
            ContentError::Refused("sql-denied"),
        ),
        ("select zeroblob(9e8)", ContentError::Refused("sql-limit")),
        ("begin", ContentError::Refused("sql-unfinished")),
        (
            "create table t(a); insert into t values (zeroblob(3000000))",
            ContentError::OverQuota { quota: 2_000_000 },
        ),
    ] {
        assert_eq!(node.rows(sql).await, Err(expected), "{sql}");
    }
    let long = format!("select '{}'", "x".repeat(2 << 20));
    assert_eq!(
        node.rows(&long).await,
        Err(ContentError::Refused("sql-limit"))
    );
}

#[tokio::test]
async fn a_child_is_killed_at_the_deadline_and_the_database_stays_usable() {
    let node = node_with(Deadlines {
        query: Duration::from_secs(1),
        ..Deadlines::default()
    });
    node.make(1).await;
    node.rows("create table t(a)").await.unwrap();
    let sql = format!("begin; insert into t values (1); {ENDLESS}");
    assert_eq!(node.rows(&sql).await, Err(ContentError::TimedOut));
    assert_eq!(node.rows("select count(*) from t").await, Ok(json!([[0]])));
    assert!(node.rows("insert into t values (2)").await.is_ok());
}

#[tokio::test]
async fn dumps_come_back_as_they_went() {
    let node = node();
    node.make(1).await;
    let dump = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\n\
                INSERT INTO \"t\" VALUES('ä;''');\nCOMMIT;\n";
    let told = AtomicI64::new(0);
    let mut source = Pieces(pieces(dump));
    let progress = |bytes| told.store(bytes, Ordering::Relaxed);
    let bytes = node
        .databases
        .import(id(1), &mut source, &progress)
        .await
        .unwrap();
    assert_eq!(
        (bytes, told.into_inner()),
        (i64::try_from(dump.len()).unwrap(), bytes)
    );
    assert_eq!(node.export().await.unwrap(), dump);
}

#[tokio::test]
async fn a_dump_that_fails_anywhere_changes_nothing() {
    let node = node();
    node.make(1).await;
    node.rows("create table t(a)").await.unwrap();
    let before = node.export().await.unwrap();
    let rejected = node
        .import(pieces("drop table t;\nselect * from nowhere;\nselect 1;"))
        .await;
    let words = "2: no such table: nowhere".to_owned();
    assert_eq!(rejected, Err(ContentError::Rejected(words)));
    let mut broken = pieces("drop table t; create table u(a);");
    broken.push(Err(ContentError::NotFound));
    assert_eq!(node.import(broken).await, Err(ContentError::NotFound));
    let nul = node.import(pieces("drop table t;\0")).await;
    assert!(matches!(nul, Err(ContentError::Rejected(_))));
    // Whoever waits for it goes away in the middle.
    let mut stalled = Stalled(Some(b"drop table t;\n".to_vec()));
    let import = node.databases.import(id(1), &mut stalled, &|_| ());
    assert!(
        tokio::time::timeout(Duration::from_millis(300), import)
            .await
            .is_err()
    );
    assert_eq!(node.export().await.unwrap(), before);
    // A refusal does not wait for the rest of the dump.
    let mut stalled = Stalled(Some(b"nonsense;\n".to_vec()));
    let refused = node.databases.import(id(1), &mut stalled, &|_| ()).await;
    assert!(matches!(refused, Err(ContentError::Rejected(_))));
}

#[tokio::test]
async fn too_many_requests_are_refused_as_busy_and_others_go_on() {
    let node = node_with(Deadlines {
        query: Duration::from_secs(2),
        ..Deadlines::default()
    });
    node.make(1).await;
    node.make(2).await;
    let many = futures_util::future::join_all((0..12).map(|_| node.rows(ENDLESS)));
    let other = node.databases.query(id(2), "select 1", 0);
    let (many, other) = tokio::join!(many, other);
    let busy = many
        .iter()
        .filter(|end| **end == Err(ContentError::Refused("busy")))
        .count();
    let stopped = many
        .iter()
        .filter(|end| **end == Err(ContentError::TimedOut))
        .count();
    assert_eq!((busy, stopped), (6, 6));
    assert!(other.is_ok());
}

#[tokio::test]
async fn removing_ends_what_runs_and_leaves_no_file_but_the_entry() {
    let node = node();
    node.make(1).await;
    node.rows("create table t(a)").await.unwrap();
    let sql = format!("begin; insert into t values (1); {ENDLESS}");
    let journal = node.path("data.sqlite-journal");
    let removal = async {
        while !journal.exists() {
            tokio::task::yield_now().await;
        }
        node.code(step(1, 2, Act::RemoveDatabase(id(1)))).await
    };
    let (asked, removed) = tokio::join!(node.rows(&sql), removal);
    assert_eq!((asked, removed), (Err(ContentError::NotFound), "done"));
    let left: Vec<_> = std::fs::read_dir(node.path(""))
        .unwrap()
        .map(|name| name.unwrap().file_name())
        .collect();
    assert_eq!(left, ["entry.json"]);
}

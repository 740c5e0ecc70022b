//! A customer's database, opened behind authorizer, limits and a deadline.
//!
//! Invariants: no statement runs without them. The rollback journal is deleted after each
//! transaction, so the database is a single file at rest; deleted content is overwritten, and pages
//! that become free leave the file, so that deleting makes room in the quota.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Statement};

use crate::authorizer::{Mode, decide};
use crate::failure::{Failure, Kind};
use crate::order::{Operation, Order};
use crate::split;

/// The largest text, binary value or row, in bytes; a stranger's statement asks for gigabytes.
pub(crate) const VALUE_BYTES_MAX: i32 = 4 << 20;
/// The longest statement that a person may send, in bytes.
const STATEMENT_BYTES_MAX: i32 = 1 << 20;
/// The longest statement of a dump: a row of the largest size, written as hexadecimal digits.
pub(crate) const DUMP_STATEMENT_BYTES_MAX: i32 = 16 << 20;
/// Memory that the engine may use, in bytes; less than the address space, so that the engine gives
/// up in good order before the process cannot go on.
const HEAP_BYTES_MAX: i64 = 256 << 20;
/// The most pages that a file of SQLite's can have.
const PAGES_MAX: u64 = 4_294_967_294;
/// How long to wait for another process.
const BUSY_WAIT: Duration = Duration::from_secs(2);
/// Virtual machine instructions between two looks at the clock.
const INSTRUCTIONS_PER_LOOK: i32 = 2_000;

/// What the authorizer knows and notes.
struct Watch {
    mode: Mutex<Mode>,
    denied: AtomicBool,
}

/// A database that is open and guarded.
pub(crate) struct Guarded {
    /// The connection; reads of our own go over it directly.
    pub(crate) conn: Connection,
    watch: Arc<Watch>,
}

impl Guarded {
    /// Opens the database of the order. Only `create` makes a file.
    pub(crate) fn open(order: &Order) -> Result<Self, Failure> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
            | OpenFlags::SQLITE_OPEN_NOFOLLOW
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        flags.set(
            OpenFlags::SQLITE_OPEN_CREATE,
            order.operation == Operation::Create,
        );
        let conn = Connection::open_with_flags(&order.database, flags)?;
        harden(&conn)?;
        limit(&conn, order.operation)?;
        set_quota(&conn, order.quota_bytes)?;
        let end = deadline(order.time);
        conn.progress_handler(INSTRUCTIONS_PER_LOOK, Some(move || end.passed()))?;
        let watch = Arc::new(Watch {
            mode: Mutex::new(Mode::Statement),
            denied: AtomicBool::new(false),
        });
        let noted = Arc::clone(&watch);
        conn.authorizer(Some(move |asked: AuthContext<'_>| noted.decide(asked)))?;
        Ok(Self { conn, watch })
    }

    /// Fixes the layout of a new database; one that holds anything stays as it is.
    pub(crate) fn lay_out(&self) -> Result<(), Failure> {
        let pages: i64 = self
            .conn
            .pragma_query_value(None, "page_count", |row| row.get(0))?;
        if pages > 0 {
            return Ok(());
        }
        self.conn
            .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        self.conn.pragma_update(None, "auto_vacuum", "FULL")?;
        // Setting a number of the file's head is what writes the first page.
        self.conn.pragma_update(None, "user_version", 0)?;
        Ok(())
    }

    /// Prepares one statement of the customer's and hands it to `run`; a failure that the authorizer
    /// caused is told as such, whatever the engine made of it.
    pub(crate) fn attempt<T>(
        &self,
        sql: &str,
        run: impl FnOnce(&mut Statement<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let vacuum = self.mode() == Mode::Statement && split::begins_with(sql, "VACUUM");
        self.watch.denied.store(false, Ordering::Relaxed);
        if vacuum {
            self.set_mode(Mode::Vacuum);
            self.conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
        }
        let done = match self.conn.prepare(sql) {
            Ok(mut statement) => run(&mut statement),
            Err(error) => Err(error.into()),
        };
        if vacuum {
            self.set_mode(Mode::Statement);
            self.conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        }
        done.map_err(|failure| {
            if self.watch.denied.load(Ordering::Relaxed) {
                Failure {
                    kind: Kind::Denied,
                    ..failure
                }
            } else {
                failure
            }
        })
    }

    /// Says what surrounds the statements from now on.
    pub(crate) fn set_mode(&self, mode: Mode) {
        *self
            .watch
            .mode
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        self.watch.mode()
    }
}

impl Watch {
    fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(&self, asked: AuthContext<'_>) -> Authorization {
        let decision = decide(asked.action, self.mode());
        if decision == Authorization::Deny {
            self.denied.store(true, Ordering::Relaxed);
        }
        decision
    }
}

/// Switches off what lets a statement, or a hostile file, work outside the rules.
fn harden(conn: &Connection) -> Result<(), Failure> {
    for (switch, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        conn.set_db_config(switch, on)?;
    }
    conn.busy_timeout(BUSY_WAIT)?;
    for (name, value) in [
        ("temp_store", "MEMORY"),
        ("secure_delete", "ON"),
        ("cell_size_check", "ON"),
    ] {
        conn.pragma_update(None, name, value)?;
    }
    conn.pragma_update(None, "journal_mode", "DELETE")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "hard_heap_limit", HEAP_BYTES_MAX)?;
    Ok(())
}

fn limit(conn: &Connection, operation: Operation) -> Result<(), Failure> {
    let statement_bytes = match operation {
        Operation::Import => DUMP_STATEMENT_BYTES_MAX,
        _ => STATEMENT_BYTES_MAX,
    };
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, statement_bytes),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1_000),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 500),
        (Limit::SQLITE_LIMIT_VDBE_OP, 4_000_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 127),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 1_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 32),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        conn.set_limit(limit, value)?;
    }
    Ok(())
}

/// Bounds the pages of the file. A file that is larger already cannot grow further.
fn set_quota(conn: &Connection, quota_bytes: u64) -> Result<(), Failure> {
    let page: u32 = conn.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = (quota_bytes / u64::from(page.max(1))).clamp(1, PAGES_MAX);
    let pages = u32::try_from(pages).map_err(Failure::fault)?;
    conn.pragma_update(None, "max_page_count", pages)?;
    Ok(())
}

/// A moment on the machine's clock.
struct Deadline(std::time::Instant);

#[expect(
    clippy::disallowed_methods,
    reason = "a deadline of this process, never stored or shown"
)]
fn deadline(time: Duration) -> Deadline {
    Deadline(std::time::Instant::now() + time)
}

impl Deadline {
    fn passed(&self) -> bool {
        self.0.elapsed() > Duration::ZERO
    }
}

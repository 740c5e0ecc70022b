//! Dumps of databases on servers, on their way in and out.
//!
//! What goes out is written by the engine's own program, as the customer's user, and passed on piece by piece
//! ([`child`]). What comes in is cut into statements as the engine's own client does ([`tape`], and one
//! `script` for each engine), and each runs over a connection that logged in as the customer's user. No client
//! program reads a customer's file: theirs have commands for files and programs of whoever runs them.

pub(crate) mod child;
pub(crate) mod tape;

use std::time::Duration;

use wabe_kernel::ServerName;
use wabe_kernel::content::{ByteSource, ContentError, SERVER_DUMP_BYTES_MAX};
use wabe_kernel::quota::Bytes;

use crate::database_server::dump::tape::{Piece, Script, Tape};
use crate::database_server::server::DatabaseServer;

/// How long running a dump may take.
const IMPORT: Duration = Duration::from_mins(10);
/// How often it is looked meanwhile how much the database holds.
const LOOK: Duration = Duration::from_secs(1);
/// The longest statement of one, in bytes: what MariaDB takes, less some room.
const STATEMENT_BYTES_MAX: usize = 15 << 20;
/// What some editors write before everything else.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A dump that comes in.
pub struct Incoming<'a> {
    from: &'a mut dyn ByteSource,
    progress: &'a (dyn Fn(Bytes) + Send + Sync),
    quota: Bytes,
    total: Bytes,
    tape: Tape,
}

impl<'a> Incoming<'a> {
    pub(crate) fn new(
        from: &'a mut dyn ByteSource,
        progress: &'a (dyn Fn(Bytes) + Send + Sync),
        quota: Bytes,
    ) -> Self {
        Self {
            from,
            progress,
            quota,
            total: 0,
            tape: Tape::default(),
        }
    }

    /// The most that the database may hold, in bytes.
    pub(crate) const fn quota(&self) -> Bytes {
        self.quota
    }

    /// The bytes that have come.
    pub(crate) const fn total(&self) -> Bytes {
        self.total
    }

    /// The next piece; nothing at the end. Of the pieces before it is said that they are done.
    pub(crate) async fn piece(
        &mut self,
        script: &mut impl Script,
    ) -> Result<Option<Piece>, ContentError> {
        loop {
            if let Some(piece) = script.cut(&mut self.tape)? {
                return Ok(Some(piece));
            }
            if self.tape.is_whole() {
                return Ok(None);
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<(), ContentError> {
        (self.progress)(self.total);
        let Some(piece) = self.from.next().await else {
            self.tape.end();
            return Ok(());
        };
        let piece = piece?;
        let first = self.total == 0;
        let length = Bytes::try_from(piece.len()).unwrap_or(Bytes::MAX);
        self.total = self.total.saturating_add(length);
        if self.total > SERVER_DUMP_BYTES_MAX {
            return Err(ContentError::TooLarge {
                max: SERVER_DUMP_BYTES_MAX,
            });
        }
        let marked = piece.strip_prefix(MARK).filter(|_rest| first);
        self.tape.push(marked.unwrap_or(&piece));
        if self.tape.rest().len() > STATEMENT_BYTES_MAX {
            return Err(ContentError::Refused("dump-statement"));
        }
        Ok(())
    }
}

/// Runs a dump until it is done, takes too long, or the database holds too much.
pub(crate) async fn watched<T>(
    server: &dyn DatabaseServer,
    (name, quota): (&ServerName, Bytes),
    work: impl Future<Output = Result<T, ContentError>> + Send,
) -> Result<T, ContentError> {
    let full = async {
        loop {
            tokio::time::sleep(LOOK).await;
            if server.size(name).await.is_ok_and(|used| used > quota) {
                return;
            }
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        () = full => Err(ContentError::OverQuota { quota }),
        () = tokio::time::sleep(IMPORT) => Err(ContentError::TimedOut),
    }
}

/// The server's words about a statement, with the line that it began at.
pub(crate) fn at_line(line: u64) -> impl Fn(ContentError) -> ContentError {
    move |error| match error {
        ContentError::Rejected(words) => ContentError::Rejected(format!("{line}: {words}")),
        other => other,
    }
}

/// A failure after which so many statements stay done; their sentence must not say that nothing was changed.
pub(crate) fn halted(done: i64) -> impl Fn(ContentError) -> ContentError {
    move |error| {
        let why = match error {
            ContentError::TimedOut if done > 0 => ContentError::Refused("dump-timed-out"),
            ContentError::OverQuota { .. } if done > 0 => ContentError::Refused("dump-full"),
            ContentError::TooLarge { .. } if done > 0 => ContentError::Refused("dump-too-large"),
            why if done > 0 => why,
            why => return why,
        };
        let why = Box::new(why);
        ContentError::Halted { done, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::desired::Working;

    struct Pieces(Vec<Vec<u8>>);

    impl ByteSource for Pieces {
        fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
            let next = (!self.0.is_empty()).then(|| Ok(self.0.remove(0)));
            Box::pin(async move { next })
        }
    }

    #[test]
    fn a_failure_says_what_stays() {
        let failure = || ContentError::TimedOut;
        assert_eq!(halted(0)(failure()), failure());
        let why = Box::new(ContentError::Refused("dump-timed-out"));
        assert_eq!(halted(3)(failure()), ContentError::Halted { done: 3, why });
        let said = at_line(7)(ContentError::Rejected("no such table".to_owned()));
        assert_eq!(said, ContentError::Rejected("7: no such table".to_owned()));
    }

    #[tokio::test]
    async fn an_endless_statement_is_refused_before_it_fills_the_memory() {
        let piece = vec![b'a'; 1 << 20];
        let mut from = Pieces(vec![piece; 20]);
        let mut dump = Incoming::new(&mut from, &|_bytes| {}, 1);
        let mut script = crate::mariadb::script::Script::default();
        let cut = dump.piece(&mut script).await;
        assert!(matches!(cut, Err(ContentError::Refused("dump-statement"))));
    }

    #[tokio::test]
    async fn the_mark_of_an_editor_is_no_part_of_the_first_statement() {
        let mut from = Pieces(vec![b"\xEF\xBB\xBFSELECT 1;".to_vec()]);
        let mut dump = Incoming::new(&mut from, &|_bytes| {}, 1);
        let mut script = crate::mariadb::script::Script::default();
        let piece = dump.piece(&mut script).await.unwrap().unwrap();
        assert_eq!(piece.text(), b"SELECT 1");
        assert!(dump.piece(&mut script).await.unwrap().is_none());
    }
}

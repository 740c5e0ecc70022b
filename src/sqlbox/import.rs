//! Runs a dump in one transaction: all of it, or nothing.
//!
//! The dump comes as SQL text and ends with one NUL byte, which SQL text never holds. An input that
//! ends without it was cut off, because its sender failed or died, and then nothing is kept. The
//! BEGIN and COMMIT that SQLite's shell writes around a dump count for nothing.

use std::io::Read;

use serde::Serialize;

use crate::authorizer::Mode;
use crate::failure::{Failure, Kind};
use crate::guarded::{DUMP_STATEMENT_BYTES_MAX, Guarded};
use crate::split::{Piece, Splitter};

/// What ends the text.
const END: u8 = 0;

/// What was done.
#[derive(Debug, Serialize)]
pub(crate) struct Imported {
    statements: u64,
}

/// Runs the dump.
pub(crate) fn run(db: &Guarded, input: impl Read) -> Result<Imported, Failure> {
    // A dump lists tables in the order they were made, not in the order they refer to each other.
    db.conn.pragma_update(None, "foreign_keys", "OFF")?;
    db.conn.execute_batch("BEGIN IMMEDIATE")?;
    db.set_mode(Mode::Import);
    // A failure leaves the transaction open; closing the database rolls it back.
    let statements = read_through(db, input)?;
    db.set_mode(Mode::Statement);
    db.conn.execute_batch("COMMIT")?;
    Ok(Imported { statements })
}

fn read_through(db: &Guarded, mut input: impl Read) -> Result<u64, Failure> {
    let pending_max = usize::try_from(DUMP_STATEMENT_BYTES_MAX).map_err(Failure::fault)?;
    let mut splitter = Splitter::new();
    let mut chunk = vec![0; 64 << 10];
    let mut statements = 0;
    let mut ended = false;
    loop {
        let length = match input.read(&mut chunk) {
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::fault(error)),
        };
        let mut bytes = chunk.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        if ended {
            return Err(Failure::new(Kind::Rejected, "unrecognized token: NUL"));
        }
        if let Some(end) = bytes.iter().position(|byte| *byte == END) {
            if end + 1 < bytes.len() {
                return Err(Failure::new(Kind::Rejected, "unrecognized token: NUL"));
            }
            ended = true;
            bytes = bytes.get(..end).unwrap_or_default();
        }
        splitter.push(bytes);
        while let Some(piece) = splitter.cut() {
            run_one(db, piece)?;
            statements += 1;
        }
        if splitter.pending_bytes() > pending_max {
            return Err(Failure::new(Kind::Limit, "statement too long"));
        }
    }
    if !ended {
        return Err(Failure::fault("the dump was cut off"));
    }
    if let Some(piece) = splitter.finish() {
        run_one(db, piece)?;
        statements += 1;
    }
    Ok(statements)
}

fn run_one(db: &Guarded, piece: Piece) -> Result<(), Failure> {
    let line = piece.line;
    let not_text = |error| Failure::new(Kind::Rejected, error).at_line(line);
    let sql = String::from_utf8(piece.text).map_err(not_text)?;
    db.attempt(&sql, |statement| {
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        Ok(())
    })
    .map_err(|failure| failure.at_line(line))?;
    if db.conn.is_autocommit() {
        return Err(Failure::new(Kind::Rejected, "transaction ended").at_line(line));
    }
    Ok(())
}

//! The table of files on the node that are none of ours.
//!
//! Bookkeeping: whoever leads the node writes down what it saw.

use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::{Fault, Stray, Timestamp};
use wabe_store::{Row, Tx, statements};

/// The most that a page of the desk shows.
const SHOWN_MAX: i64 = 50;

statements! {
    LIST = "hosting.node_stray.list" =>
        "SELECT path, is_read, found_at FROM node_stray ORDER BY path LIMIT $1";
    NOTE = "hosting.node_stray.note" =>
        "INSERT INTO node_stray (path, is_read, found_at) VALUES ($1, $2, $3) \
         ON CONFLICT (path) DO UPDATE SET is_read = excluded.is_read";
    FORGET = "hosting.node_stray.forget" => "DELETE FROM node_stray WHERE path = $1";
}

/// A file that is none of ours, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStray {
    /// Which.
    pub stray: Stray,
    /// When it was seen first.
    pub found_at: Timestamp,
}

fn from_row(row: &Row) -> Result<KnownStray, Fault> {
    Ok(KnownStray {
        stray: Stray {
            path: row.text("path")?,
            is_read: row.flag("is_read")?,
        },
        found_at: row.time("found_at")?,
    })
}

async fn known(tx: &mut Tx) -> Result<Vec<KnownStray>, Fault> {
    let rows = LIST.bind(SHOWN_MAX).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Keeps what was seen on the node, in place of what was seen before; answers what is new.
///
/// # Errors
/// A fault of the database.
pub async fn note_strays(tx: &mut Tx, seen: &[Stray], now: Timestamp) -> Result<Vec<Stray>, Fault> {
    let before: Vec<Stray> = known(tx).await?.into_iter().map(|one| one.stray).collect();
    for gone in &before {
        if seen.iter().all(|one| one.path != gone.path) {
            FORGET.bind(&gone.path).execute(tx).await?;
        }
    }
    let new: Vec<Stray> = seen
        .iter()
        .filter(|one| !before.contains(one))
        .cloned()
        .collect();
    for one in &new {
        let query = NOTE.bind(&one.path).bind(one.is_read).bind(now);
        query.execute(tx).await?;
    }
    Ok(new)
}

/// What is there, for the desk. Needs `hoster:write`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn strays(tx: &mut Tx, scope: &Scope) -> Result<Vec<KnownStray>, Refusal> {
    scope.needs(Permission::HosterWrite)?;
    Ok(known(tx).await?)
}

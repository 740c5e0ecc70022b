//! The whole record in a file that can be verified without Wabe.
//!
//! It holds all skeletons in the order of the tree, each checkpoint after the last entry that it
//! covers, and proves itself by being hashed again. The form of the lines: [`crate::line`].

use crate::export::PIECE;
use crate::line::Line;
use crate::skeleton::Skeleton;
use std::collections::VecDeque;
use wabe_kernel::Fault;
use wabe_store::{Row, Store, statements};

statements! {
    OF_ALL = "audit.export.all" =>
        "SELECT id, customer_id, seq, at, actor_kind, actor_user, actor_token, actor_installation, command, \
         object_kind, object_id, kind, payload_hmac, leaf_index FROM change \
         WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index";
    CHECKPOINTS = "audit.export.checkpoints" =>
        "SELECT size, note FROM checkpoint WHERE size > $1 AND size <= $2 ORDER BY size";
    TREE = "audit.export.size" =>
        "SELECT size, (SELECT COALESCE(MAX(size), 0) FROM checkpoint) AS signed FROM tree WHERE id = 1";
}

/// All skeletons and checkpoints, piece by piece: what an auditor hashes again.
pub struct Dump {
    size: i64,
    signed: i64,
    checkpoints: i64,
    next: i64,
    ended: bool,
}

impl Dump {
    /// Begins a dump of the tree as it is now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn begin(store: &Store) -> Result<Self, Fault> {
        let mut tx = store.read().await?;
        let row = TREE.query().one(&mut tx).await?;
        tx.rollback().await?;
        Ok(Self {
            size: row.int("size")?,
            signed: row.int("signed")?,
            checkpoints: 0,
            next: 0,
            ended: false,
        })
    }

    /// The next piece, whole lines; `None` after the last.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn next(&mut self, store: &Store) -> Result<Option<String>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let (start, end) = (self.next, self.next.saturating_add(PIECE).min(self.size));
        // The first piece also holds a checkpoint of the empty tree, and the last one those that
        // cover more than there is: a log that was cut shows itself.
        let above = if start == 0 { -1 } else { start };
        let up_to = if end == self.size {
            end.max(self.signed)
        } else {
            end
        };
        let mut tx = store.read().await?;
        let rows = OF_ALL.bind(start).bind(end).all(&mut tx).await?;
        let notes = CHECKPOINTS.bind(above).bind(up_to).all(&mut tx).await?;
        tx.rollback().await?;
        let mut text = String::new();
        let mut notes: VecDeque<Row> = notes.into();
        for row in &rows {
            let leaf_index = row.int("leaf_index")?;
            self.checkpoints += signed_up_to(&mut notes, leaf_index, &mut text)?;
            Line::Leaf {
                skeleton: Skeleton::from_row(row)?,
                leaf_index,
            }
            .write(&mut text)?;
        }
        self.checkpoints += signed_up_to(&mut notes, up_to, &mut text)?;
        self.next = end;
        if end == self.size {
            self.ended = true;
            let (size, checkpoints) = (self.size, self.checkpoints);
            Line::DumpEnd { size, checkpoints }.write(&mut text)?;
        }
        Ok(Some(text))
    }

    /// The rest in one text; for small installations.
    ///
    /// # Errors
    /// As [`Dump::next`].
    pub async fn collect(mut self, store: &Store) -> Result<String, Fault> {
        let mut text = String::new();
        while let Some(piece) = self.next(store).await? {
            text.push_str(&piece);
        }
        Ok(text)
    }
}

/// Writes the checkpoints that cover at most `size` entries; answers how many.
fn signed_up_to(notes: &mut VecDeque<Row>, size: i64, text: &mut String) -> Result<i64, Fault> {
    let mut written = 0;
    while let Some(row) = notes.front() {
        if row.int("size")? > size {
            break;
        }
        Line::Checkpoint {
            note: &row.text("note")?,
        }
        .write(text)?;
        notes.pop_front();
        written += 1;
    }
    Ok(written)
}

//! A customer's own entries in a file that can be verified without Wabe.
//!
//! It begins with the checkpoint that covers it, proves each entry, and ends with signed counts.
//! The form of the lines: [`crate::line`].

use crate::checkpoint::Checkpoint;
use crate::line::Line;
use crate::recorder::{Recorder, open};
use crate::sequencer::Sequencer;
use crate::skeleton::{Skeleton, fields};
use crate::tile::Tiles;
use crate::tree::{Range, consistency, inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;
use wabe_store::{Row, Tx, statements};

statements! {
    OF_CUSTOMER = "audit.export.customer" =>
        "SELECT id, customer_id, seq, at, actor_kind, actor_user, actor_token, actor_installation, command, \
         object_kind, object_id, kind, payload_hmac, payload, leaf_index FROM change \
         WHERE customer_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
}

/// Entries per piece.
pub(crate) const PIECE: i64 = 200;

/// A customer's own entries with their proofs, piece by piece.
pub struct Export {
    recorder: Arc<Recorder>,
    sequencer: Arc<Sequencer>,
    customer: CustomerId,
    checkpoint: Checkpoint,
    since: Option<u64>,
    tiles: Tiles,
    entries: i64,
    erased: i64,
    begun: bool,
    ended: bool,
}

impl Export {
    /// Begins an export up to the last checkpoint; sign one before, so that nothing recent is left
    /// out. With `since`, the size of a checkpoint that the customer holds, the export proves that
    /// the record continues that one.
    ///
    /// # Errors
    /// A fault, also when no checkpoint was signed yet.
    pub async fn begin(
        recorder: Arc<Recorder>,
        sequencer: Arc<Sequencer>,
        tx: &mut Tx,
        customer: CustomerId,
        since: Option<u64>,
    ) -> Result<Self, Fault> {
        tx.unscope().await?;
        let checkpoint = sequencer
            .last(tx)
            .await?
            .ok_or(Fault::new("no checkpoint was signed yet"))?;
        tx.rescope().await?;
        let tiles = Tiles::default();
        let (entries, erased, begun, ended) = (0, 0, false, false);
        Ok(Self {
            recorder,
            sequencer,
            customer,
            checkpoint,
            since,
            tiles,
            entries,
            erased,
            begun,
            ended,
        })
    }

    /// The next piece, whole lines; `None` after the last.
    ///
    /// # Errors
    /// A fault; the export cannot go on then.
    pub async fn next(&mut self, tx: &mut Tx) -> Result<Option<String>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            self.head(tx, &mut text).await?;
        }
        let rows = OF_CUSTOMER
            .bind(self.customer)
            .bind(self.entries)
            .bind(PIECE)
            .all(tx)
            .await?;
        let asked = usize::try_from(PIECE).unwrap_or(usize::MAX);
        self.ended = rows.len() < asked;
        let key = self.recorder.opening_key(tx, self.customer).await?;
        tx.unscope().await?;
        for row in &rows {
            let leaf = row
                .int_or_null("leaf_index")?
                .and_then(|leaf| u64::try_from(leaf).ok());
            let Some(leaf) = leaf.filter(|leaf| *leaf < self.checkpoint.size) else {
                self.ended = true;
                break;
            };
            let opened = open(row, self.customer, key.as_deref())?;
            self.entry(
                tx,
                row,
                leaf,
                opened.map(|opened| (opened.salt, opened.text)),
            )
            .await?
            .write(&mut text)?;
        }
        tx.rescope().await?;
        if self.ended {
            self.end().write(&mut text)?;
        }
        Ok(Some(text))
    }

    async fn head(&mut self, tx: &mut Tx, text: &mut String) -> Result<(), Fault> {
        Line::Checkpoint {
            note: &self.checkpoint.note,
        }
        .write(text)?;
        let size = self.checkpoint.size;
        if let Some(from) = self.since.filter(|from| *from < size) {
            tx.unscope().await?;
            let proof = self.tiles.proof(tx, &consistency(from, size)).await?;
            tx.rescope().await?;
            Line::Consistency { from, proof }.write(text)?;
        }
        Ok(())
    }

    async fn entry(
        &mut self,
        tx: &mut Tx,
        row: &Row,
        leaf: u64,
        opened: Option<(String, String)>,
    ) -> Result<Line<'static>, Fault> {
        let ranges: Vec<Range> = inclusion(leaf, self.checkpoint.size);
        let proof = self.tiles.proof(tx, &ranges).await?;
        self.entries += 1;
        self.erased += i64::from(opened.is_none());
        let (salt, payload) = opened.unzip();
        let leaf_index = row.int("leaf_index")?;
        Ok(Line::Entry {
            skeleton: Skeleton::from_row(row)?,
            leaf_index,
            proof,
            salt,
            payload,
        })
    }

    fn end(&self) -> Line<'static> {
        let customer = self.customer.to_string();
        let numbers = [
            self.entries.to_string(),
            self.erased.to_string(),
            self.checkpoint.size.to_string(),
        ];
        let [entries, erased, size] = numbers.each_ref().map(|text| Some(text.as_str()));
        let signed = fields(&[
            Some("wabe-export-v1"),
            Some(&customer),
            entries,
            erased,
            size,
        ]);
        let signature = STANDARD.encode(self.recorder.keys().sign(&signed));
        let size = self.checkpoint.size;
        Line::End {
            customer,
            entries: self.entries,
            erased: self.erased,
            size,
            signature,
        }
    }

    /// The rest in one text; for customers with few entries, and the command line.
    ///
    /// # Errors
    /// As [`Export::next`].
    pub async fn collect(mut self, tx: &mut Tx) -> Result<String, Fault> {
        let mut text = String::new();
        while let Some(piece) = self.next(tx).await? {
            text.push_str(&piece);
        }
        Ok(text)
    }

    /// The public key that verifies it.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        self.sequencer.verifier_key()
    }
}

//! The hash tree in the database: hashes in tiles of up to 256.
//!
//! Tile `number` of `level` holds the hashes of the perfect subtrees of height `8 * level` from
//! number `256 * number` on. A new leaf touches one tile per level that it completes, and a proof
//! reads one tile per level, so neither a restart nor a proof ever reads the whole tree.

use crate::tree::{Hash, Node, Range, cover, fold, perfect};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use wabe_kernel::Fault;
use wabe_store::{Tx, statements};

statements! {
    FIND = "audit.tile.find" => "SELECT hashes FROM tile WHERE level = $1 AND number = $2";
    PUT = "audit.tile.put" =>
        "INSERT INTO tile (level, number, hashes) VALUES ($1, $2, $3) \
         ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes";
}

/// Hashes in a full tile, and the height that a full tile spans.
const WIDTH: usize = 256;
const HEIGHT: u32 = 8;

/// Tiles kept in memory while proofs are made; 8 KiB each.
const KEPT_MAX: usize = 256;

fn broken() -> Fault {
    Fault::new("the stored hash tree is not whole")
}

fn column(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_beyond| broken())
}

/// Reads and extends the stored tree within one transaction.
#[derive(Default)]
pub(crate) struct Tiles {
    kept: BTreeMap<(u32, u64), Vec<Hash>>,
}

impl Tiles {
    /// Appends leaves to a tree of `size`.
    ///
    /// # Errors
    /// A fault, also when the stored tree does not have this size.
    pub(crate) async fn append(
        &mut self,
        tx: &mut Tx,
        size: u64,
        leaves: &[Hash],
    ) -> Result<(), Fault> {
        let (mut count, mut hashes, mut level) = (size, leaves.to_vec(), 0);
        while !hashes.is_empty() {
            let width = u64::try_from(WIDTH).unwrap_or(u64::MAX);
            let (mut number, filled) = (count / width, usize::try_from(count % width).unwrap_or(0));
            let mut tile = if filled == 0 {
                Vec::new()
            } else {
                load(tx, level, number).await?
            };
            if tile.len() != filled {
                return Err(broken());
            }
            let mut above = Vec::new();
            for hash in hashes {
                tile.push(hash);
                if tile.len() == WIDTH {
                    save(tx, level, number, &tile).await?;
                    above.push(perfect(&tile));
                    tile.clear();
                    number += 1;
                }
            }
            if !tile.is_empty() {
                save(tx, level, number, &tile).await?;
            }
            (count, hashes, level) = (count >> HEIGHT, above, level + 1);
        }
        self.kept.clear();
        Ok(())
    }

    /// The hash over a range that the recursion of RFC 6962 meets.
    ///
    /// # Errors
    /// A fault, also when the stored tree does not reach so far.
    pub(crate) async fn hash(&mut self, tx: &mut Tx, range: Range) -> Result<Hash, Fault> {
        let mut hashes = Vec::new();
        for node in cover(range) {
            hashes.push(self.node(tx, node).await?);
        }
        Ok(fold(&hashes))
    }

    /// The root of the first `size` leaves.
    ///
    /// # Errors
    /// As [`Tiles::hash`].
    pub(crate) async fn root(&mut self, tx: &mut Tx, size: u64) -> Result<Hash, Fault> {
        self.hash(
            tx,
            Range {
                start: 0,
                end: size,
            },
        )
        .await
    }

    /// The hashes over `ranges`, in standard base64: a proof.
    ///
    /// # Errors
    /// As [`Tiles::hash`].
    pub(crate) async fn proof(
        &mut self,
        tx: &mut Tx,
        ranges: &[Range],
    ) -> Result<Vec<String>, Fault> {
        let mut proof = Vec::new();
        for range in ranges {
            proof.push(STANDARD.encode(self.hash(tx, *range).await?));
        }
        Ok(proof)
    }

    async fn node(&mut self, tx: &mut Tx, node: Node) -> Result<Hash, Fault> {
        let (level, inner) = (node.height / HEIGHT, node.height % HEIGHT);
        let first = node.number << inner;
        let key = (level, first >> HEIGHT);
        if !self.kept.contains_key(&key) {
            if self.kept.len() >= KEPT_MAX {
                self.kept.clear();
            }
            self.kept.insert(key, load(tx, key.0, key.1).await?);
        }
        let start = usize::try_from(first % 256).map_err(|_beyond| broken())?;
        let tile = self.kept.get(&key).ok_or_else(broken)?;
        tile.get(start..start + (1 << inner))
            .map(perfect)
            .ok_or_else(broken)
    }
}

async fn load(tx: &mut Tx, level: u32, number: u64) -> Result<Vec<Hash>, Fault> {
    let row = FIND
        .bind(i64::from(level))
        .bind(column(number)?)
        .optional(tx)
        .await?;
    let text = row.ok_or_else(broken)?.text("hashes")?;
    let bytes = STANDARD.decode(text).map_err(|_form| broken())?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() {
        Ok(hashes.to_vec())
    } else {
        Err(broken())
    }
}

async fn save(tx: &mut Tx, level: u32, number: u64, hashes: &[Hash]) -> Result<(), Fault> {
    let query = PUT.bind(i64::from(level)).bind(column(number)?);
    query
        .bind(STANDARD.encode(hashes.as_flattened()))
        .execute_one(tx)
        .await
}

//! What was built: one entry for every file of the site, kept in the store.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wabe::{Result, kv};

/// Where pieces of the index are kept, by their numbers.
const PREFIX: &str = "index/";
/// The most bytes of a piece: a value of the store takes 64 KiB.
const PIECE_BYTES: usize = 48 << 10;

/// By the path in the source.
pub(crate) type Index = BTreeMap<String, Entry>;

/// What is known of a file. The names are short, as a thousand of them are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    /// Below the site.
    #[serde(rename = "o")]
    pub(crate) output: String,
    /// Of the source when it was last read.
    #[serde(rename = "s", skip_serializing_if = "String::is_empty")]
    pub(crate) stamp: String,
    /// The title; empty for what is copied.
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub(crate) title: String,
    /// The place in the navigation.
    #[serde(rename = "n", skip_serializing_if = "is_zero")]
    pub(crate) order: i32,
    /// True when visitors do not see it.
    #[serde(rename = "d", skip_serializing_if = "is_false")]
    pub(crate) draft: bool,
    /// Of all that went into what was written; 0 when nothing was written yet.
    #[serde(rename = "w", skip_serializing_if = "is_nothing")]
    pub(crate) written: u64,
}

impl Entry {
    /// Whether it is a page for visitors.
    pub(crate) fn is_shown(&self) -> bool {
        !self.title.is_empty() && !self.draft
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_nothing(number: &u64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Reads all pieces.
pub(crate) fn load() -> Result<Index> {
    let mut index = Index::new();
    for number in 0.. {
        let Some(piece) = kv::get::<Index>(&format!("{PREFIX}{number}"))? else {
            break;
        };
        index.extend(piece);
    }
    Ok(index)
}

/// Writes all pieces, and deletes those that are too many.
pub(crate) fn save(index: &Index) -> Result<()> {
    let pieces = pieces(index);
    for (number, piece) in pieces.iter().enumerate() {
        kv::set(&format!("{PREFIX}{number}"), piece)?;
    }
    for number in pieces.len().. {
        if !kv::delete(&format!("{PREFIX}{number}"))? {
            break;
        }
    }
    Ok(())
}

/// The index in pieces that fit into the store.
fn pieces(index: &Index) -> Vec<BTreeMap<&str, &Entry>> {
    let mut pieces = vec![BTreeMap::new()];
    let mut bytes = 0;
    for (path, entry) in index {
        // Every character may become six in JSON, but titles and paths are short.
        let size = 100 + 2 * (path.len() + entry.output.len() + entry.title.len());
        if bytes + size > PIECE_BYTES {
            pieces.push(BTreeMap::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(piece) = pieces.last_mut() {
            piece.insert(path.as_str(), entry);
        }
    }
    pieces
}

/// Has everything written anew that was written before.
pub(crate) fn doubt(index: &mut Index) {
    for entry in index.values_mut().filter(|entry| entry.written > 0) {
        entry.written = 1;
    }
}

/// A number for content: the same content, the same number (FNV-1a). Never 0.
pub(crate) fn fingerprint<'part>(parts: impl IntoIterator<Item = &'part str>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_index_is_kept_in_pieces() {
        let entry = Entry {
            output: "x".repeat(80),
            title: "Ü".repeat(40),
            written: u64::MAX,
            ..Entry::default()
        };
        let index: Index = (0..1_000)
            .map(|n| (format!("{n:0>60}.md"), entry.clone()))
            .collect();
        let pieces = pieces(&index);
        assert!(pieces.len() > 1);
        assert_eq!(pieces.iter().map(BTreeMap::len).sum::<usize>(), 1_000);
        for piece in pieces {
            assert!(wabe::json!(piece).to_string().len() < 64 << 10);
        }
    }

    #[test]
    fn a_fingerprint_knows_where_parts_end() {
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
        assert_eq!(fingerprint(["a"]), fingerprint(["a"]));
    }
}

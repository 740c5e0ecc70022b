//! The hash tree of RFC 6962 as a verifier needs it.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

pub(crate) fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Whether `proof` leads from `leaf` at `index` to `root` (RFC 9162, 2.1.3.2).
pub(crate) fn includes(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for other in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = parent(other, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = parent(&hash, other);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the tree of `new` continues the tree of `old` (RFC 9162, 2.1.4.2).
/// Each tree is its size and its root.
pub(crate) fn continues(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> bool {
    if old.0 == 0 {
        return proof.is_empty() && *old.1 == Peaks::default().root();
    }
    if old.0 >= new.0 {
        return false;
    }
    let mut path = proof.iter();
    let first = if old.0.is_power_of_two() {
        Some(old.1)
    } else {
        path.next()
    };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old.0 - 1, new.0 - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut before, mut after) = (*first, *first);
    for other in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            before = parent(other, &before);
            after = parent(other, &after);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            after = parent(&after, other);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && before == *old.1 && after == *new.1
}

/// A tree that only grows: the roots of its perfect subtrees, largest first.
#[derive(Default)]
pub(crate) struct Peaks {
    size: u64,
    peaks: Vec<Hash>,
}

impl Peaks {
    /// Leaves so far.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub(crate) fn push(&mut self, leaf: Hash) {
        self.peaks.push(leaf);
        // As many pairs close as the old size ends in ones.
        for _ in 0..self.size.trailing_ones() {
            if let (Some(right), Some(left)) = (self.peaks.pop(), self.peaks.pop()) {
                self.peaks.push(parent(&left, &right));
            }
        }
        self.size += 1;
    }

    /// The root over all leaves so far.
    pub(crate) fn root(&self) -> Hash {
        match self.peaks.split_last() {
            Some((last, rest)) => rest
                .iter()
                .rev()
                .fold(*last, |right, left| parent(left, &right)),
            None => Sha256::digest([]).into(),
        }
    }
}

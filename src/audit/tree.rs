//! The hash tree of RFC 6962 as arithmetic: which subtrees make up a root or a proof.
//!
//! Nothing here reads or stores. A range of leaves is always one that the recursion of RFC 6962
//! meets, so it splits into perfect subtrees by the bits of its length, largest first.

use aws_lc_rs::digest::{Context, SHA256, digest};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// A perfect subtree: the leaves from `number << height` on, `1 << height` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// 0 for a leaf.
    pub height: u32,
    /// Counts from the left within its height.
    pub number: u64,
}

/// Leaves from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first leaf.
    pub start: u64,
    /// The leaf after the last.
    pub end: u64,
}

fn finish(context: Context) -> Hash {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

/// The hash of a leaf: SHA-256 over 00 and its bytes.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    context.update(bytes);
    finish(context)
}

/// The hash of an inner node: SHA-256 over 01, left and right.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[1]);
    context.update(left);
    context.update(right);
    finish(context)
}

/// The root of a tree without leaves: SHA-256 over nothing.
#[must_use]
pub fn empty_root() -> Hash {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest(&SHA256, &[]).as_ref()) {
        *to = *from;
    }
    hash
}

/// The perfect subtrees of a range, left to right.
#[must_use]
pub fn cover(range: Range) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = range.start;
    for height in (0..u64::BITS).rev() {
        if (range.end - range.start) >> height & 1 == 1 {
            nodes.push(Node {
                height,
                number: start >> height,
            });
            start += 1 << height;
        }
    }
    nodes
}

/// The hash over perfect subtrees as [`cover`] lists them.
#[must_use]
pub fn fold(hashes: &[Hash]) -> Hash {
    match hashes.split_last() {
        Some((last, rest)) => rest
            .iter()
            .rev()
            .fold(*last, |right, left| node_hash(left, &right)),
        None => empty_root(),
    }
}

/// The hash of a perfect subtree over `hashes`, whose count is a power of two.
#[must_use]
pub fn perfect(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let pairs = row.chunks(2).filter_map(|pair| match pair {
            [left, right] => Some(node_hash(left, right)),
            _ => None,
        });
        row = pairs.collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// Where RFC 6962 splits `count` leaves: the largest power of two below `count`.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The ranges whose hashes prove that leaf `leaf` is in a tree of `size`, lowest first
/// (RFC 6962, 2.1.1). Empty when it is not.
#[must_use]
pub fn inclusion(leaf: u64, size: u64) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut start, mut end) = (0, size);
    while leaf < size && end - start > 1 {
        let middle = start + split(end - start);
        if leaf < middle {
            ranges.push(Range { start: middle, end });
            end = middle;
        } else {
            ranges.push(Range { start, end: middle });
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The ranges whose hashes prove that a tree of `size` continues one of `old` (RFC 6962, 2.1.2).
/// Empty when `old` is 0, or not smaller.
#[must_use]
pub fn consistency(old: u64, size: u64) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut start, mut end, mut whole) = (0, size, true);
    if old == 0 || old >= size {
        return ranges;
    }
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(Range { start: middle, end });
            end = middle;
        } else {
            ranges.push(Range { start, end: middle });
            start = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(Range { start, end });
    }
    ranges.reverse();
    ranges
}

#[cfg(test)]
mod test {
    use super::{Hash, Range, cover, empty_root, fold, inclusion, leaf_hash, node_hash};
    use wabe_kernel::hex;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect()
    }

    /// RFC 6962 word by word.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&root(left), &root(right))
            }
        }
    }

    fn hash_of(range: Range, leaves: &[Hash]) -> Hash {
        let ranges = cover(range).into_iter().map(|node| {
            let from = usize::try_from(node.number << node.height).unwrap();
            root(&leaves[from..from + (1 << node.height)])
        });
        fold(&ranges.collect::<Vec<_>>())
    }

    #[test]
    fn the_empty_tree_has_the_root_that_rfc_6962_names() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&empty_root()), known);
        assert_eq!(
            hex(&leaf_hash(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    #[test]
    fn a_root_from_perfect_subtrees_equals_the_root_by_definition() {
        for count in 0..70 {
            let leaves = leaves(count);
            assert_eq!(
                hash_of(
                    Range {
                        start: 0,
                        end: count
                    },
                    &leaves
                ),
                root(&leaves),
                "{count}"
            );
        }
    }

    #[test]
    fn an_inclusion_proof_leads_from_its_leaf_to_the_root() {
        for count in 1..70 {
            let leaves = leaves(count);
            for leaf in 0..count {
                let mut hash = leaves[usize::try_from(leaf).unwrap()];
                for range in inclusion(leaf, count) {
                    let other = hash_of(range, &leaves);
                    let left = range.start <= leaf;
                    hash = if left {
                        node_hash(&other, &hash)
                    } else {
                        node_hash(&hash, &other)
                    };
                }
                assert_eq!(hash, root(&leaves), "{leaf} of {count}");
            }
        }
    }
}

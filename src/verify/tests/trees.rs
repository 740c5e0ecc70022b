use crate::tree::{Hash, Peaks, continues, includes, leaf};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|at| leaf(&at.to_be_bytes())).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut peaks = Peaks::default();
    for leaf in leaves {
        peaks.push(*leaf);
    }
    peaks.root()
}

/// RFC 6962, 2.1.1, word by word.
fn path(leaf: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut path, other) = if leaf < left.len() {
        (path(leaf, left), root(right))
    } else {
        (path(leaf - left.len(), right), root(left))
    };
    path.push(other);
    path
}

/// RFC 6962, 2.1.2, word by word.
fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![root(leaves)]
        };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, other) = if old <= left.len() {
        (subproof(old, left, whole), root(right))
    } else {
        (subproof(old - left.len(), right, false), root(left))
    };
    proof.push(other);
    proof
}

#[test]
fn proofs_by_the_letter_of_the_rfc_are_accepted_for_their_leaf_only() {
    for count in 1..40 {
        let leaves = leaves(count);
        let root = root(&leaves);
        for at in 0..count {
            let place = usize::try_from(at).unwrap();
            let path = path(place, &leaves);
            assert!(includes(leaves[place], at, count, &path, &root));
            for other in (0..=count).filter(|other| *other != at) {
                assert!(!includes(leaves[place], other, count, &path, &root));
            }
            assert!(!includes(
                leaves[place],
                at,
                count,
                &[path.as_slice(), &[root]].concat(),
                &root
            ));
        }
    }
}

#[test]
fn consistency_by_the_letter_of_the_rfc_is_accepted_for_its_trees_only() {
    for count in 2..40 {
        let leaves = leaves(count);
        let new = root(&leaves);
        for old in 1..count {
            let before = &leaves[..usize::try_from(old).unwrap()];
            let proof = subproof(before.len(), &leaves, true);
            assert!(
                continues((old, &root(before)), (count, &new), &proof),
                "{old} of {count}"
            );
            assert!(!continues((old, &new), (count, &new), &proof));
            assert!(!continues(
                (old, &root(before)),
                (count, &root(before)),
                &proof
            ));
            assert!(!continues((old, &root(before)), (count, &new), &proof[1..]));
        }
    }
}

//! A dump of the whole log.

use crate::Report;
use crate::finding::{Finding, Wrong};
use crate::line::{Line, Lines, Skeleton};
use crate::note::{Checkpoint, Key};
use crate::order::{LATENESS, Order, SKEW};
use crate::tree::{Hash, Peaks};
use std::collections::BTreeMap;
use std::io::BufRead;

/// What was seen of a dump so far.
#[derive(Default)]
struct Seen {
    tree: Peaks,
    order: Order,
    known: BTreeMap<u64, Vec<Hash>>,
    last: Option<Checkpoint>,
    checkpoints: u64,
    latest: i64,
    ended: bool,
}

/// Verifies a dump of the log: hashes every entry again and holds the roots against all checkpoints
/// in it, and against those that are `known` from elsewhere: mailed out, witnessed, or kept from the
/// last verification. Without any known one, a log that was put back as a whole to an earlier state
/// looks sound.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_log(reader: impl BufRead, key: &str, known: &[String]) -> Result<Report, Finding> {
    let nowhere = |what| Finding { what, line: 0 };
    let key = Key::parse(key).map_err(nowhere)?;
    let mut seen = Seen::default();
    for note in known {
        let checkpoint = key.checkpoint(note).map_err(nowhere)?;
        seen.known
            .entry(checkpoint.size)
            .or_default()
            .push(checkpoint.root);
    }
    let mut lines = Lines::new(reader);
    seen.compare().map_err(|what| lines.finding(what))?;
    while let Some(line) = lines.next()? {
        seen.take(&key, line).map_err(|what| lines.finding(what))?;
    }
    if !seen.ended {
        return Err(lines.finding(Wrong::Structure));
    }
    let (size, at) = seen.last.map_or((0, 0), |last| (last.size, last.at));
    let (entries, checkpoints) = (seen.tree.size(), seen.checkpoints);
    Ok(Report {
        entries,
        erased: 0,
        checkpoints,
        size,
        at,
        unanchored: entries - size,
    })
}

impl Seen {
    fn take(&mut self, key: &Key, line: Line) -> Result<(), Wrong> {
        match line {
            _ if self.ended => Err(Wrong::Structure),
            Line::Leaf {
                skeleton,
                leaf_index,
            } => self.leaf(&skeleton, leaf_index),
            Line::Checkpoint { note } => self.checkpoint(key.checkpoint(&note)?),
            Line::DumpEnd { size, checkpoints } => self.end(size, checkpoints),
            _ => Err(Wrong::Structure),
        }
    }

    fn leaf(&mut self, skeleton: &Skeleton, index: u64) -> Result<(), Wrong> {
        match index.cmp(&self.tree.size()) {
            std::cmp::Ordering::Less => return Err(Wrong::Repeated),
            std::cmp::Ordering::Greater => return Err(Wrong::Gap),
            std::cmp::Ordering::Equal => self.tree.push(skeleton.hash()),
        }
        let backdated = |last: &Checkpoint| skeleton.at.saturating_add(LATENESS) < last.at;
        if self.last.as_ref().is_some_and(backdated) {
            return Err(Wrong::Clock);
        }
        self.order
            .note(&skeleton.customer, skeleton.seq, skeleton.at)?;
        self.compare()
    }

    /// Holds the root as it is now against what is known of this size.
    fn compare(&mut self) -> Result<(), Wrong> {
        let Some(roots) = self.known.remove(&self.tree.size()) else {
            return Ok(());
        };
        let root = self.tree.root();
        if roots.iter().all(|known| *known == root) {
            Ok(())
        } else {
            Err(Wrong::Fork)
        }
    }

    fn checkpoint(&mut self, checkpoint: Checkpoint) -> Result<(), Wrong> {
        match checkpoint.size.cmp(&self.tree.size()) {
            std::cmp::Ordering::Less => return Err(Wrong::Structure),
            std::cmp::Ordering::Greater => return Err(Wrong::Truncated),
            std::cmp::Ordering::Equal => {}
        }
        if checkpoint.root != self.tree.root() {
            return Err(Wrong::Root);
        }
        if self.latest > checkpoint.at.saturating_add(LATENESS) {
            return Err(Wrong::Clock);
        }
        if let Some(last) = &self.last {
            if last.size == checkpoint.size {
                return Err(Wrong::Repeated);
            }
            if checkpoint.at.saturating_add(SKEW) < last.at {
                return Err(Wrong::Clock);
            }
        }
        self.checkpoints += 1;
        self.last = Some(checkpoint);
        Ok(())
    }

    fn end(&mut self, size: u64, checkpoints: u64) -> Result<(), Wrong> {
        self.ended = true;
        let whole = size == self.tree.size() && checkpoints == self.checkpoints;
        if !whole || !self.known.is_empty() {
            return Err(Wrong::Truncated);
        }
        if self.order.is_complete() {
            Ok(())
        } else {
            Err(Wrong::Gap)
        }
    }
}

//! A customer's export.

use crate::Report;
use crate::finding::{Finding, Wrong};
use crate::line::{Line, Lines, Skeleton, encode, hashes};
use crate::note::{Checkpoint, Key};
use crate::order::{LATENESS, SKEW};
use crate::tree::{continues, includes};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::BufRead;

/// What was seen of an export so far.
struct Seen {
    checkpoint: Checkpoint,
    continued: bool,
    customer: Option<String>,
    entries: u64,
    erased: u64,
    latest: i64,
}

/// Verifies a customer's export: every entry against the signed checkpoint, their numbers and times,
/// the payloads against what was recorded, and the end.
///
/// `key` is the log's public key as the hoster publishes it. `known` is a checkpoint that the
/// customer holds already: the export must then prove that the record continues it.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_export(
    reader: impl BufRead,
    key: &str,
    known: Option<&str>,
) -> Result<Report, Finding> {
    let nowhere = |what| Finding { what, line: 0 };
    let key = Key::parse(key).map_err(nowhere)?;
    let known = known
        .map(|note| key.checkpoint(note))
        .transpose()
        .map_err(nowhere)?;
    let mut lines = Lines::new(reader);
    let Some(Line::Checkpoint { note }) = lines.next()? else {
        return Err(lines.finding(Wrong::Structure));
    };
    let checkpoint = key.checkpoint(&note).map_err(|what| lines.finding(what))?;
    let continued =
        continued_as_is(known.as_ref(), &checkpoint).map_err(|what| lines.finding(what))?;
    let mut seen = Seen {
        checkpoint,
        continued,
        customer: None,
        entries: 0,
        erased: 0,
        latest: i64::MIN,
    };
    loop {
        let line = lines.next()?.ok_or(lines.finding(Wrong::Structure))?;
        if seen
            .take(&key, known.as_ref(), line)
            .map_err(|what| lines.finding(what))?
        {
            break;
        }
    }
    if lines.next()?.is_some() {
        return Err(lines.finding(Wrong::Structure));
    }
    let Seen {
        checkpoint,
        entries,
        erased,
        ..
    } = seen;
    let (size, at) = (checkpoint.size, checkpoint.at);
    Ok(Report {
        entries,
        erased,
        checkpoints: 1,
        size,
        at,
        unanchored: 0,
    })
}

/// Whether no proof is needed that the checkpoint continues the known one.
fn continued_as_is(known: Option<&Checkpoint>, checkpoint: &Checkpoint) -> Result<bool, Wrong> {
    let Some(known) = known else { return Ok(true) };
    match known.size.cmp(&checkpoint.size) {
        std::cmp::Ordering::Greater => Err(Wrong::Truncated),
        std::cmp::Ordering::Equal if known.root != checkpoint.root => Err(Wrong::Fork),
        _ if known.at > checkpoint.at.saturating_add(SKEW) => Err(Wrong::Clock),
        order => Ok(order.is_eq()),
    }
}

impl Seen {
    /// Verifies one line; true when it is the end.
    fn take(&mut self, key: &Key, known: Option<&Checkpoint>, line: Line) -> Result<bool, Wrong> {
        match line {
            Line::Consistency { from, proof } if !self.continued && self.entries == 0 => {
                let known = known
                    .filter(|known| known.size == from)
                    .ok_or(Wrong::Structure)?;
                let new = (self.checkpoint.size, &self.checkpoint.root);
                if !continues((known.size, &known.root), new, &hashes(&proof)?) {
                    return Err(Wrong::Fork);
                }
                self.continued = true;
                Ok(false)
            }
            Line::Entry {
                skeleton,
                leaf_index,
                proof,
                salt,
                payload,
            } if self.continued => {
                self.number(&skeleton)?;
                let (hash, proof) = (skeleton.hash(), hashes(&proof)?);
                let (size, root) = (self.checkpoint.size, &self.checkpoint.root);
                if !includes(hash, leaf_index, size, &proof, root) {
                    return Err(Wrong::Proof);
                }
                self.payload(&skeleton, salt.as_deref(), payload.as_deref())?;
                Ok(false)
            }
            Line::End {
                customer,
                entries,
                erased,
                size,
                signature,
            } if self.continued => {
                self.end(key, &customer, [entries, erased, size], &signature)?;
                Ok(true)
            }
            _ => Err(Wrong::Structure),
        }
    }

    fn number(&mut self, skeleton: &Skeleton) -> Result<(), Wrong> {
        if self
            .customer
            .as_ref()
            .is_some_and(|customer| *customer != skeleton.customer)
        {
            return Err(Wrong::Customer);
        }
        self.customer = Some(skeleton.customer.clone());
        match skeleton.seq.cmp(&(self.entries + 1)) {
            std::cmp::Ordering::Less => return Err(Wrong::Repeated),
            std::cmp::Ordering::Greater => return Err(Wrong::Gap),
            std::cmp::Ordering::Equal => self.entries += 1,
        }
        let backwards = skeleton.at.saturating_add(SKEW) < self.latest;
        let ahead = skeleton.at > self.checkpoint.at.saturating_add(LATENESS);
        self.latest = self.latest.max(skeleton.at);
        if backwards || ahead {
            Err(Wrong::Clock)
        } else {
            Ok(())
        }
    }

    fn payload(
        &mut self,
        skeleton: &Skeleton,
        salt: Option<&str>,
        payload: Option<&str>,
    ) -> Result<(), Wrong> {
        let decode = |text: &str| STANDARD.decode(text).map_err(|_form| Wrong::Form);
        let tag = decode(&skeleton.payload_hmac)?;
        match (salt, payload) {
            (None, None) => {
                self.erased += 1;
                Ok(())
            }
            (Some(salt), Some(payload)) => {
                let salt = hmac::Key::new(hmac::HMAC_SHA256, &decode(salt)?);
                hmac::verify(&salt, payload.as_bytes(), &tag).map_err(|_differs| Wrong::Payload)
            }
            _ => Err(Wrong::Payload),
        }
    }

    fn end(
        &self,
        key: &Key,
        customer: &str,
        counts: [u64; 3],
        signature: &str,
    ) -> Result<(), Wrong> {
        if self.customer.as_ref().is_some_and(|seen| seen != customer) {
            return Err(Wrong::Customer);
        }
        if counts != [self.entries, self.erased, self.checkpoint.size] {
            return Err(Wrong::Truncated);
        }
        let [entries, erased, size] = counts.map(|count| count.to_string());
        let fields = ["wabe-export-v1", customer, &entries, &erased, &size].map(Some);
        let signed = key.verifies(&encode(&fields), signature);
        if signed {
            Ok(())
        } else {
            Err(Wrong::Signature)
        }
    }
}

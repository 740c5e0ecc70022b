//! The lines of exports and dumps, read in one spelling only.

use crate::finding::{Finding, Wrong};
use crate::tree::{Hash, leaf};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Read as _};

/// No line is longer, in bytes.
const LINE_MAX: u64 = 64 * 1_024 * 1_024;

/// What stays of an entry for good.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Skeleton {
    pub(crate) id: String,
    pub(crate) customer: String,
    pub(crate) seq: u64,
    pub(crate) at: i64,
    actor_kind: String,
    actor_user: Option<String>,
    actor_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor_installation: Option<String>,
    command: String,
    object_kind: String,
    object_id: String,
    kind: String,
    pub(crate) payload_hmac: String,
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Line {
    Checkpoint {
        note: String,
    },
    Consistency {
        from: u64,
        proof: Vec<String>,
    },
    Entry {
        #[serde(flatten)]
        skeleton: Skeleton,
        leaf_index: u64,
        proof: Vec<String>,
        salt: Option<String>,
        payload: Option<String>,
    },
    Leaf {
        #[serde(flatten)]
        skeleton: Skeleton,
        leaf_index: u64,
    },
    End {
        customer: String,
        entries: u64,
        erased: u64,
        size: u64,
        signature: String,
    },
    DumpEnd {
        size: u64,
        checkpoints: u64,
    },
}

impl Skeleton {
    /// The hash of its leaf: thirteen fields, each behind its length; absent is all ones. Where a
    /// plugin acted, the version is another and its installation the fourteenth.
    pub(crate) fn hash(&self) -> Hash {
        let numbers = [self.seq.to_string(), self.at.to_string()];
        let [seq, at] = numbers.each_ref().map(String::as_str);
        let version = match self.actor_installation {
            None => "wabe-change-v1",
            Some(_) => "wabe-change-v2",
        };
        let mut fields = vec![
            Some(version),
            Some(&self.id),
            Some(&self.customer),
            Some(seq),
            Some(at),
            Some(&self.actor_kind),
            self.actor_user.as_deref(),
            self.actor_token.as_deref(),
            Some(&self.command),
            Some(&self.object_kind),
            Some(&self.object_id),
            Some(&self.kind),
            Some(&self.payload_hmac),
        ];
        if let Some(installation) = &self.actor_installation {
            fields.push(Some(installation));
        }
        leaf(&encode(&fields))
    }
}

/// Fields, each behind its length in four bytes, most significant first.
pub(crate) fn encode(fields: &[Option<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        let text = field.unwrap_or_default();
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX - 1);
        bytes.extend(if field.is_some() { length } else { u32::MAX }.to_be_bytes());
        bytes.extend(text.bytes());
    }
    bytes
}

/// The hashes of a proof.
pub(crate) fn hashes(proof: &[String]) -> Result<Vec<Hash>, Wrong> {
    let hash = |text: &String| STANDARD.decode(text).ok()?.try_into().ok();
    proof
        .iter()
        .map(|text| hash(text).ok_or(Wrong::Form))
        .collect()
}

/// Reads line by line and knows where it is.
pub(crate) struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) const fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// Something is wrong here.
    pub(crate) const fn finding(&self, what: Wrong) -> Finding {
        Finding {
            what,
            line: self.number,
        }
    }

    /// The next line; `None` at the end of the input.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, Finding> {
        self.number += 1;
        let mut bytes = Vec::new();
        let read = self
            .reader
            .by_ref()
            .take(LINE_MAX)
            .read_until(b'\n', &mut bytes);
        if read.map_err(|_error| self.finding(Wrong::Unreadable))? == 0 {
            return Ok(None);
        }
        let wrong = self.finding(Wrong::Form);
        let text = bytes.strip_suffix(b"\n").ok_or(wrong)?;
        let line: Line = serde_json::from_slice(text).map_err(|_form| wrong)?;
        // One spelling only: nothing more, nothing else, nothing twice.
        let again = serde_json::to_vec(&line).map_err(|_form| wrong)?;
        if again == text {
            Ok(Some(line))
        } else {
            Err(wrong)
        }
    }
}

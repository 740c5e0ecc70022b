//! The lines of exports and dumps.
//!
//! Both are JSON lines: one object per line, written without spaces, keys in the order of [`Line`]
//! behind `type`, every line ended by a line feed. There is one spelling of every line only.

use crate::skeleton::Skeleton;
use serde::Serialize;
use wabe_kernel::Fault;

/// A line of an export or a dump.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Line<'a> {
    /// A signed note.
    Checkpoint { note: &'a str },
    /// Proves that the checkpoint continues the tree of size `from`.
    Consistency { from: u64, proof: Vec<String> },
    /// An entry with its way to the checkpoint's root; salt and payload are null once erased.
    Entry {
        #[serde(flatten)]
        skeleton: Skeleton,
        leaf_index: i64,
        proof: Vec<String>,
        salt: Option<String>,
        payload: Option<String>,
    },
    /// An entry of a dump.
    Leaf {
        #[serde(flatten)]
        skeleton: Skeleton,
        leaf_index: i64,
    },
    /// The end of an export. The signature is Ed25519 over the fields (see [`crate::skeleton`])
    /// `wabe-export-v1`, customer, entries, erased, size of the checkpoint.
    End {
        customer: String,
        entries: i64,
        erased: i64,
        size: u64,
        signature: String,
    },
    /// The end of a dump.
    DumpEnd { size: i64, checkpoints: i64 },
}

impl Line<'_> {
    pub(crate) fn write(&self, text: &mut String) -> Result<(), Fault> {
        let line =
            serde_json::to_string(self).map_err(|error| Fault::because("write a line", error))?;
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }
}

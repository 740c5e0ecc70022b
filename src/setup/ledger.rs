//! What this program wrote, and what it looked like then: whoever edits such a file owns it from then on.

use crate::machine::Unit;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wabe_kernel::{Fault, hex};

/// The files of this program, with the SHA-256 of everything that it ever wrote into each: a crash between a file and
/// its line here leaves what lies there known in either case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    files: BTreeMap<PathBuf, BTreeSet<String>>,
    /// Units that were not started anew since something was written that they read.
    #[serde(default)]
    outdated: BTreeSet<String>,
}

/// The SHA-256 of these bytes, in hexadecimal.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl Ledger {
    /// What stands in a ledger that was kept.
    ///
    /// # Errors
    /// When it is none: whose files are whose is then unknown, and nothing is touched.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        serde_json::from_slice(bytes)
            .map_err(|error| Fault::because("read the ledger of the node", error))
    }

    /// What is kept of it.
    ///
    /// # Errors
    /// When a path is not text.
    pub fn written(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Fault::because("write the ledger of the node", error))
    }

    /// Whether a file is still what this program wrote.
    #[must_use]
    pub fn owns(&self, path: &Path, bytes: &[u8]) -> bool {
        let known = self.files.get(path);
        known.is_some_and(|known| known.contains(&fingerprint(bytes)))
    }

    /// Remembers what was written.
    pub fn note(&mut self, path: &Path, bytes: &[u8]) {
        let known = self.files.entry(path.to_owned()).or_default();
        known.insert(fingerprint(bytes));
    }

    /// Remembers that a unit has to be started anew.
    pub fn outdate(&mut self, unit: &Unit) {
        self.outdated.insert(unit.name());
    }

    /// Whether a unit still has to be started anew.
    #[must_use]
    pub fn is_outdated(&self, unit: &Unit) -> bool {
        self.outdated.contains(&unit.name())
    }

    /// Remembers that a unit was started anew.
    pub fn started(&mut self, unit: &Unit) {
        self.outdated.remove(&unit.name());
    }
}

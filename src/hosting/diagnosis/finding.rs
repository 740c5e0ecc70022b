//! What a look at a thing found.

use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use wabe_kernel::Timestamp;

/// How much a finding matters. The worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// This is why it does not work.
    Bad,
    /// It works, but somebody should know.
    Note,
    /// Looked at, and in order.
    Good,
}

/// Where something is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The settings of the thing: there is more room.
    Settings,
    /// The page of the thing: it is switched on there, or proved.
    Page,
    /// The files of the webspace.
    Files,
    /// The names of the webspace.
    Hosts,
    /// The trash.
    Trash,
}

/// The way to mend something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fix {
    /// Where.
    pub way: Way,
    /// Of which thing.
    pub object: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// What was found: a code of the message catalogue, `finding-{code}`.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What the message names: hosts, addresses, folders, percentages.
    pub values: BTreeMap<&'static str, String>,
    /// The time that it names.
    pub at: Option<Timestamp>,
    /// Where it is mended; absent where there is nothing to mend, or not here.
    pub fix: Option<Fix>,
}

impl Finding {
    pub(super) const fn new(level: Level, code: &'static str) -> Self {
        Self {
            code,
            level,
            values: BTreeMap::new(),
            at: None,
            fix: None,
        }
    }

    pub(super) const fn bad(code: &'static str) -> Self {
        Self::new(Level::Bad, code)
    }

    pub(super) const fn note(code: &'static str) -> Self {
        Self::new(Level::Note, code)
    }

    pub(super) const fn good(code: &'static str) -> Self {
        Self::new(Level::Good, code)
    }

    pub(super) fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.values.insert(name, value.to_string());
        self
    }

    pub(super) const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    pub(super) fn mend(mut self, way: Way, object: &(impl ToString + ?Sized)) -> Self {
        let object = object.to_string();
        self.fix = Some(Fix { way, object });
        self
    }
}

/// Everything that was looked at, the worst first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diagnosis {
    /// The worst of all findings.
    pub level: Level,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    pub(super) fn of(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.level);
        let worst = findings.first().map(|finding| finding.level);
        Self {
            level: worst.unwrap_or(Level::Good),
            findings,
        }
    }
}

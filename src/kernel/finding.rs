//! What a look at a thing found: why it does not work, and where that is mended.

use crate::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// The ways into the webspace: its upload password and keys.
    Access,
    /// The way past a lock, for whoever cannot log in.
    Unlock,
    /// The letter with the link to a password, for whoever cannot log in.
    Letter,
    /// One's own password.
    Password,
    /// One's own second factors.
    Factors,
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
    const fn new(level: Level, code: &'static str) -> Self {
        Self {
            code,
            level,
            values: BTreeMap::new(),
            at: None,
            fix: None,
        }
    }

    /// Why it does not work.
    #[must_use]
    pub const fn bad(code: &'static str) -> Self {
        Self::new(Level::Bad, code)
    }

    /// It works, but somebody should know.
    #[must_use]
    pub const fn note(code: &'static str) -> Self {
        Self::new(Level::Note, code)
    }

    /// Looked at, and in order.
    #[must_use]
    pub const fn good(code: &'static str) -> Self {
        Self::new(Level::Good, code)
    }

    /// Whether this is why it does not work.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.level == Level::Bad
    }

    /// Names a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.values.insert(name, value.to_string());
        self
    }

    /// Names a time.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Says where it is mended.
    #[must_use]
    pub fn mend(mut self, way: Way, object: &(impl ToString + ?Sized)) -> Self {
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
    /// All findings, the worst first.
    #[must_use]
    pub fn of(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.level);
        let worst = findings.first().map(|finding| finding.level);
        Self {
            level: worst.unwrap_or(Level::Good),
            findings,
        }
    }
}

//! The arguments of a message: typed values that are put into words only when they are read.

use crate::text::NoticeKind;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use wabe_kernel::{Fault, Secret, Timestamp};

/// The longest text argument, in characters; the rest is cut off.
const TEXT_MAX: usize = 300;

/// One argument.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A name or another single line.
    Text(String),
    /// Paragraphs that somebody else wrote.
    Prose(String),
    /// An amount of storage.
    Bytes(i64),
    /// How many.
    Count(i64),
    /// A point in time.
    Time(Timestamp),
    /// A code of the catalogue: the text `notice-reason-{code}`.
    Reason(String),
    /// A URL that opens something once. It is stored only until the mail went out.
    #[serde(serialize_with = "exposed")]
    Link(Secret),
}

fn exposed<S: Serializer>(link: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(link.expose())
}

/// All arguments of a message, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Args(BTreeMap<String, Arg>);

impl Args {
    /// No arguments yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a name or another single line.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Arg::Text(text.into()))
    }

    /// With paragraphs that somebody else wrote.
    #[must_use]
    pub fn prose(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Arg::Prose(text.into()))
    }

    /// With an amount of storage.
    #[must_use]
    pub fn bytes(self, name: &str, bytes: i64) -> Self {
        self.with(name, Arg::Bytes(bytes))
    }

    /// With a number of things.
    #[must_use]
    pub fn count(self, name: &str, count: i64) -> Self {
        self.with(name, Arg::Count(count))
    }

    /// With a point in time.
    #[must_use]
    pub fn time(self, name: &str, at: Timestamp) -> Self {
        self.with(name, Arg::Time(at))
    }

    /// With the code of a reason.
    #[must_use]
    pub fn reason(self, name: &str, code: &str) -> Self {
        self.with(name, Arg::Reason(code.to_owned()))
    }

    /// With a link that opens something once.
    #[must_use]
    pub fn link(self, name: &str, url: Secret) -> Self {
        self.with(name, Arg::Link(url))
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, arg: Arg) -> Self {
        self.0.insert(name.to_owned(), arg);
        self
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arg> {
        self.0.get(name)
    }

    /// By name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arg)> {
        self.0.iter().map(|(name, arg)| (name.as_str(), arg))
    }

    /// The same without links: what may be kept.
    #[must_use]
    pub fn without_links(&self) -> Self {
        let kept = self.0.iter();
        let kept = kept.filter(|(_, arg)| !matches!(arg, Arg::Link(_)));
        Self(
            kept.map(|(name, arg)| (name.clone(), arg.clone()))
                .collect(),
        )
    }

    /// Goes on only when everything is there that the texts of `kind` need.
    ///
    /// # Errors
    /// A fault: the caller forgot one.
    pub fn complete_for(&self, kind: NoticeKind) -> Result<(), Fault> {
        if kind.args().iter().all(|name| self.0.contains_key(*name)) {
            Ok(())
        } else {
            Err(Fault::new("a message lacks an argument"))
        }
    }

    /// The document for the database. It holds the links.
    pub(crate) fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|error| Fault::because("write arguments", error))
    }

    /// Reads the document back.
    pub(crate) fn from_json(text: &str) -> Result<Self, Fault> {
        // The source would quote the text, and the text may hold a link.
        serde_json::from_str(text).map_err(|_wrong| Fault::new("read arguments"))
    }
}

/// The most lines of paragraphs.
const LINES_MAX: usize = 60;

/// Paragraphs of printable characters: every line is one as [`one_line`] leaves it.
pub(crate) fn paragraphs(text: &str) -> String {
    let lines = text.lines().take(LINES_MAX).map(one_line);
    lines.collect::<Vec<_>>().join("\n")
}

/// One line of printable characters: what ends a line, hides or turns text around is a space.
pub(crate) fn one_line(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let plain = text.chars().map(|c| if odd(c) { ' ' } else { c });
    let plain: String = plain.take(TEXT_MAX).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

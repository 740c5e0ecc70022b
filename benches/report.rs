//! One table for everything that was measured.

use std::fmt;

/// What a measurement answers.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The head of the table.
pub(crate) const HEAD: &str = "\
| what | measured | baseline | ratio | target |\n\
|---|---|---|---|---|\n";

/// One line of the table.
#[derive(Debug, Default)]
pub(crate) struct Row {
    what: String,
    measured: String,
    baseline: String,
    ratio: String,
    target: String,
}

impl Row {
    /// What was measured.
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: measured.into(),
            ..Self::default()
        }
    }

    /// What it stands beside, and the ratio of the two.
    pub(crate) fn beside(mut self, baseline: impl Into<String>, ratio: f64) -> Self {
        self.baseline = baseline.into();
        self.ratio = format!("{ratio:.2}");
        self
    }

    /// What `design` part 10 wants, and whether it is so.
    pub(crate) fn target(mut self, target: &str, held: bool) -> Self {
        self.target = format!("{target}: {}", if held { "held" } else { "missed" });
        self
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            measured,
            baseline,
            ratio,
            target,
        } = self;
        writeln!(
            f,
            "| {what} | {measured} | {baseline} | {ratio} | {target} |"
        )
    }
}

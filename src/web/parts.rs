//! What the macros of `templates/components.html` take as lists.

/// One tab: a page of its own.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// The Fluent message of its label.
    pub text: &'static str,
    /// What `here` is compared with.
    pub key: &'static str,
}

/// One field before and after a change, as shown.
#[derive(Debug, Clone)]
pub struct DiffRow {
    /// What it is called.
    pub field: String,
    /// Before; nothing when there was none.
    pub before: Option<String>,
    /// After; nothing when there is none any more.
    pub after: Option<String>,
}

/// How far a step of a running change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Through.
    Done,
    /// At work.
    Now,
    /// Still to come.
    Next,
}

/// A step of a running change, in plain words.
#[derive(Debug, Clone)]
pub struct StripStep {
    /// What it does.
    pub text: String,
    /// How far it is.
    pub progress: Progress,
}

impl StripStep {
    /// Whether it is through.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.progress == Progress::Done
    }

    /// Whether it is at work.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.progress == Progress::Now
    }
}

/// One option of a choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// Its name.
    pub title: String,
    /// What it means; may be empty.
    pub text: String,
}

/// One quick filter of a list.
#[derive(Debug, Clone)]
pub struct Chip {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub text: String,
    /// How many there are.
    pub count: i64,
    /// Whether it is in force.
    pub current: bool,
}

//! A file that was edited by hand, as the desk sees it.

use std::fmt;
use std::str::FromStr;
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{Aside, EditMark, Problem, Reading, Timestamp};

/// What somebody of the hoster answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet: the file stays as it is.
    Open,
    /// The file is to stay as it is.
    Left,
    /// It may be written over; that is on its way.
    Released,
}

impl Answer {
    const ALL: [Self; 3] = [Self::Open, Self::Left, Self::Released];

    /// The word in the database and of texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Left => "left",
            Self::Released => "released",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Answer {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|answer| answer.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

/// A file that was edited by hand, as it stands in a list: without what was written.
#[derive(Debug, Clone)]
pub struct ListedFile {
    /// Of which webspace.
    pub webspace: WebspaceId,
    /// What that is called.
    pub name: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// The customer's number.
    pub number: String,
    /// What the customer is called.
    pub customer_name: String,
    /// What was answered.
    pub answer: Answer,
    /// Why it does not lie in its place any more; it does while absent.
    pub aside: Option<Aside>,
    /// Since when it is known.
    pub found_at: Timestamp,
    /// Whether a change of the customer's waits for the answer.
    pub waits: bool,
}

/// A file that was edited by hand.
#[derive(Debug, Clone)]
pub struct EditedFile {
    /// Of which webspace.
    pub webspace: WebspaceId,
    /// What that is called.
    pub name: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// The customer's number.
    pub number: String,
    /// What the customer is called.
    pub customer_name: String,
    /// What was written.
    pub mark: EditMark,
    /// What was answered.
    pub answer: Answer,
    /// Why it does not lie in its place any more; it does while absent.
    pub aside: Option<Aside>,
    /// How it differs from what should be there, as [`wabe_kernel::Edited`] says it.
    pub difference: String,
    /// The settings that say the same, or the lines that none says.
    pub reading: Reading,
    /// Since when it is known.
    pub found_at: Timestamp,
    /// Whether a change of the customer's waits for the answer.
    pub waits: bool,
    /// Whether everything that was changed is in effect, or waits for the answer.
    pub is_settled: bool,
}

impl EditedFile {
    /// Whether it can be left as it is: it lies in its place, and that was not said yet.
    #[must_use]
    pub fn may_be_left(&self) -> bool {
        self.aside.is_none() && self.answer == Answer::Open
    }

    /// Whether settings say what was written, and write over nothing that the customer changed and that is not in
    /// effect yet: it would be lost, and nobody would have been asked.
    #[must_use]
    pub const fn may_be_taken_over(&self) -> bool {
        matches!(self.reading, Reading::Settings(_)) && !self.is_waited_for()
    }

    /// Whether something that the customer changed is not in effect yet.
    #[must_use]
    pub const fn is_waited_for(&self) -> bool {
        self.waits || !self.is_settled
    }
}

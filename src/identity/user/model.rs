//! What is known of a user.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use wabe_kernel::id::UserId;
use wabe_kernel::{Field, Language, MailAddress, PersonName, PhoneNumber, Problem, Timestamp};

/// How the pages look to this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the machine says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in the database and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Theme {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|theme| theme.word() == text);
        found.ok_or(Problem::new("not-a-choice"))
    }
}

impl Field for Theme {
    fn from_json(value: &serde_json::Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        text.parse()
    }
}

/// A user, without anything secret.
#[derive(Debug, Clone)]
pub struct User {
    /// Which one.
    pub id: UserId,
    /// Where they are reached, and what they log in with.
    pub email: MailAddress,
    /// Where letters about their login go as well, where the first depends on what is hosted here.
    pub second_email: Option<MailAddress>,
    /// Where they are called: it says who may be calling, and proves nothing.
    pub phone: Option<PhoneNumber>,
    /// What they are called.
    pub name: PersonName,
    /// In which language.
    pub language: Language,
    /// How pages look.
    pub theme: Theme,
    /// Whether the next thing they do must be a new password.
    pub must_change_password: bool,
    /// Since when they cannot log in.
    pub disabled_at: Option<Timestamp>,
    /// When they last logged in.
    pub last_login_at: Option<Timestamp>,
    /// Since when they exist.
    pub created_at: Timestamp,
}

/// A user with what proves them; stays in this room.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) user: User,
    pub(crate) hash: Option<String>,
    pub(crate) changed_at: Option<Timestamp>,
    pub(crate) initial_expires_at: Option<Timestamp>,
}

impl Credential {
    /// Whether this person may log in at all now.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.user.disabled_at.is_none() && self.initial_expires_at.is_none_or(|end| now < end)
    }

    /// Whether the password must be changed before anything else.
    pub(crate) fn must_change(&self, age_days_max: Option<i64>, now: Timestamp) -> bool {
        let aged = match (age_days_max, self.changed_at) {
            (Some(days), Some(at)) => now >= at.plus_days(days + 1),
            _ => false,
        };
        self.user.must_change_password || aged
    }
}

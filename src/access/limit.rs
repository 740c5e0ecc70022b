//! What a plan bounds.

use std::fmt;
use std::str::FromStr;
use wabe_kernel::Problem;

/// One bound of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Webspaces.
    Webspaces,
    /// Domains.
    Domains,
    /// Mailboxes.
    Mailboxes,
    /// Alias addresses.
    Aliases,
    /// Databases.
    Databases,
    /// Members.
    Members,
    /// Installations of plugins.
    Installations,
    /// Cron jobs.
    CronJobs,
    /// Storage promised to webspaces, mailboxes and databases together, in bytes.
    StorageBytes,
}

impl Limit {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 9] = [
        Self::StorageBytes,
        Self::Webspaces,
        Self::Domains,
        Self::Mailboxes,
        Self::Aliases,
        Self::Databases,
        Self::Members,
        Self::Installations,
        Self::CronJobs,
    ];

    /// The word in the database and the API; the Fluent message is `limit-{word}`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Webspaces => "webspaces",
            Self::Domains => "domains",
            Self::Mailboxes => "mailboxes",
            Self::Aliases => "aliases",
            Self::Databases => "databases",
            Self::Members => "members",
            Self::Installations => "installations",
            Self::CronJobs => "cron_jobs",
            Self::StorageBytes => "storage_bytes",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Limit {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|limit| limit.word() == text);
        found.ok_or(Problem::new("not-a-choice"))
    }
}

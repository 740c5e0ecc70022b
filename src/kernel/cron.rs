//! Cron jobs: what one run is asked for, and how it ended.

use crate::command_line::CommandLine;
use crate::desired::Working;
use crate::field::{Problem, text_form};
use crate::id::{CronRunId, WebspaceId};
use crate::php_version::PhpVersion;
use std::fmt;
use std::str::FromStr;

/// The longest a run takes, in seconds; then it is told to end, and ended.
pub const RUN_SECONDS_MAX: u32 = 600;
/// What is kept of the end of a run's output, in bytes.
pub const OUTPUT_BYTES_MAX: usize = 64 * 1024;

/// Which cron jobs a node runs at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CronRuns {
    /// All of them.
    All,
    /// Those of PHP.
    Php,
    /// None: each of their runs ends with `no-user`.
    Nothing,
}

/// How a run ended, or that it did not begin. The Fluent message is `cron-outcome-{word}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CronOutcome {
    /// It is still going on.
    Running,
    /// The program said that all is well.
    Ok,
    /// The program said otherwise, was ended by a signal, or could not be started.
    Failed,
    /// It took too long, and was ended.
    Timeout,
    /// It took more of the machine than it may, and was ended.
    Limit,
    /// Nothing ran at its time, and it is too late now.
    Missed,
    /// The run before was still going on.
    Overlap,
    /// The panel ended during it; nobody knows how it went.
    Lost,
}

impl CronOutcome {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Ok,
        Self::Failed,
        Self::Timeout,
        Self::Limit,
        Self::Missed,
        Self::Overlap,
        Self::Lost,
    ];

    /// The word in the database, the API and the pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Timeout => "timeout",
            Self::Limit => "limit",
            Self::Missed => "missed",
            Self::Overlap => "overlap",
            Self::Lost => "lost",
        }
    }

    /// Whether something ran and went wrong.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Timeout | Self::Limit)
    }
}

impl fmt::Display for CronOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for CronOutcome {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|known| known.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

text_form!(CronOutcome, "cron-outcome");

/// What is to run now.
#[derive(Debug, Clone)]
pub struct CronOrder {
    /// Which run.
    pub run: CronRunId,
    /// In whose folder, under whose user.
    pub webspace: WebspaceId,
    /// The webspace's version of PHP.
    pub php: Option<PhpVersion>,
    /// What is started.
    pub command: CommandLine,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronEnded {
    /// How.
    pub outcome: CronOutcome,
    /// More about it: a word, the key of the Fluent message `cron-reason-{word}`.
    pub reason: Option<&'static str>,
    /// The program's own word about it; 0 is well.
    pub exit: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
    /// The most memory its first process was seen with, in bytes; absent where nobody looked in time.
    pub memory_bytes: Option<u64>,
    /// The end of what it wrote, at most [`OUTPUT_BYTES_MAX`]; what is no text is replaced.
    pub output: String,
    /// Whether it wrote more than that.
    pub cut: bool,
}

impl CronEnded {
    /// One that never began, for this reason.
    #[must_use]
    pub const fn never(reason: &'static str) -> Self {
        Self::without_output(CronOutcome::Failed, Some(reason))
    }

    /// One that nobody waits for any more.
    #[must_use]
    pub const fn lost() -> Self {
        Self::without_output(CronOutcome::Lost, None)
    }

    const fn without_output(outcome: CronOutcome, reason: Option<&'static str>) -> Self {
        Self {
            outcome,
            reason,
            exit: None,
            signal: None,
            memory_bytes: None,
            output: String::new(),
            cut: false,
        }
    }
}

/// Runs programs of webspaces, on the node that has their files.
pub trait CronRunner: Send + Sync + 'static {
    /// Runs it to its end. Whoever lets go of the work ends the program.
    fn run(&self, order: CronOrder) -> Working<'_, CronEnded>;
}

//! A cron job and its runs as people and the API see them.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::door::Object;
use wabe_kernel::id::{CronJobId, CronRunId, WebspaceId};
use wabe_kernel::schedule::Zone;
use wabe_kernel::{CommandLine, CronOutcome, Line, Schedule, Timestamp};

/// The latest run of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastRun {
    /// How it ended.
    pub outcome: CronOutcome,
    /// When it began.
    pub started_at: Timestamp,
}

/// A program of a webspace and when it runs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CronJob {
    /// Its id.
    pub id: CronJobId,
    /// The webspace whose program it is.
    pub webspace_id: WebspaceId,
    /// What people call it.
    pub name: Line,
    /// When it runs: minute, hour, day, month, weekday, in the time zone `zone`.
    pub schedule: Schedule,
    /// The zone of its times.
    pub zone: Zone,
    /// What runs.
    pub command: CommandLine,
    /// Whether it runs by itself.
    pub enabled: bool,
    /// When it runs next; absent while it is paused.
    pub next_at: Option<Timestamp>,
    /// Since when somebody wants it to run at once; absent once it does.
    pub asked_at: Option<Timestamp>,
    /// Its latest run; absent before the first.
    pub last: Option<LastRun>,
    /// How often in a row it went wrong.
    pub failures: i64,
    /// Since when there is such a job.
    pub created_at: Timestamp,
}

impl CronJob {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "cron_job",
            id: self.id.to_string(),
            name: self.name.to_string(),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id, "webspace_id": self.webspace_id, "name": self.name,
            "schedule": self.schedule, "command": self.command, "enabled": self.enabled,
        })
    }
}

/// One time of a job, and what became of it. What it wrote is asked for apart.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CronRun {
    /// Its id.
    pub id: CronRunId,
    /// Of which job.
    pub job_id: CronJobId,
    /// The time it was for.
    pub due_at: Timestamp,
    /// Whether somebody asked for it, and no schedule.
    pub by_hand: bool,
    /// When it began, or was noted.
    pub started_at: Timestamp,
    /// When it ended; absent while it goes on.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: CronOutcome,
    /// More about it, as a word.
    pub reason: Option<String>,
    /// The program's own word about it; 0 is well.
    pub exit_code: Option<i64>,
    /// The number of the signal that ended it.
    pub signal: Option<i64>,
    /// The most memory that its first process was seen with, in bytes.
    pub memory_bytes: Option<i64>,
    /// Whether it wrote more than is kept.
    pub output_cut: bool,
}

impl CronRun {
    /// Seconds from its beginning to its end; absent while it goes on, and where nothing ran.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let ran = !matches!(self.outcome, CronOutcome::Missed | CronOutcome::Overlap);
        let ended = self.ended_at.filter(|_| ran)?;
        Some(ended.seconds_since(self.started_at))
    }
}

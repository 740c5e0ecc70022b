//! The ways to commands on cron jobs.

use crate::noun::Noun;
use crate::ways::Act::{Create, Delete, Do, Patch};
use crate::ways::{Way, way};

const CRON_JOB: &str = "/api/v1/cron_jobs/{id}";

/// The way to each of them.
pub(crate) const WAYS: &[Way] = &[
    way(
        "cron_job.create",
        Create,
        Noun::CronJob,
        "/api/v1/webspaces/{webspace_id}/cron_jobs",
        r#"{"name":"Newsletter","schedule":"15 3 * * *","command":"./bin/send --all"}"#,
    ),
    way(
        "cron_job.set_schedule",
        Patch,
        Noun::CronJob,
        CRON_JOB,
        r#"{"schedule":"*/15 * * * *"}"#,
    ),
    way(
        "cron_job.set_command",
        Patch,
        Noun::CronJob,
        CRON_JOB,
        r#"{"command":"./bin/send"}"#,
    ),
    way(
        "cron_job.set_enabled",
        Patch,
        Noun::CronJob,
        CRON_JOB,
        r#"{"enabled":false}"#,
    ),
    way(
        "cron_job.run",
        Do,
        Noun::CronJob,
        "/api/v1/cron_jobs/{id}/run",
        "",
    ),
    way("cron_job.delete", Delete, Noun::CronJob, CRON_JOB, ""),
];

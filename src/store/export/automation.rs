//! The customer's plugins: what they were allowed, what they keep, and what they did.

use crate::export::{Holding, given};

/// In the order of the file.
pub(super) const GIVEN: &[Holding] = &[
    given!("installation", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "plugin_id": Text, "version_id": Text,
        "previous_version_id": Text, "parked_version_id": Text, "skipped_version_id": Text,
        "state": Text, "paused_reason": Text, "paused_by": Person, "granted": Json,
        "granted_by": Person, "granted_at": Time, "settings": Json, "listening": Flag,
        "created_at": Time, "updated_at": Time,
    }, without {
        "generation": Machinery, "webhook_slug": Secret, "event_cursor": Machinery,
        "failures_in_row": Machinery,
    }),
    given!("installation_secret",
        whose "customer_id = $1", by "installation_id" then "name" as Text, 200 at once, {
        "installation_id": Text, "customer_id": Text, "name": Text, "set_at": Time,
    }, without { "sealed": Secret }),
    given!("installation_kv", whose "customer_id = $1", by "installation_id" then "key" as Text, 50 at once, {
        "installation_id": Text, "customer_id": Text, "key": Text, "value": Text, "bytes": Number,
        "version": Number, "expires_at": Time,
    }, without {}),
    given!("installation_schedule",
        whose "customer_id = $1", by "installation_id" then "name" as Text, 200 at once, {
        "installation_id": Text, "customer_id": Text, "name": Text, "next_at": Time,
    }, without {}),
    given!("installation_use",
        whose "customer_id = $1", by "installation_id" then "day" as Number, 500 at once, {
        "installation_id": Text, "customer_id": Text, "day": Number, "runs": Number, "failed": Number,
        "cpu_us": Number, "fetches": Number, "log_bytes": Number, "messages": Number,
    }, without { "kept_bytes": Machinery, "effects": Machinery }),
    given!("installation_export", whose "customer_id = $1", by "id", 1 at once, {
        "id": Text, "customer_id": Text, "name": Text, "content": Text, "created_at": Time,
    }, without {}),
    given!("run", whose "customer_id = $1", by "id", 50 at once, {
        "id": Text, "customer_id": Text, "installation_id": Text, "version_id": Text, "root_id": Text,
        "source_id": Text, "mode": Text, "trigger_kind": Text, "trigger_name": Text, "state": Text,
        "attempt": Number, "entry": Json, "queued_at": Time, "due_at": Time, "started_at": Time,
        "ended_at": Time, "code": Text, "message": Text, "limit_name": Text, "usage": Json,
        "log": Json, "result": Json, "difference": Json,
    }, without {
        "depth": Machinery, "slice": Machinery, "change_seq": Machinery, "lease_until": Machinery,
        "closest": Machinery,
    }),
    given!("run_effect", whose "customer_id = $1", by "run_id" then "place" as Number, 200 at once, {
        "run_id": Text, "customer_id": Text, "place": Number, "command": Text, "target": Text,
        "state": Text, "change_id": Text, "change_seq": Number, "shown": Json,
    }, without { "key": Machinery }),
    given!("run_recording", whose "customer_id = $1", by "run_id", 1 at once, {
        "run_id": Text, "customer_id": Text, "plugin_id": Text, "content": Text, "created_at": Time,
        "released_at": Time, "released_by": Person,
    }, without {}),
];

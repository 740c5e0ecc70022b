//! The ways to commands on plugins.

use crate::noun::Noun;
use crate::ways::Act::{Create, Delete, Do, Patch};
use crate::ways::{Way, way};

const ITEM: &str = "/api/v1/installations/{id}";
const GRANT: &str =
    r#"{"capabilities":{"events:mailbox.*":true,"effect:mailbox.set_quota":false}}"#;

const AGREE: &str = r#"{"version":"2.0.0","capabilities":{"events:mailbox.*":true}}"#;

/// The way to every command on plugins that a token may run.
pub(crate) const WAYS: &[Way] = &[
    way(
        "installation.create",
        Create,
        Noun::Installation,
        "/api/v1/installations",
        r#"{"plugin":"dyndns","version":"1.0.0","capabilities":{"webhook":true},"settings":{}}"#,
    ),
    way("installation.delete", Delete, Noun::Installation, ITEM, ""),
    way(
        "installation.set_settings",
        Patch,
        Noun::Installation,
        ITEM,
        r#"{"settings":{"host":"home.example.org"}}"#,
    ),
    way(
        "installation.set_capabilities",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/set_capabilities",
        GRANT,
    ),
    way(
        "installation.set_secret",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/set_secret",
        r#"{"name":"token","value":"two words and a number 7"}"#,
    ),
    way(
        "installation.pause",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/pause",
        r#"{"reason":"Holiday"}"#,
    ),
    way(
        "installation.resume",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/resume",
        r#"{"catch_up":true}"#,
    ),
    way(
        "installation.approve_update",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/approve_update",
        AGREE,
    ),
    way(
        "installation.rollback",
        Do,
        Noun::Installation,
        "/api/v1/installations/{id}/rollback",
        "",
    ),
    way("run.retry", Do, Noun::RunAct, "/api/v1/runs/{id}/retry", ""),
    way(
        "run.replay",
        Do,
        Noun::RunAct,
        "/api/v1/runs/{id}/replay",
        "",
    ),
    way(
        "run.release",
        Do,
        Noun::RunAct,
        "/api/v1/runs/{id}/release",
        "",
    ),
];

//! Plugins: what a run takes inside the sandbox and from a change to its effect, what they cost while
//! idle, how fast a new one can run, and what hostile ones do to the portal.

mod catalogue;
mod hostile;
mod inside;
mod living;

use crate::report::{Outcome, Row};
use catalogue::Packed;
use serde_json::{Value, json};

/// A plugin that is measured with, and what it is given.
struct Subject {
    /// The language it is written in.
    language: &'static str,
    packed: Packed,
    topic: &'static str,
    payload: Value,
    settings: Value,
}

/// A domain whose id is as long as others'.
const DOMAIN: &str = "dom_01h455vb4pex5vsknk084sn02q";

fn subjects() -> Outcome<[Subject; 2]> {
    Ok([
        subject("Rust", "sdk/bench-guest")?,
        subject("JavaScript", "sdk/bench-guest-js")?,
    ])
}

/// Both hear the same event, as the panel tells it.
fn subject(language: &'static str, place: &str) -> Outcome<Subject> {
    let mailbox = |quota: i64| {
        json!({
            "id": "mbx_01h455vb4pex5vsknk084sn02q", "address": "info@example.org",
            "quota_bytes": quota, "suspended_reason": null, "deleted_at": null,
        })
    };
    let object = json!({
        "kind": "mailbox", "id": "mbx_01h455vb4pex5vsknk084sn02q", "name": "info@example.org",
    });
    Ok(Subject {
        language,
        packed: Packed::read(place)?,
        topic: "mailbox.set_quota",
        payload: json!({
            "change": "chg_01h455vb4pex5vsknk084sn02q", "seq": 7,
            "command": "mailbox.set_quota",
            "actor": { "kind": "member", "id": "usr_01h455vb4pex5vsknk084sn02q" },
            "object": object, "before": mailbox(1_000_000_000), "after": mailbox(2_000_000_000),
        }),
        settings: json!({ "domain": DOMAIN, "endless": false }),
    })
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let subjects = subjects()?;
    let (mut rows, compiled) = inside::run(&subjects)?;
    rows.extend(living::run(&subjects, &compiled).await?);
    rows.push(hostile::run(&subjects[0]).await?);
    Ok(rows)
}

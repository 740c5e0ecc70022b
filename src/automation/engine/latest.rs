//! The last event that a trigger hears: what a dry run pretends happened once more.

use crate::engine::Engine;
use crate::engine::dry_run::Trial;
use crate::engine::events::{is_news, payload};
use crate::installation::Installed;
use crate::run::store as runs;
use serde_json::Value;
use wabe_audit::ChangeFilter;
use wabe_kernel::{Cursor, Fault, PageRequest};
use wabe_package::{Entry, Trigger};
use wabe_store::Tx;

/// Changes that are read at once.
const CHANGES: i64 = 200;
/// How often more are read before it is given up.
const READS: usize = 5;
/// Runs whose input is looked at, for events that are no changes.
const RUNS: i64 = 50;

impl Engine {
    /// The last event that this installation hears by an event trigger of this topic; none when nothing
    /// of the kind happened lately.
    pub(crate) async fn latest(
        &self,
        tx: &mut Tx,
        found: &Installed,
        topic: &str,
    ) -> Result<Option<Trial>, Fault> {
        let customer = found.installation.customer;
        let rights = found.rights();
        let hears = |event: &str, payload: &Value| {
            let triggers = found.version.manifest.triggers.iter();
            let mut of_topic = triggers.filter(|trigger| {
                matches!(trigger, Trigger::Event { topic: glob, .. } if glob.as_str() == topic)
            });
            rights.may_hear(event) && of_topic.any(|trigger| trigger.hears(event, payload))
        };
        let mut page = PageRequest::first(CHANGES);
        for _read in 0..READS {
            let recorder = self.parts.gate.recorder();
            let changes = recorder
                .list(tx, customer, &ChangeFilter::default(), &page)
                .await?;
            for change in changes.items.iter().filter(|one| is_news(&one.command)) {
                let payload = payload(change);
                if hears(&change.command, &payload) {
                    let topic = change.command.clone();
                    return Ok(Some(Trial::Event { topic, payload }));
                }
            }
            let Some(next) = changes.next.as_deref().and_then(Cursor::parse) else {
                break;
            };
            page.after = Some(next);
        }
        // Events that are no changes are known from the runs that they made.
        for run in runs::latest(tx, customer, found.installation.id, RUNS).await? {
            let Some(Entry::Event { topic, payload, .. }) = run.entry else {
                continue;
            };
            let payload = serde_json::from_str(&payload).unwrap_or_default();
            if hears(&topic, &payload) {
                return Ok(Some(Trial::Event { topic, payload }));
            }
        }
        Ok(None)
    }
}

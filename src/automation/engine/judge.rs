//! Whether what came out of the sandbox can be used, and what it means when it cannot.

use crate::engine::execute::Ready;
use crate::engine::verdict::Verdict;
use crate::engine::webhook::REPLY_MAX;
use crate::engine::worlds::Ended;
use crate::run::code;
use crate::run::rules::Fault as Kind;
use serde_json::Value;
use wabe_package::entry::{Entry, Outcome};
use wabe_package::wire::Ending;
use wabe_package::{LimitName, Page, ui};

/// What the plugin answered, when it ended well and the answer can be used.
pub(crate) fn judge(ready: &Ready, ended: &Ended) -> Result<Outcome, Verdict> {
    match &ended.ending {
        Ending::Done { outcome } => usable(ready, outcome).map(|()| outcome.clone()),
        Ending::Failed { failure } => Err(Verdict {
            kind: if failure.retryable {
                Kind::Passing(failure.retry_after_ms)
            } else {
                Kind::Lasting
            },
            ..Verdict::lasting(code::FAILED)
                .because(format!("{}: {}", failure.code, failure.message))
        }),
        Ending::Limit { limit, message } => Err(Verdict {
            // Another host may have been slow.
            kind: if *limit == LimitName::Wall {
                Kind::Passing(None)
            } else {
                Kind::Lasting
            },
            limit: Some(*limit),
            ..Verdict::lasting(code::LIMIT).because(message)
        }),
        Ending::Trap { message } => Err(Verdict::lasting(code::TRAP).because(message)),
        Ending::Unfit { message } => Err(Verdict::lasting(code::UNFIT).because(message)),
        Ending::Artifact { message } => Err(Verdict::ours(code::ARTIFACT).because(message)),
        Ending::Cancelled => Err(Verdict::ours(code::CANCELLED)),
    }
}

/// Whether an answer keeps to what its entry point may answer.
fn usable(ready: &Ready, outcome: &Outcome) -> Result<(), Verdict> {
    let wrong = |message: String| Err(Verdict::lasting(code::RESULT).because(message));
    let entry = &ready.order.entry;
    let only_looks = matches!(entry, Entry::Render { .. } | Entry::Describe { .. });
    if only_looks && !outcome.effects.is_empty() {
        return wrong("looking changes nothing: return effects from submit".to_owned());
    }
    if let Some(page) = &outcome.ui {
        let hosts = ready.version.manifest.link_hosts();
        if let Err(flaws) = Page::read(page, &hosts) {
            let first = flaws.first().map(ToString::to_string);
            return wrong(first.unwrap_or_else(|| ui::PART.to_owned()));
        }
    }
    if let Some(reply) = &outcome.reply {
        let status = matches!(reply.status, 200 | 202 | 204 | 400..=499);
        let kind = matches!(
            reply.content_type.as_str(),
            "application/json" | "text/plain"
        );
        let size = reply.body.0.len() <= REPLY_MAX;
        if !(status && kind && size) {
            return wrong(format!(
                "a reply has the status 200, 202, 204 or 4xx, application/json or text/plain, and at \
                 most {REPLY_MAX} bytes"
            ));
        }
    }
    Ok(())
}

/// What the plugin shows of the run.
pub(crate) fn result(outcome: &Outcome) -> Option<Value> {
    if outcome.data.is_empty() {
        return None;
    }
    let text = || Value::String(outcome.data.clone());
    Some(serde_json::from_str(&outcome.data).unwrap_or_else(|_form| text()))
}

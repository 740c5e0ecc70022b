//! The recording of a run, as it is kept.

use crate::engine::execute::Ready;
use crate::engine::host::Told;
use crate::engine::verdict::Verdict;
use crate::engine::worlds::Ended;
use crate::packed;
use serde_json::Value;
use wabe_kernel::Fault;
use wabe_package::record::{BYTES_MAX, Recording, without_passwords};

/// The recording of a try, secrets left out; none where that cannot be said of it.
pub(crate) fn recording(ready: &Ready, ended: &Ended, told: &Told) -> Option<Recording> {
    let manifest = &ready.version.manifest;
    let scrub = told.scrub.as_ref()?;
    let mut recording = Recording {
        v: 1,
        plugin: manifest.id.clone(),
        version: manifest.version.clone(),
        component: ready.order.component.clone(),
        context: ready.order.context.clone(),
        entry: ready.order.entry.clone(),
        limits: ready.order.limits.clone(),
        seed: ready.order.seed.clone(),
        calls: told.calls.clone(),
        ending: without_passwords(ended.ending.clone()),
        usage: ended.usage.clone(),
        log: ended.log.clone(),
        cut: told.cut,
    };
    recording.each_bytes(|bytes| *bytes = scrub.bytes(std::mem::take(bytes)));
    let document = serde_json::to_value(&recording).ok()?;
    // What stands for a secret may have made it another thing than a recording: then nothing is kept.
    serde_json::from_value(scrub.value(document)).ok()
}

/// What a run answered, as it is kept: secrets left out, nothing where that cannot be said of it.
pub(crate) fn kept_result(told: &Told, result: Option<Value>) -> Option<Value> {
    result
        .zip(told.scrub.as_ref())
        .map(|(result, scrub)| scrub.value(result))
}

/// What is said about a failure, as it is kept; the same holds for it.
pub(crate) fn kept_verdict(told: &Told, verdict: Verdict) -> Verdict {
    let message = verdict.message.zip(told.scrub.as_ref());
    Verdict {
        message: message.map(|(message, scrub)| scrub.text(&message)),
        ..verdict
    }
}

/// The recording as it is kept: cut when it is too large, none when its input alone is.
pub(crate) fn pack(mut recording: Recording) -> Result<Option<String>, Fault> {
    let mut text = recording.write();
    if text.len() > BYTES_MAX {
        recording.calls.clear();
        recording.cut = true;
        text = recording.write();
    }
    if text.len() > BYTES_MAX {
        return Ok(None);
    }
    packed::pack(text.as_bytes()).map(Some)
}

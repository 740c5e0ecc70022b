//! The recording of a run, as it is kept.

use crate::engine::execute::Ready;
use crate::engine::host::Told;
use crate::engine::worlds::Ended;
use crate::packed;
use wabe_kernel::Fault;
use wabe_package::record::{BYTES_MAX, Recording};

/// The recording of a try, secrets left out.
pub(crate) fn recording(ready: &Ready, ended: &Ended, told: &Told) -> Recording {
    let manifest = &ready.version.manifest;
    let recording = Recording {
        v: 1,
        plugin: manifest.id.clone(),
        version: manifest.version.clone(),
        component: ready.order.component.clone(),
        context: ready.order.context.clone(),
        entry: ready.order.entry.clone(),
        limits: ready.order.limits.clone(),
        seed: ready.order.seed.clone(),
        calls: told.calls.clone(),
        ending: ended.ending.clone(),
        usage: ended.usage.clone(),
        log: ended.log.clone(),
        cut: told.cut,
    };
    let Ok(document) = serde_json::to_value(&recording) else {
        return recording;
    };
    // Its own texts cannot turn it into something else: only values change.
    serde_json::from_value(told.scrub.value(document)).unwrap_or(recording)
}

/// The recording as it is kept: cut when it is too large.
pub(crate) fn pack(mut recording: Recording) -> Result<String, Fault> {
    let mut text = recording.write();
    if text.len() > BYTES_MAX {
        recording.calls.clear();
        recording.cut = true;
        text = recording.write();
    }
    packed::pack(text.as_bytes())
}

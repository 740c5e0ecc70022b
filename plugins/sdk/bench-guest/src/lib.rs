//! What `benches/` measures with: an event becomes an effect, or nothing ever comes to an end.

use serde::Deserialize;
use std::hint::black_box;
use wabe::{Change, Context, Effect, Event, Outcome, Result};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    domain: String,
    endless: bool,
}

/// Counts until the host ends it.
fn count() {
    let mut turns = 0_u64;
    while black_box(turns) < u64::MAX {
        turns += 1;
    }
}

#[wabe::event("mailbox.set_quota")]
fn answer(context: &Context, event: &Event<Change>) -> Result<Outcome> {
    let settings: Settings = context.settings()?;
    if settings.endless {
        count();
    }
    if settings.domain.is_empty() {
        return Ok(Outcome::new());
    }
    let target = format!("https://{}.example/", event.payload.seq);
    Ok(Outcome::new().effect(Effect::redirect(&settings.domain, &target)))
}

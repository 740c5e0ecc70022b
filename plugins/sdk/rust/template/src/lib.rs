//! Tells the members when there is a new mailbox.

use serde::Deserialize;
use wabe::{Change, Context, Effect, Event, Outcome, Result, json, kv};

/// What the customer chose, by `settings.schema.json`.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    greeting: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            greeting: "Hello".to_owned(),
        }
    }
}

#[wabe::event("mailbox.create")]
fn welcome(context: &Context, event: &Event<Change>) -> Result<Outcome> {
    let settings: Settings = context.settings()?;
    let address = &event.payload.object.name;

    // Kept together with the effect, or not at all.
    let count = kv::get::<u64>("count")?.unwrap_or_default() + 1;
    kv::set("count", &count)?;

    let message = Effect::message(
        context.text("Neues E-Mail-Postfach", "New mailbox"),
        text(&settings.greeting, address, count),
    );
    Ok(Outcome::new().effect(message).data(json!({ "count": count })))
}

fn text(greeting: &str, address: &str, count: u64) -> String {
    format!("{greeting}! {address} is ready. It is number {count}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_the_mailbox() {
        assert_eq!(
            text("Hello", "info@example.org", 2),
            "Hello! info@example.org is ready. It is number 2."
        );
    }
}

//! Before and after in words: fields by their names, values with their units.

use serde_json::Value;
use wabe_access::gate::touched;
use wabe_kernel::{Language, Timestamp};

use crate::finding::failure_message;
use crate::format;
use crate::message::Message;
use crate::parts::DiffRow;
use crate::texts::Texts;

/// What a change would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What would be different.
    pub rows: Vec<DiffRow>,
    /// What would be done, in plain words.
    pub steps: Vec<String>,
}

impl Preview {
    /// The preview of what passed and was rolled back: before, after, and the planner's steps.
    #[must_use]
    pub fn of(language: Language, (before, after): (&Value, &Value), steps: &[&str]) -> Self {
        let step = |word: &&str| Message::new(language, format!("step-{word}")).to_string();
        Self {
            rows: rows(language, before, after),
            steps: steps.iter().map(step).collect(),
        }
    }
}

/// The fields in which two snapshots differ, as a table shows them. An id says nothing to people.
#[must_use]
pub fn rows(language: Language, before: &Value, after: &Value) -> Vec<DiffRow> {
    let keys = touched(before, after).into_iter().filter(|key| key != "id");
    keys.map(|key| DiffRow {
        field: field(language, &key),
        before: before
            .get(&key)
            .and_then(|value| shown(language, &key, value)),
        after: after
            .get(&key)
            .and_then(|value| shown(language, &key, value)),
    })
    .collect()
}

fn field(language: Language, key: &str) -> String {
    let id = format!("field-{key}");
    if Texts::global().has(language, &id) {
        Message::new(language, id).to_string()
    } else {
        key.replace('_', " ")
    }
}

/// A value as people read it; nothing for what is not there.
fn shown(language: Language, key: &str, value: &Value) -> Option<String> {
    let said = |id: &str| Message::new(language, id).to_string();
    match value {
        Value::Null => None,
        Value::Bool(true) => Some(said("field-value-yes")),
        Value::Bool(false) => Some(said("field-value-no")),
        Value::Number(number) => Some(match number.as_i64() {
            Some(bytes) if key.ends_with("_bytes") => format::bytes(language, bytes),
            Some(count) => format::number(language, count),
            None => number.to_string(),
        }),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text_value(language, key, text)),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .filter_map(|item| shown(language, key, item))
                .collect();
            Some(items.join(", "))
        }
        Value::Object(members) if members.is_empty() => None,
        Value::Object(members) => {
            // Names within plugins' own things are theirs; these are ours.
            let ours = key == "folder_keys";
            let called = |name: &String| {
                if ours {
                    field(language, name)
                } else {
                    name.clone()
                }
            };
            let members = members.iter().map(|(name, value)| match value {
                Value::Bool(true) => name.clone(),
                other => format!(
                    "{}: {}",
                    called(name),
                    shown(language, name, other).unwrap_or_default()
                ),
            });
            Some(members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Words of closed lists and times are translated; everything else is what somebody typed.
fn text_value(language: Language, key: &str, text: &str) -> String {
    let id = match key {
        "password" | "upload_password" | "value" | "certificate" => format!("field-secret-{text}"),
        "failure" => failure_message(text),
        "role" => format!("role-{text}"),
        "engine" => format!("engine-{text}"),
        "hsts" => format!("webspace-hsts-{text}"),
        "edited_file" => format!("field-edited-{text}"),
        "state" => format!("installation-state-{text}"),
        "mode" => format!("run-mode-{text}"),
        "approval" => format!("approval-state-{text}"),
        "method" => format!("field-method-{text}"),
        "asks" | "reach" => format!("reach-{text}"),
        _ => String::new(),
    };
    if !id.is_empty() && Texts::global().has(language, &id) {
        return Message::new(language, id).to_string();
    }
    let timed = key.ends_with("_at") || key == "until" || key.ends_with("_until");
    match text.parse::<Timestamp>() {
        Ok(at) if timed => format::moment(language, at),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_told_field_by_field_with_units() {
        let before = json!({ "id": "mbx_1", "quota_bytes": 1_000_000_000, "address": "a@x.test" });
        let after =
            json!({ "id": "mbx_1", "quota_bytes": 2_500_000_000_i64, "address": "a@x.test" });
        let rows = rows(Language::De, &before, &after);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].before.as_deref(), Some("1,0\u{a0}GB"));
        assert_eq!(rows[0].after.as_deref(), Some("2,5\u{a0}GB"));
        assert_eq!(rows[0].field, "Speicherplatz");
    }

    #[test]
    fn rules_of_a_site_are_told_in_words() {
        let before = json!({ "hsts": "off", "folder_keys": [], "upload_bytes": null });
        let after = json!({
            "hsts": "month", "folder_keys": [{ "folder": "intern", "user": "anna" }],
            "upload_bytes": 20_000_000,
        });
        let rows = rows(Language::De, &before, &after);
        let told = rows
            .iter()
            .map(|row| (row.field.as_str(), row.after.as_deref()));
        let wanted = [
            (
                "Browser bleiben bei HTTPS (HSTS)",
                "30 Tage, zum Ausprobieren",
            ),
            ("Größe von Uploads", "20,0\u{a0}MB"),
            (
                "Zugänge zu geschützten Verzeichnissen",
                "Verzeichnis: intern, Benutzer: anna",
            ),
        ];
        let mut told: Vec<_> = told
            .map(|(field, after)| (field, after.unwrap_or("")))
            .collect();
        told.sort_unstable();
        assert_eq!(told, wanted);
    }

    #[test]
    fn what_came_to_be_had_nothing_before_and_its_id_is_not_told() {
        let rows = rows(
            Language::En,
            &Value::Null,
            &json!({ "id": "als_1", "targets": ["a@x.test", "b@x.test"], "note": null }),
        );
        let told: Vec<_> = rows
            .iter()
            .map(|row| (&row.before, row.after.as_deref()))
            .collect();
        assert!(told.contains(&(&None, Some("a@x.test, b@x.test"))));
        assert!(rows.iter().all(|row| row.field != "id"));
    }

    #[test]
    fn closed_words_and_times_are_translated_and_typed_text_is_not() {
        let of = |key: &str, value: Value| shown(Language::De, key, &value).unwrap();
        assert_ne!(of("password", json!("new")), "new");
        assert_eq!(of("name", json!("new")), "new");
        assert_eq!(
            of("expires_at", json!("2026-11-21T13:05:00Z")),
            "21.11.2026, 14:05 Uhr"
        );
        assert_eq!(
            of("name", json!("2026-11-21T13:05:00Z")),
            "2026-11-21T13:05:00Z"
        );
        assert_ne!(of("https_redirect", json!(true)), "true");
    }
}

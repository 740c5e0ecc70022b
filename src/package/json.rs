//! Reading JSON that strangers wrote.

use crate::flaw::Defect;
use serde_json::Value;

/// What a value is, in words.
pub(crate) const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Parses a text of at most `max` bytes.
pub(crate) fn parse(text: &str, max: usize) -> Result<Value, Defect> {
    if text.len() > max {
        return Err(Defect::TooLong {
            max: max.to_string(),
            found: text.len().to_string(),
        });
    }
    serde_json::from_str(text).map_err(|error| Defect::NotJson {
        reason: error.to_string(),
    })
}

/// The same value with the keys of all objects in order.
#[must_use]
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(k, v)| (k, sorted(v))).collect())
        }
        other => other,
    }
}

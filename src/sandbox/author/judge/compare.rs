//! Comparing what came out with what was expected.

use serde_json::Value;
use wabe_package::record::difference;

/// The longest value in a message, in characters.
const SHOWN_MAX: usize = 400;

/// What is not as expected, in sentences.
#[derive(Default)]
pub(super) struct Unlike {
    pub(super) lines: Vec<String>,
}

impl Unlike {
    pub(super) fn say(&mut self, place: &str, what: &str) {
        let what = short(what);
        self.lines.push(if place.is_empty() {
            what
        } else {
            format!("{place}: {what}")
        });
    }

    pub(super) fn differs(&mut self, place: &str, expected: &Value, found: &Value) {
        let (expected, found) = (short(&expected.to_string()), short(&found.to_string()));
        self.lines.push(format!(
            "{place}:\n    expected {expected}\n    came     {found}"
        ));
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN_MAX {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN_MAX).collect();
    format!("{start}…")
}

/// Both must be equal; the first difference is told by its place.
pub(super) fn same(wrong: &mut Unlike, place: &str, expected: &Value, found: &Value) {
    let Some(difference) = difference(place, expected, found) else {
        return;
    };
    let within = pointer(difference.place.strip_prefix(place).unwrap_or_default());
    match (expected.pointer(&within), found.pointer(&within)) {
        (Some(expected), Some(found)) => wrong.differs(&difference.place, expected, found),
        _ => wrong.differs(place, expected, found),
    }
}

/// `.list[1].x` as `/list/1/x`.
fn pointer(place: &str) -> String {
    place.replace(['.', '['], "/").replace(']', "")
}

/// Every object of `expected` is a part of the object at the same place, every list is as long.
pub(super) fn part(wrong: &mut Unlike, place: &str, expected: &Value, found: &Value) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, expected) in expected {
                let found = found.get(name).unwrap_or(&Value::Null);
                part(wrong, &format!("{place}.{name}"), expected, found);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (at, (expected, found)) in expected.iter().zip(found).enumerate() {
                part(wrong, &format!("{place}[{at}]"), expected, found);
            }
        }
        (expected, found) if expected == found => {}
        (expected, found) => wrong.differs(place, expected, found),
    }
}

/// Whether some text in it contains this one.
pub(super) fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found.contains(text),
        Value::Array(items) => items.iter().any(|item| contains(item, text)),
        Value::Object(entries) => entries.values().any(|value| contains(value, text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_told_by_its_place_and_its_values() {
        let mut wrong = Unlike::default();
        let (a, b) = (json!({"x": [1, {"y": 2}]}), json!({"x": [1, {"y": 3}]}));
        same(&mut wrong, "effects[0].args", &a, &b);
        assert_eq!(
            wrong.lines,
            ["effects[0].args.x[1].y:\n    expected 2\n    came     3"]
        );
        same(&mut wrong, "data", &a, &a);
        assert_eq!(wrong.lines.len(), 1);
    }

    #[test]
    fn a_part_holds_where_more_is_there_but_lists_are_as_long() {
        let found = json!({"nodes": [{"kind": "text", "text": "a"}], "v": 1});
        let lines = |expected: Value| {
            let mut wrong = Unlike::default();
            part(&mut wrong, "ui", &expected, &found);
            wrong.lines
        };
        assert!(lines(json!({"nodes": [{"kind": "text"}]})).is_empty());
        assert!(lines(json!({"nodes": []}))[0].starts_with("ui.nodes:"));
        assert!(lines(json!({"nodes": [{"text": "b"}]}))[0].starts_with("ui.nodes[0].text:"));
        assert!(contains(&found, "a") && !contains(&found, "b"));
    }
}

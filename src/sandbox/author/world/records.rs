//! What the customer owns, as a case lists it.

use crate::author::world::invalid;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wabe_package::wire::{Answer, Problem};
use wabe_package::{Capability, Slug};

/// The most things of one page.
const LIMIT_MAX: usize = 200;

/// Lists by type.
#[derive(Default)]
pub(super) struct Records(BTreeMap<String, Vec<Map<String, Value>>>);

/// The question as a plugin writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    fields: Option<Vec<String>>,
    #[serde(default)]
    search: String,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(super) fn question(query: &str) -> Result<Question, Problem> {
    serde_json::from_str(query).map_err(|error| invalid(format!("the query: {error}")))
}

impl Question {
    /// The right that it needs.
    pub(super) fn needed(&self) -> Result<Capability, Problem> {
        let slug: Result<Slug, _> = self.kind.parse();
        slug.map(Capability::Records)
            .map_err(|_bad| invalid("there is no such type"))
    }
}

impl Records {
    pub(super) fn add(&mut self, scene: &BTreeMap<String, Vec<Map<String, Value>>>) {
        self.0.extend(scene.clone());
    }

    pub(super) fn query(&self, question: Question, granted: &[String]) -> Result<Answer, Problem> {
        let fields = question.fields.unwrap_or_else(|| granted.to_vec());
        if let Some(field) = fields.iter().find(|field| !granted.contains(field)) {
            let message = format!("the field {field} of {} was not granted", question.kind);
            let how = format!(
                "add it to the fields of records:{} in plugin.toml",
                question.kind
            );
            return Err(Problem::new("denied", message, how));
        }
        let search = question.search.to_lowercase();
        let wanted = |item: &&Map<String, Value>| {
            let text = |value: &Value| {
                value
                    .as_str()
                    .is_some_and(|t| t.to_lowercase().contains(&search))
            };
            let named = question
                .id
                .as_deref()
                .is_none_or(|id| item.get("id").and_then(Value::as_str) == Some(id));
            named && (search.is_empty() || item.values().any(text))
        };
        let all = self
            .0
            .get(&question.kind)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let found: Vec<_> = all.iter().filter(wanted).collect();
        let start: usize = match question.cursor.as_deref().map(str::parse) {
            None => 0,
            Some(Ok(start)) => start,
            Some(Err(_)) => return Err(invalid("the cursor is not one that was given out")),
        };
        let limit = question.limit.unwrap_or(LIMIT_MAX).clamp(1, LIMIT_MAX);
        let narrow = |item: &Map<String, Value>| {
            let mut item = item.clone();
            item.retain(|name, _| fields.contains(name));
            Value::Object(item)
        };
        let items: Vec<Value> = found
            .iter()
            .skip(start)
            .take(limit)
            .map(|item| narrow(item))
            .collect();
        let end = start.saturating_add(limit);
        let next = (end < found.len()).then(|| end.to_string());
        Ok(Answer::Text {
            text: json!({ "items": items, "next": next }).to_string(),
        })
    }
}

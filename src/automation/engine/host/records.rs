//! `records.query`: what the grant names, field by field, of this customer alone.

use crate::engine::host::{Host, denial};
use crate::engine::worlds::RecordQuery;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wabe_package::wire::{Answer, Problem};
use wabe_package::{Capability, Slug};

/// The most things of one page.
const LIMIT_MAX: i64 = 200;

/// The longest text that is searched for, in bytes.
const SEARCH_MAX: usize = 200;

/// The question as a plugin writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    fields: Option<Vec<String>>,
    #[serde(default)]
    search: String,
    cursor: Option<String>,
    limit: Option<i64>,
}

impl Host<'_> {
    pub(super) async fn query(&self, query: &str) -> Result<Answer, Problem> {
        let question: Result<Question, _> = serde_json::from_str(query);
        let question = question.map_err(|error| denial::invalid(format!("the query: {error}")))?;
        if question.search.len() > SEARCH_MAX {
            let message = format!("a search has at most {SEARCH_MAX} bytes");
            return Err(denial::invalid(message));
        }
        let slug: Result<Slug, _> = question.kind.parse();
        let slug = slug.map_err(|_defect| denial::invalid("there is no such type"))?;
        let needed = Capability::Records(slug);
        self.needs(&needed)?;
        let granted = self.ready.rights.find(&needed);
        let granted: &[String] = granted.map_or(&[], |grant| &grant.fields);
        let fields: Vec<String> = match question.fields {
            None => granted.to_vec(),
            Some(fields) => {
                if let Some(field) = fields.iter().find(|field| !granted.contains(field)) {
                    let message = format!("the field {field} of {} was not granted", question.kind);
                    let how = format!("add it to the fields of {needed} in plugin.toml");
                    return Err(denial::said("denied", message, how));
                }
                fields
            }
        };
        let ask = RecordQuery {
            kind: question.kind,
            id: question.id,
            search: question.search.to_lowercase(),
            cursor: question.cursor,
            limit: question.limit.unwrap_or(LIMIT_MAX).clamp(1, LIMIT_MAX),
        };
        let records = &self.desk()?.records;
        let mut types = records.types().iter();
        if types.any(|one| one.name == ask.kind && one.asks_outside) {
            self.count_outside()?;
        }
        let page = records.query(&self.scope().await?, ask).await;
        let page = page.map_err(denial::refused)?;
        let narrow = |mut item: Map<String, Value>| {
            item.retain(|name, _| fields.contains(name));
            Value::Object(item)
        };
        let items: Vec<Value> = page.items.into_iter().map(narrow).collect();
        let text = json!({ "items": items, "next": page.next }).to_string();
        Ok(Answer::Text { text })
    }

    /// Counts a question that asks the world outside.
    fn count_outside(&self) -> Result<(), Problem> {
        let most = self.ready.order.limits.fetches;
        let mut state = self.state();
        state.outside = state.outside.saturating_add(1);
        if state.outside > most {
            let message = format!("a run may ask the world outside {most} times");
            return Err(denial::limit(message));
        }
        Ok(())
    }
}

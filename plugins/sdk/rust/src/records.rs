//! What the customer owns: `capability = "records:domain"` with `fields = ["id", "name"]`.
//!
//! ```no_run
//! # fn main() -> wabe::Result<()> {
//! #[derive(serde::Deserialize)]
//! struct Domain {
//!     id: String,
//!     name: String,
//! }
//! let domains: Vec<Domain> = wabe::records::of("domain").fields(&["id", "name"]).all()?;
//! # Ok(()) }
//! ```

use crate::failure::{Failure, Result};
use crate::host;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Things of a type, such as `domain` or `mailbox`.
pub fn of(kind: &str) -> Query<'_> {
    Query {
        kind,
        id: None,
        fields: &[],
        search: None,
        cursor: None,
        limit: None,
    }
}

/// Which things.
#[derive(Debug, Clone, Serialize)]
#[must_use = "a query is asked with `page`, `all` or `first`"]
pub struct Query<'text> {
    #[serde(rename = "type")]
    kind: &'text str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'text str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fields: &'text [&'text str],
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<&'text str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'text str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
}

/// A page of answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// Where to go on; absent on the last page.
    #[serde(default)]
    pub next: Option<String>,
}

impl<'text> Query<'text> {
    /// The one with this id.
    pub fn id(mut self, id: &'text str) -> Self {
        self.id = Some(id);
        self
    }

    /// With these fields only; without this, all that were granted.
    pub fn fields(mut self, fields: &'text [&'text str]) -> Self {
        self.fields = fields;
        self
    }

    /// Those whose name contains this.
    pub fn search(mut self, text: &'text str) -> Self {
        self.search = Some(text);
        self
    }

    /// Goes on from a page's `next`.
    pub fn cursor(mut self, cursor: &'text str) -> Self {
        self.cursor = Some(cursor);
        self
    }

    /// So many at most.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// One page.
    pub fn page<T: DeserializeOwned>(&self) -> Result<Page<T>> {
        let query = serde_json::to_string(self)?;
        let answer = host::records_query(&query)?;
        serde_json::from_str(&answer).map_err(|error| {
            let message = format!(
                "the records of type {} have another shape than the plugin expects",
                self.kind
            );
            Failure::new("input-invalid", message).detail(error.to_string())
        })
    }

    /// All of them, page by page.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let mut page = self.page()?;
        let mut all: Vec<T> = page.items;
        while let Some(next) = page.next {
            page = Query {
                cursor: Some(&next),
                ..self.clone()
            }
            .page()?;
            all.append(&mut page.items);
        }
        Ok(all)
    }

    /// The first one, if there is any.
    pub fn first<T: DeserializeOwned>(self) -> Result<Option<T>> {
        match self.limit(1).page() {
            Ok(page) => Ok(page.items.into_iter().next()),
            Err(failure) if failure.code == "not-found" => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_only_what_was_asked() {
        let query = of("domain").fields(&["id"]).search("example.de");
        assert_eq!(
            serde_json::to_string(&query).unwrap(),
            r#"{"type":"domain","fields":["id"],"search":"example.de"}"#
        );
    }
}

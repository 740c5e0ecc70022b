//! Tables and what fits into a line.

use crate::ui::Tone;
use serde_json::{Value, json};

/// A text, or a node that fits into a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell(pub(super) Value);

impl Cell {
    /// A word with a colour.
    pub fn badge(text: impl Into<String>, tone: Tone) -> Self {
        Self(json!({"kind": "badge", "text": text.into(), "tone": tone.word()}))
    }

    /// A link to a path of the portal, or to a host that `plugin.toml` has in `links`.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self(json!({"kind": "link", "text": text.into(), "href": href.into()}))
    }

    /// Text in a fixed width, to copy.
    pub fn code(text: impl Into<String>) -> Self {
        Self(json!({"kind": "code", "text": text.into()}))
    }

    /// How far something is, of `max`.
    pub fn progress(label: impl Into<String>, value: f64, max: f64) -> Self {
        Self(json!({"kind": "progress", "label": label.into(), "value": value, "max": max}))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Table {
    caption: String,
    columns: Vec<String>,
    rows: Vec<Value>,
}

impl Table {
    /// What it shows, for those who do not see it, and the names of its columns, 12 at most.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// A row, as wide as there are columns. A table has 200 rows at most.
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        let cells: Vec<Value> = cells.into_iter().map(|cell| cell.0).collect();
        self.rows.push(cells.into());
        self
    }

    /// True when it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn into_node(self) -> Value {
        json!({
            "kind": "table", "caption": self.caption, "columns": self.columns, "rows": self.rows,
        })
    }
}

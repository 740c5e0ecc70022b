//! Pages, made of nodes from the portal's catalogue and drawn by its own components.
//!
//! Texts are plain: there is no HTML. A page is one form: a button sends all of its fields. 200 nodes,
//! 8 levels and 64 KiB are the most.
//!
//! ```
//! use wabe::ui::{Button, Cell, Field, Table, Tone, Ui};
//!
//! let page = Ui::new()
//!     .heading("Addresses")
//!     .table(
//!         Table::new("Addresses by host", &["Host", "State"])
//!             .row(["home.example.de".into(), Cell::badge("live", Tone::Good)]),
//!     )
//!     .field(Field::text("host", "Host").required())
//!     .button(Button::new("add", "Add").primary());
//! ```

mod field;
mod table;

pub use field::{Button, Field};
pub use table::{Cell, Table};

use crate::codec;
use serde_json::{Value, json};

/// A page, or what is inside a callout.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Ui {
    nodes: Vec<Value>,
}

/// How something is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// To know.
    Info,
    /// All is well.
    Good,
    /// Look at it.
    Warning,
    /// Something failed.
    Bad,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

impl Ui {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// A heading.
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.node(json!({"kind": "heading", "text": text.into(), "level": 2}))
    }

    /// A smaller heading.
    pub fn subheading(self, text: impl Into<String>) -> Self {
        self.node(json!({"kind": "heading", "text": text.into(), "level": 3}))
    }

    /// A paragraph; line breaks are kept.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.node(json!({"kind": "text", "text": text.into()}))
    }

    /// Names with their values.
    pub fn fields<N: Into<String>, C: Into<Cell>>(
        self,
        items: impl IntoIterator<Item = (N, C)>,
    ) -> Self {
        let item = |(label, value): (N, C)| json!({"label": label.into(), "value": value.into().0});
        let items: Vec<Value> = items.into_iter().map(item).collect();
        self.node(json!({"kind": "fields", "items": items}))
    }

    /// A table.
    pub fn table(self, table: Table) -> Self {
        self.node(table.into_node())
    }

    /// Something that stands out.
    pub fn callout(self, tone: Tone, title: impl Into<String>, inside: Self) -> Self {
        self.node(json!({
            "kind": "callout", "tone": tone.word(), "title": title.into(), "nodes": inside.nodes,
        }))
    }

    /// What stands where there is nothing yet, with the first step inside.
    pub fn empty_state(
        self,
        title: impl Into<String>,
        text: impl Into<String>,
        inside: Self,
    ) -> Self {
        self.node(json!({
            "kind": "empty-state", "title": title.into(), "text": text.into(),
            "nodes": inside.nodes,
        }))
    }

    /// Something to fill in.
    pub fn field(self, field: Field) -> Self {
        self.node(field.into_node())
    }

    /// Something to press.
    pub fn button(self, button: Button) -> Self {
        self.node(button.into_node())
    }

    /// A word with a colour.
    pub fn badge(self, text: impl Into<String>, tone: Tone) -> Self {
        self.node(Cell::badge(text, tone).0)
    }

    /// A link to a path of the portal, or to a host that `plugin.toml` has in `links`.
    pub fn link(self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.node(Cell::link(text, href).0)
    }

    /// Text in a fixed width, to copy.
    pub fn code(self, text: impl Into<String>) -> Self {
        self.node(Cell::code(text).0)
    }

    /// How far something is, of `max`.
    pub fn progress(self, label: impl Into<String>, value: f64, max: f64) -> Self {
        self.node(Cell::progress(label, value, max).0)
    }

    /// A small line of numbers, from the oldest to the newest.
    pub fn chart(self, label: impl Into<String>, values: &[f64]) -> Self {
        self.node(json!({"kind": "chart-spark", "label": label.into(), "values": values}))
    }

    /// A node as JSON, for kinds that are newer than this kit.
    pub fn node(mut self, node: Value) -> Self {
        self.nodes.push(node);
        self
    }

    /// As the host reads it.
    pub fn to_json(&self) -> String {
        codec::write(&json!({ "v": 1, "nodes": self.nodes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_nodes_of_the_catalogue() {
        let page = Ui::new().text("a").fields([("Name", "b")]).callout(
            Tone::Warning,
            "c",
            Ui::new().badge("d", Tone::Good),
        );
        let nodes: Value = serde_json::from_str(&page.to_json()).unwrap();
        assert_eq!(
            nodes,
            json!({"v": 1, "nodes": [
                {"kind": "text", "text": "a"},
                {"kind": "fields", "items": [{"label": "Name", "value": "b"}]},
                {"kind": "callout", "tone": "warning", "title": "c", "nodes": [
                    {"kind": "badge", "text": "d", "tone": "good"},
                ]},
            ]})
        );
    }
}

//! Pages that plugins draw: `{"v":1,"nodes":[…]}` from a closed catalogue, never HTML.
//!
//! Every text is plain: control and invisible characters fall away here. What is not known is kept as
//! [`Node::Unsupported`], so that a plugin for a newer panel still shows the rest; fields that are not
//! known fall away. Everything else must fit, and what does not is named by its path. The page is one
//! form: a button sends the values of all fields, and its own name.

mod plain;
mod read;

use crate::flaw::Flaw;
use serde::{Serialize, Serializer};

/// The part that flaws of a page name.
pub const PART: &str = "page";
/// The most nodes.
pub const NODES_MAX: usize = 200;
/// How deep nodes may lie.
pub const DEPTH_MAX: usize = 8;
/// The largest page, in bytes of JSON.
pub const BYTES_MAX: usize = 64 << 10;

/// A page that was read and found in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// The version of the catalogue.
    #[serde(rename = "v")]
    version: u8,
    /// From top to bottom.
    pub nodes: Vec<Node>,
}

impl Page {
    /// A page of these nodes.
    #[must_use]
    pub const fn of(nodes: Vec<Node>) -> Self {
        Self { version: 1, nodes }
    }

    /// Reads what an entry point returned. `hosts`: where its links may lead besides the portal.
    pub fn read(text: &str, hosts: &[String]) -> Result<Self, Vec<Flaw>> {
        read::read(text, hosts)
    }

    /// What it says without its looks, for a conversation or a letter: a line for each thing, what can be
    /// pressed and filled in left out.
    #[must_use]
    pub fn plain(&self) -> String {
        plain::text(&self.nodes)
    }

    /// The fields and buttons, wherever they lie: what a submission may name.
    #[must_use]
    pub fn fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        collect(&self.nodes, &mut fields);
        fields
    }
}

fn collect<'a>(nodes: &'a [Node], fields: &mut Vec<&'a Field>) {
    for node in nodes {
        match node {
            Node::TextField(field) | Node::Textarea(field) => fields.push(&field.field),
            Node::NumberField(field) => fields.push(&field.field),
            Node::Select(field) => fields.push(&field.field),
            Node::Checkbox(field) => fields.push(&field.field),
            Node::Callout { nodes, .. } | Node::EmptyState { nodes, .. } => collect(nodes, fields),
            _ => {}
        }
    }
}

/// How something is meant; also a shade of colour. What is not known is neutral.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Href {
    /// A path of the portal.
    Portal(String),
    /// An `https` address on a declared host; shown with a sign that it leads away.
    Outside(String),
}

impl Serialize for Href {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (Self::Portal(text) | Self::Outside(text)) = self;
        serializer.serialize_str(text)
    }
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Node {
    /// A heading of level 2 or 3; the page's own is level 1.
    Heading {
        /// What it says.
        text: String,
        /// 2 or 3.
        level: u8,
    },
    /// A paragraph; line breaks are kept.
    Text {
        /// What it says.
        text: String,
    },
    /// Names with their values.
    Fields {
        /// In order.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// What it shows, for those who do not see it.
        caption: String,
        /// The names of the columns.
        columns: Vec<String>,
        /// As wide as `columns`.
        rows: Vec<Vec<Cell>>,
    },
    /// A word with a colour.
    Badge {
        /// The word.
        text: String,
        /// How it is meant.
        tone: Tone,
    },
    /// Something that stands out.
    Callout {
        /// How it is meant.
        tone: Tone,
        /// In a few words.
        title: String,
        /// What is in it.
        nodes: Vec<Node>,
    },
    /// Sends the page's fields, with `name` = `value`.
    Button {
        /// What it does.
        text: String,
        /// Its name in the input.
        name: String,
        /// Its value in the input.
        value: String,
        /// True for the one that most people want.
        primary: bool,
    },
    /// A line to type.
    TextField(TextField),
    /// A number to type.
    NumberField(NumberField),
    /// A choice.
    Select(Select),
    /// Yes or no; the input holds `true` when it is ticked, nothing otherwise.
    Checkbox(Checkbox),
    /// Lines to type.
    Textarea(TextField),
    /// A link.
    Link {
        /// What it says.
        text: String,
        /// Where it leads.
        href: Href,
    },
    /// Text in a fixed width, to copy.
    Code {
        /// The text, with its line breaks.
        text: String,
    },
    /// How far something is.
    Progress {
        /// Of what.
        label: String,
        /// From 0 to `max`.
        value: f64,
        /// Above 0.
        max: f64,
    },
    /// A small line of numbers over time.
    ChartSpark {
        /// Of what.
        label: String,
        /// From the oldest to the newest.
        values: Vec<f64>,
    },
    /// What stands where there is nothing yet.
    EmptyState {
        /// In a few words.
        title: String,
        /// What it is for.
        text: String,
        /// The first step.
        nodes: Vec<Node>,
    },
    /// Something that this panel does not know; shown as such.
    Unsupported {
        /// What the plugin calls it.
        name: String,
    },
}

/// The words for `kind`.
pub const KINDS: [&str; 17] = [
    "heading",
    "text",
    "fields",
    "table",
    "badge",
    "callout",
    "button",
    "text-field",
    "number-field",
    "select",
    "checkbox",
    "textarea",
    "link",
    "code",
    "progress",
    "chart-spark",
    "empty-state",
];

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// The name.
    pub label: String,
    /// The value.
    pub value: Cell,
}

/// A text, or one node that fits into a line: badge, link, code, progress, chart-spark or button.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A node.
    Node(Box<Node>),
}

/// What all fields have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in the input: small letters, digits and underscores.
    pub name: String,
    /// What stands above it.
    pub label: String,
    /// What stands below it.
    pub hint: String,
    /// What was wrong with what was typed.
    pub error: String,
    /// True when it must be filled in.
    pub required: bool,
}

/// A text to type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TextField {
    /// What all fields have.
    #[serde(flatten)]
    pub field: Field,
    /// What stands in it.
    pub value: String,
    /// The most characters, at most 10 000.
    pub max_length: u16,
}

/// A number to type.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NumberField {
    /// What all fields have.
    #[serde(flatten)]
    pub field: Field,
    /// What stands in it.
    pub value: Option<f64>,
    /// The least.
    pub min: Option<f64>,
    /// The most.
    pub max: Option<f64>,
    /// From one to the next.
    pub step: Option<f64>,
}

/// A choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Select {
    /// What all fields have.
    #[serde(flatten)]
    pub field: Field,
    /// What is chosen; may be empty.
    pub value: String,
    /// What there is.
    pub options: Vec<Choice>,
}

/// One of several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// In the input.
    pub value: String,
    /// On the page.
    pub label: String,
}

/// Yes or no.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checkbox {
    /// What all fields have.
    #[serde(flatten)]
    pub field: Field,
    /// Whether it is ticked.
    pub checked: bool,
}

#[cfg(test)]
mod tests;

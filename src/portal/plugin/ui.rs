//! What a plugin draws, as our components show it: never markup, always text.
//!
//! The tree of a page becomes one list of pieces, so that the template needs no recursion: what holds
//! other things has an opening and a closing piece.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use wabe_kernel::Language;
use wabe_package::ui::{Cell, Field, Href, Node, NumberField, TextField, Tone};
use wabe_web::plot::spark;
use wabe_web::{Choice, Form, format};

/// What the names of a plugin's fields begin with, so that they meet none of ours.
const FIELD: &str = "f.";

/// One piece of a page.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// A heading of level 2.
    Heading(String),
    /// A heading of level 3.
    Subheading(String),
    /// A paragraph with its line breaks.
    Text(String),
    /// Names with their values.
    Facts(Vec<(String, Bit)>),
    /// A table.
    Table(Table),
    /// A bit on a line of its own.
    Bit(Bit),
    /// What stands out begins.
    CalloutOpen(Callout),
    /// And ends.
    CalloutClose,
    /// What stands where there is nothing yet: title and text.
    EmptyOpen(String, String),
    /// And ends.
    EmptyClose,
    /// Something to fill in.
    Input(Input),
    /// Something that this panel does not know, by the plugin's name for it.
    Unsupported(String),
}

/// Something that fits into a line.
#[derive(Debug, Clone)]
pub(crate) enum Bit {
    /// A text.
    Text(String),
    /// A word with a colour: the tag's class, and the word.
    Badge(&'static str, String),
    /// A button.
    Button(Button),
    /// A link: text, address, whether it leads away.
    Link(String, String, bool),
    /// Text to copy.
    Code(String),
    /// How far something is: label, amount, percent.
    Progress(String, String, i64),
    /// A small line: label and path.
    Spark(String, String),
    /// Something that this panel does not show here.
    Nothing,
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<(String, Bit)>>,
}

/// Something that stands out.
#[derive(Debug, Clone)]
pub(crate) struct Callout {
    /// The state whose colours it has.
    pub(crate) sign: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) title: String,
}

/// A button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) text: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) primary: bool,
}

/// Something to fill in.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) error: String,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) kind: InputKind,
}

/// How it is filled in.
#[derive(Debug, Clone)]
pub(crate) enum InputKind {
    /// A line of at most so many characters.
    Line(u16),
    /// Lines of at most so many characters.
    Lines(u16),
    /// A number: least, most, step; empty for none.
    Number(String, String, String),
    /// One of several.
    Select(Vec<Choice>),
    /// A box to tick.
    Check,
}

/// How a page is to be shown.
pub(super) struct Reading<'a> {
    pub(super) language: Language,
    /// What the ids of fields begin with, where several pages stand on one.
    pub(super) prefix: &'a str,
    /// What somebody typed, which stays.
    pub(super) typed: Option<&'a BTreeMap<String, String>>,
}

/// The pieces of a page.
pub(super) fn pieces(reading: &Reading<'_>, page: &wabe_package::Page) -> Vec<Piece> {
    let mut pieces = Vec::new();
    walk(reading, &page.nodes, &mut pieces);
    pieces
}

fn walk(reading: &Reading<'_>, nodes: &[Node], into: &mut Vec<Piece>) {
    for node in nodes {
        match node {
            Node::Callout { tone, title, nodes } => {
                let (sign, icon) = noted(*tone);
                let title = title.clone();
                into.push(Piece::CalloutOpen(Callout { sign, icon, title }));
                walk(reading, nodes, into);
                into.push(Piece::CalloutClose);
            }
            Node::EmptyState { title, text, nodes } => {
                into.push(Piece::EmptyOpen(title.clone(), text.clone()));
                walk(reading, nodes, into);
                into.push(Piece::EmptyClose);
            }
            plain => into.push(piece(reading, plain)),
        }
    }
}

fn piece(reading: &Reading<'_>, node: &Node) -> Piece {
    match node {
        Node::Heading { text, level: 2 } => Piece::Heading(text.clone()),
        Node::Heading { text, .. } => Piece::Subheading(text.clone()),
        Node::Text { text } => Piece::Text(text.clone()),
        Node::Fields { items } => {
            let item =
                |item: &wabe_package::ui::Item| (item.label.clone(), cell(reading, &item.value));
            Piece::Facts(items.iter().map(item).collect())
        }
        Node::Table {
            caption,
            columns,
            rows,
        } => {
            let row = |row: &Vec<Cell>| {
                let named = columns.iter().zip(row);
                named
                    .map(|(column, one)| (column.clone(), cell(reading, one)))
                    .collect()
            };
            Piece::Table(Table {
                caption: caption.clone(),
                columns: columns.clone(),
                rows: rows.iter().map(row).collect(),
            })
        }
        Node::TextField(field) => line(reading, field, InputKind::Line(field.max_length)),
        Node::Textarea(field) => line(reading, field, InputKind::Lines(field.max_length)),
        Node::NumberField(field) => number(reading, field),
        Node::Select(field) => {
            let option = |choice: &wabe_package::ui::Choice| Choice {
                value: choice.value.clone(),
                title: choice.label.clone(),
                text: String::new(),
            };
            let kind = InputKind::Select(field.options.iter().map(option).collect());
            input(reading, &field.field, field.value.clone(), kind)
        }
        Node::Checkbox(field) => {
            let value = if field.checked { "true" } else { "" };
            input(reading, &field.field, value.to_owned(), InputKind::Check)
        }
        Node::Unsupported { name } => Piece::Unsupported(name.clone()),
        other => Piece::Bit(bit(reading, other)),
    }
}

fn line(reading: &Reading<'_>, field: &TextField, kind: InputKind) -> Piece {
    input(reading, &field.field, field.value.clone(), kind)
}

fn number(reading: &Reading<'_>, field: &NumberField) -> Piece {
    let text = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let step = field
        .step
        .map_or_else(|| "any".to_owned(), |step| step.to_string());
    let kind = InputKind::Number(text(field.min), text(field.max), step);
    input(reading, &field.field, text(field.value), kind)
}

fn input(reading: &Reading<'_>, field: &Field, value: String, kind: InputKind) -> Piece {
    let name = format!("{FIELD}{}", field.name);
    // What is not ticked is not sent.
    let kept = reading
        .typed
        .map(|typed| typed.get(&name).cloned().unwrap_or_default());
    Piece::Input(Input {
        id: format!("{}{name}", reading.prefix),
        label: field.label.clone(),
        hint: field.hint.clone(),
        error: field.error.clone(),
        required: field.required,
        value: kept.unwrap_or(value),
        name,
        kind,
    })
}

fn cell(reading: &Reading<'_>, cell: &Cell) -> Bit {
    match cell {
        Cell::Text(text) => Bit::Text(text.clone()),
        Cell::Node(node) => bit(reading, node),
    }
}

fn bit(reading: &Reading<'_>, node: &Node) -> Bit {
    match node {
        Node::Badge { text, tone } => Bit::Badge(tag(*tone), text.clone()),
        Node::Button {
            text,
            name,
            value,
            primary,
        } => Bit::Button(Button {
            text: text.clone(),
            name: format!("{FIELD}{name}"),
            value: value.clone(),
            primary: *primary,
        }),
        Node::Link { text, href } => match href {
            Href::Portal(path) => Bit::Link(text.clone(), path.clone(), false),
            Href::Outside(address) => Bit::Link(text.clone(), address.clone(), true),
        },
        Node::Code { text } => Bit::Code(text.clone()),
        Node::Progress { label, value, max } => {
            let percent = whole(value / max * 100.0).clamp(0, 100);
            let amount = format!("{}\u{a0}%", format::number(reading.language, percent));
            Bit::Progress(label.clone(), amount, percent)
        }
        Node::ChartSpark { label, values } => {
            // Thousandths are exact enough for a line of 28 pixels.
            let values: Vec<i64> = values.iter().map(|value| whole(value * 1_000.0)).collect();
            Bit::Spark(label.clone(), spark(&values))
        }
        _ => Bit::Nothing,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit is cut to what does"
)]
fn whole(value: f64) -> i64 {
    if value.is_finite() {
        value.round() as i64
    } else {
        0
    }
}

const fn noted(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Neutral => ("suspended", "info-circle"),
        Tone::Info => ("updating", "info-circle"),
        Tone::Good => ("live", "circle-check"),
        Tone::Warning => ("warning", "alert-triangle"),
        Tone::Bad => ("failed", "alert-circle"),
    }
}

const fn tag(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "suspended",
        Tone::Info => "updating",
        Tone::Good => "live",
        Tone::Warning => "warning",
        Tone::Bad => "failed",
    }
}

/// What was sent, by the plugin's own names.
pub(super) fn sent(form: &Form) -> Map<String, Value> {
    let fields = form.fields.iter();
    let own = fields.filter_map(|(name, text)| Some((name.strip_prefix(FIELD)?, text)));
    own.map(|(name, text)| (name.to_owned(), Value::from(text.as_str())))
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;
    use wabe_package::Page;

    /// A page with everything that there is.
    pub(in crate::plugin) fn everything() -> Page {
        let page = json!({ "v": 1, "nodes": [
            { "kind": "heading", "text": "Adressen & <mehr>", "level": 2 },
            { "kind": "heading", "text": "Darunter", "level": 3 },
            { "kind": "text", "text": "Eine Zeile\nund noch eine" },
            { "kind": "fields", "items": [
                { "label": "Name", "value": "a < b" },
                { "label": "Stand", "value": { "kind": "badge", "text": "gut", "tone": "good" } } ] },
            { "kind": "table", "caption": "Liste", "columns": ["Wer", "Was"], "rows": [
                ["a", { "kind": "link", "text": "b", "href": "/domains" }],
                ["c", { "kind": "code", "text": "x = 1" }] ] },
            { "kind": "badge", "text": "neu", "tone": "info" },
            { "kind": "callout", "tone": "warning", "title": "Achtung", "nodes": [
                { "kind": "text", "text": "darin" },
                { "kind": "callout", "tone": "bad", "title": "tiefer", "nodes": [] } ] },
            { "kind": "text-field", "name": "host", "label": "Host", "hint": "So", "required": true },
            { "kind": "textarea", "name": "note", "label": "Notiz", "value": "a\nb" },
            { "kind": "number-field", "name": "times", "label": "Mal", "min": 1, "max": 9, "value": 3 },
            { "kind": "select", "name": "way", "label": "Weg", "value": "b", "error": "fehlt", "options": [
                { "value": "a", "label": "A" }, { "value": "b", "label": "B" } ] },
            { "kind": "checkbox", "name": "loud", "label": "Laut", "checked": true },
            { "kind": "button", "text": "Los", "name": "act", "value": "go", "primary": true },
            { "kind": "code", "text": "curl https://x.example" },
            { "kind": "progress", "label": "Weit", "value": 3, "max": 4 },
            { "kind": "chart-spark", "label": "Linie", "values": [1, 2.5, 0] },
            { "kind": "empty-state", "title": "Nichts", "text": "Noch nicht.", "nodes": [
                { "kind": "button", "text": "Anfangen", "name": "act", "value": "begin" } ] },
            { "kind": "hologram", "text": "später" }
        ] });
        Page::read(&page.to_string(), &[]).unwrap()
    }

    fn reading() -> Reading<'static> {
        Reading {
            language: Language::De,
            prefix: "",
            typed: None,
        }
    }

    #[test]
    fn a_tree_becomes_a_list_that_opens_and_closes() {
        let pieces = pieces(&reading(), &everything());
        let opens = pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::CalloutOpen(_)))
            .count();
        let closes = pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::CalloutClose))
            .count();
        assert_eq!((opens, closes), (2, 2));
        assert!(matches!(pieces.last(), Some(Piece::Unsupported(name)) if name == "hologram"));
        assert!(
            pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Bit(Bit::Progress(_, _, 75))))
        );
    }

    #[test]
    fn what_was_typed_stays_and_what_was_not_ticked_is_not() {
        let typed = [("f.host".to_owned(), "mein".to_owned())].into();
        let reading = Reading {
            typed: Some(&typed),
            ..reading()
        };
        let value = |wanted: &str| {
            let pieces = pieces(&reading, &everything());
            pieces.into_iter().find_map(|piece| match piece {
                Piece::Input(input) if input.name == wanted => Some(input.value),
                _ => None,
            })
        };
        assert_eq!(value("f.host").as_deref(), Some("mein"));
        assert_eq!(value("f.loud").as_deref(), Some(""));
    }

    #[test]
    fn only_the_plugins_own_fields_are_sent_to_it() {
        let fields = [("f.host", "a"), ("proof", "geheim"), ("f.act", "go")];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let sent = sent(&Form {
            fields: fields.into(),
        });
        assert_eq!(Value::Object(sent), json!({ "host": "a", "act": "go" }));
    }
}

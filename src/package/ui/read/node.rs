//! One node.

use crate::flaw::Defect;
use crate::names::Host;
use crate::text::plain;
use crate::ui::read::object::{Object, wrong};
use crate::ui::read::{Reading, count, read_nodes};
use crate::ui::{
    Cell, Checkbox, Choice, Field, Href, Item, KINDS, Node, NumberField, Select, TextField, Tone,
};
use serde_json::Value;

const COLUMNS_MAX: usize = 12;
const ROWS_MAX: usize = 200;
const OPTIONS_MAX: usize = 100;
const VALUES_MAX: usize = 200;
const LENGTH_MAX: u16 = 10_000;

pub(super) fn read(r: &mut Reading, path: &str, value: &Value, depth: usize) -> Option<Node> {
    let node = Object::of(r, path, value)?;
    let kind = node.need_line(r, "kind")?;
    if !KINDS.contains(&kind.as_str()) {
        let name = kind.chars().take(40).collect();
        return Some(Node::Unsupported { name });
    }
    read_block(r, &node, &kind, depth)
        .or_else(|| read_field(r, &node, &kind))
        .or_else(|| read_inline(r, &node, &kind))
}

/// What stands on its own.
fn read_block(r: &mut Reading, node: &Object, kind: &str, depth: usize) -> Option<Node> {
    let within = |r: &mut Reading| read_nodes(r, &node.path, node.get("nodes"), depth + 1);
    Some(match kind {
        "heading" => Node::Heading {
            text: node.need_line(r, "text").unwrap_or_default(),
            level: match node.number(r, "level") {
                Some(level) if level >= 3.0 => 3,
                _ => 2,
            },
        },
        "text" => Node::Text {
            text: node.need_lines(r, "text").unwrap_or_default(),
        },
        "fields" => Node::Fields {
            items: node
                .list(r, "items", 50)
                .iter()
                .filter_map(|(p, v)| read_item(r, p, v))
                .collect(),
        },
        "table" => read_table(r, node),
        "callout" => Node::Callout {
            tone: tone(r, node),
            title: node.line(r, "title"),
            nodes: within(r),
        },
        "empty-state" => Node::EmptyState {
            title: node.need_line(r, "title").unwrap_or_default(),
            text: node.lines(r, "text"),
            nodes: within(r),
        },
        _ => return None,
    })
}

/// What people fill in.
fn read_field(r: &mut Reading, node: &Object, kind: &str) -> Option<Node> {
    let text = |r: &mut Reading, lines: bool| TextField {
        field: field(r, node),
        value: if lines {
            node.lines(r, "value")
        } else {
            node.line(r, "value")
        },
        max_length: node
            .get("max_length")
            .and_then(Value::as_u64)
            .and_then(|max| u16::try_from(max).ok())
            .filter(|max| (1..=LENGTH_MAX).contains(max))
            .unwrap_or(LENGTH_MAX),
    };
    Some(match kind {
        "text-field" => Node::TextField(text(r, false)),
        "textarea" => Node::Textarea(text(r, true)),
        "number-field" => Node::NumberField(NumberField {
            field: field(r, node),
            value: node.number(r, "value"),
            min: node.number(r, "min"),
            max: node.number(r, "max"),
            step: node.number(r, "step"),
        }),
        "select" => Node::Select(Select {
            field: field(r, node),
            value: node.line(r, "value"),
            options: options(r, node),
        }),
        "checkbox" => Node::Checkbox(Checkbox {
            field: field(r, node),
            checked: node.flag(r, "checked"),
        }),
        _ => return None,
    })
}

/// What fits into a line.
fn read_inline(r: &mut Reading, node: &Object, kind: &str) -> Option<Node> {
    Some(match kind {
        "badge" => Node::Badge {
            text: node.need_line(r, "text").unwrap_or_default(),
            tone: tone(r, node),
        },
        "button" => Node::Button {
            text: node.need_line(r, "text").unwrap_or_default(),
            name: node.name(r, "name").unwrap_or_default(),
            value: node.line(r, "value"),
            primary: node.flag(r, "primary"),
        },
        "link" => {
            let (text, typed) = (node.need_line(r, "text"), node.need_line(r, "href"));
            let href = typed.map(|typed| (href(&typed, r.hosts), typed));
            let href = match href? {
                (Some(href), _) => href,
                (None, typed) => {
                    let value = typed.chars().take(120).collect();
                    let hosts = r.hosts.join(", ");
                    node.note(r, "href", Defect::BadLink { value, hosts });
                    return None;
                }
            };
            Node::Link {
                text: text.unwrap_or_default(),
                href,
            }
        }
        "code" => Node::Code {
            text: node.need_lines(r, "text").unwrap_or_default(),
        },
        "progress" => {
            let max = node.number(r, "max").unwrap_or(100.0);
            let value = node.need_number(r, "value").unwrap_or_default();
            if max <= 0.0 || !(0.0..=max).contains(&value) {
                let (value, min) = (value.to_string(), "0".to_owned());
                let max = max.max(0.0).to_string();
                node.note(r, "value", Defect::BadNumber { value, min, max });
            }
            Node::Progress {
                label: node.need_line(r, "label").unwrap_or_default(),
                value,
                max,
            }
        }
        "chart-spark" => Node::ChartSpark {
            label: node.need_line(r, "label").unwrap_or_default(),
            values: numbers(r, node),
        },
        _ => return None,
    })
}

fn tone(r: &mut Reading, node: &Object) -> Tone {
    match node.line(r, "tone").as_str() {
        "info" => Tone::Info,
        "good" => Tone::Good,
        "warning" => Tone::Warning,
        "bad" => Tone::Bad,
        _ => Tone::Neutral,
    }
}

fn field(r: &mut Reading, node: &Object) -> Field {
    Field {
        name: node.name(r, "name").unwrap_or_default(),
        label: node.need_line(r, "label").unwrap_or_default(),
        hint: node.line(r, "hint"),
        error: node.line(r, "error"),
        required: node.flag(r, "required"),
    }
}

fn options(r: &mut Reading, node: &Object) -> Vec<Choice> {
    let mut options = Vec::new();
    for (path, value) in node.list(r, "options", OPTIONS_MAX) {
        let Some(option) = Object::of(r, &path, value) else {
            continue;
        };
        let value = option.line(r, "value");
        let label = match option.get("label") {
            Some(_) => option.line(r, "label"),
            None => value.clone(),
        };
        options.push(Choice { value, label });
    }
    options
}

fn numbers(r: &mut Reading, node: &Object) -> Vec<f64> {
    let mut numbers = Vec::new();
    for (path, value) in node.list(r, "values", VALUES_MAX) {
        match value.as_f64().filter(|number| number.is_finite()) {
            Some(number) => numbers.push(number),
            None => wrong(r, &path, value, "a number"),
        }
    }
    numbers
}

fn read_item(r: &mut Reading, path: &str, value: &Value) -> Option<Item> {
    let item = Object::of(r, path, value)?;
    let label = item.need_line(r, "label")?;
    let empty = Value::String(String::new());
    let value = read_cell(
        r,
        &format!("{path}.value"),
        item.get("value").unwrap_or(&empty),
    )?;
    Some(Item { label, value })
}

fn read_table(r: &mut Reading, node: &Object) -> Node {
    let caption = node.line(r, "caption");
    let mut columns = Vec::new();
    for (path, value) in node.list(r, "columns", COLUMNS_MAX) {
        match value {
            Value::String(text) => columns.push(plain(text, false)),
            other => wrong(r, &path, other, "a text"),
        }
    }
    let mut rows = Vec::new();
    for (path, value) in node.list(r, "rows", ROWS_MAX) {
        let Value::Array(cells) = value else {
            wrong(r, &path, value, "a list");
            continue;
        };
        if cells.len() != columns.len() {
            let (min, max) = (columns.len().to_string(), columns.len().to_string());
            r.note(
                &path,
                Defect::BadNumber {
                    value: format!("the width {}", cells.len()),
                    min,
                    max,
                },
            );
            continue;
        }
        let cell = |(at, cell)| read_cell(r, &format!("{path}[{at}]"), cell);
        rows.push(cells.iter().enumerate().filter_map(cell).collect());
    }
    Node::Table {
        caption,
        columns,
        rows,
    }
}

fn read_cell(r: &mut Reading, path: &str, value: &Value) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Text(String::new())),
        Value::String(text) => Some(Cell::Text(plain(text, false))),
        Value::Number(number) => Some(Cell::Text(number.to_string())),
        Value::Object(_) if !count(r, path) => None,
        Value::Object(_) => {
            let node = Object::of(r, path, value)?;
            let kind = node.need_line(r, "kind")?;
            let cell = if KINDS.contains(&kind.as_str()) {
                read_inline(r, &node, &kind)
            } else {
                Some(Node::Unsupported {
                    name: kind.chars().take(40).collect(),
                })
            };
            if cell.is_none() && kind != "link" {
                let known = "badge, button, link, code, progress, chart-spark".to_owned();
                node.note(r, "kind", Defect::NotAChoice { value: kind, known });
            }
            cell.map(|node| Cell::Node(Box::new(node)))
        }
        other => {
            wrong(r, path, other, "a text or a node");
            None
        }
    }
}

/// The link, when pages may show it.
fn href(text: &str, hosts: &[String]) -> Option<Href> {
    let graphic = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_graphic() && !b"\\\"'<>`{}|^".contains(&b))
    };
    if text.len() > 2000 || !graphic(text) {
        return None;
    }
    if text.starts_with('/') {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let lower = path.to_ascii_lowercase();
        let tricks = ["//", "/../", "/./", "%2f", "%5c", "%2e", "%00"];
        let plain = !tricks.iter().any(|trick| lower.contains(trick)) && !lower.ends_with("/..");
        return plain.then(|| Href::Portal(text.to_owned()));
    }
    let rest = text.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host: Host = authority.parse().ok()?;
    let known = host.to_string();
    hosts
        .contains(&known)
        .then(|| Href::Outside(text.to_owned()))
}

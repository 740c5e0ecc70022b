//! From JSON that a stranger wrote to a page.

mod node;
mod object;

use crate::flaw::{Defect, Flaw, Flaws};
use crate::json;
use crate::ui::{BYTES_MAX, DEPTH_MAX, NODES_MAX, Node, PART, Page};
use serde_json::Value;

/// The most flaws that are reported.
const FLAWS_MAX: usize = 20;

/// What was seen so far.
pub(super) struct Reading<'a> {
    flaws: Flaws,
    nodes: usize,
    hosts: &'a [String],
}

impl Reading<'_> {
    fn note(&mut self, path: &str, defect: Defect) {
        if self.flaws.0.len() < FLAWS_MAX {
            self.flaws.push(Flaw::at(PART, path, defect));
        }
    }
}

pub(super) fn read(text: &str, hosts: &[String]) -> Result<Page, Vec<Flaw>> {
    let mut reading = Reading {
        flaws: Flaws::default(),
        nodes: 0,
        hosts,
    };
    let page = match json::parse(text, BYTES_MAX) {
        Ok(value) => read_page(&mut reading, &value),
        Err(defect) => {
            reading.note("", defect);
            None
        }
    };
    reading.flaws.done(page)
}

fn read_page(reading: &mut Reading, value: &Value) -> Option<Page> {
    let bad = |reason: &str| Defect::BadPage {
        reason: reason.to_owned(),
    };
    let Value::Object(page) = value else {
        reading.note("", bad(json::type_name(value)));
        return None;
    };
    match page.get("v") {
        Some(Value::Number(v)) if v.as_u64() == Some(1) => {}
        Some(_) => reading.note("v", bad("the version is not 1")),
        None => reading.note(
            "v",
            Defect::Missing {
                name: "v".to_owned(),
            },
        ),
    }
    let nodes = read_nodes(reading, "", page.get("nodes"), 1);
    if page.get("nodes").is_none() {
        reading.note(
            "nodes",
            Defect::Missing {
                name: "nodes".to_owned(),
            },
        );
    }
    Some(Page::of(nodes))
}

/// The nodes of a page or of a node; absent is none.
fn read_nodes(reading: &mut Reading, path: &str, value: Option<&Value>, depth: usize) -> Vec<Node> {
    let path = if path.is_empty() {
        "nodes".to_owned()
    } else {
        format!("{path}.nodes")
    };
    let items = match value {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(other) => {
            let found = json::type_name(other).to_owned();
            reading.note(
                &path,
                Defect::WrongType {
                    expected: "a list".to_owned(),
                    found,
                },
            );
            return Vec::new();
        }
    };
    if depth > DEPTH_MAX && !items.is_empty() {
        reading.note(
            &path,
            Defect::TooDeep {
                max: DEPTH_MAX.to_string(),
            },
        );
        return Vec::new();
    }
    let mut nodes = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if !count(reading, &path) {
            break;
        }
        nodes.extend(node::read(reading, &format!("{path}[{at}]"), item, depth));
    }
    nodes
}

/// Counts one more node; false when there are too many.
fn count(reading: &mut Reading, path: &str) -> bool {
    reading.nodes += 1;
    if reading.nodes <= NODES_MAX {
        return true;
    }
    if reading.nodes == NODES_MAX + 1 {
        reading.note(
            path,
            Defect::TooMany {
                what: "nodes".to_owned(),
                max: NODES_MAX.to_string(),
                found: "more".to_owned(),
            },
        );
    }
    false
}

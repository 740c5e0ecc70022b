//! A page as text.

use crate::ui::{Cell, Href, Node};

/// The text of these nodes: headings and what stands out in blocks of their own.
pub(super) fn text(nodes: &[Node]) -> String {
    let mut blocks = Vec::new();
    walk(nodes, &mut blocks);
    blocks.retain(|block| !block.trim().is_empty());
    blocks.join("\n\n")
}

fn walk(nodes: &[Node], into: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Callout { title, nodes, .. } => into.push(titled(&[title], nodes)),
            Node::EmptyState { title, text, nodes } => into.push(titled(&[title, text], nodes)),
            plain => into.push(line(plain)),
        }
    }
}

/// What is in a frame, in lines below what is said above it.
fn titled(above: &[&str], nodes: &[Node]) -> String {
    let mut blocks: Vec<String> = above.iter().map(|text| (*text).to_owned()).collect();
    walk(nodes, &mut blocks);
    blocks.retain(|block| !block.trim().is_empty());
    blocks.join("\n")
}

fn line(node: &Node) -> String {
    match node {
        Node::Heading { text, .. }
        | Node::Text { text }
        | Node::Badge { text, .. }
        | Node::Code { text } => text.clone(),
        Node::Fields { items } => {
            let item = |item: &crate::ui::Item| format!("{}: {}", item.label, cell(&item.value));
            items.iter().map(item).collect::<Vec<_>>().join("\n")
        }
        Node::Table { columns, rows, .. } => {
            let heads = columns.join(" | ");
            let row = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(" | ");
            let lines = std::iter::once(heads).chain(rows.iter().map(row));
            lines.collect::<Vec<_>>().join("\n")
        }
        Node::Link { text, href } => match href {
            Href::Portal(_) => text.clone(),
            Href::Outside(address) => format!("{text} ({address})"),
        },
        Node::Progress { label, value, max } => {
            format!(
                "{label}: {:.0}\u{a0}%",
                (value / max * 100.0).clamp(0.0, 100.0)
            )
        }
        // What is pressed, filled in, drawn or not known says nothing here.
        _ => String::new(),
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Node(node) => line(node),
    }
}

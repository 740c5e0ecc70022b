//! A plan as people read it.

use crate::change::{Plan, Planned};
use std::fmt::Write as _;

const HEAD: [&str; 4] = ["WHAT", "NOW", "THEN", "WHY"];

fn cells(planned: &Planned) -> [String; 4] {
    [
        planned.change.to_string(),
        planned.now.clone(),
        planned.then.clone(),
        planned.why.to_owned(),
    ]
}

/// Rows with columns that begin below each other.
fn aligned(rows: &[[String; 4]]) -> String {
    let mut widths = [0; 4];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing into a text does not fail.
            write!(line, "{cell:width$}  ").ok();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A heading with lines below it; nothing without lines.
fn section(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(heading);
    text.push('\n');
    for line in lines {
        for (number, part) in line.lines().enumerate() {
            text.push_str(if number == 0 { "  " } else { "    " });
            text.push_str(part);
            text.push('\n');
        }
    }
}

/// The whole plan: a table of changes, and what else there is to say.
#[must_use]
pub fn table(plan: &Plan) -> String {
    let mut text = String::new();
    if plan.changes.is_empty() {
        text.push_str("nothing is to be changed\n");
    } else {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(plan.changes.iter().map(cells));
        text.push_str(&aligned(&rows));
    }
    let untouched = plan.untouched.iter().map(ToString::to_string);
    section(&mut text, "will not be touched:", untouched);
    let obstacles = plan.obstacles.iter();
    let obstacles = obstacles.map(|one| format!("{}\n{}", one.what, one.mend));
    section(&mut text, "in the way:", obstacles);
    section(&mut text, "left to you:", plan.left.iter().cloned());
    text
}

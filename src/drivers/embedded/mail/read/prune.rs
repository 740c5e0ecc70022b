//! Brings HTML into a shape that costs little to parse.
//!
//! Parsing HTML as browsers do takes time with the square of its depth, and repeats unclosed bold or
//! italic text in every paragraph that follows. Here tags are balanced and their depth is bounded
//! before the sanitiser sees them. What is safe is decided there, not here: this only decides what is
//! cheap, so a tag that is misread here costs looks, never safety.
//!
//! Invariant: in the output every `<` begins a tag of the sanitiser's list, every value stands in
//! double quotes, and what is opened inside something is closed inside it.

use std::collections::HashSet;

use crate::embedded::mail::read::sanitise::{EMPTIED, TAGS};

/// The deepest nesting that is kept.
const DEPTH_MAX: usize = 200;
/// The deepest nesting of [`FORMATTING`].
const FORMATTING_MAX: usize = 20;
/// Elements that browsers repeat when they are left open.
const FORMATTING: [&str; 9] = ["a", "b", "code", "em", "i", "s", "small", "strong", "u"];
/// Elements without content.
const VOID: [&str; 4] = ["br", "col", "hr", "img"];
/// Elements that end a paragraph.
const BLOCKS: [&str; 19] = [
    "address",
    "blockquote",
    "center",
    "div",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
    "dd",
];
/// Elements that the closing of something outside does not reach through.
const WALLS: [&str; 4] = ["caption", "table", "td", "th"];
/// Elements that may close what is open inside a wall.
const TABLE_PARTS: [&str; 9] = [
    "caption", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
];
/// Attributes that are carried over.
const ATTRIBUTES: [&str; 6] = ["href", "alt", "colspan", "rowspan", "lang", "dir"];

/// The HTML, balanced and of bounded depth.
pub(super) fn prune(html: &str) -> String {
    let mut out = Pruned::default();
    let mut rest = html;
    let mut unclosed = HashSet::new();
    while let Some((text, markup)) = rest.split_once('<') {
        out.text.push_str(text);
        rest = match markup.as_bytes() {
            [b'!' | b'?', ..] => behind_comment(markup),
            [b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                let (name, _, after) = tag(markup.get(1..).unwrap_or(""));
                out.close(&name);
                after
            }
            [letter, ..] if letter.is_ascii_alphabetic() => {
                let (name, attributes, after) = tag(markup);
                if EMPTIED.contains(&&*name) {
                    behind_content(&name, after, &mut unclosed)
                } else {
                    out.open(&name, &attributes);
                    after
                }
            }
            _ => {
                out.text.push_str("&lt;");
                markup
            }
        };
    }
    out.text.push_str(rest);
    out.text
}

/// What follows a comment or declaration that begins behind `<`.
fn behind_comment(markup: &str) -> &str {
    let end = if markup.starts_with("!--") {
        "-->"
    } else {
        ">"
    };
    markup.split_once(end).map_or("", |(_, after)| after)
}

/// What follows the content of an element that goes with its content.
///
/// Without an end tag only the start tag goes; `unclosed` remembers that, so that it is looked for once.
fn behind_content<'a>(name: &str, after: &'a str, unclosed: &mut HashSet<String>) -> &'a str {
    if unclosed.contains(name) {
        return after;
    }
    let ends_here = |markup: &str| {
        let found = markup.strip_prefix('/').and_then(|m| m.get(..name.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    let mut from = after;
    while let Some((_, markup)) = from.split_once('<') {
        if ends_here(markup) {
            return markup.split_once('>').map_or("", |(_, after)| after);
        }
        from = markup;
    }
    unclosed.insert(name.to_owned());
    // The content of these is no markup, so nothing of the rest can be text.
    if matches!(name, "script" | "style" | "title" | "textarea") {
        ""
    } else {
        after
    }
}

/// Name and attributes of the tag at the beginning of `markup`, and what follows it.
fn tag(markup: &str) -> (String, Vec<(String, &str)>, &str) {
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let (name, mut rest) = markup.split_at(markup.find(ends).unwrap_or(markup.len()));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        // A name has at least one character, so each turn gets on.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        let length = rest.get(first..).and_then(|tail| tail.find(ends));
        let length = length.map_or(rest.len(), |length| length.saturating_add(first));
        let (attribute, after) = rest.split_at(length);
        let (value, after) = value(after);
        if let Some(value) = value {
            attributes.push((attribute.to_ascii_lowercase(), value));
        }
        rest = after;
    }
    (name.to_ascii_lowercase(), attributes, rest)
}

/// The value behind an attribute's name, and what follows it.
fn value(rest: &str) -> (Option<&str>, &str) {
    let Some(rest) = rest.trim_ascii_start().strip_prefix('=') else {
        return (None, rest);
    };
    let rest = rest.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            let (value, after) = quoted.split_once(quote).unwrap_or((quoted, ""));
            return (Some(value), after);
        }
    }
    let ends = |c: char| c.is_ascii_whitespace() || c == '>';
    let (value, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    (Some(value), after)
}

/// The output, and what is open in it.
#[derive(Default)]
struct Pruned {
    text: String,
    open: Vec<&'static str>,
}

impl Pruned {
    fn open(&mut self, name: &str, attributes: &[(String, &str)]) {
        let Some(name) = TAGS.iter().find(|known| **known == name) else {
            return;
        };
        self.make_room(name);
        let formatting = |name: &str| FORMATTING.contains(&name);
        let full = self.open.len() >= DEPTH_MAX
            || formatting(name)
                && self.open.iter().filter(|open| formatting(open)).count() >= FORMATTING_MAX;
        let void = VOID.contains(name);
        if full && !void {
            return;
        }
        self.text.push('<');
        self.text.push_str(name);
        for known in ATTRIBUTES {
            if let Some((_, value)) = attributes.iter().find(|(name, _)| name == known) {
                let value = value.replace('"', "&quot;").replace('<', "&lt;");
                for piece in [" ", known, "=\"", &*value, "\""] {
                    self.text.push_str(piece);
                }
            }
        }
        self.text.push('>');
        if !void {
            self.open.push(name);
        }
    }

    /// Closes what ends where `name` begins, as people leave it open.
    fn make_room(&mut self, name: &str) {
        if name == "a" {
            self.close("a");
        }
        while let Some(top) = self.open.last() {
            let ends = match *top {
                "p" => BLOCKS.contains(&name),
                "li" => name == "li",
                "dt" | "dd" => matches!(name, "dt" | "dd"),
                "td" | "th" => matches!(name, "td" | "th" | "tr"),
                "tr" => name == "tr",
                _ => false,
            };
            if !ends {
                break;
            }
            self.pop();
        }
    }

    /// Closes the innermost open `name` and all in it; nothing when a wall is between.
    fn close(&mut self, name: &str) {
        let through = TABLE_PARTS.contains(&name);
        let inside = self.open.iter().rev();
        let reach = inside.take_while(|open| through || **open == name || !WALLS.contains(open));
        let Some(depth) = reach.into_iter().position(|open| *open == name) else {
            return;
        };
        for _ in 0..=depth {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }
}

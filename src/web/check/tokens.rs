//! HTML as our templates write it, in pieces. Not a parser for strangers' pages: what it does not
//! expect, it reports.

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    /// Written as `<x/>`.
    pub(super) closed: bool,
}

impl<'a> Tag<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open(Tag<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// The pieces of a page, and what was not understood.
pub(super) fn tokens(html: &str) -> (Vec<Token<'_>>, Vec<String>) {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    let mut rest = html.trim_start();
    rest = rest.strip_prefix("<!DOCTYPE html>").unwrap_or(rest);
    while !rest.is_empty() {
        let Some(begin) = rest.find('<') else {
            found.push(Token::Text(rest));
            break;
        };
        let (text, tag) = rest.split_at(begin);
        if !text.is_empty() {
            entities(text, &mut wrong);
            found.push(Token::Text(text));
        }
        let Some(end) = end_of(tag) else {
            wrong.push(format!("a tag without end: {tag:.40}"));
            break;
        };
        let inside = tag.get(1..end).unwrap_or("");
        rest = tag.get(end + 1..).unwrap_or("");
        if inside.starts_with('!') {
            wrong.push("a comment".to_owned());
        } else if let Some(name) = inside.strip_prefix('/') {
            found.push(Token::Close(name));
        } else {
            match opened(inside) {
                Some(tag) => found.push(Token::Open(tag)),
                None => wrong.push(format!("not a tag: <{inside:.60}>")),
            }
        }
    }
    (found, wrong)
}

/// Where the `>` of a tag is, outside quotes.
fn end_of(tag: &str) -> Option<usize> {
    let mut quoted = false;
    for (index, c) in tag.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(index),
            _ => {}
        }
    }
    None
}

fn opened(inside: &str) -> Option<Tag<'_>> {
    let closed = inside.ends_with('/');
    let inside = inside.strip_suffix('/').unwrap_or(inside).trim_end();
    let split = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(split);
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    rest = rest.trim_start();
    while !rest.is_empty() {
        let split = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(split);
        if key.is_empty() || key.contains(['"', '<', '\'']) {
            return None;
        }
        let value;
        if let Some(quoted) = after.strip_prefix("=\"") {
            let end = quoted.find('"')?;
            (value, rest) = (quoted.get(..end)?, quoted.get(end + 1..)?);
        } else if after.starts_with('=') {
            return None;
        } else {
            (value, rest) = ("", after);
        }
        if attributes.iter().any(|(known, _)| *known == key) {
            return None;
        }
        attributes.push((key, value));
        rest = rest.trim_start();
    }
    Some(Tag {
        name,
        attributes,
        closed,
    })
}

/// Every `&` begins a character reference.
fn entities(text: &str, wrong: &mut Vec<String>) {
    for piece in text.split('&').skip(1) {
        let name = piece.split(';').next().unwrap_or("");
        let known = matches!(name, "amp" | "lt" | "gt" | "quot" | "shy" | "nbsp" | "ensp")
            || name.starts_with('#');
        if !known || !piece.contains(';') {
            wrong.push(format!("a bare &: {piece:.20}"));
        }
    }
}

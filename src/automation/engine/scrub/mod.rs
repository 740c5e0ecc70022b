//! Keeps secrets out of everything that a run leaves behind and out of the guest itself.
//!
//! Invariants: a secret is found as it is, percent-encoded byte by byte or in part, inside a JSON
//! text or a page however its characters are escaped there, in hexadecimal, and inside a Base64 text of
//! either alphabet at any place of it; what stands for a secret is never looked into again, so that
//! scrubbing twice is scrubbing once.

mod pattern;
#[cfg(test)]
mod tests;

use crate::engine::scrub::pattern::{Pattern, begins, patterns};
use serde_json::Value;
use wabe_kernel::Secret;

/// Values shorter than this stand in too many texts by chance, in bytes.
const SHORTEST: usize = 4;

/// How many bytes there are to begin with.
const BYTES: usize = 256;

/// Secrets, with the texts that take their place.
///
/// What others send is looked through here, outside of the time that a plugin has: it costs what a byte
/// costs, however many secrets there are.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scrub {
    found: Vec<Pattern>,
    /// By the byte with which they may begin, where they stand in `found`; empty without any.
    first: Vec<Vec<usize>>,
    instead: Vec<String>,
}

/// What stands for a secret in a request.
pub(crate) fn placeholder(name: &str) -> String {
    format!("{{{{secret:{name}}}}}")
}

impl Scrub {
    /// Learns a secret; from now on it is taken out.
    pub(crate) fn learn(&mut self, name: &str, secret: &Secret) {
        let instead = placeholder(name);
        if !self.instead.contains(&instead) {
            self.instead.push(instead.clone());
        }
        if secret.expose().len() >= SHORTEST {
            self.add(patterns(secret.expose(), &instead));
        }
    }

    /// Learns everything that another one knows.
    pub(crate) fn join(&mut self, other: &Self) {
        self.add(other.found.clone());
        for instead in &other.instead {
            if !self.instead.contains(instead) {
                self.instead.push(instead.clone());
            }
        }
    }

    /// Adds what is not known yet: a guest may use the same secret as often as it may call its host.
    fn add(&mut self, patterns: Vec<Pattern>) {
        self.first.resize_with(BYTES, Vec::new);
        for pattern in patterns {
            if self.found.iter().any(|known| known.is(&pattern)) {
                continue;
            }
            for byte in pattern.first() {
                if let Some(places) = self.first.get_mut(usize::from(byte)) {
                    places.push(self.found.len());
                }
            }
            self.found.push(pattern);
        }
    }

    /// Whether there is anything to look for.
    pub(crate) const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The text without secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        // Secrets are text, and what surrounds them stays whole.
        String::from_utf8(self.bytes(text.as_bytes().to_vec())).unwrap_or_default()
    }

    /// The bytes without secrets.
    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.found.is_empty() {
            return bytes;
        }
        let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
        while let Some(byte) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some(length) = self.step(rest, &mut out) {
                at += length;
            } else {
                out.push(*byte);
                at += 1;
            }
        }
        out
    }

    /// What to do where a secret may begin: how far to go on, with what stands for it written.
    fn step(&self, rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        if rest.starts_with(b"{{") {
            let standing = |text: &&String| rest.starts_with(text.as_bytes());
            if let Some(placeholder) = self.instead.iter().find(standing) {
                out.extend_from_slice(placeholder.as_bytes());
                return Some(placeholder.len());
            }
        }
        let places = begins(rest).into_iter().flatten();
        let places = places.filter_map(|byte| self.first.get(usize::from(byte)));
        let all = places.flatten().filter_map(|place| self.found.get(*place));
        let fitting = all.filter_map(|one| Some((one.length_in(rest)?, one)));
        let (length, longest) = fitting.max_by_key(|(length, _)| *length)?;
        longest.take_edge(out);
        out.extend_from_slice(longest.instead.as_bytes());
        let edge = longest.edge_behind(rest.get(length..).unwrap_or_default());
        Some(length + edge)
    }

    /// The document without secrets, in values and in keys.
    pub(crate) fn value(&self, value: Value) -> Value {
        if self.found.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let clean = |(name, item): (String, Value)| (self.text(&name), self.value(item));
                Value::Object(members.into_iter().map(clean).collect())
            }
            other => other,
        }
    }
}

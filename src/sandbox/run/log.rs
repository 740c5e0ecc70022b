//! A run's log: bounded in lines and bytes, and without anything that could drive a terminal.

use std::fmt::Write as _;
use wabe_package::limits::Limits;
use wabe_package::wire::LogLine;

/// What is kept of the standard error, for the message of a trap, in bytes.
const LAST_WORDS_BYTES: usize = 2_048;

/// Where a guest writes that knows nothing of `log.write`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    /// The standard output.
    Out,
    /// The standard error.
    Err,
}

/// The lines of one run.
pub(crate) struct Log {
    lines: Vec<LogLine>,
    /// All lines, with those that were dropped.
    seen: u32,
    bytes: usize,
    lines_max: usize,
    line_bytes_max: usize,
    bytes_max: usize,
    out: Partial,
    err: Partial,
    last_words: Vec<u8>,
}

/// A line of a stream that has no end yet.
#[derive(Default)]
struct Partial {
    bytes: Vec<u8>,
    cut: bool,
}

impl Log {
    /// Empty, with these limits.
    pub(crate) fn new(limits: &Limits) -> Self {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            lines: Vec::new(),
            seen: 0,
            bytes: 0,
            lines_max: size(limits.log_lines),
            line_bytes_max: size(limits.log_line_bytes),
            bytes_max: size(limits.log_bytes),
            out: Partial::default(),
            err: Partial::default(),
            last_words: Vec::new(),
        }
    }

    /// Adds a line, cut where it is too long; beyond the quota it is only counted.
    pub(crate) fn write(&mut self, level: &str, message: &str, fields: &str) {
        self.push(level, message, fields, false);
    }

    /// Takes what a guest wrote to a stream, and adds the lines that are complete.
    pub(crate) fn stream(&mut self, stream: Stream, bytes: &[u8]) {
        if matches!(stream, Stream::Err) {
            let fresh = &bytes[bytes.len().saturating_sub(LAST_WORDS_BYTES)..];
            self.last_words.extend_from_slice(fresh);
            let excess = self.last_words.len().saturating_sub(LAST_WORDS_BYTES);
            self.last_words.drain(..excess);
        }
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        let last = pieces.next_back().unwrap_or_default();
        for piece in pieces {
            self.partial(stream, piece);
            self.end_line(stream);
        }
        self.partial(stream, last);
    }

    /// The end of the standard error, as one line: where most guests say why they gave up.
    pub(crate) fn last_words(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.last_words);
        let lines = text.lines().map(str::trim);
        let told: Vec<&str> = lines
            .filter(|line| !line.is_empty() && !line.starts_with("note: "))
            .collect();
        let from = told.len().saturating_sub(8);
        let words = shown(&told[from..].join(" "), LAST_WORDS_BYTES).0;
        (!words.is_empty()).then_some(words)
    }

    /// The lines, and how many there would have been.
    pub(crate) fn close(&mut self) -> (Vec<LogLine>, u32) {
        self.end_line(Stream::Out);
        self.end_line(Stream::Err);
        (std::mem::take(&mut self.lines), self.seen)
    }

    fn part(&mut self, stream: Stream) -> &mut Partial {
        match stream {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        }
    }

    fn partial(&mut self, stream: Stream, bytes: &[u8]) {
        let most = self.line_bytes_max;
        let part = self.part(stream);
        let room = most.saturating_sub(part.bytes.len()).min(bytes.len());
        part.bytes.extend_from_slice(&bytes[..room]);
        part.cut |= room < bytes.len();
    }

    fn end_line(&mut self, stream: Stream) {
        let Partial { bytes, cut } = std::mem::take(self.part(stream));
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches('\r');
        if !text.trim().is_empty() {
            let level = match stream {
                Stream::Out => "info",
                Stream::Err => "error",
            };
            self.push(level, text, "", cut);
        }
    }

    fn push(&mut self, level: &str, message: &str, fields: &str, was_cut: bool) {
        self.seen = self.seen.saturating_add(1);
        let room = self.bytes_max.saturating_sub(self.bytes);
        if self.lines.len() >= self.lines_max || room == 0 {
            return;
        }
        let level = match level {
            "debug" | "warn" | "error" => level,
            _ => "info",
        };
        let (message, message_cut) = shown(message, self.line_bytes_max.min(room));
        let room = room.saturating_sub(message.len());
        let (fields, fields_cut) = object(fields, self.line_bytes_max.min(room));
        self.bytes = self
            .bytes
            .saturating_add(message.len().saturating_add(fields.len()).max(1));
        self.lines.push(LogLine {
            level: level.to_owned(),
            message,
            fields,
            cut: was_cut || message_cut || fields_cut,
        });
    }
}

/// The text with everything escaped that is not plainly visible, at most so long; whether it was cut.
pub(crate) fn shown(text: &str, bytes_max: usize) -> (String, bool) {
    let mut told = String::with_capacity(text.len().min(bytes_max));
    for letter in text.chars() {
        let before = told.len();
        match letter {
            '\n' => told.push_str("\\n"),
            '\t' => told.push_str("\\t"),
            hidden if is_hidden(hidden) => told.extend(hidden.escape_unicode()),
            plain => told.push(plain),
        }
        if told.len() > bytes_max {
            told.truncate(before);
            return (told, true);
        }
    }
    (told, false)
}

/// The JSON object as compact text, or nothing when it is none or too long; whether it was left out.
fn object(text: &str, bytes_max: usize) -> (String, bool) {
    if text.is_empty() {
        return (String::new(), false);
    }
    let parsed = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    let Ok(fields) = parsed else {
        return (String::new(), true);
    };
    let mut told = String::new();
    for letter in serde_json::Value::Object(fields).to_string().chars() {
        if is_hidden(letter) {
            // Only inside JSON's strings: its own signs are all visible.
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a text cannot fail.
                write!(told, "\\u{unit:04x}").unwrap_or_default();
            }
        } else {
            told.push(letter);
        }
    }
    if told.len() > bytes_max {
        return (String::new(), true);
    }
    (told, false)
}

/// Control characters, and marks that turn or break the line they stand in.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

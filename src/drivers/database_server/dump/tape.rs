//! The part of a dump that has come and is not cut into statements yet.

use std::ops::Range;

use wabe_kernel::content::ContentError;

/// Cuts a dump into its pieces.
pub(crate) trait Script: Send {
    /// The next piece; nothing when more has to come first.
    ///
    /// # Errors
    /// What the engine's own client would refuse.
    fn cut(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError>;
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A statement.
    Statement,
    /// A statement after which rows follow.
    Copy,
    /// Rows.
    Rows,
    /// The end of the rows.
    End,
    /// A line for the client; empty statements too.
    Client,
}

/// A piece of a dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    /// The line that it begins at; counts from 1.
    pub(crate) line: u64,
    /// All bytes, with blanks before it and what ends it.
    pub(crate) raw: Vec<u8>,
    /// The statement in there.
    pub(crate) inner: Range<usize>,
}

impl Piece {
    /// The statement, without what ends it.
    pub(crate) fn text(&self) -> &[u8] {
        self.raw.get(self.inner.clone()).unwrap_or_default()
    }
}

/// Bytes in the order in which they came.
#[derive(Debug)]
pub(crate) struct Tape {
    bytes: Vec<u8>,
    /// Where what was not cut yet begins.
    begin: usize,
    /// The number of the line there.
    line: u64,
    whole: bool,
    /// How many bytes have to be there before looking again is worth it.
    wait: usize,
}

impl Default for Tape {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            begin: 0,
            line: 1,
            whole: false,
            wait: 0,
        }
    }
}

impl Tape {
    /// Adds what came.
    pub(crate) fn push(&mut self, more: &[u8]) {
        if self.begin > 0 {
            self.bytes.drain(..self.begin);
            self.begin = 0;
        }
        self.bytes.extend_from_slice(more);
    }

    /// Nothing more comes.
    pub(crate) fn end(&mut self) {
        self.whole = true;
    }

    /// Whether nothing more comes.
    pub(crate) const fn is_whole(&self) -> bool {
        self.whole
    }

    /// What is not cut yet.
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(self.begin..).unwrap_or_default()
    }

    /// Whether enough came since somebody looked in vain.
    pub(crate) fn is_worth_a_look(&self) -> bool {
        self.whole || self.rest().len() >= self.wait
    }

    /// Somebody looked in vain. Looking at a long text with every piece of it would take ever longer, so
    /// twice as much has to be there.
    pub(crate) fn looked_in_vain(&mut self) {
        let there = self.rest().len();
        self.wait = there.saturating_add(there.clamp(1, 4 << 20));
    }

    /// Cuts off so many bytes, of which `inner` is the statement.
    pub(crate) fn take(&mut self, kind: Kind, length: usize, inner: Range<usize>) -> Piece {
        let raw = self.rest().get(..length).unwrap_or_default().to_vec();
        let count = |bytes: &[u8]| {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            u64::try_from(lines.saturating_sub(1)).unwrap_or(0)
        };
        let line = self.line + count(raw.get(..inner.start).unwrap_or_default());
        self.line += count(&raw);
        self.begin += raw.len();
        self.wait = 0;
        Piece {
            kind,
            line,
            raw,
            inner,
        }
    }
}

/// Where the cutting of what is not cut yet is.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    /// How far it was looked at.
    at: usize,
    /// Where its statement begins.
    start: Option<usize>,
}

impl Cursor {
    /// What was not looked at yet.
    pub(crate) fn ahead<'t>(&self, tape: &'t Tape) -> &'t [u8] {
        tape.rest().get(self.at..).unwrap_or_default()
    }

    /// Whether a statement has begun.
    pub(crate) const fn has_begun(&self) -> bool {
        self.start.is_some()
    }

    /// Steps over a lexeme.
    pub(crate) fn pass(&mut self, (lexeme, length): Lexed) {
        if lexeme != Lexeme::Blank {
            self.start.get_or_insert(self.at);
        }
        self.at += length;
    }

    /// The length of the line that begins so many bytes ahead, with what ends it; nothing when its end has not
    /// come.
    pub(crate) fn line(&self, tape: &mut Tape, skip: usize) -> Option<usize> {
        let ahead = self.ahead(tape).get(skip..).unwrap_or_default();
        let found = line(ahead, tape.is_whole());
        if found.is_none() {
            tape.looked_in_vain();
        }
        found
    }

    /// Cuts off the statement up to here with so many bytes after it, which end it; where none has begun, it is
    /// the client's.
    pub(crate) fn take(&mut self, tape: &mut Tape, kind: Kind, after: usize) -> Piece {
        let Self { at: end, start } = std::mem::take(self);
        let (kind, start) = match start {
            Some(start) => (kind, start),
            None => (Kind::Client, end),
        };
        tape.take(kind, end + after, start..end)
    }

    /// The last statement, which nothing ends; nothing when more has to come first, or all is cut.
    pub(crate) fn rest(&mut self, tape: &mut Tape) -> Option<Piece> {
        if tape.is_whole() && !tape.rest().is_empty() {
            let after = self.ahead(tape).len();
            return Some(self.take(tape, Kind::Statement, after));
        }
        tape.looked_in_vain();
        None
    }
}

/// What a script is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// Blanks and comments.
    Blank,
    /// A name or a number without quotes.
    Word,
    /// What stands between quotes.
    Quoted,
    /// Anything else.
    Sign,
}

/// A lexeme and its length in bytes.
pub(crate) type Lexed = (Lexeme, usize);

/// The length of the line at the beginning of `text`, with what ends it; nothing when its end has not come.
pub(crate) fn line(text: &[u8], whole: bool) -> Option<usize> {
    let end = text.iter().position(|byte| *byte == b'\n');
    end.map(|end| end + 1).or(whole.then_some(text.len()))
}

/// The length of a text between `mark`s, which begins with one; nothing when its end has not come.
pub(crate) fn quoted(text: &[u8], escapes: bool, whole: bool) -> Option<usize> {
    let mark = *text.first()?;
    let mut at = 1;
    loop {
        match *text.get(at)? {
            b'\\' if escapes => at += 2,
            byte if byte == mark => match text.get(at + 1) {
                Some(next) if *next == mark => at += 2,
                None if !whole => return None,
                _ => return Some(at + 1),
            },
            _ => at += 1,
        }
    }
}

/// The length of blanks at the beginning.
pub(crate) fn blanks(text: &[u8]) -> usize {
    let end = text.iter().position(|byte| !byte.is_ascii_whitespace());
    end.unwrap_or(text.len())
}

/// The pieces of a dump that comes in parts of so many bytes.
#[cfg(test)]
pub(crate) fn pieces(
    mut script: impl Script,
    sql: &str,
    size: usize,
) -> Result<Vec<Piece>, ContentError> {
    let (mut tape, mut found) = (Tape::default(), Vec::new());
    let mut parts = sql.as_bytes().chunks(size);
    loop {
        while let Some(piece) = script.cut(&mut tape)? {
            found.push(piece);
        }
        match parts.next() {
            Some(part) => tape.push(part),
            None if tape.is_whole() => return Ok(found),
            None => tape.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_its_quotes_do() {
        assert_eq!(quoted(b"'a''b' c", false, false), Some(6));
        assert_eq!(quoted(b"'a\\' c'", true, true), Some(7));
        assert_eq!(quoted(b"'a\\' c'", false, false), Some(4));
        assert_eq!(quoted(b"'a'", false, false), None);
        assert_eq!(quoted(b"'a'", false, true), Some(3));
        assert_eq!(quoted(b"'a", false, true), None);
    }

    #[test]
    fn a_piece_knows_its_line() {
        let mut tape = Tape::default();
        tape.push(b"\n\nSELECT\n1;");
        let piece = tape.take(Kind::Statement, 11, 2..10);
        assert_eq!((piece.line, piece.text()), (3, &b"SELECT\n1"[..]));
        tape.push(b"\nx;");
        assert_eq!(tape.take(Kind::Statement, 3, 1..2).line, 5);
    }
}

//! Cuts a dump for PostgreSQL into statements and rows, as psql does, and tells what each of them is about.
//!
//! Of psql's own commands it knows none but those that fence a dump in: all others reach files, programs and
//! other servers. Source: PostgreSQL 15, 4.1 "Lexical Structure", and psql's rules for `BEGIN ATOMIC`.

use wabe_kernel::content::ContentError;

use crate::database_server::dump::child::Filter;
use crate::database_server::dump::tape::{
    Cursor, Kind, Lexed, Lexeme, Piece, Script as Cuts, Tape, blanks, line, quoted,
};

/// What ends rows.
const ROWS_END: &[u8] = b"\\.";
/// In how much of a dump's beginning schemas are made, in bytes.
const HEAD_BYTES: usize = 256 << 10;

/// Where the cutting is.
#[derive(Debug, Default)]
pub(crate) struct Script {
    cursor: Cursor,
    parentheses: usize,
    /// How many bodies of functions are open.
    bodies: usize,
    /// The first words.
    words: Vec<Vec<u8>>,
    last: Vec<u8>,
    /// Whether it copies from what follows it.
    copies: bool,
    /// Whether rows come now.
    rows: bool,
}

impl Script {
    fn take(&mut self, tape: &mut Tape, kind: Kind, after: usize) -> Piece {
        let piece = self.cursor.take(tape, kind, after);
        *self = Self {
            rows: piece.kind == Kind::Copy,
            ..Self::default()
        };
        piece
    }

    fn word(&mut self, word: &[u8]) {
        let word = word.to_ascii_lowercase();
        if self.last == b"from" && word == b"stdin" && self.parentheses == 0 {
            self.copies = self.words.first().is_some_and(|first| first == b"copy");
        }
        if self.words.len() < 4 {
            self.words.push(word.clone());
        }
        if self.parentheses == 0 && self.defines() {
            match word.as_slice() {
                b"begin" => self.bodies += 1,
                b"case" if self.bodies > 0 => self.bodies += 1,
                b"end" => self.bodies = self.bodies.saturating_sub(1),
                _ => {}
            }
        }
        self.last = word;
    }

    /// Whether it makes a function or a procedure.
    fn defines(&self) -> bool {
        let words: Vec<&[u8]> = self.words.iter().map(Vec::as_slice).collect();
        matches!(
            words.as_slice(),
            [b"create", b"function" | b"procedure", ..]
                | [b"create", b"or", b"replace", b"function" | b"procedure"]
        )
    }

    /// A line for psql; nothing when its end has not come.
    fn command(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError> {
        let Some(length) = self.cursor.line(tape, 0) else {
            return Ok(None);
        };
        let ahead = self.cursor.ahead(tape);
        let mut words = ahead
            .get(..length)
            .unwrap_or_default()
            .split(u8::is_ascii_whitespace);
        let word = words.next().unwrap_or_default();
        if ![&b"\\restrict"[..], b"\\unrestrict"].contains(&word) {
            let word: String = String::from_utf8_lossy(word).chars().take(40).collect();
            return Err(ContentError::Rejected(format!("invalid command {word}")));
        }
        Ok(Some(self.take(tape, Kind::Client, length)))
    }

    /// Whole lines of rows, or their end.
    fn cut_rows(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError> {
        let rest = tape.rest();
        let ends = |line: &[u8]| line.trim_ascii_end() == ROWS_END;
        let mut at = 0;
        while let Some(length) = rest.get(at..).and_then(|ahead| line(ahead, false)) {
            if rest.get(at..at + length).is_some_and(ends) {
                if at > 0 {
                    break;
                }
                self.rows = false;
                return Ok(Some(tape.take(Kind::End, length, 0..length)));
            }
            at += length;
        }
        if at > 0 {
            return Ok(Some(tape.take(Kind::Rows, at, 0..at)));
        }
        if tape.is_whole() {
            if !ends(rest) {
                return Err(ContentError::Refused("sql-unfinished"));
            }
            let length = rest.len();
            self.rows = false;
            return Ok(Some(tape.take(Kind::End, length, 0..length)));
        }
        tape.looked_in_vain();
        Ok(None)
    }

    /// Where the statement ends that `;` ends: rows begin on the next line.
    fn end(&mut self, tape: &mut Tape) -> Option<Piece> {
        if !self.copies {
            return Some(self.take(tape, Kind::Statement, 1));
        }
        let length = self.cursor.line(tape, 1)?;
        Some(self.take(tape, Kind::Copy, 1 + length))
    }
}

impl Cuts for Script {
    fn cut(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError> {
        if !tape.is_worth_a_look() {
            return Ok(None);
        }
        if self.rows {
            return self.cut_rows(tape);
        }
        loop {
            let (ahead, whole) = (self.cursor.ahead(tape), tape.is_whole());
            if ahead.is_empty() {
                break;
            }
            let Some((lexeme, length)) = lexeme(ahead, whole) else {
                if whole {
                    return Err(ContentError::Refused("sql-unfinished"));
                }
                break;
            };
            let text = ahead.get(..length).unwrap_or_default();
            match (lexeme, text) {
                (Lexeme::Sign, b";") if self.parentheses == 0 && self.bodies == 0 => {
                    return Ok(self.end(tape));
                }
                (Lexeme::Sign, b"\\") if !self.cursor.has_begun() => return self.command(tape),
                (Lexeme::Sign, b"(") => self.parentheses += 1,
                (Lexeme::Sign, b")") => self.parentheses = self.parentheses.saturating_sub(1),
                _ => {}
            }
            if lexeme == Lexeme::Word {
                self.word(text);
            }
            self.cursor.pass((lexeme, length));
        }
        Ok(self.cursor.rest(tape))
    }
}

/// The lexeme at the beginning of `text`; nothing when its end has not come.
fn lexeme(text: &[u8], whole: bool) -> Option<Lexed> {
    let first = *text.first()?;
    let second = text.get(1).copied();
    match (first, second) {
        (byte, _) if byte.is_ascii_whitespace() => Some((Lexeme::Blank, blanks(text))),
        (b'-' | b'/' | b'$' | b'e' | b'E', None) if !whole => None,
        (b'-', Some(b'-')) => Some((Lexeme::Blank, line(text, whole)?)),
        (b'/', Some(b'*')) => Some((Lexeme::Blank, comment(text)?)),
        (b'\'' | b'"', _) => Some((Lexeme::Quoted, quoted(text, false, whole)?)),
        (b'e' | b'E', Some(b'\'')) => {
            let text = text.get(1..)?;
            Some((Lexeme::Quoted, 1 + quoted(text, true, whole)?))
        }
        (b'$', _) => dollars(text, whole),
        (byte, _) if is_word(byte) => {
            let end = text
                .iter()
                .position(|byte| !is_word(*byte) && *byte != b'$');
            Some((Lexeme::Word, end.or(whole.then_some(text.len()))?))
        }
        _ => Some((Lexeme::Sign, 1)),
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The length of a comment, with those within it.
fn comment(text: &[u8]) -> Option<usize> {
    let (mut at, mut open) = (2, 1_usize);
    while open > 0 {
        match (*text.get(at)?, text.get(at + 1)) {
            (b'/', Some(b'*')) => (open, at) = (open + 1, at + 2),
            (b'*', Some(b'/')) => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
    }
    Some(at)
}

/// A text between two tags like `$body$`, or a sign.
fn dollars(text: &[u8], whole: bool) -> Option<Lexed> {
    let inner = text.get(1..)?;
    let digit = inner.first().is_some_and(u8::is_ascii_digit);
    let end = inner.iter().position(|byte| !is_word(*byte));
    let end = end.or(whole.then_some(inner.len()))?;
    if digit || inner.get(end) != Some(&b'$') {
        return Some((Lexeme::Sign, 1));
    }
    let (tag, body) = text.split_at_checked(end + 2)?;
    let length = body.windows(tag.len()).position(|piece| piece == tag)?;
    Some((Lexeme::Quoted, length + tag.len() * 2))
}

/// What is done with a statement of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// It runs.
    Content,
    /// It begins, ends or bounds a transaction; all of a dump is one.
    Transaction,
    /// It says whose something is, or who may what; all of it is the user's who runs it.
    Owner,
    /// It takes everything back.
    Rollback,
    /// It says that the dump is in another encoding than ours.
    Encoding,
    /// It makes the schema that every database has.
    Public,
}

/// What a statement is about, by its words.
pub(crate) fn about(text: &[u8]) -> About {
    let (mut at, mut parts) = (0, Vec::new());
    while let Some((lexeme, length)) = text.get(at..).and_then(|ahead| lexeme(ahead, true)) {
        if lexeme != Lexeme::Blank {
            let part = text.get(at..at + length).unwrap_or_default();
            parts.push(part.to_ascii_lowercase());
        }
        // What a statement is about stands at its beginning; those about owners are short.
        if parts.len() > 400 {
            break;
        }
        at += length;
    }
    let words: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    match words.as_slice() {
        [b"begin" | b"commit" | b"end", ..]
        | [b"start", b"transaction", ..]
        | [b"set", b"transaction_timeout", ..] => About::Transaction,
        [b"create", b"schema", b"public"] => About::Public,
        [b"rollback" | b"abort", rest @ ..] if !is_to_a_savepoint(rest) => About::Rollback,
        // Of an extension that every database has, nobody but the server's administrator is the owner.
        [b"grant" | b"revoke", ..]
        | [b"alter", b"default", b"privileges", ..]
        | [b"comment", b"on", b"extension", ..]
        | [b"alter", .., b"owner", b"to", _] => About::Owner,
        [b"set", b"client_encoding", _, value] if !is_utf8(value) => About::Encoding,
        _ => About::Content,
    }
}

fn is_to_a_savepoint(rest: &[&[u8]]) -> bool {
    matches!(rest, [b"to", ..] | [b"work" | b"transaction", b"to", ..])
}

fn is_utf8(value: &[u8]) -> bool {
    let name: Vec<u8> = value
        .iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect();
    [&b"utf8"[..], b"unicode", b"default"].contains(&name.as_slice())
}

/// Lets a dump that the engine's program writes be read where there is a schema `public` already: asked for
/// schemas by name, the program writes a statement that makes it.
#[derive(Default)]
pub(crate) struct PublicSchema {
    head: Vec<u8>,
    passed: bool,
}

impl PublicSchema {
    fn release(&mut self) -> Vec<u8> {
        const MAKES: &[u8] = b"\nCREATE SCHEMA public;\n";
        self.passed = true;
        let head = std::mem::take(&mut self.head);
        let found = head.windows(MAKES.len()).position(|piece| piece == MAKES);
        let Some(at) = found else {
            return head;
        };
        let before = head.get(..at).unwrap_or_default();
        let after = head.get(at + MAKES.len()..).unwrap_or_default();
        [before, b"\nCREATE SCHEMA IF NOT EXISTS public;\n", after].concat()
    }
}

impl Filter for PublicSchema {
    fn pass(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ContentError> {
        if self.passed {
            return Ok(bytes.to_vec());
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < HEAD_BYTES {
            return Ok(Vec::new());
        }
        Ok(self.release())
    }

    fn rest(&mut self) -> Result<Vec<u8>, ContentError> {
        Ok(self.release())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database_server::dump::tape::pieces;
    use proptest::prelude::*;

    /// The pieces, when the dump comes in parts of so many bytes; rows that follow each other are one.
    fn cut(sql: &str, size: usize) -> Result<Vec<(Kind, String)>, ContentError> {
        let mut found: Vec<(Kind, String)> = Vec::new();
        for piece in pieces(Script::default(), sql, size)? {
            let text = String::from_utf8_lossy(piece.text()).into_owned();
            match (piece.kind, found.last_mut()) {
                (Kind::Client, _) => {}
                (Kind::Rows, Some((Kind::Rows, before))) => before.push_str(&text),
                (kind, _) => found.push((kind, text)),
            }
        }
        Ok(found)
    }

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        for size in [1, 3, 1_000] {
            let found: Vec<String> = cut(sql, size).unwrap().into_iter().map(|it| it.1).collect();
            assert_eq!(found, expected, "{sql:?} by {size}");
        }
    }

    #[test]
    fn semicolons_in_texts_names_comments_and_bodies_end_nothing() {
        check("SELECT 1; SELECT 2", &["SELECT 1", "SELECT 2"]);
        check(" ;; -- nothing;\n/* nor /* ; */ here; */ ;", &[]);
        check("SELECT 'a;''b;\\';x", &["SELECT 'a;''b;\\'", "x"]);
        check(
            "SELECT E'a\\';b', \"c;\";x",
            &["SELECT E'a\\';b', \"c;\"", "x"],
        );
        check(
            "DO $x$ BEGIN ; $$ ; END $x$; SELECT $1, a$b;",
            &["DO $x$ BEGIN ; $$ ; END $x$", "SELECT $1, a$b"],
        );
        check(
            "CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2);x",
            &[
                "CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2)",
                "x",
            ],
        );
        let body = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; \
                    SELECT 2; END";
        check(&format!("{body};x"), &[body, "x"]);
        check("BEGIN; SELECT 1; END;", &["BEGIN", "SELECT 1", "END"]);
        for open in [
            "SELECT 'a",
            "SELECT $$ a",
            "/* a",
            "COPY t FROM stdin;\n1\n",
        ] {
            assert_eq!(cut(open, 2), Err(ContentError::Refused("sql-unfinished")));
        }
    }

    #[test]
    fn rows_follow_their_statement_until_their_end() {
        for size in [1, 4, 1_000] {
            let sql = "COPY public.t (a, b) FROM stdin;\n1\t;'\n\\\\.\t2\n\\.\n\nCOPY t FROM stdin;\n\\.\nx;";
            let found = cut(sql, size).unwrap();
            let expected = [
                (Kind::Copy, "COPY public.t (a, b) FROM stdin"),
                (Kind::Rows, "1\t;'\n\\\\.\t2\n"),
                (Kind::End, "\\.\n"),
                (Kind::Copy, "COPY t FROM stdin"),
                (Kind::End, "\\.\n"),
                (Kind::Statement, "x"),
            ];
            let expected = expected.map(|(kind, text)| (kind, text.to_owned()));
            assert_eq!(found, expected, "by {size}");
        }
        check(
            "SELECT 'COPY t FROM stdin';x",
            &["SELECT 'COPY t FROM stdin'", "x"],
        );
    }

    #[test]
    fn commands_of_psql_are_refused_but_those_that_fence_in() {
        check(
            "\\restrict aB1\nSELECT 1;\n\\unrestrict aB1\n",
            &["SELECT 1"],
        );
        for command in [
            "\\! id",
            "\\connect other",
            "\\copy t from '/etc/passwd'",
            "\\i /etc/passwd",
            "SELECT 1;\n\\o /tmp/x\n",
        ] {
            let refused = cut(command, 3).unwrap_err();
            let ContentError::Rejected(words) = refused else {
                panic!("{command}")
            };
            assert!(words.starts_with("invalid command \\"), "{words}");
        }
    }

    #[test]
    fn statements_are_known_by_their_words() {
        for (sql, expected) in [
            ("BEGIN", About::Transaction),
            ("/* x */ commit work", About::Transaction),
            ("START TRANSACTION", About::Transaction),
            ("ROLLBACK", About::Rollback),
            ("ROLLBACK TO SAVEPOINT a", About::Content),
            ("ALTER TABLE public.t OWNER TO \"the owner\"", About::Owner),
            ("ALTER FUNCTION f(a int, b text) OWNER TO x", About::Owner),
            (
                "ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO y",
                About::Owner,
            ),
            ("GRANT ALL ON TABLE t TO x", About::Owner),
            ("COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL'", About::Owner),
            ("SET transaction_timeout = 0", About::Transaction),
            ("CREATE SCHEMA public", About::Public),
            ("CREATE SCHEMA public_2", About::Content),
            ("ALTER TABLE owner RENAME TO t", About::Content),
            ("SET client_encoding = 'UTF8'", About::Content),
            ("SET client_encoding TO 'LATIN1'", About::Encoding),
            ("INSERT INTO t VALUES ('x OWNER TO y')", About::Content),
        ] {
            assert_eq!(about(sql.as_bytes()), expected, "{sql}");
        }
    }

    #[test]
    fn the_schema_that_everybody_has_is_made_where_it_is_missing() {
        let dump =
            "--\n\nCREATE SCHEMA own;\n\nCREATE SCHEMA public;\n\nCREATE TABLE public.t ();\n";
        for size in [1, 1_000] {
            let mut filter = PublicSchema::default();
            let mut out = Vec::new();
            for piece in dump.as_bytes().chunks(size) {
                out.extend(filter.pass(piece).unwrap());
            }
            out.extend(filter.rest().unwrap());
            let expected = dump.replace("SCHEMA public", "SCHEMA IF NOT EXISTS public");
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    proptest! {
        #[test]
        fn nothing_depends_on_how_a_dump_comes(
            sql in "[a'eE;$\"()\\\\ \n/*.-]{0,40}|.{0,20}", size in 1_usize..9,
        ) {
            prop_assert_eq!(cut(&sql, size), cut(&sql, 1_000));
        }
    }
}

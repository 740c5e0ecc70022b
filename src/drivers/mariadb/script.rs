//! Cuts a dump for MariaDB into statements, as MariaDB's own client does, and makes it one that its reader may
//! run.
//!
//! Of the client's commands it knows DELIMITER alone; what else begins with a backslash or names a command of
//! the client goes to the server, which knows none of them. Source: MariaDB 10.11, "Comment Syntax", "String
//! Literals" and "Delimiters". Backslashes escape, as they do unless somebody says otherwise.

use wabe_kernel::content::ContentError;

use crate::database_server::dump::child::Filter;
use crate::database_server::dump::tape::{
    Cursor, Kind, Lexed, Lexeme, Piece, Script as Cuts, Tape, blanks, line, quoted,
};

/// The longest delimiter, in bytes.
const DELIMITER_BYTES_MAX: usize = 16;
/// The longest statement that is looked at on its way out, in bytes.
const WRITTEN_BYTES_MAX: usize = 96 << 20;
/// What a definer stands before.
const DEFINED: [&[u8]; 7] = [
    b"view",
    b"trigger",
    b"procedure",
    b"function",
    b"event",
    b"package",
    b"aggregate",
];

/// Where the cutting is.
#[derive(Debug)]
pub(crate) struct Script {
    delimiter: Vec<u8>,
    cursor: Cursor,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            delimiter: b";".to_vec(),
            cursor: Cursor::default(),
        }
    }
}

impl Script {
    /// The client's own command, up to the end of its line; nothing when that has not come.
    fn set_delimiter(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError> {
        let Some(length) = self.cursor.line(tape, 0) else {
            return Ok(None);
        };
        let ahead = self.cursor.ahead(tape);
        let mut words = ahead
            .get(..length)
            .unwrap_or_default()
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        let delimiter = words.nth(1).unwrap_or_default().to_vec();
        let fits = (1..=DELIMITER_BYTES_MAX).contains(&delimiter.len());
        if !fits || delimiter.contains(&b'\\') {
            return Err(ContentError::Rejected(
                "DELIMITER must be followed by a 'delimiter' character or string".to_owned(),
            ));
        }
        self.delimiter = delimiter;
        Ok(Some(self.cursor.take(tape, Kind::Client, length)))
    }
}

impl Cuts for Script {
    fn cut(&mut self, tape: &mut Tape) -> Result<Option<Piece>, ContentError> {
        if !tape.is_worth_a_look() {
            return Ok(None);
        }
        loop {
            let (ahead, whole) = (self.cursor.ahead(tape), tape.is_whole());
            if ahead.is_empty() {
                break;
            }
            if ahead.starts_with(&self.delimiter) {
                let length = self.delimiter.len();
                return Ok(Some(self.cursor.take(tape, Kind::Statement, length)));
            }
            if !whole && self.delimiter.starts_with(ahead) {
                break;
            }
            let Some((lexeme, length)) = lexeme(ahead, &self.delimiter, whole) else {
                if whole {
                    return Err(ContentError::Refused("sql-unfinished"));
                }
                break;
            };
            let word = ahead.get(..length).unwrap_or_default();
            if lexeme == Lexeme::Word
                && !self.cursor.has_begun()
                && word.eq_ignore_ascii_case(b"delimiter")
            {
                return self.set_delimiter(tape);
            }
            self.cursor.pass((lexeme, length));
        }
        Ok(self.cursor.rest(tape))
    }
}

/// The lexeme at the beginning of `text`; nothing when its end has not come. Executable comments are signs
/// around what is executed.
fn lexeme(text: &[u8], delimiter: &[u8], whole: bool) -> Option<Lexed> {
    let first = *text.first()?;
    let second = text.get(1).copied();
    let open = second.is_none() && !whole;
    match (first, second) {
        (byte, _) if byte.is_ascii_whitespace() => Some((Lexeme::Blank, blanks(text))),
        (b'#', _) => Some((Lexeme::Blank, line(text, whole)?)),
        (b'-' | b'/' | b'*', None) if open => None,
        (b'-', Some(b'-')) => match text.get(2) {
            None if !whole => None,
            Some(byte) if !byte.is_ascii_whitespace() && !byte.is_ascii_control() => {
                Some((Lexeme::Sign, 1))
            }
            _ => Some((Lexeme::Blank, line(text, whole)?)),
        },
        (b'*', Some(b'/')) => Some((Lexeme::Sign, 2)),
        (b'/', Some(b'*')) => comment(text, whole),
        (mark @ (b'\'' | b'"' | b'`'), _) => {
            Some((Lexeme::Quoted, quoted(text, mark != b'`', whole)?))
        }
        (byte, _) if is_word(byte) => {
            let ends = |(at, byte): (usize, &u8)| {
                let rest = text.get(at..).unwrap_or_default();
                !is_word(*byte) || (at > 0 && rest.starts_with(delimiter))
            };
            let end = text.iter().enumerate().position(ends);
            Some((Lexeme::Word, end.or(whole.then_some(text.len()))?))
        }
        _ => Some((Lexeme::Sign, 1)),
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// A comment, or the beginning of one that is executed.
fn comment(text: &[u8], whole: bool) -> Option<Lexed> {
    let executed = match (text.get(2), text.get(3)) {
        (None, _) | (Some(b'M'), None) if !whole => return None,
        (Some(b'!'), _) => Some(3),
        (Some(b'M'), Some(b'!')) => Some(4),
        _ => None,
    };
    if let Some(begin) = executed {
        let digits = text.get(begin..)?.iter();
        let end = digits.clone().position(|byte| !byte.is_ascii_digit());
        let count = end.or(whole.then_some(digits.len()))?;
        return Some((Lexeme::Sign, begin + count));
    }
    let inner = text.get(2..)?;
    let end = inner.windows(2).position(|two| two == b"*/")?;
    Some((Lexeme::Blank, end + 4))
}

/// The lexemes of a whole statement with the places where they begin.
fn lexemes(text: &[u8]) -> impl Iterator<Item = (Lexeme, usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let ahead = text.get(at..)?;
        let (lexeme, length) = lexeme(ahead, b"\0", true)?;
        let found = (lexeme, at, ahead.get(..length)?);
        at += length;
        Some(found)
    })
}

/// A statement without the definer in it: whoever runs it may define for themselves only, and does.
pub(crate) fn without_definer(text: &[u8]) -> Vec<u8> {
    match definer(text) {
        Some((begin, end)) => {
            let before = text.get(..begin).unwrap_or_default();
            [before, text.get(end..).unwrap_or_default()].concat()
        }
        None => text.to_vec(),
    }
}

/// Where the definer of what a statement makes stands: `DEFINER = user [@ host]`, before what it is.
fn definer(text: &[u8]) -> Option<(usize, usize)> {
    let mut parts = lexemes(text)
        .filter(|(lexeme, ..)| *lexeme != Lexeme::Blank)
        .skip_while(|(_, _, part)| part.starts_with(b"/*"))
        .peekable();
    let (_, _, verb) = parts.next()?;
    if !["create", "alter"]
        .iter()
        .any(|known| verb.eq_ignore_ascii_case(known.as_bytes()))
    {
        return None;
    }
    let begin = loop {
        let (lexeme, at, part) = parts.next()?;
        let is = |word: &[u8]| lexeme == Lexeme::Word && part.eq_ignore_ascii_case(word);
        if DEFINED.iter().any(|word| is(word)) {
            return None;
        }
        if is(b"definer") && parts.next_if(|(_, _, part)| *part == b"=").is_some() {
            break at;
        }
    };
    let (_, at, user) = parts.next()?;
    let mut end = at + user.len();
    let mut sign = |sign: &[u8]| parts.next_if(|(_, _, part)| *part == sign).is_some();
    // A host, or the end of a call such as CURRENT_USER().
    if sign(b"@") || sign(b"(") {
        let (_, at, last) = parts.next()?;
        end = at + last.len();
    }
    Some((begin, end))
}

/// A statement as text. Bytes that are no text stand in dumps where binary values do; they are written as the
/// server reads them, in hexadecimal digits.
///
/// # Errors
/// Other bytes that are no text.
pub(crate) fn as_text(statement: Vec<u8>) -> Result<String, ContentError> {
    let statement = match String::from_utf8(statement) {
        Ok(text) => return Ok(text),
        Err(other) => other.into_bytes(),
    };
    let mut text = String::with_capacity(statement.len().saturating_mul(2));
    for (lexeme, _, part) in lexemes(&statement) {
        match std::str::from_utf8(part) {
            Ok(part) => text.push_str(part),
            Err(_bytes) if lexeme == Lexeme::Quoted && part.first() != Some(&b'`') => {
                text.push_str("X'");
                for byte in value(part) {
                    for half in [byte >> 4, byte & 15] {
                        text.extend(char::from_digit(u32::from(half), 16));
                    }
                }
                text.push('\'');
            }
            Err(_bytes) => {
                let words = "Invalid utf8mb4 character string".to_owned();
                return Err(ContentError::Rejected(words));
            }
        }
    }
    Ok(text)
}

/// What stands between quotes, as the server reads it.
fn value(quoted: &[u8]) -> Vec<u8> {
    let mark = quoted.first().copied();
    let inner = quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default();
    let mut bytes = inner.iter().copied().peekable();
    let mut value = Vec::with_capacity(inner.len());
    while let Some(byte) = bytes.next() {
        if byte == b'\\' {
            value.push(match bytes.next() {
                Some(b'0') => 0,
                Some(b'b') => 8,
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b't') => b'\t',
                Some(b'Z') => 26,
                Some(other) => other,
                None => byte,
            });
        } else {
            if Some(byte) == mark {
                bytes.next_if_eq(&byte);
            }
            value.push(byte);
        }
    }
    value
}

/// Takes the definers out of a dump that the engine's program writes: its readers are other users.
#[derive(Default)]
pub(crate) struct Definers {
    tape: Tape,
    script: Script,
}

impl Definers {
    fn cut(&mut self) -> Result<Vec<u8>, ContentError> {
        let mut out = Vec::new();
        while let Some(piece) = self.script.cut(&mut self.tape)? {
            if piece.kind == Kind::Statement && definer(piece.text()).is_some() {
                out.extend(piece.raw.get(..piece.inner.start).unwrap_or_default());
                out.extend(without_definer(piece.text()));
                out.extend(piece.raw.get(piece.inner.end..).unwrap_or_default());
            } else {
                out.extend(piece.raw);
            }
        }
        if self.tape.rest().len() > WRITTEN_BYTES_MAX {
            return Err(ContentError::Refused("dump-statement"));
        }
        Ok(out)
    }
}

impl Filter for Definers {
    fn pass(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ContentError> {
        self.tape.push(bytes);
        self.cut()
    }

    fn rest(&mut self) -> Result<Vec<u8>, ContentError> {
        self.tape.end();
        self.cut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database_server::dump::tape::pieces;
    use proptest::prelude::*;

    /// The statements, when the dump comes in pieces of so many bytes.
    fn cut(sql: &str, size: usize) -> Result<Vec<String>, ContentError> {
        let all = pieces(Script::default(), sql, size)?.into_iter();
        let statements = all.filter(|piece| piece.kind == Kind::Statement);
        let text = |piece: Piece| String::from_utf8(piece.text().to_vec()).unwrap();
        Ok(statements.map(text).collect())
    }

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        for size in [1, 3, 1_000] {
            assert_eq!(cut(sql, size).unwrap(), expected, "{sql:?} by {size}");
        }
    }

    #[test]
    fn semicolons_in_texts_names_and_comments_end_nothing() {
        check("SELECT 1; SELECT 2", &["SELECT 1", "SELECT 2"]);
        check(" ;; -- nothing;\n# nor here;\n/* nor ; here */ ;", &[]);
        check("SELECT 'a;\\';''b;';x", &["SELECT 'a;\\';''b;'", "x"]);
        check(
            "SELECT \"a;\", `b;``c;`;x",
            &["SELECT \"a;\", `b;``c;`", "x"],
        );
        check("SELECT 1--1;x", &["SELECT 1--1", "x"]);
        check("SELECT 4/2 /*;*/ - 1;x", &["SELECT 4/2 /*;*/ - 1", "x"]);
        check(
            "/*!40101 SET NAMES utf8mb4 */;\n/*M!100000 x*/;",
            &["/*!40101 SET NAMES utf8mb4 */", "/*M!100000 x*/"],
        );
        for open in ["SELECT 'a", "SELECT `a", "SELECT /* a"] {
            assert_eq!(cut(open, 2), Err(ContentError::Refused("sql-unfinished")));
        }
    }

    #[test]
    fn another_delimiter_holds_until_it_is_set_back() {
        check(
            "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\ndelimiter ;\nSELECT 2;",
            &["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"],
        );
        check("DELIMITER ;;\nx;y;;\nDELIMITER ;\nz;", &["x;y", "z"]);
        assert!(cut("DELIMITER\nx", 1).is_err());
    }

    #[test]
    fn a_definer_is_left_out_where_it_is_one() {
        for (with, without) in [
            (
                "CREATE DEFINER=`root`@`localhost` PROCEDURE p() SELECT 1",
                "CREATE  PROCEDURE p() SELECT 1",
            ),
            (
                "/*!50003 CREATE*/ /*!50017 DEFINER=`a``b`@`%`*/ /*!50003 TRIGGER t */",
                "/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER t */",
            ),
            (
                "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`a`@`b` SQL SECURITY DEFINER */\n\
                 /*!50001 VIEW `v` AS select 1 */",
                "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013  SQL SECURITY DEFINER */\n\
                 /*!50001 VIEW `v` AS select 1 */",
            ),
            (
                "CREATE OR REPLACE definer = root@localhost VIEW v",
                "CREATE OR REPLACE  VIEW v",
            ),
            ("CREATE DEFINER=CURRENT_USER() VIEW v", "CREATE  VIEW v"),
        ] {
            let found = without_definer(with.as_bytes());
            assert_eq!(String::from_utf8(found).unwrap(), without);
        }
        for kept in [
            "CREATE PROCEDURE p() SELECT * FROM t WHERE definer = 'x'",
            "CREATE VIEW v AS SELECT definer=1 FROM t",
            "INSERT INTO t VALUES ('CREATE DEFINER=`a`@`b` VIEW')",
            "UPDATE t SET definer = 'x'",
        ] {
            assert_eq!(without_definer(kept.as_bytes()), kept.as_bytes());
        }
    }

    #[test]
    fn what_a_dump_loses_on_its_way_out_are_definers_alone() {
        let dump = "-- a\nCREATE TABLE `t` (a INT);\nDELIMITER ;;\nCREATE DEFINER=`a`@`b` FUNCTION f() \
                    RETURNS INT RETURN 1;;\nDELIMITER ;\nINSERT INTO t VALUES ('DEFINER=`a`@`b`');\n-- end\n";
        for size in [1, 7, 1_000] {
            let mut filter = Definers::default();
            let mut out = Vec::new();
            for piece in dump.as_bytes().chunks(size) {
                out.extend(filter.pass(piece).unwrap());
            }
            out.extend(filter.rest().unwrap());
            let expected = dump.replacen("DEFINER=`a`@`b` FUNCTION", " FUNCTION", 1);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "by {size}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_written_in_digits() {
        let mut sql = b"INSERT INTO t VALUES ('\xC3\xA4', _binary '".to_vec();
        sql.extend(b"\xFF\\0\\'\\Z''\\n', 7)");
        let text = as_text(sql).unwrap();
        assert_eq!(
            text,
            "INSERT INTO t VALUES ('ä', _binary X'ff00271a270a', 7)"
        );
        assert!(as_text(b"SELECT \xFF".to_vec()).is_err());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_depends_on_how_it_comes(
            sql in "[a';`\"\\\\ \n#/*!-]{0,40}|.{0,20}", size in 1_usize..9,
        ) {
            prop_assert_eq!(cut(&sql, size), cut(&sql, 1_000));
            let mut filter = Definers::default();
            let passed = filter.pass(sql.as_bytes()).and_then(|mut out| {
                out.extend(filter.rest()?);
                Ok(out)
            });
            if let Ok(passed) = passed {
                prop_assert_eq!(passed, sql.into_bytes());
            }
        }
    }
}

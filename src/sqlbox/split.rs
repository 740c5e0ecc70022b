//! Cuts SQL text into statements while it arrives.
//!
//! Knows as much of SQLite's grammar as is needed to find the semicolons that end a statement:
//! strings, quoted names, comments, and the body of a trigger, which ends with `END;` only.
//! Source: sqlite.org/c3ref/complete.html. A wrong cut cannot do harm: every piece is prepared by the
//! engine and passes the authorizer.

/// A statement and where it began.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The line of its first word, from 1.
    pub(crate) line: u64,
    /// The text, with the semicolon when it had one.
    pub(crate) text: Vec<u8>,
}

/// What the scan stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Plain,
    /// Something that ends with this byte: a string, a quoted name.
    Quote(u8),
    LineComment,
    BlockComment,
}

/// What the words so far make of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Empty,
    Explain,
    Create,
    Other,
    Trigger,
    TriggerSemicolon,
    TriggerEnd,
}

/// The cutter; bytes go in, statements come out.
#[derive(Debug)]
pub(crate) struct Splitter {
    text: Vec<u8>,
    start: usize,
    at: usize,
    word: Option<usize>,
    inside: Inside,
    shape: Shape,
    line: u64,
    first_line: u64,
}

impl Splitter {
    /// A cutter that has seen nothing.
    pub(crate) const fn new() -> Self {
        Self {
            text: Vec::new(),
            start: 0,
            at: 0,
            word: None,
            inside: Inside::Plain,
            shape: Shape::Empty,
            line: 1,
            first_line: 1,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.text.drain(..self.start);
        self.at -= self.start;
        self.word = self.word.map(|word| word - self.start);
        self.start = 0;
        self.text.extend_from_slice(bytes);
    }

    /// Bytes taken that are not part of a finished statement.
    pub(crate) fn pending_bytes(&self) -> usize {
        self.text.len() - self.start
    }

    /// The next finished statement, if there is one.
    pub(crate) fn cut(&mut self) -> Option<Piece> {
        while let Some(&byte) = self.text.get(self.at) {
            let next = self.text.get(self.at + 1).copied();
            if next.is_none()
                && self.inside != Inside::LineComment
                && matches!(byte, b'-' | b'/' | b'*')
            {
                // Half of a mark, perhaps; the next bytes will tell.
                return None;
            }
            if self.step(byte, next) {
                return Some(self.take());
            }
        }
        None
    }

    /// What is left at the end of the input, if it says anything.
    pub(crate) fn finish(&mut self) -> Option<Piece> {
        self.end_word();
        let half_mark = self.inside == Inside::Plain && self.at < self.text.len();
        self.at = self.text.len();
        let says = self.shape != Shape::Empty || half_mark;
        says.then(|| self.take())
    }

    /// True when all that was taken is finished statements and space.
    pub(crate) fn is_between_statements(&self) -> bool {
        self.inside == Inside::Plain && self.shape == Shape::Empty && self.word.is_none()
    }

    /// Moves over one byte, or one mark of two; true at the end of a statement.
    fn step(&mut self, byte: u8, next: Option<u8>) -> bool {
        let mut width = 1;
        let mut ended = false;
        match self.inside {
            Inside::Quote(end) if byte == end => self.inside = Inside::Plain,
            Inside::LineComment if byte == b'\n' => self.inside = Inside::Plain,
            Inside::BlockComment if byte == b'*' && next == Some(b'/') => {
                self.inside = Inside::Plain;
                width = 2;
            }
            Inside::Quote(_) | Inside::LineComment | Inside::BlockComment => {}
            Inside::Plain if is_word(byte) => {
                if self.word.is_none() {
                    self.begin_token();
                    self.word = Some(self.at);
                }
            }
            Inside::Plain => {
                self.end_word();
                match (byte, next) {
                    (b'-', Some(b'-')) => {
                        self.inside = Inside::LineComment;
                        width = 2;
                    }
                    (b'/', Some(b'*')) => {
                        self.inside = Inside::BlockComment;
                        width = 2;
                    }
                    (b';', _) => ended = self.semicolon(),
                    _ if byte.is_ascii_whitespace() => {}
                    _ => self.mark(byte),
                }
            }
        }
        if byte == b'\n' {
            self.line += 1;
        }
        self.at += width;
        ended
    }

    /// A token that is no word.
    fn mark(&mut self, byte: u8) {
        self.begin_token();
        self.inside = match byte {
            b'\'' | b'"' | b'`' => Inside::Quote(byte),
            b'[' => Inside::Quote(b']'),
            _ => Inside::Plain,
        };
        self.shape = match self.shape {
            Shape::Trigger | Shape::TriggerSemicolon | Shape::TriggerEnd => Shape::Trigger,
            _ => Shape::Other,
        };
    }

    fn begin_token(&mut self) {
        if self.shape == Shape::Empty && self.word.is_none() {
            self.first_line = self.line;
        }
    }

    fn end_word(&mut self) {
        let Some(from) = self.word.take() else { return };
        let word = &self.text[from..self.at];
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        self.shape = match self.shape {
            Shape::Empty if is("EXPLAIN") => Shape::Explain,
            Shape::Explain if is("QUERY") || is("PLAN") => Shape::Explain,
            Shape::Empty | Shape::Explain if is("CREATE") => Shape::Create,
            Shape::Create if is("TEMP") || is("TEMPORARY") => Shape::Create,
            Shape::Create if is("TRIGGER") => Shape::Trigger,
            Shape::TriggerSemicolon if is("END") => Shape::TriggerEnd,
            Shape::Trigger | Shape::TriggerSemicolon | Shape::TriggerEnd => Shape::Trigger,
            Shape::Empty | Shape::Explain | Shape::Create | Shape::Other => Shape::Other,
        };
    }

    /// True when this semicolon ends the statement.
    fn semicolon(&mut self) -> bool {
        match self.shape {
            Shape::Empty => {
                self.start = self.at + 1;
                false
            }
            Shape::Trigger | Shape::TriggerSemicolon => {
                self.shape = Shape::TriggerSemicolon;
                false
            }
            Shape::Explain | Shape::Create | Shape::Other | Shape::TriggerEnd => true,
        }
    }

    fn take(&mut self) -> Piece {
        let text = self.text[self.start..self.at].to_vec();
        self.start = self.at;
        self.inside = Inside::Plain;
        self.shape = Shape::Empty;
        Piece {
            line: self.first_line,
            text,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// All statements of a text.
pub(crate) fn all(sql: &str) -> Vec<String> {
    let mut splitter = Splitter::new();
    splitter.push(sql.as_bytes());
    let mut pieces: Vec<Piece> = std::iter::from_fn(|| splitter.cut()).collect();
    pieces.extend(splitter.finish());
    // The cuts are at semicolons, so every piece of a text is a text.
    pieces
        .into_iter()
        .map(|piece| String::from_utf8_lossy(&piece.text).into_owned())
        .collect()
}

/// Whether the first word of a statement, after space and comments, is `word`.
pub(crate) fn begins_with(sql: &str, word: &str) -> bool {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ';');
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else {
            break;
        }
    }
    let end = rest
        .bytes()
        .position(|byte| !is_word(byte))
        .unwrap_or(rest.len());
    rest.get(..end)
        .is_some_and(|first| first.eq_ignore_ascii_case(word))
}

/// The statement, such that text after it is a new one: with a semicolon outside its last comment.
pub(crate) fn closed(sql: &str) -> String {
    for end in [";", "\n;", "*/;"] {
        let text = format!("{sql}{end}");
        let mut splitter = Splitter::new();
        splitter.push(text.as_bytes());
        if splitter
            .cut()
            .is_some_and(|piece| piece.text.len() == text.len())
            && splitter.is_between_statements()
        {
            return text;
        }
    }
    format!("{sql};")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    /// Bytes, and words and marks that mean something here.
    fn sql() -> impl Strategy<Value = Vec<u8>> {
        let marks = [
            ";", "'", "\"", "`", "[", "]", "--", "/*", "*/", "\n", " ", "-", "/", "*", "explain",
            "query", "plan", "create", "temp", "trigger", "begin", "end", "case", "x", "é", "\0",
        ];
        let marks = prop::collection::vec(prop::sample::select(marks.to_vec()), 0..30);
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..120),
            marks.prop_map(|marks| marks.concat().into_bytes()),
        ]
    }

    /// The statements of a text that arrives in pieces of these sizes.
    fn pieces(mut text: &[u8], sizes: &[usize]) -> Vec<Piece> {
        let mut splitter = Splitter::new();
        let mut found = Vec::new();
        let mut sizes = sizes.iter().cycle();
        while !text.is_empty() {
            let size = sizes
                .next()
                .copied()
                .unwrap_or(text.len())
                .clamp(1, text.len());
            let (head, tail) = text.split_at(size);
            splitter.push(head);
            found.extend(std::iter::from_fn(|| splitter.cut()));
            text = tail;
        }
        found.extend(splitter.finish());
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_cut_the_same_however_they_arrive(
            text in sql(),
            sizes in prop_oneof![Just(vec![1]), prop::collection::vec(1_usize..9, 1..5)],
        ) {
            let whole = pieces(&text, &[usize::MAX]);
            prop_assert_eq!(&pieces(&text, &sizes), &whole);
            let kept: usize = whole.iter().map(|piece| piece.text.len()).sum();
            prop_assert!(kept <= text.len());
            prop_assert!(whole.iter().all(|piece| piece.line >= 1));
        }

        #[test]
        fn any_text_has_a_first_word_and_an_end(text in sql()) {
            let text = String::from_utf8_lossy(&text);
            prop_assert!(!(begins_with(&text, "VACUUM") && begins_with(&text, "SELECT")));
            prop_assert!(closed(&text).starts_with(&*text));
            for piece in all(&text) {
                prop_assert!(text.contains(&piece));
            }
        }
    }

    fn check(sql: &str, expected: &[&str]) {
        let trimmed: Vec<String> = all(sql)
            .iter()
            .map(|piece| piece.trim().to_owned())
            .collect();
        assert_eq!(trimmed, expected, "{sql:?}");
        // However the bytes arrive.
        let mut splitter = Splitter::new();
        let mut slowly = Vec::new();
        for byte in sql.as_bytes() {
            splitter.push(&[*byte]);
            slowly.extend(std::iter::from_fn(|| splitter.cut()));
        }
        slowly.extend(splitter.finish());
        let slowly: Vec<String> = slowly
            .iter()
            .map(|piece| String::from_utf8_lossy(&piece.text).trim().to_owned())
            .collect();
        assert_eq!(slowly, expected, "byte by byte: {sql:?}");
    }

    #[test]
    fn semicolons_in_strings_names_comments_and_triggers_end_nothing() {
        check("select 1; select 2", &["select 1;", "select 2"]);
        check(" ;; -- nothing\n /* at all */", &[]);
        check("select 1; /", &["select 1;", "/"]);
        check("select 'a;''b;';x", &["select 'a;''b;';", "x"]);
        check(
            "select \"a;\",`b;`,[c;];x",
            &["select \"a;\",`b;`,[c;];", "x"],
        );
        check("select 1 -- a;\n;x", &["select 1 -- a;\n;", "x"]);
        check("select /*;*/ 1;/*/;*/ x", &["select /*;*/ 1;", "/*/;*/ x"]);
        let trigger = "create temp trigger t after insert on a begin select case 1 when 1 then 2 end; \
                       delete from b; end;";
        check(&format!("{trigger}x"), &[trigger, "x"]);
        check(
            "explain query plan select 1;x",
            &["explain query plan select 1;", "x"],
        );
        check("select 4/2-1*3;x", &["select 4/2-1*3;", "x"]);
    }

    #[test]
    fn a_piece_knows_the_line_of_its_first_word() {
        let mut splitter = Splitter::new();
        splitter.push(b"\n-- c\nselect\n1;\n\n  x;");
        assert_eq!(splitter.cut().unwrap().line, 3);
        assert_eq!(splitter.cut().unwrap().line, 6);
    }

    #[test]
    fn the_first_word_is_found_behind_comments() {
        for sql in ["vacuum", " /* x */ VACUUM;", "-- y\nVacuum main", ";vacuum"] {
            assert!(begins_with(sql, "VACUUM"), "{sql:?}");
        }
        for sql in ["", "vacuums", "select 'vacuum'", "/* vacuum", "é"] {
            assert!(!begins_with(sql, "VACUUM"), "{sql:?}");
        }
    }

    #[test]
    fn a_closed_statement_swallows_nothing_after_it() {
        assert_eq!(closed("create table t(a)"), "create table t(a);");
        assert_eq!(
            closed("create table t(a) -- c"),
            "create table t(a) -- c\n;"
        );
        assert_eq!(
            closed("create table t(a) /* c"),
            "create table t(a) /* c*/;"
        );
    }
}

//! Statements whose names had to be written into them, because servers bind values and no names.

#[expect(
    clippy::disallowed_types,
    reason = "the one place: every part is a literal of ours or came from an engine's quoting function"
)]
use sqlx::AssertSqlSafe;
use sqlx::{RawSql, raw_sql};

/// A statement that was put together from literals and quoted parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered(String);

/// Text that stands in no statement: a control character, or what a server may read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotQuotable;

/// A part of a statement that an engine's quoting function made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quoted(String);

impl Quoted {
    /// `text` between `mark`s, each `mark` within doubled; for the engines' quoting functions only.
    pub(crate) fn between(text: &str, mark: char) -> Result<Self, NotQuotable> {
        if text.is_empty() || text.contains(char::is_control) {
            return Err(NotQuotable);
        }
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push(mark);
        for letter in text.chars() {
            if letter == mark {
                quoted.push(mark);
            }
            quoted.push(letter);
        }
        quoted.push(mark);
        Ok(Self(quoted))
    }

    /// A number, which stands as it is.
    pub(crate) fn number(number: u32) -> Self {
        Self(number.to_string())
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Rendered {
    /// `template` with each `?` replaced by the next part.
    pub(crate) fn new(template: &'static str, parts: &[&Quoted]) -> Self {
        let mut parts = parts.iter();
        let mut text = String::new();
        for (place, piece) in template.split('?').enumerate() {
            if place > 0 {
                text.push_str(parts.next().map_or("", |part| part.as_str()));
            }
            text.push_str(piece);
        }
        Self(text)
    }

    /// The text, for tests.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// For sending. It is prepared by no server: those statements cannot be.
    pub(crate) fn raw(self) -> RawSql {
        raw_sql(AssertSqlSafe(self.0))
    }
}

/// What a customer typed into the console, to be run with the customer's own rights and no others.
pub(crate) fn typed(sql: &str) -> RawSql {
    raw_sql(AssertSqlSafe(sql.to_owned()))
}

/// Another reader of statements than the servers', for tests of what is written into them.
#[cfg(test)]
pub(crate) mod lexing {
    use super::{Quoted, Rendered};

    /// What begins a statement of ours that names are written into.
    const VERBS: [&str; 7] = [
        "ALTER ",
        "CREATE ",
        "DROP ",
        "GRANT ",
        "KILL ",
        "REASSIGN ",
        "REVOKE ",
    ];

    /// Every template in the product's part of a source, so that none is forgotten.
    pub(crate) fn templates(source: &str) -> Vec<&'static str> {
        let product = source.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = product
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let product = lines.collect::<Vec<_>>().join("\n");
        let mut letters = product.chars().peekable();
        let mut found = Vec::new();
        while let Some(letter) = letters.next() {
            if letter != '"' {
                continue;
            }
            let mut text = String::new();
            while let Some(letter) = letters.next_if(|letter| *letter != '"') {
                match letter {
                    '\\' if letters.peek() == Some(&'\n') => {
                        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
                    }
                    '\\' => text.extend(letters.next()),
                    letter => text.push(letter),
                }
            }
            letters.next();
            if text.contains('?') && VERBS.iter().any(|verb| text.starts_with(verb)) {
                found.push(&*Box::leak(text.into_boxed_str()));
            }
        }
        found
    }

    /// A template with the same part in every place.
    pub(crate) fn filled(template: &'static str, part: &Quoted) -> String {
        let parts = vec![part; template.matches('?').count()];
        Rendered::new(template, &parts).text().to_owned()
    }

    /// The tokens of a statement, what is between quotes left out; nothing where it does not end, or where
    /// something is a comment. `escapes`: whether a backslash means something in a text.
    pub(crate) fn skeleton(sql: &str, escapes: bool) -> Option<Vec<String>> {
        let mut letters = sql.chars().peekable();
        let mut found = Vec::new();
        while let Some(letter) = letters.next() {
            let next = letters.peek().copied();
            match (letter, next) {
                (letter, _) if letter.is_whitespace() => {}
                ('-', Some('-')) | ('/', Some('*')) | ('#', _) => return None,
                (mark @ ('\'' | '"' | '`'), _) => {
                    loop {
                        match letters.next()? {
                            '\\' if escapes && mark == '\'' => {
                                letters.next()?;
                            }
                            letter if letter == mark && letters.next_if_eq(&mark).is_none() => {
                                break;
                            }
                            _ => {}
                        }
                    }
                    found.push(format!("{mark}{mark}"));
                }
                (letter, _) if letter.is_alphanumeric() || letter == '_' => {
                    let mut word = letter.to_string();
                    while let Some(letter) =
                        letters.next_if(|letter| letter.is_alphanumeric() || *letter == '_')
                    {
                        word.push(letter);
                    }
                    found.push(word);
                }
                (letter, _) => found.push(letter.to_string()),
            }
        }
        Some(found)
    }

    #[test]
    fn statements_are_told_apart() {
        let plain = skeleton("DROP USER 'a'@'b';", false).unwrap();
        assert_eq!(plain, ["DROP", "USER", "''", "@", "''", ";"]);
        for broken in ["DROP 'a", "DROP a -- b", "DROP /* a */", "DROP # a"] {
            assert_eq!(skeleton(broken, false), None, "{broken}");
        }
        assert_eq!(skeleton("'a\\'", true), None);
        assert_eq!(skeleton("'a''b'", true).unwrap().len(), 1);
        assert!(skeleton("'a'; DROP 'b'", false).unwrap().len() > 2);
        let source = "let a = \"DROP ? \\\n  NOW\"; let b = \"SELECT ?\"; let c = \"GRANT ALL\";";
        assert_eq!(templates(source), ["DROP ? NOW"]);
    }
}

#[cfg(test)]
mod tests {
    use super::{NotQuotable, Quoted, Rendered};

    #[test]
    fn parts_stand_where_the_template_says() {
        let [a, b] = ["a`b", "c"].map(|text| Quoted::between(text, '`').unwrap());
        let rendered = Rendered::new("GRANT ? TO ?;", &[&a, &b]);
        assert_eq!(rendered.text(), "GRANT `a``b` TO `c`;");
        assert_eq!(Quoted::between("a\0b", '`'), Err(NotQuotable));
        assert_eq!(Quoted::between("", '`'), Err(NotQuotable));
    }
}

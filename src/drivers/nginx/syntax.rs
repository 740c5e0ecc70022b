//! nginx's configuration as values: made of typed parts, written, and read back.
//!
//! Invariants: what is somebody else's text goes in as [`Word::literal`] and is one word whatever it
//! holds; control characters never get out (bar 2 P1, 3.14 T1); what was written reads back as the same
//! values, so that nothing was smuggled in between.
//!
//! Source: nginx, `ngx_conf_read_token`: words end at white space, `;` and `{`; in double quotes a backslash
//! stands before quotes and backslashes. Variables are named by `$` and have no escape, so that a dollar of
//! somebody else's is a variable that holds one ([`DOLLAR`]).

use std::fmt::Write as _;
use wabe_kernel::desired::StepFailure;

use crate::words::{self, unfit};

/// The variable that holds a dollar; made by the configuration's head.
pub(super) const DOLLAR: &str = "${wabe_d}";
/// Deeper than any block of ours.
const DEPTH_MAX: usize = 6;

/// One word of a directive, as nginx understands it once quotes are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word(String);

impl Word {
    /// A word of our own, in which `$` names a variable.
    pub(super) fn own(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Somebody else's text, for a place that knows variables: a dollar stands for itself.
    pub(super) fn literal(text: &str) -> Self {
        Self(text.replace('$', DOLLAR))
    }

    /// Somebody else's text, for a place that may or may not know variables: there is no way to write a
    /// dollar there.
    ///
    /// Errors: `site-not-writable` for a text with one.
    pub(super) fn fixed(text: &str) -> Result<Self, StepFailure> {
        if text.contains('$') {
            return Err(unfit("a dollar where none can be"));
        }
        Ok(Self(text.to_owned()))
    }

    /// A number.
    pub(super) fn number(number: u16) -> Self {
        Self(number.to_string())
    }

    /// So many bytes.
    pub(super) fn bytes(number: u64) -> Self {
        Self(number.to_string())
    }

    /// This word and another one, as one.
    pub(super) fn then(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }
}

/// A directive: its words, and what is in its braces where it has some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    words: Vec<Word>,
    block: Option<Vec<Self>>,
}

impl Directive {
    /// `name word…;`
    pub(super) fn new(name: &'static str, words: impl IntoIterator<Item = Word>) -> Self {
        let words = std::iter::once(Word::own(name)).chain(words).collect();
        Self { words, block: None }
    }

    /// `key value;`, as in a map.
    pub(super) fn entry(key: Word, value: Word) -> Self {
        Self {
            words: vec![key, value],
            block: None,
        }
    }

    /// `name word… { … }`
    pub(super) fn block(
        name: &'static str,
        words: impl IntoIterator<Item = Word>,
        inner: Vec<Self>,
    ) -> Self {
        Self {
            block: Some(inner),
            ..Self::new(name, words)
        }
    }
}

/// What is read of a configuration.
impl Directive {
    /// Its name and what follows, as texts.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.0.as_str()).collect()
    }

    /// What is in its braces; nothing where it has none.
    pub(super) fn inner(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }

    /// The same with each word that this makes another one of.
    pub(super) fn with(&self, other: &impl Fn(&str, &[&str]) -> Option<String>) -> Self {
        let texts = self.texts();
        let word = |word: &Word| other(&word.0, &texts).map_or_else(|| word.clone(), Word);
        let inner = |inner: &Vec<Self>| inner.iter().map(|one| one.with(other)).collect();
        Self {
            words: self.words.iter().map(word).collect(),
            block: self.block.as_ref().map(inner),
        }
    }
}

/// `name word…;` of words of our own.
pub(super) fn own<const N: usize>(name: &'static str, words: [&'static str; N]) -> Directive {
    Directive::new(name, words.map(Word::own))
}

/// `name word… { … }` with words of our own.
pub(super) fn own_block<const N: usize>(
    name: &'static str,
    words: [&'static str; N],
    inner: Vec<Directive>,
) -> Directive {
    Directive::block(name, words.map(Word::own), inner)
}

/// The text of a configuration, after it was read back and found equal.
///
/// Errors: `site-not-writable` for control characters and words that nginx could not read.
pub(super) fn write(directives: &[Directive]) -> Result<String, StepFailure> {
    let mut text = String::new();
    write_all(&mut text, directives, 0)?;
    if parse(&text).as_deref() == Some(directives) {
        Ok(text)
    } else {
        Err(unfit("reads back otherwise"))
    }
}

fn write_all(text: &mut String, directives: &[Directive], depth: usize) -> Result<(), StepFailure> {
    if depth > DEPTH_MAX {
        return Err(unfit("too deep"));
    }
    for directive in directives {
        // Writing to a text cannot fail.
        if write!(text, "{:1$}", "", depth * 2).is_err() {
            return Err(unfit("not writable"));
        }
        for (place, word) in directive.words.iter().enumerate() {
            if place > 0 {
                text.push(' ');
            }
            words::write(text, &word.0, is_plain)?;
        }
        match &directive.block {
            None => text.push_str(";\n"),
            Some(inner) => {
                text.push_str(" {\n");
                write_all(text, inner, depth + 1)?;
                if writeln!(text, "{:1$}}}", "", depth * 2).is_err() {
                    return Err(unfit("not writable"));
                }
            }
        }
    }
    Ok(())
}

/// What stands without quotes.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'=')
}

/// Reads what [`write`] writes; nothing for any other text, also where nginx would read it.
pub(super) fn parse(text: &str) -> Option<Vec<Directive>> {
    let mut rest = text;
    let found = parse_block(&mut rest, 0)?;
    rest.is_empty().then_some(found)
}

/// Directives up to the brace that closes them, or to the end.
fn parse_block(rest: &mut &str, depth: usize) -> Option<Vec<Directive>> {
    if depth > DEPTH_MAX + 1 {
        return None;
    }
    let mut found = Vec::new();
    loop {
        *rest = rest.trim_start_matches([' ', '\n']);
        if rest.is_empty() || rest.starts_with('}') {
            return Some(found);
        }
        let mut words = vec![parse_word(rest)?];
        let block = loop {
            *rest = rest.trim_start_matches([' ', '\n']);
            if let Some(after) = rest.strip_prefix(';') {
                *rest = after;
                break None;
            }
            if let Some(after) = rest.strip_prefix('{') {
                *rest = after;
                let inner = parse_block(rest, depth + 1)?;
                *rest = rest.strip_prefix('}')?;
                break Some(inner);
            }
            words.push(parse_word(rest)?);
        };
        found.push(Directive { words, block });
    }
}

fn parse_word(rest: &mut &str) -> Option<Word> {
    let (word, after) = words::read(rest, is_plain)?;
    *rest = after;
    after.starts_with([' ', '\n', ';']).then_some(Word(word))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What nginx looks for, and what must not be taken for it.
    const PIECES: [&str; 24] = [
        "",
        " ",
        ";",
        "{",
        "}",
        "\"",
        "'",
        "\\",
        "\\\\",
        "\\n",
        "$",
        "${",
        "$host",
        "#",
        "~",
        "^~ /",
        "*",
        "\n",
        "\r",
        "\t",
        "\u{0}",
        "\u{85}",
        "; root /; #",
        "ä",
    ];

    pub(in crate::nginx) fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            prop::collection::vec(prop::sample::select(&PIECES), 0..8)
                .prop_map(|pieces| pieces.concat()),
            "[a-z0-9./:=_-]{0,40}",
        ]
    }

    /// The names of directives and how they lie in each other, with how many words each has; names of hosts
    /// may be any number.
    pub(in crate::nginx) fn skeleton(directives: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let name = &directive.words[0].0;
            let words = match name.as_str() {
                "server_name" => 0,
                _ => directive.words.len(),
            };
            match &directive.block {
                Some(inner) => format!("{name}/{words}({})", skeleton(inner)),
                None => format!("{name}/{words};"),
            }
        };
        directives.iter().map(one).collect()
    }

    fn directives() -> impl Strategy<Value = Vec<Directive>> {
        let words = || prop::collection::vec(texts().prop_map(Word), 1..4);
        let leaf = words().prop_map(|words| Directive { words, block: None });
        let tree = leaf.prop_recursive(3, 24, 4, move |inner| {
            (
                words(),
                prop::option::of(prop::collection::vec(inner, 0..4)),
            )
                .prop_map(|(words, block)| Directive { words, block })
        });
        prop::collection::vec(tree, 0..4)
    }

    fn holds(directives: &[Directive], is: fn(char) -> bool) -> bool {
        directives.iter().any(|directive| {
            let inner = directive.block.as_deref().unwrap_or_default();
            directive.words.iter().any(|word| word.0.contains(is)) || holds(inner, is)
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_and_control_characters_are_refused(all in directives()) {
            match write(&all) {
                Ok(text) => {
                    let read = parse(&text);
                    prop_assert_eq!(read.as_deref(), Some(all.as_slice()));
                    prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
                }
                Err(fault) => {
                    prop_assert_eq!(fault.code, "site-not-writable");
                    prop_assert!(holds(&all, char::is_control));
                }
            }
        }

        #[test]
        fn a_text_is_one_word_and_names_no_variable(text in texts()) {
            let word = Word::literal(&text);
            prop_assert!(!word.0.replace(DOLLAR, "").contains('$'));
            let site = own_block("server", [], vec![
                Directive::new("root", [word]),
                own("return", ["444"]),
            ]);
            let one = std::slice::from_ref(&site);
            match write(one) {
                Ok(written) => {
                    let read = parse(&written).unwrap();
                    prop_assert_eq!(read.as_slice(), one);
                    prop_assert_eq!(tokens(&written), ["server", "{", "root", ";", "return", ";", "}"]);
                }
                Err(_) => prop_assert!(text.contains(char::is_control) || text.len() > 200),
            }
        }

        #[test]
        fn any_text_is_read_or_not(text in texts()) {
            if let Some(read) = parse(&text) {
                prop_assert_eq!(parse(&write(&read).unwrap()), Some(read));
            }
        }
    }

    /// The structure that nginx's own rules see in a text, arguments left out: another reader than
    /// [`parse`], made after `ngx_conf_read_token`.
    fn tokens(text: &str) -> Vec<String> {
        let (mut found, mut first) = (Vec::new(), true);
        let mut letters = text.chars().peekable();
        while let Some(c) = letters.next() {
            match c {
                ' ' | '\t' | '\r' | '\n' => {}
                '#' => while letters.next_if(|c| *c != '\n').is_some() {},
                ';' | '{' | '}' => {
                    found.push(c.to_string());
                    first = true;
                }
                quote @ ('"' | '\'') => {
                    let mut before = ' ';
                    for c in letters.by_ref() {
                        if c == quote && before != '\\' {
                            break;
                        }
                        before = if before == '\\' { ' ' } else { c };
                    }
                    if std::mem::take(&mut first) {
                        found.push("quoted".to_owned());
                    }
                }
                c => {
                    let mut word = c.to_string();
                    let inside = |c: &char| !matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '{');
                    while let Some(c) = letters.next_if(inside) {
                        word.push(c);
                    }
                    if std::mem::take(&mut first) {
                        found.push(word);
                    }
                }
            }
        }
        found
    }

    #[test]
    fn words_are_quoted_where_they_must_be() {
        let text = write(&[own_block(
            "location",
            ["~", "\\.php$"],
            vec![Directive::new("root", [Word::literal("a \"b\\c;{$d")])],
        )])
        .unwrap();
        let wanted = "location \"~\" \"\\\\.php$\" {\n  root \"a \\\"b\\\\c;{${wabe_d}d\";\n}\n";
        assert_eq!(text, wanted);
        assert!(Word::fixed("a$b").is_err());
    }
}

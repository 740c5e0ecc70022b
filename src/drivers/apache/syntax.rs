//! Apache's configuration as values: made of typed parts, written, and read back.
//!
//! Invariants: what is somebody else's text is one word whatever it holds; control characters never get out; what
//! was written reads back as the same values, so that nothing was smuggled in between.
//!
//! Source: Apache, `ap_getword_conf`: words end at white space; in double quotes a backslash stands before quotes and
//! backslashes. `${name}` is replaced before words are told apart and has no escape, so that no word holds it. Some
//! directives read their line as it is and know no quotes: their words are plain ones.

use wabe_kernel::desired::StepFailure;

use crate::words::{self, unfit};

/// Deeper than any section of ours.
const DEPTH_MAX: usize = 4;

/// One word, as Apache understands it once quotes are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word(String);

impl Word {
    /// A word, whoever made it.
    ///
    /// Errors: `site-not-writable` for one that could name a variable.
    pub(super) fn of(text: &str) -> Result<Self, StepFailure> {
        if text.contains("${") {
            return Err(unfit("a variable where none can be"));
        }
        Ok(Self(text.to_owned()))
    }

    /// A word of our own.
    pub(super) fn own(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// A number.
    pub(super) fn number(number: impl Into<u64>) -> Self {
        Self(number.into().to_string())
    }

    /// What it says.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// This word and another one, as one.
    pub(super) fn then(mut self, next: &str) -> Result<Self, StepFailure> {
        self.0.push_str(next);
        Self::of(&self.0)
    }
}

/// A directive, or a section with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    name: String,
    words: Vec<Word>,
    section: Option<Vec<Self>>,
}

impl Directive {
    /// `Name word…`
    pub(super) fn new(name: &'static str, words: impl IntoIterator<Item = Word>) -> Self {
        Self {
            name: name.to_owned(),
            words: words.into_iter().collect(),
            section: None,
        }
    }

    /// `<Name word…> … </Name>`
    pub(super) fn section(
        name: &'static str,
        words: impl IntoIterator<Item = Word>,
        inner: Vec<Self>,
    ) -> Self {
        Self {
            section: Some(inner),
            ..Self::new(name, words)
        }
    }
}

/// `Name word…` with words of our own.
pub(super) fn own<const N: usize>(name: &'static str, words: [&'static str; N]) -> Directive {
    Directive::new(name, words.map(Word::own))
}

/// The text of a configuration, after it was read back and found equal.
///
/// Errors: `site-not-writable` for control characters and words that Apache could not read.
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
    let indent = "  ".repeat(depth);
    for directive in directives {
        let is_section = directive.section.is_some();
        text.push_str(&indent);
        if is_section {
            text.push('<');
        }
        text.push_str(&directive.name);
        for word in &directive.words {
            text.push(' ');
            words::write(text, &word.0, is_plain)?;
        }
        if is_section {
            text.push('>');
        }
        text.push('\n');
        if let Some(inner) = &directive.section {
            write_all(text, inner, depth + 1)?;
            text.push_str(&indent);
            text.push_str("</");
            text.push_str(&directive.name);
            text.push_str(">\n");
        }
    }
    Ok(())
}

/// What stands without quotes.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'=' | b',' | b'+')
}

/// Reads what [`write`] writes; nothing for any other text, also where Apache would read it.
pub(super) fn parse(text: &str) -> Option<Vec<Directive>> {
    let mut lines = text.lines();
    let found = parse_section(&mut lines, None, 0)?;
    (text.is_empty() || text.ends_with('\n')).then_some(found)
}

/// Directives up to the line that closes them, or to the end.
fn parse_section(
    lines: &mut std::str::Lines<'_>,
    name: Option<&str>,
    depth: usize,
) -> Option<Vec<Directive>> {
    if depth > DEPTH_MAX + 1 {
        return None;
    }
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let line = line.trim_start_matches(' ');
        if let Some(closed) = line.strip_prefix("</") {
            return (closed.strip_suffix('>')? == name?).then_some(found);
        }
        let (line, is_section) = match line.strip_prefix('<') {
            Some(head) => (head.strip_suffix('>')?, true),
            None => (line, false),
        };
        let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
        let is_name = !head.is_empty() && head.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name {
            return None;
        }
        let words = parse_words(rest)?;
        let section = if is_section {
            Some(parse_section(lines, Some(head), depth + 1)?)
        } else {
            None
        };
        found.push(Directive {
            name: head.to_owned(),
            words,
            section,
        });
    }
    name.is_none().then_some(found)
}

fn parse_words(mut rest: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    while !rest.is_empty() {
        let (word, after) = words::read(rest, is_plain)?;
        words.push(Word(word));
        rest = match after.strip_prefix(' ') {
            Some("") => return None,
            Some(next) => next,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(words)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What Apache looks for, and what must not be taken for it.
    const PIECES: [&str; 18] = [
        "",
        " ",
        "<",
        ">",
        "</Directory>",
        "\"",
        "'",
        "\\",
        "\\\\",
        "\\\n",
        "$",
        "${",
        "${PATH}",
        "%{",
        "#",
        "\n",
        "\u{0}",
        "ä",
    ];

    pub(in crate::apache) fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            prop::collection::vec(prop::sample::select(&PIECES), 0..8)
                .prop_map(|pieces| pieces.concat()),
            "[a-z0-9./:=_-]{0,40}",
        ]
    }

    /// The names of directives, how they lie in each other, and how many words each has.
    pub(in crate::apache) fn skeleton(directives: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let (name, words) = (&directive.name, directive.words.len());
            match &directive.section {
                Some(inner) => format!("{name}/{words}({})", skeleton(inner)),
                None => format!("{name}/{words};"),
            }
        };
        directives.iter().map(one).collect()
    }

    /// Words as Apache tells them apart: another reader than [`parse`], made after `ap_getword_conf`.
    fn words_of(line: &str) -> Vec<String> {
        let mut letters = line.chars().peekable();
        let mut found = Vec::new();
        loop {
            while letters.next_if(|c| c.is_whitespace()).is_some() {}
            let Some(first) = letters.next() else {
                return found;
            };
            let mut word = String::new();
            if first == '"' || first == '\'' {
                while let Some(c) = letters.next() {
                    if c == '\\' && letters.peek().is_some_and(|c| *c == '\\' || *c == first) {
                        word.extend(letters.next());
                    } else if c == first {
                        break;
                    } else {
                        word.push(c);
                    }
                }
            } else {
                word.push(first);
                while let Some(c) = letters.next_if(|c| !c.is_whitespace()) {
                    word.push(c);
                }
            }
            found.push(word);
        }
    }

    proptest! {
        #[test]
        fn a_text_is_one_word_or_is_refused(text in texts()) {
            let Ok(word) = Word::of(&text) else {
                let names = text.contains("${");
                prop_assert!(names);
                return Ok(());
            };
            let tree = [Directive::new("DocumentRoot", [word, Word::own("end")])];
            match write(&tree) {
                Ok(written) => {
                    prop_assert_eq!(parse(&written), Some(tree.to_vec()));
                    prop_assert_eq!(written.lines().count(), 1);
                    prop_assert!(!written.trim_end().contains(char::is_control));
                    let words = words_of(written.trim_end());
                    prop_assert_eq!(words, ["DocumentRoot", text.as_str(), "end"]);
                }
                Err(fault) => {
                    prop_assert_eq!(fault.code, "site-not-writable");
                    let is_long = text.len() > words::BYTES_MAX;
                    prop_assert!(is_long || text.contains(char::is_control));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_not(text in texts()) {
            if let Some(read) = parse(&text) {
                let again = write(&read).unwrap();
                prop_assert_eq!(parse(&again), Some(read));
            }
        }
    }

    #[test]
    fn sections_and_words_are_written_as_apache_reads_them() {
        let tree = [Directive::section(
            "Directory",
            [Word::of("/srv/a \"b\"\\").unwrap()],
            vec![own("Require", ["all", "granted"])],
        )];
        let wanted = "<Directory \"/srv/a \\\"b\\\"\\\\\">\n  Require all granted\n</Directory>\n";
        assert_eq!(write(&tree).unwrap(), wanted);
        assert_eq!(parse("<Directory>\n"), None);
        assert_eq!(parse("</Directory>\n"), None);
        assert_eq!(parse("Include ${PATH}\n"), None);
    }
}

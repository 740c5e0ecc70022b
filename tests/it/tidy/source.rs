//! Rust sources, taken apart as far as the rules need it.

use crate::repository::{files, is_kind, text};

/// One file.
pub(super) struct Source {
    /// Its path from the root.
    pub(super) path: String,
    /// Its lines with comments and the insides of literals blanked.
    pub(super) code: Vec<String>,
    /// Its texts, each with the number of its line, from 0.
    pub(super) literals: Vec<(usize, String)>,
    /// The line where its tests begin; its length when it has none.
    pub(super) product_lines: usize,
}

/// Every Rust source of ours.
pub(super) fn sources() -> Vec<Source> {
    let rust = |path: &String| is_kind(path, "rs");
    let mut paths = files("src");
    paths.extend(files("tests"));
    paths.extend(files("benches"));
    paths.into_iter().filter(rust).map(Source::read).collect()
}

/// Sources of the product, without its tests.
pub(super) fn product() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(|source| !source.is_test())
}

impl Source {
    fn read(path: String) -> Self {
        let text = text(&path);
        let (code, literals) = take_apart(&text);
        let code: Vec<String> = code.lines().map(str::to_owned).collect();
        let product_lines = tests_begin(&code);
        Self {
            path,
            code,
            literals,
            product_lines,
        }
    }

    /// Whether the whole file is there for tests.
    pub(super) fn is_test(&self) -> bool {
        let path = &self.path;
        let named = [
            "/tests/",
            "/testkit/",
            "/tests.rs",
            "/bench.rs",
            "/samples.rs",
        ];
        !path.starts_with("src/") || named.iter().any(|name| path.contains(name))
    }

    /// The lines that are the product's, with their numbers from 1.
    pub(super) fn product_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.iter().take(self.product_lines).enumerate();
        lines.map(|(number, line)| (number + 1, line.as_str()))
    }

    /// The path with a line.
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// The line where the module of tests, or of samples for them, begins.
fn tests_begin(code: &[String]) -> usize {
    let begins = |place: usize| {
        let mut next = code.iter().skip(place + 1).map(|line| line.trim());
        let next = next
            .find(|line| !line.starts_with("#["))
            .unwrap_or_default();
        let module = next.starts_with("mod ") || next.starts_with("pub") && next.contains(" mod ");
        code[place].trim() == "#[cfg(test)]" && module && next.ends_with('{')
    };
    (0..code.len())
        .find(|place| begins(*place))
        .unwrap_or(code.len())
}

/// What a reader of Rust is in the middle of.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::CharIndices<'a>>,
    text: &'a str,
    code: String,
    literals: Vec<(usize, String)>,
    line: usize,
}

/// The text with comments and literals blanked, and the literals.
pub(super) fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let mut reader = Reader {
        rest: text.char_indices().peekable(),
        text,
        code: String::with_capacity(text.len()),
        literals: Vec::new(),
        line: 0,
    };
    while let Some((place, c)) = reader.rest.next() {
        reader.character(place, c);
    }
    (reader.code, reader.literals)
}

impl Reader<'_> {
    fn put(&mut self, c: char, blank: bool) {
        if c == '\n' {
            self.line += 1;
            self.code.push('\n');
        } else {
            self.code.push(if blank { ' ' } else { c });
        }
    }

    fn character(&mut self, place: usize, c: char) {
        let after = &self.text[place + c.len_utf8()..];
        let before = self.text[..place].chars().next_back().unwrap_or(' ');
        let word_before = before.is_alphanumeric() || before == '_';
        match c {
            '/' if after.starts_with('/') => self.line_comment(),
            '/' if after.starts_with('*') => self.block_comment(),
            '"' => self.string(c, None),
            'r' if !word_before && raw_hashes(after).is_some() => {
                let hashes = raw_hashes(after).unwrap_or(0);
                for _ in 0..hashes {
                    self.rest.next();
                }
                self.rest.next();
                self.string('"', Some(hashes));
            }
            '\'' => self.quote(after),
            _ => self.put(c, false),
        }
    }

    fn line_comment(&mut self) {
        while let Some((_, c)) = self.rest.next_if(|(_, c)| *c != '\n') {
            self.put(c, true);
        }
    }

    fn block_comment(&mut self) {
        let mut last = ' ';
        for (_, c) in self.rest.by_ref() {
            if c == '\n' {
                self.line += 1;
                self.code.push('\n');
            }
            if last == '*' && c == '/' {
                break;
            }
            last = c;
        }
    }

    /// Reads a text after its first quote; `raw` has the number of hashes that end it.
    fn string(&mut self, quote: char, raw: Option<usize>) {
        let (first, mut content) = (self.line, String::new());
        self.put(quote, false);
        while let Some((place, c)) = self.rest.next() {
            let ended = match raw {
                Some(hashes) => {
                    c == quote && self.text[place + 1..].starts_with(&"#".repeat(hashes))
                }
                None => c == quote,
            };
            if ended {
                for _ in 0..raw.unwrap_or(0) {
                    self.rest.next();
                }
                self.put(quote, false);
                break;
            }
            content.push(c);
            self.put(c, true);
            if c == '\\'
                && raw.is_none()
                && let Some((_, escaped)) = self.rest.next()
            {
                content.push(escaped);
                self.put(escaped, true);
            }
        }
        self.literals.push((first, content));
    }

    /// A character, or a lifetime.
    fn quote(&mut self, after: &str) {
        let mut next = after.chars();
        let (first, second) = (next.next(), next.next());
        self.put('\'', false);
        if first == Some('\\') {
            self.rest.next();
            self.rest.next();
            while self.rest.next_if(|(_, c)| *c != '\'').is_some() {}
            self.rest.next();
        } else if second == Some('\'') {
            self.rest.next();
            self.rest.next();
        }
    }
}

/// The hashes between `r` and the quote of a raw text.
fn raw_hashes(after: &str) -> Option<usize> {
    let hashes = after.chars().take_while(|c| *c == '#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

#[test]
fn comments_and_texts_are_no_code() {
    let text = "let a = \"x // y\"; // later!()\nlet b = 'c'; /* \"no\" */ let c = r#\"q\"q\"#;\nfn f<'a>() {}";
    let (code, literals) = take_apart(text);
    assert!(!code.contains("later") && !code.contains("no\"") && code.contains("fn f<'a>() {}"));
    let texts: Vec<&str> = literals.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["x // y", "q\"q"]);
    assert_eq!(literals[1].0, 1);
}

//! Whatever reads what a stranger wrote has a test that throws anything at it.
//!
//! `tests/tidy/parsers.txt` names each parser and its test: `file parser file test`, or `file parser -`
//! and why it needs none. A parser that its name or a trait of it gives away must be on the list; others
//! are put there by hand. A test that is gone, or that has no property, is found.

use crate::repository::{nothing_found, text};
use crate::tidy::source::{Source, product, sources};
use std::collections::BTreeMap;

const LIST: &str = "tests/tidy/parsers.txt";

/// Traits whose business is reading.
const TRAITS: [&str; 5] = [
    "FromStr",
    "Field",
    "Fields",
    "Deserialize<'de>",
    "TryFrom<&str>",
];

/// The name of what a line of code declares to read something: a type, or a function.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if line.starts_with("impl") {
        let (head, kind) = line.split_once(" for ")?;
        let last = head.rsplit([' ', ':']).next()?;
        return TRAITS.contains(&last).then(|| word(kind));
    }
    let (_, name) = line.split_once("fn ")?;
    let name = word(name);
    (name.starts_with("parse") || name.starts_with("decode")).then_some(name)
}

fn word(text: &str) -> &str {
    let end = text.find([' ', '(', '{']).unwrap_or(text.len());
    let name = &text[..end];
    // `parse<T>` is the function `parse`; `Option<T>` is a type of its own.
    match name.split_once('<') {
        Some((function, _)) if function.starts_with(char::is_lowercase) => function,
        _ => name,
    }
}

/// An entry of the list.
struct Entry {
    /// The file and the name of the test, or nothing.
    test: Option<(String, String)>,
}

fn list() -> BTreeMap<(String, String), Entry> {
    let text = text(LIST);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut found = BTreeMap::new();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [file, parser, at, rest @ ..] = words.as_slice() else {
            panic!("{LIST}: {line:?}");
        };
        assert!(
            !rest.is_empty(),
            "{LIST}: no test and no reason in {line:?}"
        );
        let proof = (*at != "-").then(|| ((*at).to_owned(), rest.concat()));
        let key = ((*file).to_owned(), (*parser).to_owned());
        let double = found.insert(key, Entry { test: proof }).is_some();
        assert!(!double, "{LIST}: twice: {line:?}");
    }
    found
}

/// Whether a file has this test, and properties. A test that a macro makes stands as `name: type`.
fn has_property(source: &Source, name: &str) -> bool {
    let stands = |line: &String| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == name)
    };
    let random = |line: &String| line.contains("proptest!");
    source.code.iter().any(stands) && source.code.iter().any(random)
}

#[test]
fn every_parser_is_fuzzed() {
    let listed = list();
    let all: BTreeMap<String, Source> = sources()
        .into_iter()
        .map(|source| (source.path.clone(), source))
        .collect();
    let mut findings = Vec::new();
    for ((file, parser), entry) in &listed {
        let known = all.get(file).is_some_and(|source| {
            let mut code = source.product_code();
            code.any(|(_, line)| line.contains(parser))
        });
        if !known {
            findings.push(format!("take {file} {parser} off {LIST}: it is gone"));
        }
        let Some((at, name)) = &entry.test else {
            continue;
        };
        if !all.get(at).is_some_and(|source| has_property(source, name)) {
            findings.push(format!("{file} {parser}: no property {name} in {at}"));
        }
    }
    for source in product() {
        for (number, line) in source.product_code() {
            let Some(parser) = declared(line) else {
                continue;
            };
            let key = (source.path.clone(), parser.to_owned());
            if !listed.contains_key(&key) {
                let at = source.at(number);
                findings.push(format!(
                    "{at}: {parser} is not on {LIST}, with a test that fuzzes it"
                ));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn parsers_are_told_from_other_code() {
    for (line, name) in [
        ("impl FromStr for DomainName {", Some("DomainName")),
        ("impl std::str::FromStr for $name {", Some("$name")),
        (
            "impl<'de> Deserialize<'de> for Timestamp {",
            Some("Timestamp"),
        ),
        ("impl<T: Field> Field for Option<T> {", Some("Option<T>")),
        (
            "    pub(super) fn parse(text: &str) -> Option<Self> {",
            Some("parse"),
        ),
        (
            "pub fn parse<T: Fields>(typed: &Map) -> Result<T, FormState> {",
            Some("parse"),
        ),
        (
            "fn decode(mut bytes: Bytes) -> io::Result<Request> {",
            Some("decode"),
        ),
        ("impl fmt::Display for DomainName {", None),
        ("fn apart(items: &[Item]) -> bool {", None),
        ("let parsed = text.parse();", None),
    ] {
        assert_eq!(declared(line), name, "{line}");
    }
}

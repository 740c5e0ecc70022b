//! What people read lies in the Fluent files, not in the code.

use crate::repository::nothing_found;
use crate::tidy::source::{Source, product};

/// Rooms whose texts could reach people.
const ROOMS: [&str; 9] = [
    "src/access/",
    "src/api/",
    "src/hosting/",
    "src/identity/",
    "src/jobs/",
    "src/kernel/",
    "src/portal/",
    "src/staff/",
    "src/web/",
];

/// Where a text is for operators, for other programs, or for whoever reads the code.
const ELSEWHERE: [&str; 14] = [
    "reason =",
    "Fault::",
    "tracing::",
    "error!(",
    "warn!(",
    "info!(",
    "debug!(",
    "#[error(",
    "assert",
    "expect(",
    "debug_assert",
    "unreachable!(",
    "name = ",
    "doc = ",
];

/// Whether a text reads like a sentence for people: words, a capital at its beginning or a full stop at
/// its end. SQL and headers begin with capitals too, but with more than one.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().all(is_of_a_word))
        .collect();
    let mut first = text.chars();
    let capital = first.next().is_some_and(char::is_uppercase)
        && !first.next().is_some_and(char::is_uppercase);
    let stop = text.trim_end().ends_with(['.', '!', '?']);
    let german = text.contains(['ä', 'ö', 'ü', 'ß']);
    let plain = words
        .iter()
        .any(|word| word.len() > 1 && word.starts_with(char::is_lowercase));
    plain && ((words.len() >= 3 && (capital || stop)) || (words.len() >= 2 && german))
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphabetic() || ".,!?'’-:".contains(c)
}

/// Whether one of the lines up to the text says that it goes elsewhere.
fn goes_elsewhere(source: &Source, line: usize) -> bool {
    let first = line.saturating_sub(2);
    source.code[first..=line]
        .iter()
        .any(|line| ELSEWHERE.iter().any(|word| line.contains(word)))
}

#[test]
fn no_sentence_for_people_stands_in_the_code() {
    let mut findings = Vec::new();
    // Samples stand for what customers type.
    let sampled = |source: &Source| source.path.ends_with("/samples.rs");
    for source in product().filter(|source| ROOMS.iter().any(|room| source.path.starts_with(room)))
    {
        if sampled(&source) {
            continue;
        }
        for (line, text) in source
            .literals
            .iter()
            .filter(|(line, _)| *line < source.product_lines)
        {
            if is_sentence(text) && !goes_elsewhere(&source, *line) {
                findings.push(format!("{}: {text:?}", source.at(line + 1)));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn sentences_are_told_from_other_texts() {
    for text in [
        "The mailbox is full.",
        "Bitte später erneut",
        "please try that again!",
    ] {
        assert!(is_sentence(text), "{text:?}");
    }
    for text in [
        "Mac OS X",
        "SELECT a FROM b",
        "default-src 'none'; style-src 'self'",
        "not-a-domain",
        "Retry-After",
    ] {
        assert!(!is_sentence(text), "{text:?}");
    }
}

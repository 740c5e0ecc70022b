//! Which thing a letter names, and in which sentence. Pure: nothing here knows a table.

use wabe_kernel::ResourceKind;

/// So many words of a letter are looked up as names.
const NAMES_MAX: usize = 20;
/// The most characters of a sentence that is quoted.
const QUOTE_CHARS: usize = 400;
/// Where one sentence ends and the next may begin.
const ENDS: [&str; 3] = [". ", "! ", "? "];

/// The words of a text that could be names: lower case, without what stands around them.
fn words(text: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+');
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !part(c));
    let words = words.map(|word| word.trim_matches(['.', '-', '_', '+', '@']));
    let bare = words.map(|word| word.strip_prefix("www.").unwrap_or(word));
    let mut found: Vec<String> = Vec::new();
    for word in bare.filter(|word| word.chars().count() > 2) {
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// The words of a text that look like an address or a domain, the first few.
#[must_use]
pub fn dotted(text: &str) -> Vec<String> {
    let words = words(text).into_iter();
    words
        .filter(|word| word.contains('.'))
        .take(NAMES_MAX)
        .collect()
}

/// Which of these things a text names by its address, its domain or the name of its database; nothing
/// when it names none, or more than one. A webspace is not named like that: its name is a plain word.
#[must_use]
pub fn the_one(text: &str, things: &[(ResourceKind, &str)]) -> Option<usize> {
    let words = words(text);
    let mut named = things.iter().enumerate().filter(|(_, (kind, name))| {
        *kind != ResourceKind::Webspace && words.contains(&name.to_lowercase())
    });
    let first = named.next();
    let only = first.filter(|_| named.next().is_none());
    only.map(|(at, _)| at)
}

/// The sentences of a line, each with its end.
fn sentences(line: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), line);
    while let Some(end) = ENDS.iter().filter_map(|mark| rest.find(mark)).min() {
        let (sentence, after) = rest.split_at(end.saturating_add(1));
        found.push(sentence);
        rest = after;
    }
    found.push(rest);
    found
}

/// The sentence in which a text names something; its first one when none does. What it quotes of others
/// does not count.
#[must_use]
pub fn sentence(text: &str, name: &str) -> String {
    let name = name.to_lowercase();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'));
    let all: Vec<&str> = lines.flat_map(sentences).map(str::trim).collect();
    let names = |part: &&&str| !name.is_empty() && part.to_lowercase().contains(&name);
    // The last one: the first is often the subject alone.
    let found = all.iter().rfind(names);
    let found = found.or_else(|| all.iter().find(|part| !part.is_empty()));
    let whole = found.copied().unwrap_or_default();
    whole
        .chars()
        .take(QUOTE_CHARS)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether a message says these words, whatever breaks its lines.
#[must_use]
pub fn says(message: &str, quote: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let quote = plain(quote);
    !quote.is_empty() && plain(message).contains(&quote)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::ResourceKind::{Alias, Database, Domain, Mailbox, Webspace};

    const THINGS: [(ResourceKind, &str); 6] = [
        (Mailbox, "info@sonne.test"),
        (Domain, "sonne.test"),
        (Alias, "alle@sonne.test"),
        (Database, "k10234_shop"),
        (Webspace, "shop"),
        (Domain, "mond.test"),
    ];

    #[test]
    fn one_thing_is_named_or_none() {
        let check = |text: &str, wanted: Option<usize>| {
            assert_eq!(the_one(text, &THINGS), wanted, "{text}");
        };
        check("Bitte INFO@Sonne.test vergrößern.", Some(0));
        check("Bitte (info@sonne.test) vergrößern!", Some(0));
        check("Es geht um www.sonne.test.", Some(1));
        check("Siehe https://sonne.test/start?x=1", Some(1));
        check("Die Datenbank k10234_shop ist voll", Some(3));
        // A webspace's name is a word like any other.
        check("Mein shop geht nicht.", None);
        check("info@sonne.test und alle@sonne.test", None);
        check("info@sonne.test auf sonne.test", None);
        check("nur ein-info@sonne.test.example", None);
        check("", None);
        check("Hilfe", None);
    }

    #[test]
    fn the_sentence_is_the_one_that_names_it() {
        let check = |text: &str, wanted: &str| {
            assert_eq!(sentence(text, "info@sonne.test"), wanted, "{text}");
        };
        check(
            "Guten Tag. Bitte geben Sie info@sonne.test 5 GB. Danke!",
            "Bitte geben Sie info@sonne.test 5 GB.",
        );
        check(
            "info@sonne.test\nHallo,\nbitte Info@Sonne.test leeren? Ja.",
            "bitte Info@Sonne.test leeren?",
        );
        check("> info@sonne.test\nnichts davon", "nichts davon");
        check("", "");
        assert_eq!(sentence(&"ä".repeat(900), "x").chars().count(), QUOTE_CHARS);
    }

    #[test]
    fn a_quote_stands_in_the_letter_whatever_breaks_its_lines() {
        assert!(says("Bitte geben Sie\nihm  mehr.", "geben Sie ihm mehr."));
        assert!(!says("Bitte nicht löschen.", "Bitte löschen."));
        assert!(!says("Bitte", " \n"));
    }

    proptest! {
        #[test]
        fn any_letter_names_at_most_what_is_there(text in "(\\PC|\n|info@sonne.test|sonne.test){0,60}") {
            let at = the_one(&text, &THINGS);
            prop_assert!(at.is_none_or(|at| at < THINGS.len()));
            prop_assert!(dotted(&text).len() <= NAMES_MAX);
            let quote = sentence(&text, "info@sonne.test");
            prop_assert!(quote.chars().count() <= QUOTE_CHARS);
            prop_assert!(quote.is_empty() || says(&text, &quote));
        }
    }
}

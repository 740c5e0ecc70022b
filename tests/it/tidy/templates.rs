//! Templates hold markup; words come from the Fluent files, looks and behaviour from `static/`.

use crate::repository::{List, files, is_kind, nothing_found, text};

/// Attributes whose value people read or hear.
const READ: [&str; 5] = [
    " title=\"",
    " alt=\"",
    " placeholder=\"",
    " aria-label=\"",
    " label=\"",
];

/// The name of the product is the same in every language.
const NAME: &str = "Wabe";

/// The panel's own pages. What drivers put out stands alone on customers' sites, in both languages and
/// with its looks in it: it has no assets and no texts to ask.
fn pages() -> impl Iterator<Item = (String, String)> {
    let page = |path: &String| is_kind(path, "html") && !path.starts_with("templates/drivers/");
    files("templates").into_iter().filter(page).map(|path| {
        let text = text(&path);
        (path, text)
    })
}

/// A template without its expressions, blocks and comments; lines stay.
fn markup(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find('{') {
        let (plain, tail) = rest.split_at(begin);
        left.push_str(plain);
        let end = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
            .into_iter()
            .find(|(open, _)| tail.starts_with(open))
            .and_then(|(_, close)| tail.find(close).map(|place| place + 2));
        let end = end.unwrap_or(1);
        left.extend(tail[..end].chars().filter(|c| *c == '\n'));
        left.push('\u{1}');
        rest = &tail[end..];
    }
    left + rest
}

/// Whether a text holds a word: two letters that follow each other.
fn is_worded(text: &str) -> bool {
    let letters: Vec<bool> = text.chars().map(char::is_alphabetic).collect();
    letters.windows(2).any(|pair| pair[0] && pair[1])
}

/// The texts between tags, with their lines.
fn texts(markup: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut line, mut inside, mut current) = (1, false, String::new());
    for c in markup.chars() {
        match c {
            '<' if !inside => {
                found.push((line, std::mem::take(&mut current)));
                inside = true;
            }
            '>' if inside => inside = false,
            _ if !inside => current.push(c),
            _ => {}
        }
        line += usize::from(c == '\n');
    }
    found.push((line, current));
    found
}

/// A text without character references such as `&nbsp;`.
fn without_references(text: &str) -> String {
    let parts = text
        .split('&')
        .enumerate()
        .map(|(place, part)| match part.split_once(';') {
            Some((name, rest)) if place > 0 && name.len() < 10 => rest,
            _ => part,
        });
    parts.collect()
}

/// A text without pieces of a tag that a block or macro holds: attributes, and names of classes.
fn without_attributes(text: &str) -> String {
    let attribute = |word: &&str| {
        let name = word.split('=').next().unwrap_or_default();
        let named = name.contains('-') && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        !(named && (name == *word || word.ends_with('"')))
    };
    text.split_whitespace()
        .filter(attribute)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn no_template_holds_words_of_its_own() {
    let mut allowed = List::read("words_in_templates.txt", 2);
    let mut findings = Vec::new();
    for (path, text) in pages() {
        let markup = markup(&text);
        let mut words: Vec<(usize, String)> = texts(&markup);
        for (number, line) in markup.lines().enumerate() {
            for attribute in READ {
                for part in line.split(attribute).skip(1) {
                    let value = part.split('"').next().unwrap_or_default().to_owned();
                    words.push((number + 1, value));
                }
            }
        }
        for (line, words) in words {
            let words = without_references(&words)
                .replace('\u{1}', " ")
                .replace(NAME, " ");
            let words = without_attributes(words.trim());
            let first = words.split_whitespace().next().unwrap_or_default();
            if is_worded(&words) && allowed.take(&format!("{path} {first}")).is_none() {
                findings.push(format!("{path}:{line}: {words:?}"));
            }
        }
    }
    nothing_found(&findings);
    allowed.all_used();
}

// 3.12 T1
#[test]
fn no_template_holds_style_or_script() {
    let mut findings = Vec::new();
    for (path, text) in pages() {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let handler = lower.split([' ', '\t']).any(|word| {
                word.starts_with("on")
                    && word
                        .find("=\"")
                        .is_some_and(|end| word[2..end].bytes().all(|b| b.is_ascii_lowercase()))
            });
            let script = lower.contains("<script") && !lower.contains(" src=");
            let inline = [" style=", "<style", "javascript:"]
                .iter()
                .any(|word| lower.contains(word));
            if handler || script || inline {
                findings.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn nothing_unescaped_leaves_a_template_without_being_listed() {
    let mut allowed = List::read("unescaped.txt", 1);
    let mut findings = Vec::new();
    for (path, text) in pages() {
        let unescaped = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("|safe"));
        let lines: Vec<String> = unescaped
            .map(|(number, _)| format!("{path}:{}", number + 1))
            .collect();
        if !lines.is_empty() && allowed.take(&path).is_none() {
            findings.extend(lines);
        }
    }
    nothing_found(&findings);
    allowed.all_used();
}

#[test]
fn both_languages_hold_the_same_messages() {
    let messages = |language: &str| {
        let mut found = Vec::new();
        for path in files(&format!("templates/text/{language}")) {
            let text = text(&path);
            let keys = text
                .lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            let keys = keys.filter_map(|line| line.split_once(" ="));
            found.extend(keys.map(|(key, _)| key.to_owned()));
        }
        found.sort();
        found
    };
    let (de, en) = (messages("de"), messages("en"));
    let missing = |first: &[String], second: &[String], name: &str| {
        let lost = first.iter().filter(|key| !second.contains(key));
        lost.map(|key| format!("{key} is missing in {name}"))
            .collect::<Vec<_>>()
    };
    let mut findings = missing(&de, &en, "en");
    findings.extend(missing(&en, &de, "de"));
    for pair in de
        .windows(2)
        .chain(en.windows(2))
        .filter(|pair| pair[0] == pair[1])
    {
        findings.push(format!("{} is there twice", pair[0]));
    }
    nothing_found(&findings);
}

//! The attacks, and what tells that one of them is more than words.

use crate::client::Answer;
use crate::matrix::form::{Tag, tags};

/// What marks an attack.
const MARK: &str = "xssq";
/// What a template makes of one that it carries out.
const COUNTED: &str = "xssq1337";
/// What is typed, and what it tries; none is longer than the shortest text that a field takes.
const CORPUS: [(&str, &str); 14] = [
    ("a script", "<script>alert('xssq')</script>"),
    (
        "a picture that fails",
        "\"><img src=x onerror=alert('xssq')>",
    ),
    ("a drawing", "'><svg/onload=alert('xssq')>"),
    ("an attribute", "\" autofocus onfocus=alert(1) xssq=\""),
    (
        "an attribute in single quotes",
        "' onmouseover='alert(1)' xssq='",
    ),
    (
        "the end of a text area",
        "</textarea><script src=//xssq.example></script>",
    ),
    ("the end of a title", "</title><style>xssq{}</style>"),
    ("a comment", "--!><xssq onclick=alert(1)><!--"),
    (
        "marks that look escaped",
        "&lt;script xssq&gt;&#60;script xssq&#62;",
    ),
    ("an address", "javascript:alert('xssq')//"),
    (
        "an address that holds a page",
        "data:text/html,<script>alert('xssq')</script>",
    ),
    (
        "the braces of templates",
        "xssq{{191*7}}xssq${191*7}xssq<%=191*7%>xssq{ 1337 }",
    ),
    (
        "text that is turned around",
        "xssq\u{202e}<gpj.\u{2066}exe>",
    ),
    ("a second line", "xssq\r\nBcc: <xssq@evil.example>"),
];
/// Letters of a word that no line holds.
const LONG: usize = 4_000;
/// Kinds of content that a browser runs or draws.
const RUNS: [&str; 4] = ["html", "svg", "xml", "javascript"];
/// Attributes that lead somewhere.
const ADDRESSES: [&str; 7] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data-load",
    "data-options",
];
/// Elements that none of our pages has.
const NEVER: [&str; 6] = ["style", "iframe", "object", "embed", "base", "template"];

pub(super) type Corpus = [(&'static str, String)];

pub(super) fn corpus() -> Vec<(&'static str, String)> {
    let texts = CORPUS.map(|(what, text)| (what, text.to_owned()));
    let more = [
        ("nothing", "xssq\0<b>".to_owned()),
        ("a very long word", "W".repeat(LONG)),
    ];
    texts.into_iter().chain(more).collect()
}

/// Whether HTML means something by what is in it.
pub(super) fn marked(attack: &str) -> bool {
    attack.contains(['<', '>', '"', '\'', '&'])
}

/// Whether nobody sees what is in it.
pub(super) fn unseen(c: char) -> bool {
    matches!(c, '\0' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a field that takes it must show it: it has marks, and nothing that is left out or is another line.
pub(super) fn shows(attack: &str) -> bool {
    marked(attack) && !attack.contains(unseen) && !attack.contains('\n')
}

/// As text is written into a page.
pub(super) fn escaped(attack: &str) -> String {
    let marks = [
        ("&", "&#38;"),
        ("<", "&#60;"),
        (">", "&#62;"),
        ("\"", "&#34;"),
        ("'", "&#39;"),
    ];
    marks.iter().fold(attack.to_owned(), |text, (mark, sign)| {
        text.replace(mark, sign)
    })
}

/// Whether it is a name that we would give.
fn plain(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':');
    !name.is_empty() && name.chars().all(letter) && !name.contains(MARK)
}

/// Whether an address runs something.
fn runs(address: &str) -> bool {
    let seen = |c: &char| !c.is_control() && !c.is_whitespace();
    let address: String = address.chars().filter(seen).collect();
    let address = address.to_ascii_lowercase();
    let schemes = ["javascript:", "vbscript:", "data:"];
    schemes.iter().any(|scheme| address.starts_with(scheme))
}

/// What is wrong with a tag: it runs something, leads to something that runs, or is none of ours.
fn dangerous(tag: &Tag) -> Option<String> {
    let begins = !tag.name.starts_with('/');
    let name = tag.name.trim_start_matches('/');
    let ours = name == "!DOCTYPE" || plain(name);
    let source = tag.attributes.get("src").map_or("", String::as_str);
    let script = name == "script" && begins && !source.starts_with("/assets/");
    let mut attributes = tag.attributes.iter();
    let wrong = attributes.any(|(name, value)| {
        let acts = name.starts_with("on") || matches!(name.as_str(), "style" | "srcdoc");
        acts || !plain(name) || (ADDRESSES.contains(&name.as_str()) && runs(value))
    });
    let wrong = wrong || script || !ours || NEVER.contains(&name);
    wrong.then(|| format!("<{} {:?}>", tag.name, tag.attributes))
}

/// What is wrong with an answer, whoever gets it.
pub(super) fn faults(answer: &Answer, corpus: &Corpus, path: &str) -> Vec<String> {
    let (page, kind) = (answer.text(), answer.header("content-type"));
    let mut found = Vec::new();
    if answer.status >= 500 {
        found.push(answer.status.to_string());
    }
    if !kind.starts_with("text/html") {
        let guessed = !page.is_empty() && answer.header("x-content-type-options") != "nosniff";
        let drawn = RUNS.iter().any(|one| kind.contains(*one)) && page.contains(MARK);
        if guessed || drawn {
            found.push(format!("it is sent as {kind:?}"));
        }
        return found;
    }
    // A message as its sender laid it out has tags that were made harmless, and quotes between them.
    if !path.ends_with("/html") {
        found.extend(as_they_came(&page, corpus));
    }
    if page.contains(COUNTED) {
        found.push("a template was carried out".to_owned());
    }
    found.extend(tags(&page).iter().filter_map(dangerous));
    found
}

/// The attacks that a page holds with their marks.
fn as_they_came(page: &str, corpus: &Corpus) -> Vec<String> {
    let came = |attack: &str| marked(attack) && page.contains(attack);
    let came = corpus.iter().filter(|(_, attack)| came(attack));
    came.map(|(what, _)| format!("{what} is written as it came"))
        .collect()
}

#[test]
fn what_breaks_out_is_found_and_what_is_text_is_not() {
    let corpus = corpus();
    let page = |attack: &str| {
        format!(
            "<!DOCTYPE html><script src=\"/assets/app.1.js\" defer></script>\
             <p title=\"{attack}\"><a href=\"/x?a={attack}\">{attack}</a></p>"
        )
    };
    let bent = |page: &str| tags(page).iter().any(|tag| dangerous(tag).is_some());
    for (what, attack) in corpus.iter().filter(|(_, attack)| marked(attack)) {
        assert!(!as_they_came(&page(attack), &corpus).is_empty(), "{what}");
        let safe = page(&escaped(attack));
        assert!(as_they_came(&safe, &corpus).is_empty(), "{what}");
        assert!(!bent(&safe), "{what}");
    }
    for (what, attack) in &corpus[..4] {
        assert!(bent(&page(attack)), "{what}");
    }
    for (what, html) in [
        ("an address", "<a href=\"java\tscript:alert(1)\">x</a>"),
        ("an address of a form", "<form action=\"JavaScript:x\">"),
        ("single quotes", "<a title='' onmouseover='x'>"),
        ("a style sheet", "</title><style>xssq{}</style>"),
        (
            "another's script",
            "<script src=\"//xssq.example\"></script>",
        ),
        ("what is none of ours", "<xssq>"),
    ] {
        assert!(bent(html), "{what}");
    }
}

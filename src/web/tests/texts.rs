//! Every id that code and templates say exists, in both languages, with the same arguments; and the
//! German words are those of the house.

use crate::Failure;
use crate::texts::{self, Texts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wabe_access::{Limit, Role, StaffRole};
use wabe_kernel::{Language, Problem, ResourceKind, State};

/// Message id to the arguments it names, terms left out.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, source) in Texts::sources(language) {
        let mut id = String::new();
        for line in source.lines() {
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if begins && let Some((name, _)) = line.split_once('=') {
                name.trim().clone_into(&mut id);
                let known = found.insert(id.clone(), BTreeSet::new());
                assert!(known.is_none(), "{id} twice, again in {file}");
            } else if line.starts_with(['-', '#']) {
                id.clear();
            }
            if let Some(args) = found.get_mut(&id) {
                args.extend(line.split('$').skip(1).map(|rest| {
                    rest.chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                        .collect()
                }));
            }
        }
    }
    found
}

fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "tests" | "target") {
            files(&path, ending, into);
        } else if name.ends_with(ending) && name != "tests.rs" {
            into.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Each file's text up to its tests.
fn sources(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    files(&root().join(folder), ending, &mut paths);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The literals right behind `opening`, line breaks allowed.
fn literals<'a>(text: &'a str, opening: &str) -> Vec<&'a str> {
    let behind = text.split(opening).skip(1);
    let literal = behind.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    literal.filter(|literal| is_id(literal)).collect()
}

fn said_by_code() -> BTreeSet<(String, PathBuf)> {
    let openings = [
        ("Problem::new(", "problem-"),
        ("Conflict(", "conflict-"),
        ("StepFailure::new(", "failure-"),
        ("Refused(", "content-"),
    ];
    let mut said = BTreeSet::new();
    for (path, text) in sources("src", ".rs") {
        // What is said to plugins is in the words of their interface.
        let to_plugins = [
            "/src/sandbox/",
            "/src/drivers/fetch/",
            "/src/drivers/sandbox/",
            "/src/testkit/plugins/",
        ];
        if to_plugins
            .iter()
            .any(|room| path.to_string_lossy().contains(room))
        {
            continue;
        }
        for (opening, stem) in openings {
            said.extend(
                literals(&text, opening)
                    .into_iter()
                    .map(|id| (format!("{stem}{id}"), path.clone())),
            );
        }
        let rooms = ["/portal/", "/staff/", "/web/"];
        if rooms
            .iter()
            .any(|room| path.to_string_lossy().contains(room))
        {
            for opening in ["text: ", "heading: Some(", "Message::new(language,"] {
                said.extend(
                    literals(&text, opening)
                        .into_iter()
                        .map(|id| (id.to_owned(), path.clone())),
                );
            }
        }
        if path.ends_with("kernel/desired.rs") {
            let words = text
                .split("match self {")
                .nth(1)
                .unwrap()
                .split('}')
                .next()
                .unwrap();
            said.extend(
                literals(words, "=>")
                    .into_iter()
                    .map(|word| (format!("step-{word}"), path.clone())),
            );
        }
    }
    said
}

fn said_by_templates() -> BTreeSet<(String, PathBuf)> {
    let mut said = BTreeSet::new();
    for (path, text) in sources("templates", ".html") {
        for piece in text.split("\"|t").collect::<Vec<_>>().windows(2) {
            let [before, after] = piece else { continue };
            let whole = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            if let Some(id) = before.rsplit('"').next().filter(|id| whole && is_id(id)) {
                said.insert((id.to_owned(), path.clone()));
            }
        }
    }
    said
}

fn said_by_lists() -> Vec<String> {
    let mut said = Vec::new();
    said.extend(State::ALL.iter().map(|state| format!("state-{state}")));
    said.extend(ResourceKind::ALL.iter().map(|kind| format!("kind-{kind}")));
    said.extend(
        Limit::ALL
            .iter()
            .flat_map(|l| [format!("limit-{l}"), format!("limit-reached-{l}")]),
    );
    said.extend(
        Role::ALL
            .iter()
            .flat_map(|role| [format!("role-{role}"), format!("role-{role}-text")]),
    );
    said.extend(
        StaffRole::ALL
            .iter()
            .map(|role| format!("staff-role-{role}")),
    );
    let ends = ["title", "happened", "works", "helps"];
    said.extend(
        Failure::WORDS
            .iter()
            .flat_map(|w| ends.map(|end| format!("error-{w}-{end}"))),
    );
    said.extend((1..=12).map(|month| format!("month-{month}")));
    said
}

#[test]
fn the_files_are_whole_and_both_languages_say_the_same() {
    assert_eq!(Texts::global().damage, Vec::<String>::new());
    let (mut de, mut en) = (messages(Language::De), messages(Language::En));
    // A date is put together from other pieces in each language.
    for (id, args) in de.iter_mut().chain(en.iter_mut()) {
        if ["-day", "-clock", "-moment"]
            .iter()
            .any(|end| id.ends_with(end))
        {
            args.clear();
        }
    }
    let only = |a: &BTreeMap<String, BTreeSet<String>>, b: &BTreeMap<String, BTreeSet<String>>| {
        let differs = |(id, args): &(&String, &BTreeSet<String>)| b.get(*id) != Some(*args);
        a.iter()
            .filter(differs)
            .map(|(id, args)| format!("{id} {args:?}"))
            .collect::<Vec<_>>()
    };
    assert_eq!((only(&de, &en), only(&en, &de)), (vec![], vec![]));
}

#[test]
fn everything_that_is_said_exists() {
    let texts = Texts::global();
    let mut missing = BTreeSet::new();
    for language in Language::ALL {
        let said = said_by_code().into_iter().chain(said_by_templates());
        let said = said.map(|(id, path)| (id, path.display().to_string()));
        let lists = said_by_lists()
            .into_iter()
            .map(|id| (id, "a list".to_owned()));
        for (id, place) in said.chain(lists) {
            if !texts.has(language, &id) {
                missing.insert(format!("{language}: {id}, said in {place}"));
            }
        }
    }
    assert_eq!(
        missing.into_iter().collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    assert!(said_by_templates().len() > 30 && said_by_code().len() > 40);
}

#[test]
fn german_uses_the_words_of_the_house() {
    let refused = [
        "Kennwort",
        "Einwilligung",
        "Account",
        "Quota",
        "Tenant",
        "Mandant",
        "Plugin",
        "Subdirectory",
        "Forward",
        "Autoresponder",
        "Trash",
        "ungültig",
        "Ungültig",
        "Login-Name",
        "Usern",
    ];
    let mut wrong = Vec::new();
    for (file, source) in Texts::sources(Language::De) {
        // What people type into the search is theirs, not ours.
        let ours = |line: &&str| !line.starts_with('#') && !line.starts_with("search-words-");
        for line in source.lines().filter(ours) {
            let text = line.split_once('=').map_or(line, |(_, text)| text);
            for word in refused.iter().filter(|word| text.contains(**word)) {
                wrong.push(format!("{file}: {word}: {text}"));
            }
            let bare = text
                .match_indices("Mail")
                .any(|(at, _)| !text[..at].ends_with("E-"));
            if bare {
                wrong.push(format!("{file}: Mail: {text}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What is left of a template without its expressions, comments and tags.
fn own_words(template: &str) -> String {
    let mut rest = template.to_owned();
    for (begin, end) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(from) = rest.find(begin) {
            let to = rest[from..]
                .find(end)
                .map_or(rest.len(), |to| from + to + end.len());
            rest.replace_range(from..to, "");
        }
    }
    let mut words = String::new();
    for name in ["aria-label", "placeholder", "title", "alt"] {
        for value in rest.split(&format!("{name}=\"")).skip(1) {
            words += value.split('"').next().unwrap();
        }
    }
    for piece in rest.split('<') {
        words += piece.rsplit('>').next().unwrap();
        words.push('\n');
    }
    words
}

#[test]
fn what_is_wrong_with_a_line_or_a_setting_is_said_of_it() {
    let why = Problem::new("rule-there-already");
    let said = |problem: &Problem| texts::problem(Language::De, problem);
    let in_line = said(&why.clone().in_line(3, " 410 /alt "));
    assert_eq!(in_line, format!("Zeile 3, „410 /alt“: {}", said(&why)));
    let of_setting = said(&why.clone().of_setting("memory_limit"));
    assert_eq!(of_setting, format!("memory_limit: {}", said(&why)));
}

#[test]
fn templates_hold_no_sentence_of_their_own() {
    let mut wrong = Vec::new();
    for (path, text) in sources("templates", ".html") {
        if path.to_string_lossy().contains("/drivers/") {
            continue;
        }
        let words = own_words(&text).replace("Wabe", "");
        // Classes and attributes that a block or a condition adds.
        let markup = |word: &&str| word.contains("=\"") || word.starts_with("wb-");
        let words: Vec<&str> = words
            .split_whitespace()
            .filter(|word| !markup(word))
            .collect();
        let words = words.join(" ");
        for word in words
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.len() > 2)
        {
            let entity = matches!(word, "nbsp" | "shy" | "ensp" | "amp" | "DOCTYPE" | "html");
            if !entity {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

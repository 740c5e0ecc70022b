//! `docs/plugins/reference.md` and the schemas beside it: what plugins speak with the panel, made from
//! `wit/`, from the commands and from what each leaves in the record, and held to what is so.
//!
//! Whoever changed one of them: `WRITE_REFERENCE=1 cargo test --workspace --test it reference`.

mod effects;
mod pages;
mod shape;
mod tables;
mod topics;
mod wit;

use crate::every_command;
use crate::repository::{files, root, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wabe_testkit::{Engine, House};

/// Where all of it lies.
const FOLDER: &str = "docs/plugins";
const SCHEMAS: &str = "docs/plugins/schemas";
/// Says that the files are to be written anew.
const WRITE: &str = "WRITE_REFERENCE";
/// How wide a paragraph is, in characters.
const WIDTH: usize = 118;

const HEAD: &str = "\
# Reference

Everything that a plugin and the panel say to each other. This page and the [schemas](schemas) are made from
[`wit/`](../../wit), from the panel's commands and from what each of them leaves in the record; a test holds them to
it. How to use it: [cookbook](cookbook.md); what stays as it is: [versions](versioning.md).
";

/// A chapter: its title and its text.
type Chapter = (&'static str, String);

/// The page, with its table of contents.
fn page(chapters: &[Chapter]) -> String {
    let mut page = format!("{HEAD}\n");
    for (title, _) in chapters {
        let anchor = title.to_lowercase().replace(' ', "-");
        writeln!(page, "- [{title}](#{anchor})").unwrap();
    }
    for (title, text) in chapters {
        let text: Vec<String> = text.trim_end().lines().map(wrapped).collect();
        writeln!(page, "\n## {title}\n\n{}", text.join("\n")).unwrap();
    }
    page
}

/// A line of a paragraph in lines that fit a screen; everything else stays as it is.
fn wrapped(line: &str) -> String {
    if line.starts_with(['|', '#', '`', '{', ' ']) {
        return line.to_owned();
    }
    let (mut text, mut width) = (String::new(), 0);
    for word in line.split(' ') {
        let length = word.chars().count();
        if width > 0 {
            let fits = width + 1 + length <= WIDTH;
            text.push(if fits { ' ' } else { '\n' });
            width = if fits { width + 1 } else { 0 };
        }
        text.push_str(word);
        width += length;
    }
    text
}

/// A table; cells must not hold a bar.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        assert!(row.iter().all(|cell| !cell.contains('|')), "{row:?}");
        writeln!(text, "| {} |", row.join(" | ").replace('\n', " ")).unwrap();
    }
    text
}

/// The first sentence.
fn sentence(text: &str) -> String {
    let text = text.replace('\n', " ");
    text.split_inclusive(". ")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

/// Every file of the reference, by its path from the root.
async fn made() -> BTreeMap<String, String> {
    let house = House::on(Engine::Sqlite).await;
    let (house, _passed) = every_command::all(house).await;
    let topics = topics::heard(&house).await;
    let effects = effects::all();
    let (api_in, api_out, types) = wit::chapters();
    let chapters = [
        ("Entry points", api_in),
        ("Capabilities", tables::capabilities()),
        ("Calls", api_out),
        ("Types", types),
        ("Topics", topics::chapter(&topics)),
        ("Effects", effects::chapter(&effects)),
        ("What can be read", tables::records(&house)),
        ("Pages", pages::chapter()),
        ("Limits", tables::limits()),
        ("Ends of runs", tables::ends()),
    ];
    let mut made = BTreeMap::from([(format!("{FOLDER}/reference.md"), page(&chapters))]);
    for (name, schema) in topics::schemas(&topics) {
        made.insert(format!("{SCHEMAS}/topics/{name}.json"), pretty(&schema));
    }
    for (name, schema) in effects {
        made.insert(format!("{SCHEMAS}/effects/{name}.json"), pretty(&schema));
    }
    made
}

fn write(made: &BTreeMap<String, String>) {
    for path in files(SCHEMAS) {
        std::fs::remove_file(root().join(path)).unwrap();
    }
    for (path, text) in made {
        let path = root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[tokio::test]
async fn the_reference_for_authors_says_what_is_so() {
    let made = made().await;
    if std::env::var_os(WRITE).is_some() {
        write(&made);
    }
    let kept = files(SCHEMAS).into_iter();
    let strange = kept.filter(|path| !made.contains_key(path));
    let stale = made.iter().filter(|(path, made)| text(path) != **made);
    let stale = stale.map(|(path, _)| path.clone());
    let findings: Vec<String> = stale.chain(strange).collect();
    assert!(findings.is_empty(), "{findings:?}: run it with {WRITE}=1");
}

//! The author's way, with guests written by hand instead of tools that build them.

use crate::author::case::Case;
use crate::author::kit::Language;
use crate::author::project::Project;
use crate::author::screen::{Done, Trouble};
use crate::author::{Arguments, carry_out};
use crate::run::tests::guests::handler;
use clap::Parser;
use std::path::{Path, PathBuf};
use wabe_package::icon::Icon;
use wabe_package::settings::Settings;
use wabe_package::{Manifest, Package, PublicKey, Signature};

const MANIFEST: &str = r#"
id = "little"
version = "1.0.0"
api = "1.0"
author = "Wabe"
component = "plugin.wasm"
name = { de = "Klein", en = "Little" }
summary = { de = "Tut wenig.", en = "Does little." }
[[capability]]
capability = "events:mailbox.*"
reason = { de = "Hört zu.", en = "Listens." }
[[trigger]]
kind = "event"
topic = "mailbox.create"
"#;

/// What a guest imports to ask the store, and the code that asks for a key of one byte.
const ASKING: &str = r#"(import "wabe:plugin/kv@1.0.0" "get" (func $get (param i32 i32 i32)))"#;
const ASK: &str = "(i32.store8 (i32.const 0) (i32.const 107)) (call $get (i32.const 0) (i32.const 1) (i32.const 128))";

/// A project in a folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(component: &[u8]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("plugin.toml", MANIFEST.as_bytes());
        folder.write("plugin.wasm", component);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        crate::author::disk::write(&self.path(name), bytes).unwrap();
    }

    fn case(&self, name: &str, text: &str) {
        self.write(&format!("tests/{name}.json"), text.as_bytes());
    }

    /// Carries out a command of this project.
    fn run(&self, words: &[&str]) -> Done {
        carry_out(&arguments(self.0.path(), words))
    }

    fn trouble(&self, words: &[&str]) -> String {
        self.run(words).unwrap_err().0.join("\n")
    }
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

fn arguments(project: &Path, words: &[&str]) -> Arguments {
    let project = project.to_str().unwrap();
    let line = [&["plugin", "--project", project], words].concat();
    Line::try_parse_from(line).unwrap().arguments
}

const EVENT: &str = r#""entry": {"entry": "event", "topic": "mailbox.create", "payload": {}}"#;

#[test]
fn a_case_holds_or_fails_by_what_came_out() {
    let folder = Folder::new(&handler("", ""));
    folder.case(
        "good",
        &format!("{{{EVENT}, \"expect\": {{\"data\": \"\"}}}}"),
    );
    assert_eq!(folder.run(&["test", "--no-build"]), Ok(()));
    folder.case(
        "bad",
        &format!("{{{EVENT}, \"expect\": {{\"effects\": [{{\"kind\": \"mail\"}}]}}}}"),
    );
    let trouble = folder.trouble(&["test", "--no-build"]);
    assert_eq!(
        trouble,
        "tests: 1 of 2 failed, as said above. Mend the plugin, or the case."
    );
}

#[test]
fn a_case_without_its_trigger_says_which_there_are() {
    let folder = Folder::new(&handler("", ""));
    let trouble = folder.trouble(&["simulate", "--no-build", "--event", "domain.create"]);
    assert!(
        trouble.contains("no trigger for an event domain.create"),
        "{trouble}"
    );
    assert!(trouble.contains("event:mailbox.create"), "{trouble}");
    let trouble = folder.trouble(&["simulate", "--no-build", "--form", "main"]);
    assert!(trouble.contains("no trigger for a form main"), "{trouble}");
}

#[test]
fn endless_work_ends_by_fuel() {
    let folder = Folder::new(&handler("", "(loop $l (br $l))"));
    let trouble = folder.trouble(&["simulate", "--no-build", "--event", "mailbox.create"]);
    assert!(trouble.contains("the limit fuel"), "{trouble}");
}

#[test]
fn a_recorded_run_replays_and_another_build_differs() {
    let folder = Folder::new(&handler(ASKING, ASK));
    let file = folder.path("run.json");
    let file = file.to_str().unwrap();
    let words = [
        "simulate",
        "--no-build",
        "--event",
        "mailbox.create",
        "--record",
        file,
    ];
    assert_eq!(folder.run(&words), Ok(()));
    assert_eq!(folder.run(&["replay", "--no-build", file]), Ok(()));
    folder.write("plugin.wasm", &handler("", ""));
    let trouble = folder.trouble(&["replay", "--no-build", file]);
    let says = "first difference at calls[0]: recorded kv.get, replayed no further call";
    assert!(trouble.contains(says), "{trouble}");
}

#[test]
fn a_simulated_run_becomes_a_case_that_holds() {
    let folder = Folder::new(&handler(ASKING, ASK));
    let file = folder.path("tests/saved.json");
    let words = [
        "simulate",
        "--no-build",
        "--event",
        "mailbox.create",
        "--save",
        file.to_str().unwrap(),
    ];
    assert_eq!(folder.run(&words), Ok(()));
    assert_eq!(folder.run(&["test", "--no-build"]), Ok(()));
}

#[test]
fn a_package_is_packed_signed_and_read_again() {
    let folder = Folder::new(&handler("", ""));
    let key = folder.path("key.pem");
    assert_eq!(folder.run(&["key", "new", key.to_str().unwrap()]), Ok(()));
    let trouble = folder.trouble(&["sign", "--key", key.to_str().unwrap()]);
    assert!(trouble.contains("wabe plugin pack"), "{trouble}");
    assert_eq!(folder.run(&["pack", "--no-build"]), Ok(()));
    assert_eq!(
        folder.run(&["sign", "--key", key.to_str().unwrap()]),
        Ok(())
    );
    let bytes = std::fs::read(folder.path("little.wabeplugin")).unwrap();
    let package = Package::read(&bytes, 4 << 20).unwrap();
    let public = std::fs::read_to_string(folder.path("key.pem.pub")).unwrap();
    let public = PublicKey::read(&public).unwrap();
    assert_eq!(Signature::verify(&package.parts, &public), Ok(()));
    let again = folder.trouble(&["key", "new", key.to_str().unwrap()]);
    assert!(again.contains("it is there already"), "{again}");
}

#[test]
fn a_private_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[]);
    let key = folder.path("key.pem");
    assert_eq!(folder.run(&["key", "new", key.to_str().unwrap()]), Ok(()));
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let folder = Folder::new(&handler("", ""));
    let more = "settings = \"settings.json\"\nicon = \"icon.svg\"\n";
    let ticket = "[[capability]]\ncapability = \"ticket\"\nreason = { de = \"A\", en = \"A\" }\n[[trigger]]\nkind = \"ticket\"\n";
    folder.write(
        "plugin.toml",
        format!("{more}{MANIFEST}{ticket}").as_bytes(),
    );
    folder.write("settings.json", b"{\"type\": \"array\"}");
    folder.write("icon.svg", b"<svg><script/></svg>");
    folder.case("typo", &format!("{{{EVENT}, \"expects\": {{}}}}"));
    let trouble = folder.trouble(&["check", "--no-build"]);
    for part in [
        "settings.json",
        "icon.svg",
        "typo.json",
        "the trigger ticket needs the export",
    ] {
        assert!(trouble.contains(part), "{part}: {trouble}");
    }
}

#[test]
fn what_the_kit_of_tools_needs_is_named() {
    let folder = Folder::new(&handler("", ""));
    let trouble = folder.trouble(&["test"]);
    assert!(
        trouble.contains("no Cargo.toml and no package.json"),
        "{trouble}"
    );
    folder.write("package.json", b"{}");
    assert!(folder.trouble(&["test"]).contains("Run: npm install"));
    let empty = tempfile::tempdir().unwrap();
    let Err(Trouble(lines)) = Project::open(empty.path()) else {
        panic!("a project in nothing")
    };
    assert!(lines[0].contains("wabe plugin new"), "{lines:?}");
}

#[test]
fn a_fresh_project_is_whole() {
    for (language, build) in [
        (Language::Rust, "Cargo.toml"),
        (Language::Js, "package.json"),
    ] {
        let files = language.files("my-plugin");
        let find = |name: &str| {
            let file = files.iter().find(|(path, _)| path == name);
            file.unwrap_or_else(|| panic!("{name} is not in the template"))
                .1
                .as_slice()
        };
        let manifest = Manifest::read(find("plugin.toml")).unwrap();
        assert_eq!(manifest.id.as_str(), "my-plugin");
        assert!(manifest.advice().is_empty());
        Settings::read("settings", find(manifest.settings.as_deref().unwrap())).unwrap();
        Icon::read("icon", find(manifest.icon.as_deref().unwrap())).unwrap();
        assert!(
            std::str::from_utf8(find(build))
                .unwrap()
                .contains("vendor/wabe-plugin")
        );
        assert!(find(".gitignore").starts_with(b"/"));
        find(&format!("vendor/wabe-plugin/{build}"));
        Case::parse(std::str::from_utf8(find("tests/welcome.json")).unwrap()).unwrap();
        let left = files
            .iter()
            .filter(|(path, _)| !path.starts_with("vendor/"));
        for (path, bytes) in left {
            assert!(
                !String::from_utf8_lossy(bytes).contains("{{name}}"),
                "{path}"
            );
        }
    }
}

#[test]
fn the_cases_of_the_documentation_and_of_our_plugins_are_read() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let text = std::fs::read_to_string(root.join("docs/plugins/tests.md")).unwrap();
    let example = text
        .split("```json")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    Case::parse(example).unwrap();
    let mut cases = 0;
    for plugin in ["dyndns", "quota-alert", "markdown-site"] {
        let folder = root.join("plugins").join(plugin);
        let project = Project::open(&folder).unwrap();
        project.settings().unwrap();
        for file in crate::author::disk::list(&folder.join("tests"), "json") {
            Case::read(&file).unwrap();
            cases += 1;
        }
    }
    assert!(cases >= 3, "{cases}");
}

#[test]
fn a_typing_error_is_never_an_assertion_that_holds() {
    for (text, says) in [
        ("{}".to_owned(), "neither entry nor steps"),
        (
            format!("{{{EVENT}, \"steps\": [{{{EVENT}}}]}}"),
            "both entry and steps",
        ),
        (
            format!("{{{EVENT}, \"expect\": {{\"efects\": []}}}}"),
            "unknown field `efects`",
        ),
        (
            format!("{{{EVENT}, \"expect\": {{\"effects\": [{{\"knd\": \"x\"}}]}}}}"),
            "unknown field `knd`",
        ),
        (
            format!("{{{EVENT}, \"expect\": {{\"reply\": {{\"code\": 200}}}}}}"),
            "unknown field `code`",
        ),
        (
            format!("{{{EVENT}, \"host\": {{\"files\": {{\"web_1\": {{\"a\": 1}}}}}}}}"),
            "did not match",
        ),
        (
            "{\"entry\": {\"entry\": \"evnt\"}}".to_owned(),
            "unknown variant `evnt`",
        ),
        (
            "{\"entry\": {\"entry\": \"task\", \"task\": \"a\", \"name\": \"b\"}}".to_owned(),
            "unknown field `name`",
        ),
    ] {
        let cause = Case::parse(&text).unwrap_err();
        assert!(cause.contains(says), "{text}: {cause}");
    }
}

//! The files of this repository, and the tables its migrations make.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "var", "__pycache__"];

/// The repository's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Every file of ours beneath `folder`, by its path from the root, sorted.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut waiting = vec![root.join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap();
            if NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if entry.path().is_dir() {
                waiting.push(entry.path());
            } else {
                let path = entry.path();
                found.push(
                    path.strip_prefix(&root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    found.sort();
    found
}

/// Whether a path ends with a dot and this.
pub(crate) fn is_kind(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

/// The text of a file of ours; what is not text is empty.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// A list kept beside the tests: lines of `key reason`, each with its reason. Lists may only shrink:
/// whoever reads one also calls [`List::all_used`].
pub(crate) struct List {
    file: &'static str,
    left: BTreeMap<String, String>,
}

impl List {
    /// The list in `tests/tidy/{file}`; keys are the first `words` words of a line.
    pub(crate) fn read(file: &'static str, words: usize) -> Self {
        let text = text(&format!("tests/tidy/{file}"));
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let left = lines.map(|line| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let (key, reason) = parts.split_at(words.min(parts.len()));
            assert!(!reason.is_empty(), "{file}: no reason given in {line:?}");
            (key.join(" "), reason.join(" "))
        });
        Self {
            file,
            left: left.collect(),
        }
    }

    /// Takes `key` off the list; what stands behind it.
    pub(crate) fn take(&mut self, key: &str) -> Option<String> {
        self.left.remove(key)
    }

    /// Fails when something on the list was not needed.
    pub(crate) fn all_used(self) {
        assert!(
            self.left.is_empty(),
            "take off {}: {:?}",
            self.file,
            self.left.keys()
        );
    }
}

/// Fails with every finding, one a line.
pub(crate) fn nothing_found(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// The tables that the portable migrations make, with their columns.
pub(crate) fn tables() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files("migrations") {
        let text = text(&path);
        let lines = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default());
        let sql: String = lines.collect::<Vec<_>>().join("\n");
        for statement in sql.split(';') {
            let words: Vec<&str> = statement.split_whitespace().collect();
            if let ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] = words[..] {
                let columns: &mut Vec<String> = found.get_mut(table).unwrap();
                columns.push(column.to_owned());
            }
            let Some((head, body)) = statement.split_once('(') else {
                continue;
            };
            let mut words = head.split_whitespace();
            if (words.next(), words.next()) != (Some("CREATE"), Some("TABLE")) {
                continue;
            }
            let name = words.next().unwrap().to_owned();
            let columns = body
                .lines()
                .filter_map(|line| line.split_whitespace().next());
            let columns =
                columns.filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            found.insert(name, columns.map(str::to_owned).collect());
        }
    }
    assert!(found.len() > 20, "the migrations were not understood");
    found
}

/// The tables whose rows belong to customers, and the table of customers itself.
pub(crate) fn customer_tables() -> Vec<String> {
    let owned = |columns: &[String]| columns.iter().any(|column| column == "customer_id");
    let tables = tables();
    let owned = tables
        .iter()
        .filter(|(name, columns)| *name == "customer" || owned(columns));
    owned.map(|(name, _)| name.clone()).collect()
}

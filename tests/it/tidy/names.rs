//! Names that say nothing are nobody's.

use crate::repository::{files, nothing_found};
use crate::tidy::source::sources;

/// A shelf with such a name takes everything.
const BANNED: [&str; 9] = [
    "utils", "util", "common", "helpers", "helper", "core", "service", "misc", "manager",
];

/// Folders whose files are named by somebody else.
const FOREIGN: [&str; 2] = ["static/", "docs/"];

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() {
    let mut findings = Vec::new();
    for path in files(".") {
        if FOREIGN.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for part in path.split('/') {
            let name = part.split('.').next().unwrap_or(part);
            if BANNED.contains(&name) {
                findings.push(format!("{path}: {name} says nothing"));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let mut findings = Vec::new();
    for source in sources() {
        for (number, line) in source.code.iter().enumerate() {
            let words = line
                .trim()
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub ");
            let name = words
                .strip_prefix("mod ")
                .map(|rest| rest.trim_end_matches([';', ' ', '{']));
            if name.is_some_and(|name| BANNED.contains(&name)) {
                findings.push(format!("{}: {words}", source.at(number + 1)));
            }
        }
    }
    nothing_found(&findings);
}

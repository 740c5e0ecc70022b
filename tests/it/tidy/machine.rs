//! The repository says nothing about the machine or the people it was written on.

use crate::repository::{files, nothing_found, text};

/// Beginnings of paths that exist on one machine only, in two parts, so that this file has none.
const PATHS: [(&str, &str); 5] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/home", "/"),
    ("/Use", "rs/"),
    ("C:", "\\Users"),
];

#[test]
fn no_file_names_a_path_of_one_machine() {
    let paths = PATHS.map(|(first, second)| format!("{first}{second}"));
    let mut findings = Vec::new();
    for path in files(".") {
        if path.starts_with("static/") {
            continue;
        }
        for (number, line) in text(&path).lines().enumerate() {
            for found in paths.iter().filter(|found| mentions(line, found)) {
                findings.push(format!("{path}:{}: {found}", number + 1));
            }
        }
    }
    nothing_found(&findings);
}

/// Whether a line names the path from the root on, and not as a part of another.
fn mentions(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        let after = line[place + path.len()..].chars().next();
        let inside =
            before.is_some_and(|c| c.is_alphanumeric() || "._-{}$/:~\"".contains(c) && c != '"');
        !inside && after.is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

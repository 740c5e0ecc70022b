//! What is installed.

use std::collections::BTreeMap;

/// The packages that are installed, with their versions, in lines of status, name and version.
#[must_use]
pub fn installed_in(lines: &str) -> BTreeMap<String, String> {
    let lines = lines
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let installed = lines.filter_map(|parts| match parts.as_slice() {
        ["installed", name, version] => Some(((*name).to_owned(), (*version).to_owned())),
        _ => None,
    });
    installed.collect()
}

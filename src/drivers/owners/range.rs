//! The numbers that customers' users are taken from: none of them may be anybody's already.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// Numbers of users and groups, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Range {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl Default for Range {
    fn default() -> Self {
        Self {
            first: 200_000,
            last: 299_999,
        }
    }
}

/// Below this numbers are the system's and its people's.
const LOWEST: u32 = 65_536;
/// Above this the kernel and its programs give numbers a meaning of their own.
const HIGHEST: u32 = 2_000_000_000;

impl Range {
    /// What is wrong with it by itself, one line each, naming the key.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.first < LOWEST {
            found.push(format!(
                "first: {LOWEST} at least; lower numbers are the system's"
            ));
        }
        if self.last > HIGHEST {
            found.push(format!("last: {HIGHEST} at most"));
        }
        if self.first > self.last {
            found.push("last: not below first".to_owned());
        }
        found
    }

    fn has(self, number: u64) -> bool {
        (u64::from(self.first)..=u64::from(self.last)).contains(&number)
    }

    /// Who has a number of the range already by the lists in this folder (`/etc`): the file and the line.
    ///
    /// Errors: what reading them says; a list that is not there names nobody.
    pub(super) fn clash(self, lists: &Path) -> io::Result<Option<(&'static str, String)>> {
        for (file, kind) in LISTS {
            let text = match std::fs::read_to_string(lists.join(file)) {
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => continue,
                text => text?,
            };
            if let Some(line) = text.lines().find(|line| self.is_in(line, kind)) {
                return Ok(Some((file, line.to_owned())));
            }
        }
        Ok(None)
    }

    fn is_in(self, line: &str, kind: Kind) -> bool {
        let mut words = line.split(':');
        let mut number = |place: usize| words.nth(place)?.trim().parse::<u64>().ok();
        match kind {
            Kind::Users => {
                // The user's own number, and the next word is their group's.
                let (user, group) = (number(2), number(0));
                [user, group]
                    .into_iter()
                    .flatten()
                    .any(|number| self.has(number))
            }
            Kind::Groups => number(2).is_some_and(|number| self.has(number)),
            Kind::Lent => {
                let (Some(first), Some(count)) = (number(1), number(0)) else {
                    return false;
                };
                let end = first.saturating_add(count);
                count > 0 && first <= u64::from(self.last) && end > u64::from(self.first)
            }
        }
    }
}

/// What the lines of a list say. Source: passwd(5), group(5), subuid(5).
#[derive(Clone, Copy)]
enum Kind {
    Users,
    Groups,
    /// Ranges that somebody may give out in turn.
    Lent,
}

const LISTS: [(&str, Kind); 4] = [
    ("passwd", Kind::Users),
    ("group", Kind::Groups),
    ("subuid", Kind::Lent),
    ("subgid", Kind::Lent),
];

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;

    fn clash(file: &str, text: &str) -> Option<&'static str> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(file), text).unwrap();
        let found = Range::default().clash(dir.path()).unwrap();
        found.map(|(file, _)| file)
    }

    #[test]
    fn a_number_that_is_somebodys_is_found_whichever_list_names_it() {
        for (file, text) in [
            (
                "passwd",
                "root:x:0:0::/:/bin/sh\nanna:x:200000:100::/:/bin/sh\n",
            ),
            ("passwd", "anna:x:1000:299999::/:/bin/sh\n"),
            ("group", "web:x:250000:anna\n"),
            ("subuid", "anna:165536:65536\n"),
            ("subuid", "anna:299999:1\n"),
            ("subgid", "anna:1:4000000000\n"),
        ] {
            assert_eq!(clash(file, text), Some(file), "{text}");
        }
    }

    #[test]
    fn numbers_beside_the_range_and_lines_that_say_nothing_are_nobodys() {
        for (file, text) in [
            ("passwd", "anna:x:199999:300000::/:/bin/sh\n"),
            ("passwd", "anna:x:many:more\n\n+::::::\n"),
            ("group", "web:x:1000:200000\n"),
            ("subuid", "anna:100000:100000\n"),
            ("subuid", "anna:300000:65536\nanna:200000:0\n"),
        ] {
            assert_eq!(clash(file, text), None, "{text}");
        }
    }

    #[test]
    fn a_range_among_the_systems_own_or_upside_down_is_refused() {
        assert!(Range::default().problems().is_empty());
        let low = Range {
            first: 1_000,
            last: 2_000,
        };
        assert_eq!(low.problems().len(), 1);
        let turned = Range {
            first: 300_000,
            last: 200_000,
        };
        assert_eq!(turned.problems().len(), 1);
    }
}

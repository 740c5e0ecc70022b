//! Users and groups.

/// The number of whoever has this name in a list of users or of groups: it stands third in both.
#[must_use]
pub fn number_of(list: &str, name: &str) -> Option<u32> {
    let mut lines = list.lines().map(|line| line.split(':'));
    let mut found = lines.find_map(|mut parts| (parts.next() == Some(name)).then_some(parts))?;
    found.nth(1)?.parse().ok()
}

//! Which system it is.

use crate::disk::{inside, read};
use crate::machine::Release;
use std::path::Path;

/// The value of a key in `os-release`, without its quotes.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let (_, value) = lines.find(|(name, _)| *name == key)?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// What the system calls itself, and the release of Debian that it is.
pub(super) fn of(root: &Path) -> (String, Option<Release>) {
    let places = ["/etc/os-release", "/usr/lib/os-release"];
    let mut texts = places.iter().filter_map(|place| {
        let place = inside(root, Path::new(place));
        // The first of them is a link, to the second.
        let place = place.canonicalize().unwrap_or(place);
        read(&place).ok()
    });
    let text = texts.next().unwrap_or_default();
    named(&String::from_utf8_lossy(&text))
}

/// The same, of what stands in `os-release`.
pub(crate) fn named(text: &str) -> (String, Option<Release>) {
    let name = value(text, "PRETTY_NAME").unwrap_or("an unknown system");
    let release = match (value(text, "ID"), value(text, "VERSION_ID")) {
        (Some("debian"), Some("12")) => Some(Release::Bookworm),
        (Some("debian"), Some("13")) => Some(Release::Trixie),
        _ => None,
    };
    (name.to_owned(), release)
}

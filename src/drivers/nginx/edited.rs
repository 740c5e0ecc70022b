//! Includes that somebody edited by hand: restored, and kept beside with the difference, so that nobody's work is lost
//! and whoever runs the node can set it the proper way.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::embedded::web::{Visited, durable};
use crate::nginx::disk;

/// The most of a difference that is shown, in lines and in characters of a line.
const LINES_MAX: usize = 200;
const LINE_CHARS_MAX: usize = 300;

/// An include that was edited, and was restored since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Of what.
    pub of: Visited,
    /// What lay there.
    pub kept: PathBuf,
    /// What should have been there is marked by `-`, what was by `+`.
    pub difference: String,
}

/// The newest edit of each include of the instance beneath the node's folder. Blocks on file work.
///
/// # Errors
/// What the system says.
pub fn edited(node_dir: &Path) -> io::Result<Vec<Edited>> {
    let folder = folder_in(&node_dir.join("nginx"));
    let entries = match std::fs::read_dir(&folder) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".diff"));
        if let Some(of) = stem.and_then(disk::visited) {
            let (kept, difference) = files(&folder, of);
            let difference = std::fs::read_to_string(difference)?;
            found.push(Edited {
                of,
                kept,
                difference,
            });
        }
    }
    found.sort_unstable_by_key(|edited| edited.of);
    Ok(found)
}

/// Keeps what lay there, and how it differs from what should have.
pub(super) fn keep(instance: &Path, of: Visited, (is, should): (&str, &str)) -> io::Result<()> {
    let folder = folder_in(instance);
    std::fs::create_dir_all(&folder)?;
    let (kept, difference) = files(&folder, of);
    durable::replace(&kept, is.as_bytes(), 0o600)?;
    durable::replace(&difference, between(should, is).as_bytes(), 0o600)
}

/// Forgets what was kept of this.
pub(super) fn forget(instance: &Path, of: Visited) -> io::Result<()> {
    let (kept, difference) = files(&folder_in(instance), of);
    durable::remove(&kept)?;
    durable::remove(&difference)
}

fn folder_in(instance: &Path) -> PathBuf {
    instance.join("edited")
}

/// What lay there, and the difference. Their temporary names differ as well.
fn files(folder: &Path, of: Visited) -> (PathBuf, PathBuf) {
    let kept = folder.join(format!("{of}-kept.conf"));
    (kept, folder.join(format!("{of}.diff")))
}

/// The lines that are different: what is the same at the beginning and at the end is left out.
pub(super) fn between(should: &str, is: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (should.lines().collect(), is.lines().collect());
    let same = before.iter().zip(&after);
    let begin = same.take_while(|(one, two)| one == two).count();
    let rests = (
        before.get(begin..).unwrap_or_default(),
        after.get(begin..).unwrap_or_default(),
    );
    let same = rests.0.iter().rev().zip(rests.1.iter().rev());
    let end = same.take_while(|(one, two)| one == two).count();
    let mut text = String::new();
    for (mark, lines) in [('-', rests.0), ('+', rests.1)] {
        let shown = lines.len().saturating_sub(end);
        for line in lines.iter().take(shown.min(LINES_MAX)) {
            let plain = |c: char| if c.is_control() { ' ' } else { c };
            let line: String = line.chars().take(LINE_CHARS_MAX).map(plain).collect();
            // Writing to a text cannot fail.
            if writeln!(text, "{mark}{line}").is_err() {
                return text;
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn a_difference_shows_the_lines_that_are_others() {
        assert_eq!(between("a\nb\nc\n", "a\nx\ny\nc\n"), "-b\n+x\n+y\n");
        assert_eq!(between("a\n", "a\nb\n"), "+b\n");
        assert_eq!(between("a\nb\n", ""), "-a\n-b\n");
        assert_eq!(between("a", "a"), "");
        assert_eq!(between("a\na\n", "a\n"), "-a\n");
    }

    #[test]
    fn what_was_edited_is_kept_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let instance = dir.path().join("nginx");
        let of = Visited::Site(WebspaceId::from_uuid(Uuid::from_u128(1)));
        assert_eq!(edited(dir.path()).unwrap(), Vec::new());
        keep(&instance, of, ("mine", "ours")).unwrap();
        keep(&instance, of, ("mine again", "ours")).unwrap();
        let found = edited(dir.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].difference, "-ours\n+mine again\n");
        assert_eq!(
            std::fs::read_to_string(&found[0].kept).unwrap(),
            "mine again"
        );
        forget(&instance, of).unwrap();
        assert_eq!(edited(dir.path()).unwrap(), Vec::new());
    }

    proptest! {
        #[test]
        fn a_difference_is_bounded_and_plain(one: String, two: String) {
            let text = between(&one, &two);
            prop_assert!(text.lines().count() <= 2 * LINES_MAX);
            prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
        }
    }
}

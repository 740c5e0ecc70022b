//! Includes that somebody edited by hand.
//!
//! That of a site that is shown stays as it is until somebody answered. What cannot stay is put aside and kept with its
//! difference, so that nobody's work is lost: what nginx refuses, what stood for a site that is to be hidden, what would
//! log whole addresses without an instruction, and whatever stood for a redirect.

use std::io;
use std::path::{Path, PathBuf};
use wabe_kernel::desired::Wish;
use wabe_kernel::{Aside, EditMark};

use crate::embedded::web::probe::PROBE_PATH;
use crate::embedded::web::{Showing, Visited, durable};
use crate::nginx::difference::between;
use crate::nginx::head::{LOG_FULL, LOG_SHORT};
use crate::nginx::include::{Include, UNMARKED, digits_of};
use crate::nginx::syntax::Directive;
use crate::nginx::{disk, syntax};

/// So many texts that were kept before the newest stay beside it.
const OLDER: u8 = 4;

/// An include that was edited, and was put aside since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Of what.
    pub of: Visited,
    /// What lay there.
    pub kept: PathBuf,
    /// What should have been there is marked by `-`, what was by `+`.
    pub difference: String,
}

/// What an include answers the driver with.
pub(super) fn mark_in(tree: &[Directive]) -> Option<&str> {
    tree.iter().find_map(|directive| {
        if *directive.texts() == ["location", "=", PROBE_PATH] {
            let inner = directive.inner().iter();
            let mut marks = inner.filter_map(|one| match *one.texts() {
                ["return", "200", mark] => Some(mark),
                _ => None,
            });
            return marks.next();
        }
        mark_in(directive.inner())
    })
}

/// Whether this is exactly what some release of ours wrote: its mark stands for all the rest of it.
pub(super) fn was_written(text: &str) -> bool {
    let tree = syntax::parse(text);
    let mark = tree.as_deref().and_then(mark_in);
    mark.is_some_and(|mark| {
        mark.parse::<EditMark>().is_ok() && digits_of(&text.replace(mark, UNMARKED)) == mark
    })
}

/// Whether somebody else wrote this where that include should lie. What means the same is none of our business.
pub(super) fn is_edit(lies: &str, include: &Include) -> bool {
    lies != include.text
        && !was_written(lies)
        && syntax::parse(lies).as_ref() != Some(&include.tree)
}

/// Whether that stays until somebody answered. `full`: whole addresses may be logged.
pub(super) fn stays(what: &Showing, lies: &str, (include, full): (&Include, bool)) -> bool {
    matches!(what, Showing::Site(Wish::Present(_)))
        && is_edit(lies, include)
        && (full || !logs_whole(lies))
}

/// Whether whole addresses are logged by this, or may be: visits are logged in another form than the short one.
pub(super) fn logs_whole(lies: &str) -> bool {
    let open = |line: &str| match line.split_once('#') {
        Some((before, _)) if before.trim_end() != before || before.is_empty() => before.to_owned(),
        _ => line.to_owned(),
    };
    let text: Vec<String> = lies.lines().map(open).collect();
    let text = text.join(" ");
    let mut logs = text.split("access_log").skip(1);
    lies.contains(LOG_FULL)
        || logs.any(|log| {
            let log = log.split(';').next().unwrap_or_default();
            let mut words = log.split_whitespace();
            let is_directive = log.starts_with(char::is_whitespace);
            is_directive && words.next() != Some("off") && !words.any(|word| word == LOG_SHORT)
        })
}

/// Why what lies there is put aside, where that is told of in the panel.
pub(super) const fn why_aside(what: &Showing) -> Option<Aside> {
    match what {
        // What stays is not asked about.
        Showing::Site(Wish::Present(_)) => Some(Aside::Addresses),
        Showing::Site(Wish::Hidden(_) | Wish::Gone) => Some(Aside::Hidden),
        Showing::Redirect(_) => None,
    }
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

/// Keeps what lay there, and how it differs from what should have; with a reason, the panel is told of it until
/// somebody answered. What was kept before becomes older; what is told of already stays the newest where this is not.
pub(super) fn keep(
    instance: &Path,
    (of, why): (Visited, Option<Aside>),
    (is, should): (&str, &str),
) -> io::Result<()> {
    let folder = folder_in(instance);
    std::fs::create_dir_all(&folder)?;
    let (kept, difference) = files(&folder, of);
    let told = aside(instance, of);
    if why.is_none() && told.is_some_and(|(_, told)| told != is) {
        step_down(&folder, of)?;
        return durable::replace(&older(&folder, of, 1), is.as_bytes(), 0o600);
    }
    if std::fs::read_to_string(&kept).is_ok_and(|kept| kept != is) {
        step_down(&folder, of)?;
        rename(&kept, &older(&folder, of, 1))?;
    }
    durable::replace(&kept, is.as_bytes(), 0o600)?;
    durable::replace(&difference, between(should, is).as_bytes(), 0o600)?;
    match why {
        Some(why) => durable::replace(&reason(&folder, of), why.word().as_bytes(), 0o600),
        None => durable::remove(&reason(&folder, of)),
    }
}

/// What was put aside of this and waits for an answer: why, and what it is.
pub(super) fn aside(instance: &Path, of: Visited) -> Option<(Aside, String)> {
    let folder = folder_in(instance);
    let why = std::fs::read_to_string(reason(&folder, of)).ok()?;
    let kept = std::fs::read_to_string(files(&folder, of).0).ok()?;
    Some((why.parse().ok()?, kept))
}

/// Tells of it no more; what lay there is kept on.
pub(super) fn settle(instance: &Path, of: Visited) -> io::Result<()> {
    durable::remove(&reason(&folder_in(instance), of))
}

/// Forgets what was kept of this.
pub(super) fn forget(instance: &Path, of: Visited) -> io::Result<()> {
    let (kept, difference) = files(&folder_in(instance), of);
    durable::remove(&kept)?;
    durable::remove(&difference)?;
    for age in 1..=OLDER {
        durable::remove(&older(&folder_in(instance), of, age))?;
    }
    settle(instance, of)
}

/// Makes room for one more older text; the oldest goes.
fn step_down(folder: &Path, of: Visited) -> io::Result<()> {
    for age in (1..OLDER).rev() {
        rename(&older(folder, of, age), &older(folder, of, age + 1))?;
    }
    Ok(())
}

/// Gives a file another name; one that is missing is fine.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own files, named by a typed id"
)]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

fn folder_in(instance: &Path) -> PathBuf {
    instance.join("edited")
}

/// What lay there, and the difference. Their temporary names differ as well.
fn files(folder: &Path, of: Visited) -> (PathBuf, PathBuf) {
    let kept = folder.join(format!("{of}-kept.conf"));
    (kept, folder.join(format!("{of}.diff")))
}

/// What lay there so many texts before the newest.
fn older(folder: &Path, of: Visited, age: u8) -> PathBuf {
    folder.join(format!("{of}-kept-{age}.conf"))
}

/// Why it was put aside.
fn reason(folder: &Path, of: Visited) -> PathBuf {
    folder.join(format!("{of}.why"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn what_was_edited_is_kept_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let instance = dir.path().join("nginx");
        let of = Visited::Site(WebspaceId::from_uuid(Uuid::from_u128(1)));
        assert_eq!(edited(dir.path()).unwrap(), Vec::new());
        keep(&instance, (of, None), ("mine", "ours")).unwrap();
        assert_eq!(aside(&instance, of), None);
        keep(
            &instance,
            (of, Some(Aside::Refused)),
            ("mine again", "ours"),
        )
        .unwrap();
        let found = edited(dir.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].difference, "-ours\n+mine again\n");
        assert_eq!(
            std::fs::read_to_string(&found[0].kept).unwrap(),
            "mine again"
        );
        let told = aside(&instance, of);
        assert_eq!(told, Some((Aside::Refused, "mine again".to_owned())));
        settle(&instance, of).unwrap();
        assert_eq!(aside(&instance, of), None);
        assert_eq!(edited(dir.path()).unwrap().len(), 1, "it is kept on");
        keep(&instance, (of, Some(Aside::Hidden)), ("mine", "ours")).unwrap();
        forget(&instance, of).unwrap();
        assert_eq!(edited(dir.path()).unwrap(), Vec::new());
        assert_eq!(aside(&instance, of), None);
        assert_eq!(
            std::fs::read_dir(instance.join("edited")).unwrap().count(),
            0
        );
    }

    #[test]
    fn what_was_kept_before_is_not_lost_to_the_next_and_what_waits_is_told_of_on() {
        let dir = tempfile::tempdir().unwrap();
        let instance = dir.path().join("nginx");
        let of = Visited::Site(WebspaceId::from_uuid(Uuid::from_u128(1)));
        let put = |why, is: &str| keep(&instance, (of, why), (is, "ours")).unwrap();
        let read = |age| std::fs::read_to_string(older(&folder_in(&instance), of, age)).ok();
        put(None, "one");
        put(Some(Aside::Refused), "two");
        assert_eq!(read(1).as_deref(), Some("one"));
        // The same again is nothing new.
        put(Some(Aside::Refused), "two");
        assert_eq!(read(2), None);
        // Something that was answered about already: nobody answered about what waits.
        put(None, "three");
        let told = || aside(&instance, of);
        assert_eq!(told(), Some((Aside::Refused, "two".to_owned())));
        assert_eq!(read(1).as_deref(), Some("three"));
        assert_eq!(read(2).as_deref(), Some("one"));
        for text in ["four", "five", "six"] {
            put(Some(Aside::Hidden), text);
        }
        assert_eq!(told(), Some((Aside::Hidden, "six".to_owned())));
        let kept: Vec<String> = (1..=OLDER).filter_map(read).collect();
        assert_eq!(kept, ["five", "four", "two", "three"]);
        assert_eq!(read(OLDER + 1), None);
    }
}

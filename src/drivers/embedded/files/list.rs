//! What a folder shows.

use std::cmp::Reverse;
use wabe_kernel::RelPath;
use wabe_kernel::content::{ContentError, Entry, EntryKind};

use crate::embedded::files::LISTED_MAX;
use crate::embedded::files::beneath::{Found, Kind, Root};

/// The entries of a folder, folders first, then by name.
///
/// Names that no path can have, and special files, are not shown: nothing could be done with them
/// except deleting the folder.
pub(super) fn folder(root: &Root, path: &RelPath) -> Result<Vec<Entry>, ContentError> {
    let folder = root.folder(path)?;
    let mut found = Vec::new();
    let names = folder.names()?;
    let looked = folder.look_all(&names)?;
    for (name, about) in names.into_iter().zip(looked) {
        let Some(name) = name.to_str().ok().filter(|name| path.join(name).is_ok()) else {
            continue;
        };
        match about {
            Ok(about) => found.extend(entry(name.to_owned(), about)),
            Err(ContentError::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    found.sort_by(|a, b| {
        let order = |entry: &Entry| Reverse(entry.kind == EntryKind::Folder);
        order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name))
    });
    found.truncate(LISTED_MAX);
    Ok(found)
}

/// What is at a path; the root has an empty name.
pub(super) fn one(root: &Root, path: &RelPath) -> Result<Entry, ContentError> {
    let name = path.name().unwrap_or_default().to_owned();
    entry(name, root.find(path)?).ok_or(ContentError::NotPlain)
}

fn entry(name: String, found: Found) -> Option<Entry> {
    let kind = match found.kind {
        Kind::File => EntryKind::File,
        Kind::Folder => EntryKind::Folder,
        Kind::Link => EntryKind::Link,
        Kind::Other => return None,
    };
    Some(Entry {
        name,
        kind,
        size: found.size,
        modified_at: found.modified_at,
    })
}

//! The navigation: every page, by folder.

use crate::index::Entry;

/// A page in the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Link {
    /// Below the site.
    pub(crate) output: String,
    /// What it is called.
    pub(crate) title: String,
    /// How deep it lies: 0 for pages beside the first one.
    pub(crate) depth: usize,
}

/// Pages in the order of the navigation: a folder's own page, the pages in it, its folders.
pub(crate) fn order<'all>(entries: impl Iterator<Item = &'all Entry>) -> Vec<Link> {
    let mut pages: Vec<&Entry> = entries.filter(|entry| entry.is_shown()).collect();
    let all = pages.clone();
    pages.sort_by_cached_key(|entry| key(entry, &all));
    pages
        .into_iter()
        .map(|entry| Link {
            output: entry.output.clone(),
            title: entry.title.clone(),
            depth: depth(&entry.output),
        })
        .collect()
}

/// What a page is sorted by: for each folder above it that folder's place, then its own.
fn key(entry: &Entry, all: &[&Entry]) -> Vec<(u8, i32, String)> {
    let mut key = Vec::new();
    let (folder, name) = entry.output.rsplit_once('/').unwrap_or(("", &entry.output));
    let mut above = String::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        above = if above.is_empty() {
            part.to_owned()
        } else {
            format!("{above}/{part}")
        };
        let own = format!("{above}/index.html");
        let of_folder = all.iter().find(|other| other.output == own);
        let (order, title) = of_folder.map_or((1_000, part.to_lowercase()), |own| {
            (own.order, own.title.to_lowercase())
        });
        key.push((2, order, title));
    }
    let place = u8::from(name != "index.html");
    key.push((place, entry.order, entry.title.to_lowercase()));
    key
}

/// Folders between the site and a page; a folder's own page lies with the folder.
fn depth(output: &str) -> usize {
    let slashes = output.matches('/').count();
    if output.ends_with("/index.html") {
        slashes - 1
    } else {
        slashes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(output: &str, title: &str, order: i32) -> Entry {
        Entry {
            output: output.to_owned(),
            title: title.to_owned(),
            order,
            ..Entry::default()
        }
    }

    #[test]
    fn a_folder_follows_the_pages_beside_it() {
        let entries = [
            entry("docs/b.html", "B", 1_000),
            entry("zeta.html", "Zeta", 1_000),
            entry("docs/index.html", "Handbook", 1_000),
            entry("index.html", "Start", 1_000),
            entry("about.html", "Über", 1),
            entry("docs/deep/x.html", "X", 1_000),
            entry("docs/a.html", "A", 1_000),
        ];
        let links = order(entries.iter());
        let seen: Vec<_> = links
            .iter()
            .map(|link| (link.output.as_str(), link.depth))
            .collect();
        assert_eq!(
            seen,
            [
                ("index.html", 0),
                ("about.html", 0),
                ("zeta.html", 0),
                ("docs/index.html", 0),
                ("docs/a.html", 1),
                ("docs/b.html", 1),
                ("docs/deep/x.html", 2),
            ]
        );
    }
}

//! What lies in folders that servers read files from, and is none of ours.
//!
//! A server reads only names of the shape of ours there, so that a copy under another name stands in nobody's place.
//! What lies there all the same is told: whoever put it there expects something of it.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use wabe_kernel::Stray;
use wabe_kernel::id::{DomainId, WebspaceId};

use crate::embedded::web::Sites;

/// The folder of nginx, beneath the node's.
const NGINX: &str = "nginx/sites";
/// The folder of all versions of PHP.
const PHP: &str = "php";
/// As many are told, and as much of a path.
const TOLD_MAX: usize = 50;
const CHARS_MAX: usize = 200;

/// What a server reads: files of ids with this prefix and no others, as a pattern of glob(7).
///
/// Source: TypeID 0.3: 26 letters of Crockford's base32, the first of which is 7 at most.
pub(crate) fn pattern(prefix: &str) -> String {
    let letter = "[0-9a-hjkmnp-tv-z]";
    format!("{prefix}_[0-7]{}.conf", letter.repeat(25))
}

/// What lies in the folders of nginx and PHP beneath the node's, and is of nothing that `sites` know. Blocks on file
/// work.
///
/// # Errors
/// A folder that cannot be read.
pub fn beside(node: &Path, sites: &Sites) -> io::Result<Vec<Stray>> {
    // Asked for once the folders were read: what was made meanwhile is known then.
    let standing = OnceCell::new();
    strays(node, &|id| {
        let standing: &BTreeSet<String> = standing.get_or_init(|| {
            let all = sites.standing().into_iter();
            all.filter_map(|(what, _)| what.of())
                .map(|of| of.to_string())
                .collect()
        });
        standing.contains(id)
    })
}

/// What lies there, and is of nothing that stands. Blocks on file work.
///
/// # Errors
/// A folder that cannot be read.
pub fn strays(node: &Path, stands: &dyn Fn(&str) -> bool) -> io::Result<Vec<Stray>> {
    let mut folders = vec![(NGINX.to_owned(), true)];
    for version in names(&node.join(PHP))? {
        let folder = format!("{PHP}/{version}/pool");
        if node.join(&folder).is_dir() {
            folders.push((folder, false));
        }
    }
    let mut lying = Vec::new();
    for (folder, redirects) in folders {
        for name in names(&node.join(&folder))? {
            lying.push((format!("{folder}/{name}"), redirects));
        }
    }
    let found = lying.iter().filter_map(|(path, redirects)| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let id = name.strip_suffix(".conf");
        let id = id.filter(|id| is_of(id, *redirects));
        let is_ours = id.is_some_and(stands) || is_on_its_way(name, *redirects);
        (!is_ours).then(|| Stray {
            path: plain(path),
            is_read: id.is_some(),
        })
    });
    let mut found: Vec<Stray> = found.collect();
    found.sort_unstable();
    found.truncate(TOLD_MAX);
    Ok(found)
}

/// Whether a name is an id as we write it.
fn is_of(name: &str, redirects: bool) -> bool {
    let site = name.parse::<WebspaceId>();
    let redirect = name.parse::<DomainId>();
    site.is_ok_and(|id| id.to_string() == name)
        || (redirects && redirect.is_ok_and(|id| id.to_string() == name))
}

/// Whether a file is one of ours that is being written.
fn is_on_its_way(name: &str, redirects: bool) -> bool {
    let id = name.strip_suffix(".new");
    id.is_some_and(|id| is_of(id, redirects))
}

/// The names in a folder; none where there is no folder.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let name = |entry: io::Result<std::fs::DirEntry>| {
        let name = entry?.file_name();
        Ok(name.to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

/// A path for people: terminals and pages obey control characters.
fn plain(path: &str) -> String {
    let letters = path.chars().take(CHARS_MAX);
    letters
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SITE: &str = "web_01kb3fcv2ce8ja41hvr6xsa35a";
    const REDIRECT: &str = "dom_01kb3fcv2ce8ja41hvr6xsa35a";

    fn node(files: &[&str]) -> tempfile::TempDir {
        let node = tempfile::tempdir().unwrap();
        for file in files {
            let place = node.path().join(file);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, "").unwrap();
        }
        node
    }

    fn found(node: &Path, stands: &[&str]) -> Vec<(String, bool)> {
        let found = strays(node, &|id| stands.contains(&id))
            .unwrap()
            .into_iter();
        found.map(|stray| (stray.path, stray.is_read)).collect()
    }

    #[test]
    fn a_copy_is_told_and_what_is_ours_is_not() {
        let ours = [
            format!("nginx/sites/{SITE}.conf"),
            format!("nginx/sites/{SITE}.new"),
            format!("nginx/sites/{REDIRECT}.conf"),
            format!("php/8.2/pool/{SITE}.conf"),
            "php/own/web_x/fpm.conf".to_owned(),
            "php/fpm.log".to_owned(),
        ];
        let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
        let node = node(&ours);
        assert!(found(node.path(), &[SITE, REDIRECT]).is_empty());
        let put = |path: &str| std::fs::write(node.path().join(path), "").unwrap();
        put("nginx/sites/x.conf");
        put(&format!("nginx/sites/{SITE}-2.conf"));
        put(&format!("nginx/sites/{SITE}.conf.bak"));
        put("nginx/sites/a\u{1b}b");
        put(&format!("php/8.2/pool/{REDIRECT}.conf"));
        let told = [
            ("nginx/sites/a?b".to_owned(), false),
            (format!("nginx/sites/{SITE}-2.conf"), false),
            (format!("nginx/sites/{SITE}.conf.bak"), false),
            ("nginx/sites/x.conf".to_owned(), false),
            (format!("php/8.2/pool/{REDIRECT}.conf"), false),
        ];
        assert_eq!(found(node.path(), &[SITE, REDIRECT]), told);
    }

    #[test]
    fn a_name_of_ours_that_stands_for_nothing_is_read() {
        let file = format!("nginx/sites/{SITE}.conf");
        let node = node(&[&file]);
        assert_eq!(found(node.path(), &[]), [(file, true)]);
        assert!(found(Path::new("/nowhere/at/all"), &[]).is_empty());
    }

    /// Whether a name fits a pattern of letters and classes, as glob(7) has them.
    fn fits(pattern: &str, name: &str) -> bool {
        let (mut pattern, mut name) = (pattern.chars(), name.chars());
        while let Some(sign) = pattern.next() {
            let Some(letter) = name.next() else {
                return false;
            };
            if sign != '[' {
                if sign != letter {
                    return false;
                }
                continue;
            }
            let class: Vec<char> = pattern.by_ref().take_while(|sign| *sign != ']').collect();
            let single = class.contains(&letter) && letter != '-';
            let ranges = class.windows(3).filter(|three| three[1] == '-');
            let mut ranges = ranges.map(|three| three[0]..=three[2]);
            if !single && !ranges.any(|range| range.contains(&letter)) {
                return false;
            }
        }
        name.next().is_none()
    }

    proptest! {
        #[test]
        fn a_server_reads_the_names_of_ids_and_no_others(
            number in any::<u128>(), name in "web_[0-9a-zA-Z]{25,27}(-2)?|web_.{26}",
        ) {
            let uuid = wabe_kernel::macros::uuid::Uuid::from_u128(number);
            let id = WebspaceId::from_uuid(uuid).to_string();
            let own = format!("{id}.conf");
            prop_assert!(fits(&pattern("web"), &own));
            let file = format!("{name}.conf");
            prop_assert_eq!(fits(&pattern("web"), &file), is_of(&name, false));
        }
    }
}

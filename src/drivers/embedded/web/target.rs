//! From a request's path to a path beneath the document root.
//!
//! Decoded once, checked after decoding, and only then used: encoded separators, `..`, control
//! characters and backslashes never reach the file layer (bar 3.13). Nor do names of PHP files: nobody runs
//! them here, and as text they tell what they keep.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use wabe_kernel::RelPath;

/// Kept as they are in a path segment. Source: RFC 3986 3.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    path: RelPath,
    /// The path ended with a slash: a folder is meant.
    pub(super) folder: bool,
}

/// Why a path is not looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTarget {
    /// Not a path: 400.
    Malformed,
    /// A name that begins with a dot, or ends as files of PHP do: 404, as if it were not there.
    Hidden,
}

impl Target {
    /// Reads the path of a request as it was sent.
    pub(super) fn parse(path: &str) -> Result<Self, NoTarget> {
        if !path.starts_with('/') {
            return Err(NoTarget::Malformed);
        }
        let separator = |at: usize| {
            path.get(at + 1..at + 3)
                .is_some_and(|hex| hex.eq_ignore_ascii_case("2f") || hex.eq_ignore_ascii_case("5c"))
        };
        if path.match_indices('%').any(|(at, _)| separator(at)) {
            return Err(NoTarget::Malformed);
        }
        let text = percent_decode_str(path)
            .decode_utf8()
            .map_err(|_wrong| NoTarget::Malformed)?;
        let parsed: RelPath = text.parse().map_err(|_wrong| NoTarget::Malformed)?;
        let dotted = |(depth, name): (usize, &String)| {
            name.starts_with('.') && !(depth == 0 && name == ".well-known")
        };
        if parsed.names().iter().enumerate().any(dotted) {
            return Err(NoTarget::Hidden);
        }
        let folder = text.ends_with('/');
        if !folder && parsed.name().is_some_and(is_program) {
            return Err(NoTarget::Hidden);
        }
        Ok(Self {
            folder,
            path: parsed,
        })
    }

    /// Whether it is this folder, or lies beneath it.
    pub(super) fn is_in(&self, folder: &RelPath) -> bool {
        self.path.names().starts_with(folder.names())
    }

    /// The path beneath `root`, with `name` in it when that is not empty.
    pub(super) fn beneath(&self, root: &str, name: &str) -> String {
        let own = self.path.names().iter().map(String::as_str);
        let parts = std::iter::once(root).chain(own).chain([name]);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            ".".to_owned()
        } else {
            parts.join("/")
        }
    }

    /// Where the folder of this name is found: the same path, once more encoded, with one slash at
    /// either end. Never begins with two slashes, which would name another host.
    pub(super) fn as_folder(&self) -> String {
        let mut url = String::from("/");
        for name in self.path.names() {
            url.extend(utf8_percent_encode(name, SEGMENT));
            url.push('/');
        }
        url
    }

    /// The file name, for its media type.
    pub(super) fn name(&self) -> &str {
        self.path.name().unwrap_or_default()
    }
}

/// Whether a file of this name is for PHP, whatever letters its ending is written in. nginx hides the same.
fn is_program(name: &str) -> bool {
    let Some((_, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let ending = ending.to_ascii_lowercase();
    let numbered = ending.strip_suffix(|c: char| c.is_ascii_digit() || c == 's');
    matches!(&*ending, "php" | "phtml" | "phar") || numbered == Some("php")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ways_out_are_malformed() {
        for path in [
            "/..",
            "/../x",
            "/a/../b",
            "/..%2fx",
            "/%2e%2e/x",
            "/a%5cb",
            "/a%00",
            "/%0d%0a",
            "/%ff",
            "/a/./b",
            "/..\\x",
            "x",
            "*",
            "",
        ] {
            assert_eq!(Target::parse(path), Err(NoTarget::Malformed), "{path}");
        }
    }

    #[test]
    fn dotfiles_are_hidden_but_for_well_known() {
        for path in ["/.env", "/a/.git/config", "/%2egit/", "/a/.well-known/x"] {
            assert_eq!(Target::parse(path), Err(NoTarget::Hidden), "{path}");
        }
        assert!(Target::parse("/.well-known/acme-challenge/x").is_ok());
    }

    #[test]
    fn files_of_php_are_hidden_however_they_are_written() {
        for path in [
            "/wp-config.php",
            "/a/b.PHP",
            "/a.pHp5",
            "/a.phps",
            "/a.phtml",
            "/a.phar",
            "/a%2ephp",
            "/a.txt.php",
        ] {
            assert_eq!(Target::parse(path), Err(NoTarget::Hidden), "{path}");
        }
        for path in [
            "/a.php.txt",
            "/a.phpx",
            "/a.php55",
            "/php",
            "/a.php/",
            "/a.html",
        ] {
            assert!(Target::parse(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_folder_redirect_stays_on_the_host() {
        let target = Target::parse("//evil.test").unwrap();
        assert_eq!(target.as_folder(), "/evil.test/");
        assert_eq!(
            Target::parse("/a b/%C3%A4").unwrap().as_folder(),
            "/a%20b/%C3%A4/"
        );
    }

    proptest! {
        #[test]
        fn no_path_leaves_the_root(path in "/[a-z0-9./%\\\\]{0,40}") {
            if let Ok(target) = Target::parse(&path) {
                let beneath = target.beneath("root", "");
                prop_assert!(beneath == "root" || beneath.starts_with("root/"));
                prop_assert!(!beneath.split('/').any(|name| name == ".." || name == "."));
            }
        }
    }
}

//! Paths as SFTP clients write them.

use wabe_kernel::RelPath;

/// A path of a client as one beneath the webspace; relative ones begin at the root, where `..`
/// stays, as at the root of any file system.
///
/// `None` for names that cannot be. A replacement character is refused: it stands for bytes that
/// were no text, and two such names would become one file.
pub(super) fn parse(text: &str) -> Option<RelPath> {
    let mut names: Vec<&str> = Vec::new();
    for name in text.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name if name.contains('\u{FFFD}') => return None,
            name => names.push(name),
        }
    }
    names.join("/").parse().ok()
}

/// The absolute form.
pub(super) fn absolute(path: &RelPath) -> String {
    format!("/{path}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dots_are_resolved_and_the_root_is_not_left() {
        for (text, path) in [
            ("", "/"),
            (".", "/"),
            ("/", "/"),
            ("..", "/"),
            ("/../../etc/passwd", "/etc/passwd"),
            ("a/./b/../c//d/", "/a/c/d"),
        ] {
            assert_eq!(absolute(&parse(text).unwrap()), path, "{text:?}");
        }
        for text in ["a\u{0}b", "a/\nb", "a\\b", "x\u{202E}gpj", "\u{FFFD}"] {
            assert!(parse(text).is_none(), "{text:?}");
        }
    }

    proptest! {
        // 3.13 T4
        #[test]
        fn every_accepted_path_is_beneath_and_keeps_its_meaning(text in "\\PC{0,40}|[./a-c\\\\\u{0}]{0,40}") {
            if let Some(path) = parse(&text) {
                let plain = |name: &String| {
                    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\0'])
                };
                prop_assert!(path.names().iter().all(plain));
                prop_assert_eq!(parse(&absolute(&path)), Some(path));
            }
        }
    }
}

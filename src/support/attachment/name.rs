//! What a file is called, after everything was taken out that means something to anybody else.

use std::fmt;

/// The most characters.
const CHARS_MAX: usize = 100;
/// The most characters of what stands behind the last dot.
const ENDING_MAX: usize = 12;
/// What a file without a name is called.
const NAMELESS: &str = "file";

/// A name to save a file under: one printable part of a path, never hidden, never a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

/// Characters that mean something in a path, a shell or a header.
fn speaks(c: char) -> bool {
    matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

impl FileName {
    /// What a stranger calls a file.
    #[must_use]
    pub fn cleaned(text: &str) -> Self {
        // Some browsers and programs send the way to it as well.
        let bare = text.rsplit(['/', '\\']).next().unwrap_or(text);
        let seen = bare.chars().filter(|c| !wabe_kernel::is_unseen(*c));
        let plain = seen.map(|c| if speaks(c) { '_' } else { c });
        let plain: String = plain.collect();
        let plain = plain.trim().trim_matches('.').trim();
        if plain.is_empty() {
            return Self(NAMELESS.to_owned());
        }
        Self(shortened(plain))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A long name keeps its ending.
fn shortened(name: &str) -> String {
    if name.chars().count() <= CHARS_MAX {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = match ending.chars().count() {
        1..=ENDING_MAX => format!(".{ending}"),
        _ => String::new(),
    };
    let room = CHARS_MAX.saturating_sub(ending.chars().count());
    let begin: String = name.chars().take(room).collect();
    format!("{}{ending}", begin.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // 3.13 T4
    #[test]
    fn a_name_is_no_path_and_hides_nothing() {
        let check = |text: &str, name: &str| assert_eq!(FileName::cleaned(text).as_str(), name);
        check("C:\\fakepath\\foto.jpg", "foto.jpg");
        check("../../etc/passwd", "passwd");
        check("..", "file");
        check(".htaccess", "htaccess");
        check("a\0b\r\nc.txt", "abc.txt");
        check("rechnung\u{202e}fdp.exe", "rechnungfdp.exe");
        check("Übersicht \"2026\".pdf", "Übersicht _2026_.pdf");
        check("", "file");
        let long = format!("{}.pdf", "ä".repeat(300));
        let kept = FileName::cleaned(&long);
        assert!(kept.as_str().ends_with("ä.pdf") && kept.as_str().chars().count() == CHARS_MAX);
    }

    proptest! {
        #[test]
        fn any_text_becomes_a_name(text in any::<String>()) {
            let name = FileName::cleaned(&text);
            let name = name.as_str();
            prop_assert!(!name.is_empty() && name.chars().count() <= CHARS_MAX);
            prop_assert!(!name.chars().any(|c| speaks(c) || wabe_kernel::is_unseen(c)));
            prop_assert!(!name.starts_with('.') && name != "..");
            let again = FileName::cleaned(name);
            prop_assert_eq!(again.as_str(), name);
        }
    }
}

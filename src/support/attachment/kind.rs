//! What a file is, by its first bytes. Its name has no say.

use wabe_access::words;

words! {
    /// What a file is.
    FileKind {
        /// A PNG picture.
        Png = "png",
        /// A JPEG picture.
        Jpeg = "jpeg",
        /// A WebP picture.
        Webp = "webp",
        /// A GIF picture.
        Gif = "gif",
        /// A PDF document.
        Pdf = "pdf",
        /// Plain text.
        Text = "text",
        /// What a browser would show as a page: HTML, SVG, XML.
        Markup = "markup",
        /// Files in a file; office documents are that as well.
        Archive = "archive",
        /// What a computer would run.
        Program = "program",
        /// Something else.
        Other = "other",
    }
}

/// How much of a text is looked at.
const LOOK: usize = 4_096;

const MAGIC: &[(&[u8], FileKind)] = &[
    (b"\x89PNG\r\n\x1a\n", FileKind::Png),
    (b"\xff\xd8\xff", FileKind::Jpeg),
    (b"GIF87a", FileKind::Gif),
    (b"GIF89a", FileKind::Gif),
    (b"%PDF-", FileKind::Pdf),
    (b"PK\x03\x04", FileKind::Archive),
    (b"PK\x05\x06", FileKind::Archive),
    (b"\x1f\x8b", FileKind::Archive),
    (b"BZh", FileKind::Archive),
    (b"\xfd7zXZ\0", FileKind::Archive),
    (b"7z\xbc\xaf\x27\x1c", FileKind::Archive),
    (b"Rar!\x1a\x07", FileKind::Archive),
    (b"\x28\xb5\x2f\xfd", FileKind::Archive),
    (b"MZ", FileKind::Program),
    (b"\x7fELF", FileKind::Program),
    (b"\xfe\xed\xfa\xce", FileKind::Program),
    (b"\xfe\xed\xfa\xcf", FileKind::Program),
    (b"\xce\xfa\xed\xfe", FileKind::Program),
    (b"\xcf\xfa\xed\xfe", FileKind::Program),
    (b"\xca\xfe\xba\xbe", FileKind::Program),
    (b"\0asm", FileKind::Program),
    (b"#!", FileKind::Program),
];

impl FileKind {
    /// What these bytes are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Self::Webp;
        }
        let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
        known.map_or_else(|| of_text(bytes), |(_, kind)| *kind)
    }

    /// What it is served as. Whatever a browser could run or show as a page is bytes.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Markup | Self::Archive | Self::Program | Self::Other => {
                "application/octet-stream"
            }
        }
    }
}

fn of_text(bytes: &[u8]) -> FileKind {
    let head = bytes.get(..LOOK).unwrap_or(bytes);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The look may end within a character.
        Err(error) if error.error_len().is_none() => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return of_bytes(head),
    };
    if looks_like_markup(text) {
        return FileKind::Markup;
    }
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    if text.chars().any(odd) {
        of_bytes(head)
    } else {
        FileKind::Text
    }
}

/// Markup in another encoding is markup as well.
fn of_bytes(head: &[u8]) -> FileKind {
    let ascii: String = head
        .iter()
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|byte| char::from(*byte))
        .collect();
    if looks_like_markup(&ascii) {
        FileKind::Markup
    } else {
        FileKind::Other
    }
}

fn looks_like_markup(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let lower = text.to_ascii_lowercase();
    let begins = lower.starts_with('<')
        && lower
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/'));
    begins
        || ["<html", "<svg", "<script", "<!doctype"]
            .iter()
            .any(|tag| lower.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bytes_say_what_it_is() {
        let check = |bytes: &[u8], kind| assert_eq!(FileKind::of(bytes), kind, "{bytes:?}");
        check(b"\x89PNG\r\n\x1a\n....", FileKind::Png);
        check(b"RIFF\0\0\0\0WEBPVP8 ", FileKind::Webp);
        check(b"RIFF\0\0\0\0WAVEfmt ", FileKind::Other);
        check(b"%PDF-1.7", FileKind::Pdf);
        check(b"MZ\x90\0", FileKind::Program);
        check(b"#!/bin/sh\n", FileKind::Program);
        check("Grüße\r\n".as_bytes(), FileKind::Text);
        check(b"a\0b", FileKind::Other);
        check(b" \n<!DOCTYPE html><p>", FileKind::Markup);
        check("\u{feff}<svg onload=x>".as_bytes(), FileKind::Markup);
        check(b"harmless\n<script>x</script>", FileKind::Markup);
        check(b"<\0s\0v\0g\0 \0x\0=\0\xff\xfe", FileKind::Markup);
        check(b"1 < 2", FileKind::Text);
    }

    #[test]
    fn what_a_browser_would_run_is_served_as_bytes() {
        for kind in [FileKind::Markup, FileKind::Program, FileKind::Other] {
            assert_eq!(kind.media_type(), "application/octet-stream");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_of_a_kind(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(FileKind::ALL.contains(&FileKind::of(&bytes)));
        }
    }
}

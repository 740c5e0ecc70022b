//! Passwords that many people use, and the tricks by which they are made to look different.
//!
//! The built-in list holds 39 758 entries (sources and licences: `blocklist.LICENCE.txt`). It catches
//! what guessers try first; it is no list of breached passwords.

use std::collections::HashSet;
use std::io::Read as _;
use std::sync::LazyLock;

static PACKED: &[u8] = include_bytes!("blocklist.txt.br");

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    let mut unpacking = brotli::Decompressor::new(PACKED, 4_096);
    if let Err(error) = unpacking.read_to_string(&mut text) {
        tracing::error!(%error, "the built-in list of common passwords cannot be read");
    }
    text
});

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| TEXT.lines().collect());

/// The smallest number of characters that repeats itself to the end; the length when none does.
fn period(chars: &[char]) -> usize {
    (1..chars.len())
        .find(|step| {
            chars
                .iter()
                .zip(chars.iter().skip(*step))
                .all(|(a, b)| a == b)
        })
        .unwrap_or(chars.len())
}

/// Whether `text` is in the list: as it is, without digits and special characters at its ends, or as
/// a repetition of something that is. Case does not matter.
#[must_use]
pub fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let letters = |c: char| !c.is_alphabetic();
    let listed = |text: &str| COMMON.contains(text);
    if listed(&lower)
        || listed(lower.trim_end_matches(letters))
        || listed(lower.trim_matches(letters))
    {
        return true;
    }
    let chars: Vec<char> = lower.chars().collect();
    let period = period(&chars);
    let unit: String = chars.iter().take(period).collect();
    period < chars.len() && (period <= 3 || listed(&unit) || listed(unit.trim_matches(letters)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_there_in_full() {
        assert_eq!(COMMON.len(), 39_758);
    }

    #[test]
    fn common_passwords_are_found_behind_decorations() {
        for text in [
            "password",
            "PassWort",
            "monkey2026!!!",
            "!!123dragon456",
            "passwordpasswordpass",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
        ] {
            assert!(is_common(text), "{text:?}");
        }
        for text in [
            "correct horse battery staple",
            "Kaffee um halb vier",
            "8f3kq0z7w1xv5",
        ] {
            assert!(!is_common(text), "{text:?}");
        }
    }
}

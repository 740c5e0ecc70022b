//! Passwords that are known from breaches or that many people use, and the tricks by which they are
//! made to look different.
//!
//! The built-in list holds 1.2 million (sources and licences: `blocklist.LICENCE.txt`), as a set that
//! can be asked but not read. Source: bar 1.4.

use crate::password::coded_set::CodedSet;

/// Made by `cargo run -p wabe-identity --example pack_blocklist`.
static PACKED: &[u8] = include_bytes!("blocklist.set");

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

fn listed(text: &str) -> bool {
    let set = CodedSet::of(PACKED);
    if set.is_none() {
        tracing::error!("the built-in list of common passwords cannot be read");
    }
    set.is_some_and(|set| set.has(text))
}

/// Whether `text` is in the list: as it is, without digits and special characters at its ends, or as
/// a repetition of something that is. Case does not matter.
#[must_use]
pub fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let letters = |c: char| !c.is_alphabetic();
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

    // Bar 1.4.
    #[test]
    fn the_list_holds_more_than_a_million_and_stays_small() {
        let set = CodedSet::of(PACKED).unwrap();
        assert!(set.len() > 1_000_000, "{}", set.len());
        assert!(PACKED.len() < 4_000_000, "{} bytes", PACKED.len());
    }

    #[test]
    fn nothing_is_not_listed() {
        assert!(!is_common("") && !is_common("8472916350"));
    }

    #[test]
    fn passwords_of_breaches_are_found() {
        for text in [
            "thisismypassword",
            "1q2w3e4r5t6y7u8i",
            "qwertyuiopasdfghjkl",
            "yourlifemeansnothing06",
            "ikhouvanjeomer12345",
            "vjht2010",
        ] {
            assert!(is_common(text), "{text:?}");
        }
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

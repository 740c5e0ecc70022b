//! Whether a new password may be used. Every refusal is a code with its numbers, never the password.

use crate::password::blocklist::is_common;
use crate::profile::{LENGTH_MAX, Profile};
use wabe_kernel::{Problem, Secret};

/// Checks a new password against the profile and the blocklist. `beside_factor` says whether it never
/// opens anything alone; `context` is what belongs to the person: name, address, company.
///
/// # Errors
/// `password-too-short` (min, have), `too-long` (max), `password-composition`, `password-context`,
/// `password-common`.
pub fn check(
    profile: &Profile,
    beside_factor: bool,
    secret: &Secret,
    context: &[&str],
) -> Result<(), Problem> {
    let text = secret.expose();
    let (have, min) = (text.chars().count(), profile.fewest(beside_factor));
    if have < min {
        let short = Problem::new("password-too-short").with("min", min);
        return Err(short.with("have", have));
    }
    if have > LENGTH_MAX {
        return Err(Problem::new("too-long").with("max", LENGTH_MAX));
    }
    if profile.composition && !is_composed(text) {
        return Err(Problem::new("password-composition"));
    }
    if consists_of(text, context) {
        return Err(Problem::new("password-context"));
    }
    if is_common(text) {
        return Err(Problem::new("password-common"));
    }
    Ok(())
}

/// A letter, a digit and a special character: the union of what the contracts demand, and thereby
/// three of the four classes. Source: bar 1.3 no. 3.
fn is_composed(text: &str) -> bool {
    let classes = [
        text.chars().any(char::is_lowercase),
        text.chars().any(char::is_uppercase),
        text.chars().any(char::is_numeric),
        text.chars().any(|c| !c.is_alphanumeric()),
    ];
    let [lower, upper, digit, special] = classes;
    (lower || upper) && digit && special && classes.into_iter().filter(|has| *has).count() >= 3
}

/// Whether little or only something common is left once the person's own words are taken away.
fn consists_of(text: &str, context: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let mut words: Vec<String> = vec!["wabe".to_owned()];
    for part in context {
        let part = part.to_lowercase();
        let pieces = part.split(|c: char| !c.is_alphanumeric());
        words.extend(
            pieces
                .filter(|piece| piece.chars().count() >= 3)
                .map(str::to_owned),
        );
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words
        .iter()
        .fold(lower.clone(), |rest, word| rest.replace(word, ""));
    rest != lower && (rest.chars().filter(|c| c.is_alphabetic()).count() < 4 || is_common(&rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{BSI_NIST, DE_LEGACY, HIGH, STANDARD_2026};

    fn code(profile: &Profile, text: &str) -> &'static str {
        let context = ["Maria Mustermann", "m.mustermann@sonne.test", "Sonne GmbH"];
        let checked = check(profile, false, &Secret::new(text), &context);
        checked.map_or_else(|problem| problem.code, |()| "")
    }

    // Bar 1.2: one character less than each minimum is refused, the minimum itself is not.
    #[test]
    fn the_shortest_allowed_length_passes_and_one_less_does_not() {
        for (profile, letters) in [
            (&STANDARD_2026, "kjwqzvhtrxnbpgd"),
            (&BSI_NIST, "kjwqzvhtrxnbpgd"),
            (&HIGH, "kjwqzvhtrxnbpgd"),
            (&DE_LEGACY, "kj4qz-ht"),
        ] {
            assert_eq!(code(profile, letters), "", "{}", profile.name);
            let less = letters.get(1..).unwrap();
            assert_eq!(
                code(profile, less),
                "password-too-short",
                "{}",
                profile.name
            );
        }
        let short = check(&DE_LEGACY, false, &Secret::new("kj4qz-h"), &[]).unwrap_err();
        let args = [("min", "8".to_owned()), ("have", "7".to_owned())];
        assert_eq!(short.args, args);
    }

    // Bar 1.4: beside a second factor fewer characters are enough.
    #[test]
    fn beside_a_second_factor_the_shorter_length_holds() {
        for (profile, letters) in [
            (&STANDARD_2026, "kjwqzvhtrxnb"),
            (&BSI_NIST, "kjwqzvht"),
            (&HIGH, "kjwqzvhtrxnbpgd"),
            (&DE_LEGACY, "kj4qz-ht"),
        ] {
            let beside = |text: &str| check(profile, true, &Secret::new(text), &[]);
            assert_eq!(beside(letters), Ok(()), "{}", profile.name);
            let short = beside(letters.get(1..).unwrap()).unwrap_err();
            assert_eq!(short.code, "password-too-short", "{}", profile.name);
            let alone = check(profile, false, &Secret::new(letters), &[]);
            assert_eq!(alone.is_ok(), letters.len() >= profile.length_min);
        }
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(code(&STANDARD_2026, "ÄßéüöñøåçšžőűłÐ"), "");
        assert_eq!(code(&STANDARD_2026, &"äö7".repeat(85)), "password-common");
        let long: String = (0..257_u32)
            .map(|n| char::from_u32(0x4e00 + n).unwrap())
            .collect();
        assert_eq!(code(&STANDARD_2026, &long), "too-long");
        let most: String = long.chars().take(256).collect();
        assert_eq!(code(&STANDARD_2026, &most), "");
    }

    // Bar 1.2: all 16 subsets of the four classes.
    #[test]
    fn the_legacy_composition_wants_letter_digit_and_special() {
        for subset in 0..16_u32 {
            let pools = ["kjwqzvht", "KJWQZVHT", "73958264", "-+*/%&=?"];
            let chosen = pools
                .iter()
                .enumerate()
                .filter(|(at, _)| subset & (1 << at) != 0);
            let chosen: Vec<&str> = chosen.map(|(_, pool)| *pool).collect();
            let text: String = (0..8)
                .filter_map(|at| chosen.get(at % chosen.len().max(1))?.chars().nth(at))
                .collect();
            let letter = subset & 3 != 0;
            let fine = letter && subset & 4 != 0 && subset & 8 != 0;
            let found = code(&DE_LEGACY, &text);
            match (subset, fine) {
                (0, _) => assert_eq!(found, "password-too-short"),
                (_, true) => assert_eq!(found, "", "{subset:04b}"),
                (_, false) => assert_eq!(found, "password-composition", "{subset:04b}"),
            }
        }
        assert_eq!(code(&DE_LEGACY, "Abc12345"), "password-composition");
    }

    #[test]
    fn common_words_and_ones_own_words_are_refused() {
        assert_eq!(code(&STANDARD_2026, "password1234567"), "password-common");
        assert_eq!(
            code(&STANDARD_2026, "Mustermann-123456"),
            "password-context"
        );
        assert_eq!(
            code(&STANDARD_2026, "wabe-wabe-wabe-wabe"),
            "password-context"
        );
        assert_eq!(
            code(&STANDARD_2026, "mustermann-monkey-1"),
            "password-context"
        );
        assert_eq!(code(&STANDARD_2026, "die Sonne lacht um vier"), "");
    }
}

//! Secrets that somebody pasted into a message are found and masked before anything is stored.
//!
//! Pure. It errs on the side of the writer: what looks like a secret is gone, and they are told so. A
//! masked secret cannot be brought back.

use std::ops::Range;

/// What takes a secret's place.
const MARK: &str = "••••••••";

/// Words behind which a secret follows, lower case.
const WORDS: [&str; 13] = [
    "passwort",
    "kennwort",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "pw",
    "pin",
    "secret",
    "geheimnis",
    "auth-code",
    "authcode",
    "token",
];
/// What may stand between such a word and the secret, beside a colon and an equals sign.
const LINKS: [&str; 7] = ["ist", "lautet", "is", "war", "jetzt", "nun", "now"];
/// Words behind which it says what the secret is for, before a colon and the secret.
const ABOUT: [&str; 10] = [
    "für", "fuer", "for", "von", "vom", "zum", "zur", "of", "des", "der",
];
/// In so many words at most.
const ABOUT_WORDS: usize = 5;
/// How keys of services begin, and our own.
const PREFIXES: [&str; 12] = [
    "wabe_",
    "ghp_",
    "gho_",
    "github_pat_",
    "glpat-",
    "sk_live_",
    "sk_test_",
    "sk-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "eyJ",
];
/// Shorter words are no keys of services.
const KEY_CHARS: usize = 20;

/// A text without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text.
    pub text: String,
    /// How many secrets were in it.
    pub found: usize,
}

/// Masks every secret in a text.
#[must_use]
pub fn mask(text: &str) -> Masked {
    let mut found = pem_keys(text);
    found.extend(named(text));
    found.extend(in_addresses(text));
    found.extend(service_keys(text));
    found.extend(numbers(text));
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let (mut masked, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for range in found {
        if range.start < at {
            continue;
        }
        masked.push_str(text.get(at..range.start).unwrap_or_default());
        masked.push_str(MARK);
        (at, count) = (range.end, count + 1);
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Masked {
        text: masked,
        found: count,
    }
}

/// Private keys in PEM form, with what belongs to them.
fn pem_keys(text: &str) -> Vec<Range<usize>> {
    const END: &str = "PRIVATE KEY-----";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(begin) = text.get(from..).and_then(|rest| rest.find("-----BEGIN ")) {
        let begin = from + begin;
        let rest = text.get(begin..).unwrap_or_default();
        let head = rest.lines().next().unwrap_or_default();
        if !head.contains(END) {
            from = begin + 11;
            continue;
        }
        let body = rest.get(head.len()..).unwrap_or_default();
        // A key without its end goes to the end of the text.
        let length = body.find(END).map_or(body.len(), |at| at + END.len());
        from = begin + head.len() + length;
        found.push(begin..from);
    }
    found
}

/// Words between white space, with where they are.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while let Some(begin) = rest.find(|c: char| !c.is_whitespace()) {
        let word = rest.get(begin..).unwrap_or_default();
        let end = word.find(char::is_whitespace).unwrap_or(word.len());
        words.push((at + begin, word.get(..end).unwrap_or_default()));
        rest = word.get(end..).unwrap_or_default();
        at += begin + end;
    }
    words
}

fn without_edges(word: &str) -> &str {
    word.trim_matches([
        '(', ')', '"', '\'', '„', '“', '”', '»', '«', ',', ';', '*', '<', '>', '`',
    ])
}

/// Also `db_password`, `Name/Passwort` and `define('DB_PASSWORD'`.
fn is_word(word: &str) -> bool {
    let lower = without_edges(word).to_lowercase();
    let part = |c: char| c.is_alphanumeric() || c == '-';
    let last = lower.rsplit(|c| !part(c)).next().unwrap_or_default();
    WORDS
        .iter()
        .any(|known| last == *known || last.ends_with(&format!("-{known}")))
}

/// The secret of `password:secret` in one word, also behind the mark of an address.
fn inline(word: &str) -> Option<&str> {
    let marks = word.match_indices([':', '=']);
    let mut parts = marks.filter_map(|(at, mark)| {
        let (name, rest) = word.split_at_checked(at)?;
        Some((name, rest.strip_prefix(mark)?))
    });
    let found = parts
        .find(|(name, secret)| is_word(name) && !secret.is_empty() && !secret.starts_with("//"));
    found.map(|(_, secret)| secret)
}

/// The place of the secret in `Passwort für info@sonne.test: secret`.
fn behind_its_use(words: &[(usize, &str)], place: usize) -> Option<usize> {
    let (_, about) = words.get(place + 1)?;
    if !ABOUT.contains(&about.to_lowercase().as_str()) {
        return None;
    }
    let rest = words.iter().enumerate().skip(place + 2);
    for (at, (_, word)) in rest.take(ABOUT_WORDS) {
        if word.ends_with([':', '=']) {
            return Some(at + 1);
        }
        if word.ends_with(['.', ',', ';', '!', '?']) {
            return None;
        }
    }
    None
}

/// The passwords of addresses such as `ftp://ada:secret@example.org`.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, word) in split(text) {
        let Some((scheme, rest)) = word.split_once("://") else {
            continue;
        };
        let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let login = place.rsplit_once('@').map(|(login, _host)| login);
        if let Some((name, secret)) = login.and_then(|login| login.split_once(':'))
            && !secret.is_empty()
        {
            let begin = at + scheme.len() + "://".len() + name.len() + 1;
            found.push(begin..begin + secret.len());
        }
    }
    found
}

/// What follows `password:`, `Passwort = `, `Das Passwort ist …`.
fn named(text: &str) -> Vec<Range<usize>> {
    let words = split(text);
    let mut found = Vec::new();
    for (place, (at, word)) in words.iter().enumerate() {
        if let Some(secret) = inline(word) {
            found.push(at + word.len() - secret.len()..at + word.len());
            continue;
        }
        let bare = word.trim_end_matches([':', '=']);
        if bare.contains("://") || !is_word(bare) {
            continue;
        }
        let mut next = place + 1;
        // As an argument: `define('DB_PASSWORD', 'secret')`.
        let argument = word.contains('(') && word.ends_with(',');
        let mut says = argument || bare.len() < word.len();
        while let Some((_, link)) = words.get(next) {
            let lower = link.to_lowercase();
            let link = lower.trim_end_matches([':', '=']);
            if !(link.is_empty() || LINKS.contains(&link)) {
                break;
            }
            (says, next) = (true, next + 1);
        }
        if let Some(behind) = behind_its_use(&words, place).filter(|_| !says) {
            (says, next) = (true, behind);
        }
        if let Some((from, secret)) = words.get(next).filter(|_| says) {
            let bare = without_edges(secret);
            let begin = from + secret.find(bare).unwrap_or(0);
            if !bare.is_empty() {
                found.push(begin..begin + bare.len());
            }
        }
    }
    found
}

/// Keys of services, by how they begin.
fn service_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, word) in split(text) {
        for prefix in PREFIXES {
            let Some(begin) = word.find(prefix) else {
                continue;
            };
            let key = word.get(begin..).unwrap_or_default();
            let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let end = key.find(|c| !part(c)).unwrap_or(key.len());
            if end >= KEY_CHARS {
                found.push(at + begin..at + begin + end);
                break;
            }
        }
    }
    found
}

/// Numbers of bank accounts and cards that their check digits say are some.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let Some(rest) = text.get(from..) else {
            from += 1;
            continue;
        };
        let behind = text
            .get(..from)
            .and_then(|before| before.chars().next_back());
        let begins = behind.is_none_or(|c| !c.is_ascii_alphanumeric());
        let first = rest
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphanumeric());
        match longest(rest).filter(|_| begins && first) {
            Some(length) => {
                found.push(from..from + length);
                from += length;
            }
            None => from += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How much of the beginning of a text is such a number.
fn longest(text: &str) -> Option<usize> {
    let mut compact = String::new();
    let mut best = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            compact.push(c.to_ascii_uppercase());
        } else if !matches!(c, ' ' | '-' | '.') {
            break;
        }
        if compact.len() > 34 {
            break;
        }
        let ends = text.get(at + 1..).and_then(|rest| rest.chars().next());
        let whole = ends.is_none_or(|c| !c.is_ascii_alphanumeric());
        if c.is_ascii_alphanumeric() && whole && (is_iban(&compact) || is_card(&compact)) {
            best = Some(at + 1);
        }
    }
    best
}

/// ISO 13616: the remainder by 97 is 1.
fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = (15..=34).contains(&bytes.len())
        && bytes.iter().take(2).all(u8::is_ascii_alphabetic)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit);
    let moved = bytes.iter().skip(4).chain(bytes.iter().take(4));
    let rest = moved.fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
    });
    shape && rest == 1
}

/// ISO/IEC 7812: the check digit by Luhn.
fn is_card(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let known = text.starts_with(['3', '4', '5', '6']);
    if !digits || !known || !(13..=19).contains(&text.len()) {
        return false;
    }
    let sum = text
        .bytes()
        .rev()
        .enumerate()
        .fold(0_u32, |sum, (place, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            sum + doubled / 10 + doubled % 10
        });
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_are_masked() {
        for (text, secrets) in [
            ("Mein Passwort: hunter2!", 1),
            ("Das Passwort ist „Sommer2026“, bitte.", 1),
            ("password=abc123 user=ada", 1),
            ("FTP-Passwort: x9!k", 1),
            ("Kennwort lautet: geheim", 1),
            ("The token is wabe_0123456789abcdef0123456789", 1),
            (
                "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
                1,
            ),
            ("key ghp_0123456789abcdefghijklmnopqrstuvwxyz", 1),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nDanke",
                1,
            ),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb", 1),
            ("IBAN DE89 3704 0044 0532 0130 00 bitte", 1),
            ("Karte 4111 1111 1111 1111, gültig bis 12/29", 1),
            ("pw: a\npw: b", 2),
            ("Passwort für info@sonne.test: hunter2", 1),
            ("Password for the new shop: hunter2", 1),
            ("Das Passwort ist jetzt: hunter2", 1),
            ("Benutzer/Passwort: hunter2", 1),
            ("DB_PASSWORD=hunter2", 1),
            ("define('DB_PASSWORD', 'hunter2');", 1),
            ("https://sonne.test/?user=ada&password=hunter2", 1),
            ("ftp://ada:hunter2@ftp.sonne.test/web", 1),
        ] {
            let masked = mask(text);
            assert_eq!(masked.found, secrets, "{text}: {}", masked.text);
            assert!(!masked.text.contains("hunter2"), "{}", masked.text);
        }
        assert_eq!(
            mask("Passwort: hunter2 Danke").text,
            "Passwort: •••••••• Danke"
        );
        assert_eq!(
            mask("IBAN DE89 3704 0044 0532 0130 00 bitte").text,
            "IBAN •••••••• bitte"
        );
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "Ich habe mein Passwort vergessen. Was nun?",
            "Kundennummer K10234, Rechnung 2026-1234567890",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "DE88 3704 0044 0532 0130 00",
            "4111 1111 1111 1112",
            "Anruf unter 030 1234567, sk-1",
            "https://example.org/password",
            "https://example.org/password ist nicht zu sehen, http://ada@sonne.test:80/",
            "Das Passwort für mein Postfach habe ich vergessen.",
        ] {
            assert_eq!(
                mask(text),
                Masked {
                    text: text.to_owned(),
                    found: 0
                }
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_masked_without_a_panic_and_once(text in ".{0,200}") {
            let once = mask(&text);
            prop_assert!(once.found > 0 || once.text == text);
        }
    }
}

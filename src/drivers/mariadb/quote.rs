//! Names in MariaDB's statements, and texts where it binds none.
//!
//! Source: MariaDB 10.11, "Identifier Names" and "String Literals". Whether a backslash escapes depends on
//! the SQL mode, so no text has one.

use crate::database_server::rendered::{NotQuotable, Quoted};

/// A name: of a database or a table.
pub(super) fn identifier(name: &str) -> Result<Quoted, NotQuotable> {
    Quoted::between(name, '`')
}

/// The name of a database where GRANT reads a pattern: `_` and `%` would stand for other databases too.
pub(super) fn pattern(name: &str) -> Result<Quoted, NotQuotable> {
    if name.contains('\\') {
        return Err(NotQuotable);
    }
    identifier(&name.replace('_', "\\_").replace('%', "\\%"))
}

/// A text.
pub(super) fn literal(text: &str) -> Result<Quoted, NotQuotable> {
    if text.contains('\\') {
        return Err(NotQuotable);
    }
    Quoted::between(text, '\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database_server::rendered::lexing::{filled, skeleton, templates};
    use proptest::prelude::*;

    /// What MariaDB reads between the marks; nothing when the quoted text ends early.
    fn read(quoted: &str, mark: char) -> Option<String> {
        let inner = quoted.strip_prefix(mark)?.strip_suffix(mark)?;
        let mut letters = inner.chars();
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            if letter == mark && letters.next() != Some(mark) {
                return None;
            }
            text.push(letter);
        }
        Some(text)
    }

    /// Whether a pattern of GRANT covers a name.
    fn covers(pattern: &str, name: &str) -> bool {
        let mut letters = pattern.chars();
        match letters.next() {
            None => name.is_empty(),
            Some('%') => (0..=name.len())
                .filter(|place| name.is_char_boundary(*place))
                .any(|place| covers(letters.as_str(), &name[place..])),
            Some(sign) => {
                let escaped = sign == '\\';
                let sign = if escaped {
                    letters.next().unwrap_or(sign)
                } else {
                    sign
                };
                let mut rest = name.chars();
                let first = rest.next();
                let fits = first == Some(sign) || (sign == '_' && !escaped && first.is_some());
                fits && covers(letters.as_str(), rest.as_str())
            }
        }
    }

    /// However a server is set, a statement has the tokens that it has with a plain name.
    fn brings_nothing_with_it(template: &'static str, made: [&Quoted; 2]) -> bool {
        let [part, plain] = made.map(|part| filled(template, part));
        [true, false].into_iter().all(|escapes| {
            let tokens = skeleton(&part, escapes);
            tokens.is_some() && tokens == skeleton(&plain, escapes)
        })
    }

    /// The statements with a name or a host in them.
    fn statements() -> Vec<&'static str> {
        let sources = [
            include_str!("account.rs"),
            include_str!("console.rs"),
            include_str!("hosts.rs"),
        ];
        sources.into_iter().flat_map(templates).collect()
    }

    #[test]
    fn every_statement_with_a_name_in_it_is_known() {
        let known = statements();
        assert!(known.len() >= 15);
        for of_each in ["DROP USER IF EXISTS ?@?", "KILL ?", "KILL USER ?@?"] {
            assert!(known.contains(&of_each), "{of_each}");
        }
    }

    proptest! {
        #[test]
        fn no_name_and_no_text_brings_a_token_with_it_into_any_statement(
            text in "\\PC{0,20}|[`'\";\\\\a-z_% #/*-]{0,20}|.{0,5}",
        ) {
            let plain = [identifier("x"), literal("x"), pattern("x")].map(Result::unwrap);
            for (made, plain) in [identifier(&text), literal(&text), pattern(&text)].into_iter().zip(&plain) {
                let Ok(made) = made else { continue };
                for template in statements() {
                    prop_assert!(brings_nothing_with_it(template, [&made, plain]), "{}", template);
                }
            }
        }

        #[test]
        fn any_name_is_refused_or_means_itself(name in "\\PC{0,20}|[`';\\\\a-z_% -]{0,20}|.{0,5}") {
            if let Ok(quoted) = identifier(&name) {
                prop_assert_eq!(read(quoted.as_str(), '`'), Some(name));
            }
        }

        #[test]
        fn any_text_is_refused_or_means_itself(text in "\\PC{0,20}|[`';\\\\a-z_% -]{0,20}|.{0,5}") {
            if let Ok(quoted) = literal(&text) {
                prop_assert_eq!(read(quoted.as_str(), '\''), Some(text.clone()));
                prop_assert!(!text.contains('\\'));
            }
        }

        #[test]
        fn a_pattern_covers_its_own_database_and_no_other(
            name in "[a-c_%]{1,8}",
            other in "[a-c_%]{1,8}",
        ) {
            let quoted = pattern(&name).unwrap();
            let read = read(quoted.as_str(), '`').unwrap();
            prop_assert!(covers(&read, &name));
            prop_assert_eq!(covers(&read, &other), name == other);
        }
    }

    #[test]
    fn quotes_are_doubled_and_control_characters_refused() {
        assert_eq!(identifier("a`b").unwrap().as_str(), "`a``b`");
        assert_eq!(literal("a'b").unwrap().as_str(), "'a''b'");
        assert_eq!(pattern("my_shop").unwrap().as_str(), "`my\\_shop`");
        for wrong in ["", "a\nb", "a\0", "\u{85}"] {
            assert!(identifier(wrong).is_err() && literal(wrong).is_err());
        }
    }
}

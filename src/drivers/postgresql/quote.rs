//! Names in PostgreSQL's statements, and texts where it binds none.
//!
//! Source: PostgreSQL 15, 4.1.1 and 4.1.2.1. `standard_conforming_strings` is on for every connection of
//! ours, so a backslash is a backslash.

use crate::database_server::rendered::{NotQuotable, Quoted};

/// A name: of a database, a role, a schema, a table.
pub(super) fn identifier(name: &str) -> Result<Quoted, NotQuotable> {
    Quoted::between(name, '"')
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

    /// What PostgreSQL reads between the marks; nothing when the quoted text ends early.
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

    #[test]
    fn every_statement_with_a_name_in_it_is_known() {
        assert!(templates(include_str!("account.rs")).len() >= 12);
    }

    proptest! {
        #[test]
        fn no_name_and_no_text_brings_a_token_with_it_into_any_statement(
            text in "\\PC{0,20}|[\"';\\\\a-z $#/*-]{0,20}|.{0,5}",
        ) {
            let plain = [identifier("x"), literal("x")].map(Result::unwrap);
            for (made, plain) in [identifier(&text), literal(&text)].into_iter().zip(&plain) {
                let Ok(made) = made else { continue };
                for template in templates(include_str!("account.rs")) {
                    let tokens = skeleton(&filled(template, &made), false);
                    prop_assert!(tokens.is_some(), "{}", template);
                    prop_assert_eq!(tokens, skeleton(&filled(template, plain), false));
                }
            }
        }

        #[test]
        fn any_name_is_refused_or_means_itself(name in "\\PC{0,20}|[\"';\\\\a-z -]{0,20}|.{0,5}") {
            if let Ok(quoted) = identifier(&name) {
                prop_assert_eq!(read(quoted.as_str(), '"'), Some(name));
            }
        }

        #[test]
        fn any_text_is_refused_or_means_itself(text in "\\PC{0,20}|[\"';\\\\a-z -]{0,20}|.{0,5}") {
            if let Ok(quoted) = literal(&text) {
                prop_assert_eq!(read(quoted.as_str(), '\''), Some(text.clone()));
                prop_assert!(!text.contains('\\'));
            }
        }
    }

    #[test]
    fn quotes_are_doubled_and_control_characters_refused() {
        assert_eq!(identifier("a\"b").unwrap().as_str(), "\"a\"\"b\"");
        assert_eq!(literal("a'b").unwrap().as_str(), "'a''b'");
        for wrong in ["", "a\nb", "a\0", "\u{85}"] {
            assert!(identifier(wrong).is_err() && literal(wrong).is_err());
        }
    }
}

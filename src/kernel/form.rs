//! What a person typed, kept beside what it means.

use crate::field::{FieldErrors, Fields, Problem};
use std::collections::BTreeMap;

/// One field: the text as typed and what became of it.
#[derive(Debug, Clone)]
pub struct Input<T> {
    /// Exactly what was typed.
    pub typed: String,
    /// The parsed value, or what is wrong.
    pub parsed: Result<T, Problem>,
}

/// A form on its way back to the person who filled it in: nothing typed is lost.
///
/// Secrets never come back: [`FormState::of`] drops the fields named as secret.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    typed: BTreeMap<String, String>,
    errors: BTreeMap<String, Problem>,
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form with a value already filled in.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Self {
        self.typed.insert(field.to_owned(), value.into());
        self
    }

    /// What was typed, without the fields in `secret`, and the errors found.
    #[must_use]
    pub fn of(typed: &BTreeMap<String, String>, errors: FieldErrors, secret: &[&str]) -> Self {
        let keep = typed
            .iter()
            .filter(|(name, _)| !secret.contains(&name.as_str()));
        let typed = keep
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect();
        Self {
            typed,
            errors: errors.0,
        }
    }

    /// The same form, with what stands in `whole` in the fields that were not sent: of several forms on a page
    /// one was, and the others show what is there.
    #[must_use]
    pub fn beside(mut self, whole: Self) -> Self {
        for (name, text) in whole.typed {
            self.typed.entry(name).or_insert(text);
        }
        self
    }

    /// What was typed into `field`, empty when nothing was.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What is wrong with `field`.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&Problem> {
        self.errors.get(field)
    }

    /// All errors, by field.
    #[must_use]
    pub fn errors(&self) -> &BTreeMap<String, Problem> {
        &self.errors
    }

    /// True when at least one field was refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// Parses a form; on failure gives back the form with its errors, secrets dropped.
///
/// # Errors
/// The form to show again.
pub fn parse<T: Fields>(typed: &BTreeMap<String, String>, secret: &[&str]) -> Result<T, FormState> {
    T::from_form(typed).map_err(|errors| FormState::of(typed, errors, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_beside_others_keeps_what_was_sent_and_shows_the_rest_as_it_is() {
        let typed = [("name", "Ada"), ("note", "")];
        let typed = typed.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let errors = FieldErrors::one("name", Problem::new("taken"));
        let sent = FormState::of(&typed.into(), errors, &[]);
        let whole = FormState::new().with("name", "Eva").with("note", "x");
        let form = sent.beside(whole.with("phone", "+49301234567"));
        assert_eq!(form.value("name"), "Ada");
        assert_eq!(form.value("note"), "");
        assert_eq!(form.value("phone"), "+49301234567");
        assert!(form.error("name").is_some() && form.error("phone").is_none());
    }
}

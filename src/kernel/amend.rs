//! A field that callers may not know yet.

use crate::field::{Field, Problem};
use serde_json::Value;

/// What a field does to what is there: left out it leaves it, sent empty (in JSON also `null`) it takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amend<T> {
    /// It was not sent.
    Leave,
    /// It was sent empty.
    Clear,
    /// It is to be this.
    Set(T),
}

impl<T> Amend<T> {
    /// What is there afterwards, with `meant` for what a value that was sent means.
    ///
    /// # Errors
    /// Those of `meant`.
    pub fn over<U, E>(
        &self,
        was: Option<U>,
        meant: impl FnOnce(&T) -> Result<U, E>,
    ) -> Result<Option<U>, E> {
        match self {
            Self::Leave => Ok(was),
            Self::Clear => Ok(None),
            Self::Set(value) => meant(value).map(Some),
        }
    }
}

impl<T: Field> Field for Amend<T> {
    const REQUIRED: bool = false;

    fn from_json(value: &Value) -> Result<Self, Problem> {
        match value.as_str() {
            Some("") => Ok(Self::Clear),
            _ => T::from_json(value).map(Self::Set),
        }
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        T::from_text(text).map(Self::Set)
    }

    fn absent() -> Option<Self> {
        Some(Self::Leave)
    }

    fn empty() -> Option<Self> {
        Some(Self::Clear)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{FieldErrors, form_field, json_field};
    use crate::rel_path::RelPath;
    use serde_json::json;

    #[test]
    fn left_out_is_left_and_empty_is_cleared_in_json_and_in_forms() {
        let set = Amend::Set("web".parse::<RelPath>().unwrap());
        for (sent, wanted) in [
            (json!({}), Amend::Leave),
            (json!({ "at": null }), Amend::Clear),
            (json!({ "at": "" }), Amend::Clear),
            (json!({ "at": "web" }), set.clone()),
        ] {
            let mut errors = FieldErrors::default();
            let object = sent.as_object().unwrap();
            let read = json_field::<Amend<RelPath>>(object, "at", &mut errors);
            assert_eq!((read, errors.is_empty()), (Some(wanted), true), "{sent}");
        }
        for (sent, wanted) in [
            (None, Amend::Leave),
            (Some(""), Amend::Clear),
            (Some("web"), set),
        ] {
            let mut errors = FieldErrors::default();
            let typed = sent.map(|text| ("at".to_owned(), text.to_owned()));
            let typed = typed.into_iter().collect();
            let read = form_field::<Amend<RelPath>>(&typed, "at", &mut errors);
            assert_eq!((read, errors.is_empty()), (Some(wanted), true), "{sent:?}");
        }
    }

    #[test]
    fn what_is_there_stays_goes_or_is_what_was_sent() {
        let length = |text: &&str| Ok::<usize, ()>(text.len());
        assert_eq!(Amend::Leave.over(Some(1), length), Ok(Some(1)));
        assert_eq!(Amend::Clear.over(Some(1), length), Ok(None));
        assert_eq!(Amend::Set("abc").over(Some(1), length), Ok(Some(3)));
        assert_eq!(Amend::Set("").over(Some(1), |_| Err(())), Err(()));
    }
}

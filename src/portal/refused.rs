//! What a form shows when the gate said no: errors at the fields, or a note above them.

use wabe_access::{Limit, Refusal};
use wabe_kernel::FormState;
use wabe_web::{Failure, Form};

/// A note above a form.
#[derive(Debug, Clone)]
pub(crate) enum Note {
    /// The plan does not hold it.
    Limit(Short),
    /// The thing's state does not allow it now; the message `conflict-{code}`.
    Conflict(&'static str),
}

impl Note {
    /// What the plan does not hold, when that is it.
    #[must_use]
    pub(crate) const fn limit(&self) -> Option<&Short> {
        match self {
            Self::Limit(short) => Some(short),
            Self::Conflict(_) => None,
        }
    }

    /// The code of the state that does not allow it, when that is it.
    #[must_use]
    pub(crate) const fn conflict(&self) -> Option<&'static str> {
        match self {
            Self::Limit(_) => None,
            Self::Conflict(code) => Some(*code),
        }
    }
}

/// What a plan does not hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Short {
    /// Which limit.
    pub(crate) limit: Limit,
    /// In use.
    pub(crate) used: i64,
    /// Allowed.
    pub(crate) max: i64,
    /// Wanted in addition.
    pub(crate) wanted: i64,
}

impl Short {
    /// Whether it is about bytes.
    #[must_use]
    pub(crate) fn is_bytes(&self) -> bool {
        self.limit == Limit::StorageBytes
    }
}

/// A form on its way back.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    /// What was typed, with the errors.
    pub(crate) form: FormState,
    /// What is to be said above it.
    pub(crate) note: Option<Note>,
}

impl From<FormState> for Refused {
    fn from(form: FormState) -> Self {
        Self { form, note: None }
    }
}

/// The form again, when the person can do something about the refusal here; the failure otherwise.
/// Fields named in `secret` are not kept.
pub(crate) fn again(form: &Form, secret: &[&str], refusal: Refusal) -> Result<Refused, Failure> {
    let kept = |errors| FormState::of(&form.fields, errors, secret);
    match refusal {
        Refusal::Invalid(errors) => Ok(Refused {
            form: kept(errors),
            note: None,
        }),
        refusal => {
            let note = note(refusal)?;
            Ok(Refused {
                form: kept(wabe_kernel::FieldErrors::default()),
                note: Some(note),
            })
        }
    }
}

/// The note for a refusal of a page without fields; the failure when there is none.
pub(crate) fn note(refusal: Refusal) -> Result<Note, Failure> {
    match refusal {
        Refusal::Limit {
            limit,
            used,
            max,
            wanted,
        } => Ok(Note::Limit(Short {
            limit,
            used,
            max,
            wanted,
        })),
        Refusal::Conflict(code) => Ok(Note::Conflict(code)),
        refusal => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::Problem;

    #[test]
    fn what_was_typed_is_kept_and_secrets_are_not() {
        let mut form = Form::default();
        form.fields.insert("name".to_owned(), "shop".to_owned());
        form.fields
            .insert("password".to_owned(), "geheim".to_owned());
        let refusal = Refusal::field("name", Problem::new("name-taken"));
        let again = again(&form, &["password"], refusal).unwrap();
        assert_eq!(again.form.value("name"), "shop");
        assert_eq!(again.form.value("password"), "");
        assert!(again.form.error("name").is_some());
    }

    #[test]
    fn a_full_plan_is_said_above_the_form_and_missing_things_are_not() {
        let full = Refusal::Limit {
            limit: Limit::Webspaces,
            used: 3,
            max: 3,
            wanted: 1,
        };
        let said = note(full).unwrap();
        assert_eq!(said.limit().map(|short| short.used), Some(3));
        assert!(matches!(note(Refusal::NotFound), Err(Failure::NotFound)));
    }
}

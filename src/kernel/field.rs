//! How what somebody typed becomes a type, or an error that names the field.
//!
//! A command's fields are declared once with [`fields!`](crate::fields); from that come the struct,
//! the parser that reports all errors at once (for JSON and for forms), and the JSON Schema.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Why a field was refused: a code of the message catalogue and its arguments.
///
/// The text for people is the Fluent message `problem-{code}`; nothing here is a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code, in kebab case.
    pub code: &'static str,
    /// Named values for the message. Never secrets.
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// The argument that names a line, where the problem is about one.
    pub const AT_LINE: &'static str = "at_line";
    /// The argument that holds what stands in that line.
    pub const AT_TEXT: &'static str = "at_text";

    /// The argument that names a setting, where the problem is about one of several in a field.
    pub const OF_SETTING: &'static str = "of_setting";

    /// The same problem, said of a setting by its name.
    #[must_use]
    pub fn of_setting(self, name: &str) -> Self {
        self.with(Self::OF_SETTING, name)
    }

    /// A problem without arguments.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self {
            code,
            args: Vec::new(),
        }
    }

    /// The same problem, said of a line of a text: its number, counted from 1, and how it reads.
    #[must_use]
    pub fn in_line(self, number: usize, line: &str) -> Self {
        let seen = line.trim().chars().filter(|c| !crate::is_unseen(*c));
        let text: String = seen.take(LINE_CHARS_SHOWN).collect();
        self.with(Self::AT_LINE, number).with(Self::AT_TEXT, text)
    }

    /// The same problem with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// The most of a line that is said back, in characters.
const LINE_CHARS_SHOWN: usize = 80;

/// Everything that is wrong with an input, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, Problem>);

impl FieldErrors {
    /// One field, one problem.
    #[must_use]
    pub fn one(field: &str, problem: Problem) -> Self {
        let mut errors = Self::default();
        errors.add(field, problem);
        errors
    }

    /// Notes a problem; the first one of a field stays.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.entry(field.to_owned()).or_insert(problem);
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A type that a field can have.
pub trait Field: Sized {
    /// Whether leaving the field out is an error.
    const REQUIRED: bool = true;

    /// The value of a JSON member.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_json(value: &Value) -> Result<Self, Problem>;

    /// The value of a form field, as typed.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_text(text: &str) -> Result<Self, Problem>;

    /// The value when the field was not sent; only asked where `REQUIRED` is false.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// The value when the field was sent with nothing in it: `null` in JSON, an empty field of a form.
    #[must_use]
    fn empty() -> Option<Self> {
        Self::absent()
    }
}

/// A set of named fields: the input of a command.
pub trait Fields: Sized {
    /// Field names in the order of their declaration.
    const NAMES: &'static [&'static str];

    /// Parses a JSON object.
    ///
    /// # Errors
    /// Every field that is missing, unknown or wrong, at once.
    fn from_json(object: &Map<String, Value>) -> Result<Self, FieldErrors>;

    /// Parses form fields; unknown names are ignored; empty optional fields count as absent, except where [`Field::empty`] says otherwise.
    ///
    /// # Errors
    /// Every field that is missing or wrong, at once.
    fn from_form(typed: &BTreeMap<String, String>) -> Result<Self, FieldErrors>;
}

/// The longest text any field takes, in bytes; longer input is refused before it is parsed.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;

fn text_of(value: &Value) -> Result<&str, Problem> {
    let text = value.as_str().ok_or(Problem::new("must-be-text"))?;
    bounded(text)
}

fn bounded(text: &str) -> Result<&str, Problem> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Problem::new("too-long").with("max", TEXT_BYTES_MAX));
    }
    Ok(text)
}

/// One JSON field, as [`fields!`](crate::fields) reads it.
#[doc(hidden)]
pub fn json_field<T: Field>(
    object: &Map<String, Value>,
    name: &str,
    errors: &mut FieldErrors,
) -> Option<T> {
    let read = match object.get(name) {
        None => T::absent().ok_or(Problem::new("required")),
        Some(Value::Null) => T::empty().ok_or(Problem::new("required")),
        Some(value) => T::from_json(value),
    };
    read.map_err(|problem| errors.add(name, problem)).ok()
}

/// One form field, as [`fields!`](crate::fields) reads it.
#[doc(hidden)]
pub fn form_field<T: Field>(
    typed: &BTreeMap<String, String>,
    name: &str,
    errors: &mut FieldErrors,
) -> Option<T> {
    let read = match typed.get(name).map(String::as_str) {
        None => T::absent().ok_or(Problem::new("required")),
        Some("") => T::empty().ok_or(Problem::new("required")),
        Some(text) => bounded(text).and_then(T::from_text),
    };
    read.map_err(|problem| errors.add(name, problem)).ok()
}

impl<T: Field> Field for Option<T> {
    const REQUIRED: bool = false;

    fn from_json(value: &Value) -> Result<Self, Problem> {
        T::from_json(value).map(Some)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        T::from_text(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Field> Field for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        let items = value.as_array().ok_or(Problem::new("must-be-list"))?;
        if items.len() > 100 {
            return Err(Problem::new("too-many").with("max", 100));
        }
        items.iter().map(T::from_json).collect()
    }

    /// One item a line, or separated by commas or spaces.
    fn from_text(text: &str) -> Result<Self, Problem> {
        let parts = text.split([',', '\n', ' ', ';']).map(str::trim);
        let items: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        if items.len() > 100 {
            return Err(Problem::new("too-many").with("max", 100));
        }
        items.into_iter().map(T::from_text).collect()
    }
}

impl Field for bool {
    const REQUIRED: bool = false;

    fn from_json(value: &Value) -> Result<Self, Problem> {
        value.as_bool().ok_or(Problem::new("must-be-yes-or-no"))
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        match text {
            "on" | "true" | "1" | "yes" => Ok(true),
            "off" | "false" | "0" | "no" => Ok(false),
            _ => Err(Problem::new("must-be-yes-or-no")),
        }
    }

    /// An unticked box is not sent.
    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl Field for i64 {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        value.as_i64().ok_or(Problem::new("must-be-whole-number"))
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        text.trim()
            .parse()
            .map_err(|_wrong| Problem::new("must-be-whole-number"))
    }
}

/// Reads a text form for [`text_form!`].
#[doc(hidden)]
pub fn text_from_json(value: &Value) -> Result<&str, Problem> {
    text_of(value)
}

/// Gives a type with `Display` and `FromStr` its serde, JSON Schema and [`Field`] forms.
///
/// `FromStr::Err` must be convertible into a [`Problem`] or the given code is used.
macro_rules! text_form {
    ($name:ident, $format:literal, $code:literal) => {
        crate::field::text_form!(@serde $name, $format);

        impl crate::field::Field for $name {
            fn from_json(value: &serde_json::Value) -> Result<Self, crate::field::Problem> {
                Self::from_text(crate::field::text_from_json(value)?)
            }

            fn from_text(text: &str) -> Result<Self, crate::field::Problem> {
                text.trim().parse().map_err(|_wrong| crate::field::Problem::new($code))
            }
        }
    };
    ($name:ident, $format:literal) => {
        crate::field::text_form!(@serde $name, $format);

        impl crate::field::Field for $name {
            fn from_json(value: &serde_json::Value) -> Result<Self, crate::field::Problem> {
                Self::from_text(crate::field::text_from_json(value)?)
            }

            fn from_text(text: &str) -> Result<Self, crate::field::Problem> {
                text.trim().parse()
            }
        }
    };
    (@serde $name:ident, $format:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                text.parse().map_err(|_wrong| serde::de::Error::custom(concat!("not a ", $format)))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}
pub(crate) use text_form;

/// Declares a struct of [`Field`]s with its parser for JSON and forms and its JSON Schema.
///
/// Fields must be `pub`. The result implements [`Fields`] and `Deserialize` (through [`Fields`]).
///
/// Values that a command works out before its transaction stand in a second block, `prepared`; they
/// are no input, and begin with their type's default.
#[macro_export]
macro_rules! fields {
    (
        $(#[$meta:meta])* pub struct $name:ident {
            $($(#[$fmeta:meta])* pub $field:ident : $type:ty),* $(,)?
        }
        $(prepared { $($(#[$pmeta:meta])* $prepared:ident : $ptype:ty),* $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, $crate::macros::schemars::JsonSchema)]
        #[schemars(crate = "wabe_kernel::macros::schemars")]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $type,)*
            $($($(#[$pmeta])* #[schemars(skip)] $prepared: $ptype,)*)?
        }

        impl $crate::field::Fields for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn from_json(
                object: &$crate::macros::serde_json::Map<String, $crate::macros::serde_json::Value>,
            ) -> Result<Self, $crate::field::FieldErrors> {
                let mut errors = $crate::field::FieldErrors::default();
                for name in object.keys() {
                    if !Self::NAMES.contains(&name.as_str()) {
                        errors.add(name, $crate::field::Problem::new("unknown-field"));
                    }
                }
                $(let $field = $crate::field::json_field::<$type>(object, stringify!($field), &mut errors);)*
                match ($($field,)*) {
                    ($(Some($field),)*) if errors.is_empty() => {
                        Ok(Self { $($field,)* $($($prepared: Default::default(),)*)? })
                    }
                    _ => Err(errors),
                }
            }

            #[allow(clippy::allow_attributes, unused_variables, unused_mut, reason = "a set without fields uses neither")]
            fn from_form(
                typed: &std::collections::BTreeMap<String, String>,
            ) -> Result<Self, $crate::field::FieldErrors> {
                let mut errors = $crate::field::FieldErrors::default();
                $(let $field = $crate::field::form_field::<$type>(typed, stringify!($field), &mut errors);)*
                match ($($field,)*) {
                    ($(Some($field),)*) if errors.is_empty() => {
                        Ok(Self { $($field,)* $($($prepared: Default::default(),)*)? })
                    }
                    _ => Err(errors),
                }
            }
        }

        impl<'de> $crate::macros::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macros::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let object = <$crate::macros::serde_json::Map<String, $crate::macros::serde_json::Value>
                    as $crate::macros::serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::field::Fields>::from_json(&object).map_err(|errors| {
                    let names: Vec<&str> = errors.0.keys().map(String::as_str).collect();
                    <D::Error as $crate::macros::serde::de::Error>::custom(names.join(", "))
                })
            }
        }
    };
}

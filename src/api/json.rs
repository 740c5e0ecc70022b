//! JSON as requests may carry it: one object, no name twice, no control characters, bounded texts.
//!
//! Two parsers must never read one body differently, hence no duplicate names (RFC 8259, 4 leaves
//! their meaning open). Source: bar part 2, P1 and P3.

use crate::problem::{Kind, Problem};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;
use wabe_kernel::{FieldErrors, Problem as FieldProblem};

/// The most bytes of one text.
pub(crate) const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Whether texts may have several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// One line: no control character at all.
    One,
    /// Several: tabs and line ends are fine.
    Many,
}

impl Lines {
    /// What a command of this input takes: several lines when one of its fields is prose or PEM. Its other
    /// fields refuse them by themselves.
    pub(crate) fn of(input: &schemars::Schema) -> Self {
        let defines = |name: &str| input.pointer(&format!("/$defs/{name}")).is_some();
        if defines("MessageText") || defines("CertificateText") {
            Self::Many
        } else {
            Self::One
        }
    }
}

/// Reads the object of a body; no bytes are the empty object.
///
/// # Errors
/// `Malformed` with line and column, `Invalid` when it is something else than an object.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let doubled = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Strict(&doubled).deserialize(&mut reader).and_then(|value| {
        reader.end()?;
        Ok(value)
    });
    match read {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => {
            let problem = FieldProblem::new("must-be-object");
            Err(FieldErrors::one("", problem).into())
        }
        Err(error) => {
            let code = if doubled.get() {
                "duplicate-name"
            } else {
                "not-json"
            };
            let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            Err(Problem::coded(Kind::Malformed, code)
                .with("line", number(error.line()))
                .with("column", number(error.column())))
        }
    }
}

/// What is wrong with the texts of an object, by member.
pub(crate) fn texts(object: &Map<String, Value>, lines: Lines) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (name, value) in object {
        if let Err(problem) = check(value, lines) {
            errors.add(name, problem);
        }
    }
    errors
}

fn check(value: &Value, lines: Lines) -> Result<(), FieldProblem> {
    match value {
        Value::String(text) if text.len() > TEXT_BYTES_MAX => {
            Err(FieldProblem::new("too-long").with("max", TEXT_BYTES_MAX))
        }
        Value::String(text) => {
            let fine = |c: char| lines == Lines::Many && matches!(c, '\t' | '\n' | '\r');
            if text.chars().any(|c| c.is_control() && !fine(c)) {
                return Err(FieldProblem::new("control-character"));
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| check(item, lines)),
        Value::Object(members) => members.values().try_for_each(|item| check(item, lines)),
        _ => Ok(()),
    }
}

/// Reads any value, and notes a name that comes twice.
struct Strict<'a>(&'a Cell<bool>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict(self.0))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                self.0.set(true);
                return Err(Error::custom("a name comes twice"));
            }
            object.insert(name, members.next_value_seed(Strict(self.0))?);
        }
        Ok(Value::Object(object))
    }
}

//! An object of a page, and its fields by type.

use crate::flaw::Defect;
use crate::json::type_name;
use crate::text::plain;
use crate::ui::read::Reading;
use serde_json::{Map, Value};

/// The longest text in one place, in characters.
const TEXT_MAX: usize = 10_000;

/// An object with its path.
pub(super) struct Object<'a> {
    fields: &'a Map<String, Value>,
    pub(super) path: String,
}

impl<'a> Object<'a> {
    /// The object that this value is; noted when it is none.
    pub(super) fn of(reading: &mut Reading, path: &str, value: &'a Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self {
                fields,
                path: path.to_owned(),
            }),
            other => {
                wrong(reading, path, other, "an object");
                None
            }
        }
    }

    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// The value; `null` counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// Notes that something about a field is wrong.
    pub(super) fn note(&self, reading: &mut Reading, name: &str, defect: Defect) {
        reading.note(&self.key(name), defect);
    }

    fn need(&self, reading: &mut Reading, name: &str) -> Option<&'a Value> {
        let value = self.get(name);
        if value.is_none() {
            self.note(
                reading,
                name,
                Defect::Missing {
                    name: name.to_owned(),
                },
            );
        }
        value
    }

    /// A line; absent is empty.
    pub(super) fn line(&self, reading: &mut Reading, name: &str) -> String {
        self.read_text(reading, name, false).unwrap_or_default()
    }

    /// Text with line breaks; absent is empty.
    pub(super) fn lines(&self, reading: &mut Reading, name: &str) -> String {
        self.read_text(reading, name, true).unwrap_or_default()
    }

    /// A line that must be there and say something.
    pub(super) fn need_line(&self, reading: &mut Reading, name: &str) -> Option<String> {
        self.need(reading, name)?;
        let text = self.read_text(reading, name, false)?;
        if text.trim().is_empty() {
            self.note(
                reading,
                name,
                Defect::Empty {
                    what: name.to_owned(),
                },
            );
        }
        Some(text)
    }

    /// Text with line breaks that must be there.
    pub(super) fn need_lines(&self, reading: &mut Reading, name: &str) -> Option<String> {
        self.need(reading, name)?;
        self.read_text(reading, name, true)
    }

    fn read_text(&self, reading: &mut Reading, name: &str, lines: bool) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => {
                let found = text.chars().count();
                if found > TEXT_MAX {
                    let (max, found) = (TEXT_MAX.to_string(), found.to_string());
                    self.note(reading, name, Defect::TooLong { max, found });
                }
                Some(plain(text, lines))
            }
            other => {
                wrong(reading, &self.key(name), other, "a text");
                None
            }
        }
    }

    /// The name of a field or button.
    pub(super) fn name(&self, reading: &mut Reading, name: &str) -> Option<String> {
        let text = self.need_line(reading, name)?;
        let good = text.len() <= 40
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !good {
            let shape = "small letters, digits and underscores, a letter first".to_owned();
            let value = text.chars().take(60).collect();
            self.note(reading, name, Defect::BadName { value, shape });
        }
        Some(text)
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&self, reading: &mut Reading, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                wrong(reading, &self.key(name), other, "true or false");
                false
            }
        }
    }

    /// A number.
    pub(super) fn number(&self, reading: &mut Reading, name: &str) -> Option<f64> {
        let value = self.get(name)?;
        let number = value.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            wrong(reading, &self.key(name), value, "a number");
        }
        number
    }

    /// A number that must be there.
    pub(super) fn need_number(&self, reading: &mut Reading, name: &str) -> Option<f64> {
        self.need(reading, name)?;
        self.number(reading, name)
    }

    /// The items of a list that must be there, at most `max`, each with its path.
    pub(super) fn list(
        &self,
        reading: &mut Reading,
        name: &str,
        max: usize,
    ) -> Vec<(String, &'a Value)> {
        let items = match self.need(reading, name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                wrong(reading, &self.key(name), other, "a list");
                return Vec::new();
            }
        };
        if items.len() > max {
            let what = "entries".to_owned();
            let (max, found) = (max.to_string(), items.len().to_string());
            self.note(reading, name, Defect::TooMany { what, max, found });
        }
        let paths = (0..).map(|at: usize| format!("{}[{at}]", self.key(name)));
        paths.zip(items).take(max).collect()
    }
}

pub(super) fn wrong(reading: &mut Reading, path: &str, value: &Value, expected: &str) {
    let (expected, found) = (expected.to_owned(), type_name(value).to_owned());
    reading.note(path, Defect::WrongType { expected, found });
}

//! The settings of an installation: a small part of JSON Schema, as typed fields with texts.
//!
//! The schema is an object of `string`, `integer` and `boolean` properties. `title` and `description`
//! are English, `title:de` and `description:de` German. A choice is an `enum`, or a `oneOf` of
//! `const` with `title` and `title:de`.

use crate::flaw::{Defect, Flaw, Flaws};
use crate::json;
use crate::text::{Texts, check_line, deceives};
use serde::Serialize;
use serde_json::{Map, Value};

mod schema;

/// The most settings.
pub const FIELDS_MAX: usize = 40;
/// The longest text.
pub const TEXT_MAX: u32 = 4_000;

/// What one setting may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Kind {
    /// A text.
    Text {
        /// The fewest characters.
        min: u32,
        /// The most characters.
        max: u32,
    },
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Yes or no.
    Flag,
    /// One of several.
    Choice {
        /// The values with what people read.
        options: Vec<(String, Texts)>,
    },
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key in the object.
    pub name: String,
    /// What stands above the field.
    pub title: Texts,
    /// What stands below it; may be empty.
    pub description: Texts,
    /// True when it must be there.
    pub required: bool,
    /// What stands in it at first.
    pub default: Option<Value>,
    /// What it may be.
    #[serde(flatten)]
    pub kind: Kind,
}

/// All settings of a plugin, in the order of the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Settings(Vec<Setting>);

impl Settings {
    /// Reads the part `part` of a package.
    pub fn read(part: &str, bytes: &[u8]) -> Result<Self, Vec<Flaw>> {
        schema::read(part, bytes).map(Self)
    }

    /// The settings, in order.
    #[must_use]
    pub fn fields(&self) -> &[Setting] {
        &self.0
    }

    /// Checks what a customer chose; every wrong setting is reported by its key. The answer has the
    /// defaults filled in, in the order of the schema.
    pub fn check(&self, typed: &Value) -> Result<Value, Vec<Flaw>> {
        let mut flaws = Flaws::default();
        let Value::Object(typed) = typed else {
            let (expected, found) = ("an object".to_owned(), json::type_name(typed).to_owned());
            return Err(vec![Flaw::of_part(
                "",
                Defect::WrongType { expected, found },
            )]);
        };
        let known = || {
            self.0
                .iter()
                .map(|s| s.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        for name in typed
            .keys()
            .filter(|name| !self.0.iter().any(|s| s.name == **name))
        {
            let key: String = name.chars().take(60).collect();
            let defect = Defect::UnknownKey {
                name: key.clone(),
                known: known(),
            };
            flaws.push(Flaw::at("", key, defect));
        }
        let mut settings = Map::new();
        for setting in &self.0 {
            let value = typed.get(&setting.name).filter(|value| !value.is_null());
            match value.or(setting.default.as_ref()) {
                Some(value) => match setting.check(value) {
                    Ok(()) => {
                        settings.insert(setting.name.clone(), value.clone());
                    }
                    Err(defect) => flaws.push(Flaw::at("", setting.name.clone(), defect)),
                },
                None if setting.required => {
                    let defect = Defect::Missing {
                        name: setting.name.clone(),
                    };
                    flaws.push(Flaw::at("", setting.name.clone(), defect));
                }
                None => {}
            }
        }
        flaws.done(Some(Value::Object(settings)))
    }
}

impl Setting {
    /// Checks one value.
    pub fn check(&self, value: &Value) -> Result<(), Defect> {
        let wrong = |expected: &str| Defect::WrongType {
            expected: expected.to_owned(),
            found: json::type_name(value).to_owned(),
        };
        match &self.kind {
            Kind::Flag => value
                .as_bool()
                .map(drop)
                .ok_or_else(|| wrong("true or false")),
            Kind::Integer { min, max } => {
                let number = value.as_i64().ok_or_else(|| wrong("a whole number"))?;
                if (*min..=*max).contains(&number) {
                    return Ok(());
                }
                Err(bad_number(number, *min, *max))
            }
            Kind::Choice { options } => {
                let text = value.as_str().ok_or_else(|| wrong("a text"))?;
                if options.iter().any(|(option, _)| option == text) {
                    return Ok(());
                }
                let known = options
                    .iter()
                    .map(|o| o.0.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                Err(Defect::NotAChoice {
                    value: text.chars().take(60).collect(),
                    known,
                })
            }
            Kind::Text { min, max } => {
                let text = value.as_str().ok_or_else(|| wrong("a text"))?;
                let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                if *min > 0 && length == 0 {
                    return Err(Defect::Empty {
                        what: self.name.clone(),
                    });
                }
                if length < *min {
                    return Err(bad_number(length.into(), (*min).into(), (*max).into()));
                }
                if length > *max {
                    let (max, found) = (max.to_string(), length.to_string());
                    return Err(Defect::TooLong { max, found });
                }
                match text
                    .chars()
                    .position(|c| c != '\n' && (c.is_control() || deceives(c)))
                {
                    Some(at) => Err(Defect::ControlCharacter { at: at.to_string() }),
                    None => Ok(()),
                }
            }
        }
    }
}

fn bad_number(value: i64, min: i64, max: i64) -> Defect {
    Defect::BadNumber {
        value: value.to_string(),
        min: min.to_string(),
        max: max.to_string(),
    }
}

/// Checks a title or description of a schema.
fn check_text(text: &str) -> Result<String, Defect> {
    check_line(text, 300).map(|()| text.to_owned())
}

#[cfg(test)]
mod tests;

//! A message with its arguments, on its way into a template or a notice.

use crate::texts::Texts;
use fluent_bundle::{FluentArgs, FluentValue};
use std::fmt;
use wabe_kernel::Language;

#[derive(Debug, Clone)]
enum Arg {
    Text(String),
    Number(i64),
}

/// A Fluent message; displays as its text. Askama escapes it like any other text.
#[derive(Debug, Clone)]
pub struct Message {
    language: Language,
    id: String,
    args: Vec<(String, Arg)>,
}

impl Message {
    /// The message without arguments.
    #[must_use]
    pub fn new(language: Language, id: impl fmt::Display) -> Self {
        Self {
            language,
            id: id.to_string(),
            args: Vec::new(),
        }
    }

    /// With a text argument; digits in it stay as they are.
    #[must_use]
    pub fn with(mut self, name: impl fmt::Display, value: impl fmt::Display) -> Self {
        self.args
            .push((name.to_string(), Arg::Text(value.to_string())));
        self
    }

    /// With a number: it selects plural forms and is written as the language writes numbers.
    #[must_use]
    pub fn num(mut self, name: impl fmt::Display, value: i64) -> Self {
        self.args.push((name.to_string(), Arg::Number(value)));
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut args = FluentArgs::with_capacity(self.args.len());
        for (name, value) in &self.args {
            match value {
                Arg::Text(text) => args.set(name.as_str(), FluentValue::from(text.as_str())),
                Arg::Number(number) => args.set(name.as_str(), FluentValue::from(*number)),
            }
        }
        f.write_str(&Texts::global().say(self.language, &self.id, &args))
    }
}

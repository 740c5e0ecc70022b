//! What people fill in and press.

use serde_json::{Value, json};

/// Something to fill in. Its name is in [`Input`](crate::Input).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Field(Value);

impl Field {
    /// A line to type.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("text-field", name.into(), label.into())
    }

    /// Lines to type.
    pub fn lines(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("textarea", name.into(), label.into())
    }

    /// A number to type.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("number-field", name.into(), label.into())
    }

    /// A box to tick.
    pub fn checkbox(name: impl Into<String>, label: impl Into<String>, checked: bool) -> Self {
        Self::of("checkbox", name.into(), label.into()).with("checked", checked)
    }

    /// A choice of values, each with what the page says for it.
    pub fn select(
        name: impl Into<String>,
        label: impl Into<String>,
        options: &[(&str, &str)],
    ) -> Self {
        let option = |(value, label): &(&str, &str)| json!({"value": value, "label": label});
        let options: Vec<Value> = options.iter().map(option).collect();
        Self::of("select", name.into(), label.into()).with("options", options)
    }

    fn of(kind: &str, name: String, label: String) -> Self {
        Self(json!({"kind": kind, "name": name, "label": label}))
    }

    /// What stands in it; a number for a number.
    pub fn value(self, value: impl Into<Value>) -> Self {
        self.with("value", value)
    }

    /// What stands below it.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.with("hint", hint.into())
    }

    /// What was wrong with what was typed.
    pub fn error(self, error: impl Into<String>) -> Self {
        self.with("error", error.into())
    }

    /// It must be filled in.
    pub fn required(self) -> Self {
        self.with("required", true)
    }

    /// The most characters of a text.
    pub fn max_length(self, characters: u16) -> Self {
        self.with("max_length", characters)
    }

    /// The least and the most of a number.
    pub fn range(self, min: f64, max: f64) -> Self {
        self.with("min", min).with("max", max)
    }

    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0[key] = value.into();
        self
    }

    pub(super) fn into_node(self) -> Value {
        self.0
    }
}

/// Something to press: sends the page's fields, and its own name.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Button(Value);

impl Button {
    /// A button with its name in the input, and what it does.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(json!({"kind": "button", "name": name.into(), "text": text.into(), "value": "true"}))
    }

    /// Its value in the input, `true` without this.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.0["value"] = value.into().into();
        self
    }

    /// The one that most people want.
    pub fn primary(mut self) -> Self {
        self.0["primary"] = true.into();
        self
    }

    pub(super) fn into_node(self) -> Value {
        self.0
    }
}

//! Forms and cards.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::{Failure, Result};

/// Somebody looks at a form, or has sent it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// Its name in `plugin.toml`.
    pub name: String,
    /// What the page was opened with; an empty object at first.
    pub state: Value,
    /// What was sent; absent while somebody only looks.
    pub input: Option<Input>,
}

impl Form {
    /// What was sent; absent while somebody only looks.
    pub fn sent(&self) -> Option<&Input> {
        self.input.as_ref()
    }
}

/// Texts by the names of the fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input(pub Map<String, Value>);

impl Input {
    /// The text in a field, trimmed; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::String(text)) => text.trim(),
            _ => "",
        }
    }

    /// Whether a box is ticked, or a button of this name was pressed.
    pub fn is_set(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::String(text)) => !text.is_empty() && text != "false",
            Some(Value::Bool(set)) => *set,
            _ => false,
        }
    }

    /// All fields as a struct of texts.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(Value::Object(self.0.clone())).map_err(|error| {
            Failure::new(
                "input-invalid",
                "the form was sent with other fields than it has",
            )
            .detail(error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_read_by_name() {
        let Value::Object(fields) = json!({"name": " x ", "yes": "true", "no": "false"}) else {
            unreachable!()
        };
        let input = Input(fields);
        assert_eq!(input.text("name"), "x");
        assert_eq!(input.text("other"), "");
        assert!(input.is_set("yes") && !input.is_set("no") && !input.is_set("other"));
    }
}

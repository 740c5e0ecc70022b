//! Values that must not be printed.

use crate::field::{Field, Problem};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A secret text: cannot be displayed, serialised or compared by accident, and is wiped on drop.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that hashes, sends or shows it once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `other` is the same text, in time that does not depend on where they differ.
    #[must_use]
    pub fn verify(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// True when there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl Field for Secret {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        let text = value.as_str().ok_or(Problem::new("must-be-text"))?;
        Self::from_text(text)
    }

    /// Not trimmed. Refuses control characters and more than 1 024 bytes.
    fn from_text(text: &str) -> Result<Self, Problem> {
        if text.len() > 1_024 {
            return Err(Problem::new("too-long").with("max", 1_024));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::new("control-character"));
        }
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        Ok(Self::new(text))
    }
}

impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}

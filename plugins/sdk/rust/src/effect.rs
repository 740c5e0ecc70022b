//! What shall change.

use crate::failure::{Failure, Result};
use serde::Serialize;
use serde_json::{Map, Value};

/// A command of the customer, to be carried out when the run has succeeded.
///
/// `plugin.toml` asks for it: `capability = "effect:domain.set_redirect"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The command's name.
    pub kind: String,
    /// The id of the thing it is about; empty for a new one.
    pub target: String,
    /// The command's other fields.
    pub args: Map<String, Value>,
    /// Carried out once in 30 days for this key. Empty: once for this work, however often it is tried.
    pub key: String,
}

impl Effect {
    /// The command of this name.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            target: String::new(),
            args: Map::new(),
            key: String::new(),
        }
    }

    /// About the thing with this id.
    #[must_use]
    pub fn on(mut self, id: impl Into<String>) -> Self {
        self.target = id.into();
        self
    }

    /// With this field.
    #[must_use]
    pub fn arg(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.args.insert(name.into(), value.into());
        self
    }

    /// With the fields of a struct.
    pub fn args(mut self, fields: &impl Serialize) -> Result<Self> {
        match serde_json::to_value(fields)? {
            Value::Object(fields) => self.args.extend(fields),
            other => {
                let message = format!("the fields of {} are no object: {other}", self.kind);
                return Err(Failure::new("effect-invalid", message));
            }
        }
        Ok(self)
    }

    /// Carried out once in 30 days for this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// A message to the customer's members; needs `capability = "mail"`.
    pub fn message(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new("plugin_message.send")
            .arg("subject", subject.into())
            .arg("text", text.into())
    }

    /// Sends a domain's visitors to an address; needs `capability = "effect:domain.set_redirect"`.
    pub fn redirect(domain: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new("domain.set_redirect")
            .on(domain)
            .arg("redirect", target.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_effect_is_a_command_with_fields() {
        #[derive(Serialize)]
        struct Fields {
            quota_bytes: u64,
        }
        let effect = Effect::new("mailbox.set_quota")
            .on("mbx_1")
            .args(&Fields { quota_bytes: 5 })
            .unwrap();
        assert_eq!(Value::Object(effect.args), json!({"quota_bytes": 5}));
        assert!(Effect::new("x.y").args(&7).is_err());
    }
}

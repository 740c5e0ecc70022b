//! Fields of commands that are more than a line of text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::borrow::Cow;
use wabe_kernel::{Field, Problem};
use wabe_package::Grants;
use wabe_package::archive::PACKAGE_BYTES;

use crate::flaws::problem;

/// The largest object of settings or rights, in bytes of JSON.
const OBJECT_BYTES_MAX: usize = 64 * 1024;

/// The bytes of a `.wabeplugin` file; in JSON their Base64.
#[derive(Clone)]
pub struct PackageFile(pub Vec<u8>);

impl std::fmt::Debug for PackageFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackageFile({} bytes)", self.0.len())
    }
}

impl Field for PackageFile {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.len() / 4 * 3 > PACKAGE_BYTES {
            return Err(Problem::new("too-long").with("max", PACKAGE_BYTES));
        }
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|_form| Problem::new("not-base64"))?;
        if bytes.is_empty() {
            return Err(Problem::new("required"));
        }
        Ok(Self(bytes))
    }
}

impl schemars::JsonSchema for PackageFile {
    fn schema_name() -> Cow<'static, str> {
        "PackageFile".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

/// What is granted, by capability: `true` or `{"webspaces":[…]}` or `{"fields":[…]}`; `false` for what
/// is refused.
#[derive(Debug, Clone, Default)]
pub struct Granted(pub Grants);

impl Field for Granted {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        object(value)?;
        let grants = Grants::from_value(value);
        let first = |flaws: Vec<wabe_package::Flaw>| {
            flaws
                .first()
                .map_or(Problem::new("not-a-capability"), problem)
        };
        grants.map(Self).map_err(first)
    }

    /// JSON, as the consent page puts it together.
    fn from_text(text: &str) -> Result<Self, Problem> {
        let value = serde_json::from_str(text);
        Self::from_json(&value.map_err(|_form| Problem::new("not-json"))?)
    }
}

impl schemars::JsonSchema for Granted {
    fn schema_name() -> Cow<'static, str> {
        "Granted".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": { "anyOf": [
            { "type": "boolean" },
            { "type": "object", "additionalProperties": false, "properties": {
                "webspaces": { "type": "array", "items": { "type": "string" } },
                "fields": { "type": "array", "items": { "type": "string" } },
            } },
        ] } })
    }
}

/// The settings of an installation, by the plugin's own schema.
#[derive(Debug, Clone, Default)]
pub struct Chosen(pub Map<String, Value>);

impl Field for Chosen {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        object(value).map(|members| Self(members.clone()))
    }

    /// JSON, as the page of the settings puts it together.
    fn from_text(text: &str) -> Result<Self, Problem> {
        let value = serde_json::from_str(text);
        Self::from_json(&value.map_err(|_form| Problem::new("not-json"))?)
    }
}

impl schemars::JsonSchema for Chosen {
    fn schema_name() -> Cow<'static, str> {
        "Chosen".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, Problem> {
    let members = value.as_object().ok_or(Problem::new("must-be-object"))?;
    if value.to_string().len() > OBJECT_BYTES_MAX {
        return Err(Problem::new("too-long").with("max", OBJECT_BYTES_MAX));
    }
    Ok(members)
}

/// A text of one or more lines, 1 to 2 000 characters.
#[derive(Debug, Clone)]
pub struct Prose(pub String);

/// The most characters of a [`Prose`].
const PROSE_MAX: usize = 2_000;

impl Field for Prose {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.chars().count() > PROSE_MAX {
            return Err(Problem::new("too-long").with("max", PROSE_MAX));
        }
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            return Err(Problem::new("control-character"));
        }
        Ok(Self(text))
    }
}

impl schemars::JsonSchema for Prose {
    fn schema_name() -> Cow<'static, str> {
        "Prose".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": 2000 })
    }
}

//! JSON through one reader and one writer: every other combination of `serde_json` would be linked
//! beside them, and a small plugin is mostly that.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

/// Reads bytes as text.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let text = std::str::from_utf8(bytes).map_err(serde_json::Error::custom)?;
    serde_json::from_str(text)
}

/// Writes a value; what has no JSON becomes an empty text.
pub(crate) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

//! The installation's own store. Always granted.
//!
//! What is written is kept when the run succeeds, together with its effects. A value takes up to
//! 64 KiB, a key 512 bytes.

use crate::codec;
use crate::failure::{Problem, Result};
use crate::host;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes, with the version they have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versioned {
    /// The value.
    pub value: Vec<u8>,
    /// Grows with every write of the key.
    pub version: u64,
}

/// The value of a key, from JSON.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Problem> {
    let Some(found) = host::kv_get(key)? else {
        return Ok(None);
    };
    codec::read(&found.value).map(Some).map_err(|error| {
        Problem::invalid(format!(
            "the value of {key} is not the JSON expected: {error}"
        ))
    })
}

/// The bytes of a key, with their version for [`set_if`].
pub fn get_bytes(key: &str) -> Result<Option<Versioned>, Problem> {
    host::kv_get(key)
}

/// Writes a value as JSON.
pub fn set(key: &str, value: &impl Serialize) -> Result<(), Problem> {
    set_bytes(key, &written(value)?, None)
}

/// Writes a value as JSON that is gone after so many seconds.
pub fn set_for(key: &str, value: &impl Serialize, seconds: u32) -> Result<(), Problem> {
    set_bytes(key, &written(value)?, Some(seconds))
}

/// Writes bytes, for so many seconds or for good.
pub fn set_bytes(key: &str, value: &[u8], seconds: Option<u32>) -> Result<(), Problem> {
    host::kv_set(key, value, None, seconds).map(drop)
}

/// Writes bytes when the key still has this version, 0 for a key that is not there. Answers the new
/// version, or `conflict` when another run was faster.
pub fn set_if(key: &str, value: &[u8], version: u64) -> Result<u64, Problem> {
    host::kv_set(key, value, Some(version), None)
}

/// Deletes a key; answers whether it was there.
pub fn delete(key: &str) -> Result<bool, Problem> {
    host::kv_delete(key)
}

/// The keys that begin so, in order: all of them.
pub fn keys(prefix: &str) -> Result<Vec<String>, Problem> {
    let (mut all, mut cursor) = host::kv_keys(prefix, None, 1_000)?;
    while let Some(next) = cursor {
        let (more, after) = host::kv_keys(prefix, Some(&next), 1_000)?;
        all.extend(more);
        cursor = after;
    }
    Ok(all)
}

fn written(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::invalid(error.to_string()))
}

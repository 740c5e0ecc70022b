//! Files of the webspaces that the grant names: `capability = "files:read"` and `"files:write"`.
//!
//! Paths are relative to the webspace's folder, with slashes. A file takes up to 1 MiB.

use crate::failure::{Problem, Result, found};
use crate::host;

/// A file or folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without folders.
    pub name: String,
    /// True for a folder.
    pub is_folder: bool,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970, UTC.
    pub modified_ms: u64,
}

/// A file's bytes; `None` when there is no such file.
pub fn read(webspace: &str, path: &str) -> Result<Option<Vec<u8>>, Problem> {
    found(host::files_read(webspace, path))
}

/// A file's text; `None` when there is no such file. What is no text becomes replacement characters.
pub fn read_text(webspace: &str, path: &str) -> Result<Option<String>, Problem> {
    let bytes = read(webspace, path)?;
    Ok(bytes.map(|bytes| match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

/// Writes a file at once, with the folders above it.
pub fn write(webspace: &str, path: &str, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    host::files_write(webspace, path, content.as_ref())
}

/// What is in a folder, by name; `None` when there is no such folder.
pub fn list(webspace: &str, path: &str) -> Result<Option<Vec<Entry>>, Problem> {
    found(host::files_list(webspace, path))
}

/// Deletes a file, or an empty folder; answers whether it was there.
pub fn delete(webspace: &str, path: &str) -> Result<bool, Problem> {
    Ok(found(host::files_delete(webspace, path))?.is_some())
}

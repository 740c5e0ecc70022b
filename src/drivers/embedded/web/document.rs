//! `site.json`: the one document that says what a webspace's site is.
//!
//! Written by the driver and read by the server, so it is treated as configuration: control
//! characters cannot get in, what was written is parsed back and compared before it is used, and
//! unknown fields are refused (bar 3.14 T1, T3).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Display;
use std::path::Path;
use wabe_kernel::desired::{Revision, StepFailure, Webspace, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::durable;

/// Larger documents are not ours.
const BYTES_MAX: u64 = 1 << 20;

/// A wish for a webspace and how new it is. `Gone` keeps the revision after a site was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) revision: Revision,
    pub(super) wish: Wish<Webspace>,
}

impl Document {
    /// The webspace the wish is about; none when it should be gone.
    pub(super) const fn webspace(&self) -> Option<&Webspace> {
        match &self.wish {
            Wish::Present(webspace) | Wish::Hidden(webspace) => Some(webspace),
            Wish::Gone => None,
        }
    }
}

/// Writes a document, after its text was parsed back and found equal.
pub(super) fn write<T: Serialize + DeserializeOwned + PartialEq>(
    path: &Path,
    document: &T,
) -> Result<(), StepFailure> {
    let mut text = serde_json::to_vec_pretty(document)
        .map_err(|fault| StepFailure::new("site-not-writable", fault))?;
    text.push(b'\n');
    if parsed::<T>(&text)? != *document {
        return Err(StepFailure::new(
            "site-not-writable",
            "reads back otherwise",
        ));
    }
    durable::replace(path, &text, 0o600).map_err(|fault| StepFailure::new("files-failed", fault))
}

/// Reads the document of webspace `id`; none when there is no file.
///
/// Errors: `site-damaged` when the file cannot be used, or is about another webspace.
pub(super) fn read(path: &Path, id: WebspaceId) -> Result<Option<Document>, StepFailure> {
    let Some(text) = text_of(path)? else {
        return Ok(None);
    };
    let document = parse(&text)?;
    if document
        .webspace()
        .is_some_and(|webspace| webspace.id != id)
    {
        return Err(damaged("is about another webspace"));
    }
    Ok(Some(document))
}

/// Turns text into a document.
///
/// Errors: `site-damaged` for control characters in any text, unknown fields, wrong types.
pub(super) fn parse(text: &[u8]) -> Result<Document, StepFailure> {
    parsed(text)
}

/// The text of a document of any kind; none when there is no file.
///
/// Errors: `site-damaged` when it cannot be read.
pub(super) fn text_of(path: &Path) -> Result<Option<Vec<u8>>, StepFailure> {
    match std::fs::metadata(path) {
        Ok(about) if about.len() > BYTES_MAX => Err(damaged("too large")),
        Ok(_) => std::fs::read(path).map(Some).map_err(damaged),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(damaged(fault)),
    }
}

/// Turns text into a document of any kind, as [`parse`] does.
pub(super) fn parsed<T: DeserializeOwned>(text: &[u8]) -> Result<T, StepFailure> {
    let value: Value = serde_json::from_slice(text).map_err(damaged)?;
    if holds_control_characters(&value) {
        return Err(damaged("control character"));
    }
    serde_json::from_value(value).map_err(damaged)
}

pub(super) fn damaged(why: impl Display) -> StepFailure {
    StepFailure::new("site-damaged", why)
}

fn holds_control_characters(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().any(char::is_control),
        Value::Array(values) => values.iter().any(holds_control_characters),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            name.chars().any(char::is_control) || holds_control_characters(value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

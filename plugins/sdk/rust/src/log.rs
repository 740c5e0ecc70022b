//! Lines for the page of the run. Always granted.
//!
//! 200 lines of 2 KiB are kept; what is beyond is cut or dropped, and the run goes on.

use crate::host;
use serde::Serialize;

/// For whoever looks for a mistake.
pub fn debug(message: impl AsRef<str>) {
    host::log_write("debug", message.as_ref(), "");
}

/// What happened.
pub fn info(message: impl AsRef<str>) {
    host::log_write("info", message.as_ref(), "");
}

/// What may become a problem.
pub fn warn(message: impl AsRef<str>) {
    host::log_write("warn", message.as_ref(), "");
}

/// What went wrong.
pub fn error(message: impl AsRef<str>) {
    host::log_write("error", message.as_ref(), "");
}

/// A line with fields, of a level `debug`, `info`, `warn` or `error`.
pub fn with(level: &str, message: impl AsRef<str>, fields: &impl Serialize) {
    let fields = serde_json::to_string(fields).unwrap_or_default();
    host::log_write(level, message.as_ref(), &fields);
}

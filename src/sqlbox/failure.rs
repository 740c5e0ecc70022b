//! Why a request was not carried out, in kinds that the parent knows.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_NOMEM;
use serde::Serialize;
use serde_json::{Value, json};

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// The engine understood and said no: syntax, constraints, unknown names.
    Rejected,
    /// The authorizer forbids it.
    Denied,
    /// The quota is used up.
    Full,
    /// A value, a statement or the memory it needs is larger than allowed.
    Limit,
    /// It took too long.
    Timeout,
    /// Another process holds the database.
    Busy,
    /// There is no table of this name.
    Missing,
    /// The statements ended inside a transaction, which was rolled back.
    Unfinished,
    /// The machine or the file is broken, or the parent is.
    Fault,
}

/// The most characters of a message; a trigger can raise megabytes.
const MESSAGE_CHARACTERS_MAX: usize = 2_000;

/// A failure with the engine's own words.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) message: String,
}

impl Failure {
    /// A failure of this kind.
    pub(crate) fn new(kind: Kind, message: impl std::fmt::Display) -> Self {
        Self {
            kind,
            message: message.to_string(),
        }
    }

    /// A fault of the machine; the message is for the operator's log.
    pub(crate) fn fault(message: impl std::fmt::Display) -> Self {
        Self::new(Kind::Fault, message)
    }

    /// The answer that tells of it.
    pub(crate) fn to_json(&self) -> Value {
        let message: String = self.message.chars().take(MESSAGE_CHARACTERS_MAX).collect();
        json!({ "error": { "kind": self.kind, "message": message } })
    }

    /// The same failure, naming the line of the input where it happened.
    pub(crate) fn at_line(self, line: u64) -> Self {
        Self {
            message: format!("{line}: {}", self.message),
            ..self
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        // The engine's words only: the library's own form of an input error repeats the statement.
        let (cause, message) = match &error {
            rusqlite::Error::SqliteFailure(cause, Some(message)) => (Some(*cause), message.clone()),
            rusqlite::Error::SqlInputError {
                error: cause, msg, ..
            } => (Some(*cause), msg.clone()),
            other => (other.sqlite_error().copied(), other.to_string()),
        };
        let Some(cause) = cause else {
            return Self::new(Kind::Rejected, message);
        };
        let kind = match cause.code {
            ErrorCode::DiskFull => Kind::Full,
            ErrorCode::TooBig | ErrorCode::OutOfMemory => Kind::Limit,
            ErrorCode::OperationInterrupted => Kind::Timeout,
            ErrorCode::AuthorizationForStatementDenied => Kind::Denied,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Kind::Busy,
            _ if cause.extended_code == SQLITE_IOERR_NOMEM => Kind::Limit,
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport => Kind::Fault,
            _ => Kind::Rejected,
        };
        Self { kind, message }
    }
}

//! Answers in the protocol's terms. The texts are for clients' logs, in the protocol's English.

use russh_sftp::protocol::{Attrs, FileAttributes, Packet, Status, StatusCode};
use wabe_kernel::content::{ContentError, Entry, EntryKind};
use wabe_kernel::{Bytes, Timestamp};

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) code: StatusCode,
    pub(super) text: &'static str,
}

impl Refusal {
    pub(super) const fn new(code: StatusCode, text: &'static str) -> Self {
        Self { code, text }
    }

    pub(super) const EOF: Self = Self::new(StatusCode::Eof, "End of file");
    pub(super) const HANDLE: Self = Self::new(StatusCode::Failure, "No such handle");
    pub(super) const NAME: Self = Self::new(StatusCode::Failure, "Name not possible");
    pub(super) const UNSUPPORTED: Self =
        Self::new(StatusCode::OpUnsupported, "Operation unsupported");
    pub(super) const LINK: Self =
        Self::new(StatusCode::PermissionDenied, "Links are not supported");
}

impl From<ContentError> for Refusal {
    fn from(error: ContentError) -> Self {
        let (code, text) = match error {
            ContentError::NotFound => (StatusCode::NoSuchFile, "No such file"),
            ContentError::Exists => (StatusCode::Failure, "File exists"),
            ContentError::NotPlain => return Self::LINK,
            ContentError::WrongKind => (StatusCode::Failure, "Wrong kind of file"),
            ContentError::NotEmpty => (StatusCode::Failure, "Directory not empty"),
            ContentError::OverQuota { .. } => (StatusCode::Failure, "Quota exceeded"),
            ContentError::TooLarge { .. } => (StatusCode::Failure, "File too large"),
            ContentError::Refused("too-many-files") => (StatusCode::Failure, "Too many files"),
            ContentError::Refused("disk-full") => (StatusCode::Failure, "No space left on server"),
            ContentError::Refused("suspended" | "not-permitted" | "root-folder") => {
                (StatusCode::PermissionDenied, "Permission denied")
            }
            ContentError::Refused(_) | ContentError::Rejected(_) | ContentError::Halted { .. } => {
                (StatusCode::Failure, "Not possible")
            }
            ContentError::TimedOut => (StatusCode::Failure, "Timed out"),
            ContentError::Fault(detail) => {
                tracing::warn!(detail, "sftp: a request failed");
                (StatusCode::Failure, "Internal failure")
            }
        };
        Self { code, text }
    }
}

pub(super) fn status(id: u32, refusal: &Refusal) -> Packet {
    Packet::Status(Status {
        id,
        status_code: refusal.code,
        error_message: refusal.text.to_owned(),
        language_tag: "en".to_owned(),
    })
}

pub(super) fn done(id: u32) -> Packet {
    status(id, &Refusal::new(StatusCode::Ok, "Success"))
}

pub(super) fn attributes(id: u32, attrs: FileAttributes) -> Packet {
    Packet::Attrs(Attrs { id, attrs })
}

/// Owner and group are left out: every file is the customer's.
pub(super) fn of_entry(entry: &Entry) -> FileAttributes {
    let mode = match entry.kind {
        EntryKind::File => 0o100_644,
        EntryKind::Folder => 0o040_755,
        EntryKind::Link => 0o120_777,
    };
    with_mode(mode, entry.size, Some(entry.modified_at))
}

pub(super) fn of_file(size: Bytes, modified_at: Option<Timestamp>) -> FileAttributes {
    with_mode(0o100_644, size, modified_at)
}

fn with_mode(mode: u32, size: Bytes, modified_at: Option<Timestamp>) -> FileAttributes {
    let seconds =
        modified_at.map(|at| u32::try_from(at.0.div_euclid(1_000_000).max(0)).unwrap_or(u32::MAX));
    FileAttributes {
        size: Some(u64::try_from(size).unwrap_or(0)),
        permissions: Some(mode),
        atime: seconds,
        mtime: seconds,
        ..FileAttributes::default()
    }
}

//! What customers keep in their resources, as the faces of the panel reach it: files, mail, rows.
//!
//! These are the walls between the faces and whoever holds the content (an embedded driver in this
//! process, or an agent on a node). Content is read and written within limits, access-logged by the
//! caller, and has no undo.

use crate::desired::Working;
use crate::id::{DatabaseId, DomainId, MailboxId, WebspaceId};
use crate::quota::Bytes;
use crate::time::Timestamp;
use crate::{LogQuery, RelPath, SiteLog, hex};
use schemars::JsonSchema;
use serde::Serialize;

pub use crate::login_guard::{LoginGuard, UploadAttempt};
pub use crate::php_status::PhpStatus;

/// Why content could not be reached or kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentError {
    /// Nothing of that name is there.
    NotFound,
    /// Something of that name is there already.
    Exists,
    /// The way leads over a symbolic link or to something that is neither file nor folder.
    NotPlain,
    /// A file where a folder is needed, or the other way round.
    WrongKind,
    /// The folder still holds something.
    NotEmpty,
    /// The quota would be exceeded.
    OverQuota {
        /// Bytes allowed.
        quota: Bytes,
    },
    /// Larger than this way of asking allows, in bytes.
    TooLarge {
        /// Bytes allowed.
        max: Bytes,
    },
    /// The input cannot be used; a code of the message catalogue (`content-{code}`).
    Refused(&'static str),
    /// The customer's SQL or file was understood and rejected; the engine's own words.
    Rejected(String),
    /// It took longer than allowed and was stopped.
    TimedOut,
    /// A dump stopped in the middle, and what ran before stays: the engine takes no tables back.
    Halted {
        /// Statements that were carried out.
        done: i64,
        /// What stopped it.
        why: Box<ContentError>,
    },
    /// The machine failed; for the operator's log.
    Fault(String),
}

/// Bytes that arrive piece by piece.
pub trait ByteSource: Send {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>>;
}

/// The largest dump that is taken into a database in a file, in bytes.
pub const DUMP_BYTES_MAX: Bytes = 512 << 20;
/// The same into one on a server, which reads it statement by statement.
pub const SERVER_DUMP_BYTES_MAX: Bytes = 2 << 30;

/// What a file held when somebody looked: the SHA-256 of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(pub [u8; 32]);

impl Mark {
    /// The mark as a form carries it: 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// The mark that a form carried; none when it is no mark.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let pairs = text.as_bytes().chunks(2);
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// A file that was opened for reading: its size, and its bytes.
pub type OpenFile = (Bytes, Box<dyn ByteSource>);

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link; shown, never followed.
    Link,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Size in bytes; 0 for folders.
    pub size: Bytes,
    /// When it was last written.
    pub modified_at: Timestamp,
}

/// The names under which a folder's own page is looked for, in this order.
pub const START_PAGES: [&str; 2] = ["index.html", "index.htm"];

/// The files of webspaces.
///
/// Every path is beneath the webspace's own folder; symbolic links are never followed out. Writing
/// counts against the quota while it happens and leaves no partial file visible.
pub trait Files: Send + Sync + 'static {
    /// The entries of a folder: folders first, then by name; at most 10 000.
    fn list<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Vec<Entry>, ContentError>>;
    /// What is at `path`.
    fn stat<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Entry, ContentError>>;
    /// Opens a file for reading; with its size.
    fn read<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<OpenFile, ContentError>>;
    /// Writes a whole file, making folders on the way, replacing what was there; answers its size.
    fn write<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>>;
    /// Writes a whole file as [`write`](Self::write) does, but only while what is there is what was
    /// `seen`; without a mark, while nothing is there.
    ///
    /// Errors: as for writing; `Refused("changed-meanwhile")` when it holds something else, `NotFound`
    /// when it is gone, `Exists` when it came.
    fn replace<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        seen: Option<Mark>,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>>;
    /// Makes a folder.
    fn make_folder<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>>;
    /// Renames or moves; refuses to replace.
    fn rename<'a>(
        &'a self,
        web: WebspaceId,
        from: &'a RelPath,
        to: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>>;
    /// Deletes a file, or a folder with everything in it.
    fn delete<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>>;
    /// Unpacks a ZIP archive into the folder that holds it; answers how many files it wrote.
    fn unzip<'a>(
        &'a self,
        web: WebspaceId,
        archive: &'a RelPath,
    ) -> Working<'a, Result<u64, ContentError>>;
    /// Bytes in use by all files of the webspace.
    fn usage(&self, web: WebspaceId) -> Working<'_, Result<Bytes, ContentError>>;
    /// The last lines of a log that are asked for, newest last; none of a log that nobody wrote yet. A log
    /// is read from its end, and never more of it than that takes and a bound allows.
    fn log(
        &self,
        web: WebspaceId,
        asked: LogQuery,
    ) -> Working<'_, Result<Vec<String>, ContentError>>;
    /// A number that is another one once something was written to a log.
    fn log_mark(&self, web: WebspaceId, log: SiteLog) -> Working<'_, Result<u64, ContentError>>;
    /// How the PHP of a webspace is doing; nothing where none runs.
    fn php(&self, web: WebspaceId) -> Working<'_, Result<Option<PhpStatus>, ContentError>>;
    /// Files of rules for another web server, in the order of their paths.
    fn rule_files(&self, web: WebspaceId) -> Working<'_, Result<Vec<RuleFile>, ContentError>>;
    /// The last `lines` visits to a domain's redirect; no lines when it never sent anybody on.
    fn redirect_log(
        &self,
        domain: DomainId,
        lines: usize,
    ) -> Working<'_, Result<Vec<String>, ContentError>>;
}

/// A file of rules for another web server that lies among the files of a webspace; ours reads none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleFile {
    /// Where it lies.
    pub path: RelPath,
    /// Whether its rules keep anybody out.
    pub protects: bool,
    /// The names that visitors get where all it says is that its directory is shut but for those; nothing where it
    /// says anything else.
    #[serde(skip)]
    pub shuts: Option<Vec<String>>,
}

/// One received message in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessageHead {
    /// Names the message within its mailbox; opaque, safe in a URL.
    pub key: String,
    /// The sender as written in the message.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Size in bytes.
    pub size: Bytes,
    /// Whether it was opened before.
    pub seen: bool,
}

/// An attachment of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attachment {
    /// Counts from 0.
    pub index: usize,
    /// The file name, safe to show.
    pub name: String,
    /// The media type as declared.
    pub media_type: String,
    /// Size in bytes.
    pub size: Bytes,
}

/// A received message, made safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// The head, as in the list.
    #[serde(flatten)]
    pub head: MessageHead,
    /// The recipients as written in the message.
    pub to: String,
    /// The text; made from the HTML when there is no text part.
    pub text: String,
    /// Sanitised HTML without scripts, styles, forms and remote content; absent without an HTML part.
    pub html: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// What a mailbox holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct MailboxUse {
    /// Messages.
    pub messages: i64,
    /// Bytes.
    pub bytes: Bytes,
}

/// The mail in mailboxes.
pub trait Mail: Send + Sync + 'static {
    /// How many messages and bytes a mailbox holds.
    fn usage(&self, mailbox: MailboxId) -> Working<'_, Result<MailboxUse, ContentError>>;
    /// Up to `limit` messages of the inbox, newest first, after skipping `skip`.
    fn list(
        &self,
        mailbox: MailboxId,
        skip: usize,
        limit: usize,
    ) -> Working<'_, Result<Vec<MessageHead>, ContentError>>;
    /// One message; marks it as seen.
    fn read<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<Message, ContentError>>;
    /// One message; leaves it as seen or unseen as it is.
    fn peek<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<Message, ContentError>>;
    /// The bytes of one attachment, decoded.
    fn attachment<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
        index: usize,
    ) -> Working<'a, Result<(Attachment, Vec<u8>), ContentError>>;
    /// Deletes one message.
    fn delete<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<(), ContentError>>;
}

/// Rows that answer a statement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct QueryResult {
    /// Column names; empty for statements that answer no rows.
    pub columns: Vec<String>,
    /// Values: null, number, text; binary values as `{"base64": …}`.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Rows changed by the last statement.
    pub changed: i64,
    /// True when there are more rows than this page holds.
    pub more: bool,
    /// How long it took, in milliseconds.
    pub millis: i64,
}

/// A table of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: i64,
}

/// Customers' databases.
pub trait Sql: Send + Sync + 'static {
    /// Runs one or more statements; rows of the last, at most 500 after skipping `skip`.
    fn query<'a>(
        &'a self,
        database: DatabaseId,
        sql: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>>;
    /// The tables and their sizes.
    fn tables(&self, database: DatabaseId) -> Working<'_, Result<Vec<TableInfo>, ContentError>>;
    /// The rows of one table as they lie there, at most 500 after skipping `skip`; nothing is changed.
    ///
    /// Errors: `NotFound` when there is no such table.
    fn rows<'a>(
        &'a self,
        database: DatabaseId,
        table: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>>;
    /// Runs a dump; all or nothing where the engine can, else [`ContentError::Halted`] says what stays.
    /// `progress` hears the bytes done.
    fn import<'a>(
        &'a self,
        database: DatabaseId,
        from: &'a mut dyn ByteSource,
        progress: &'a (dyn Fn(Bytes) + Send + Sync),
    ) -> Working<'a, Result<Bytes, ContentError>>;
    /// A dump as SQL text.
    fn export(
        &self,
        database: DatabaseId,
    ) -> Working<'_, Result<Box<dyn ByteSource>, ContentError>>;
    /// Bytes in use.
    fn usage(&self, database: DatabaseId) -> Working<'_, Result<Bytes, ContentError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_nothing_else_is() {
        let mark = Mark(std::array::from_fn(|place| {
            u8::try_from(place).unwrap() * 8
        }));
        assert_eq!(Mark::parse(&mark.text()), Some(mark));
        let text = mark.text();
        for wrong in [
            "",
            "00",
            &text[1..],
            &format!("{text}0"),
            &text.replace('0', "+"),
        ] {
            assert_eq!(Mark::parse(wrong), None, "{wrong}");
        }
    }
}

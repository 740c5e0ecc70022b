//! Reading mailboxes: lists, messages made safe to show, attachments.
//!
//! Everything in a message is hostile. Invariants: no more of a file is read than the intake accepts;
//! the parser only sees messages that [`tame`] made flat and small in structure; HTML leaves only
//! through [`sanitise`]; keys are looked up among the names there are, never made into a path.

mod body;
mod head;
mod incoming;
mod prune;
mod sanitise;
mod tame;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use cap_std::fs::Dir;
use wabe_kernel::content::{Attachment, ContentError, Message, MessageHead};
use wabe_kernel::id::MailboxId;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::ledger::content_error;
use crate::embedded::mail::maildir::{self, Stored};
use crate::embedded::mail::store::Store;

pub(super) use self::head::Heads;
pub use self::incoming::open_letter;

/// The largest message that is opened: what the intake takes, and room for the lines it adds.
const MESSAGE_MAX: Bytes = 50_000_000 + 64 * 1024;
/// The most heads that one list gives.
const LIST_MAX: usize = 200;

impl Store {
    /// Up to `limit` heads, newest first, after `skip`.
    pub(super) fn list(
        &self,
        mailbox: MailboxId,
        skip: usize,
        limit: usize,
    ) -> Result<Vec<MessageHead>, ContentError> {
        let maildir = self.maildir(mailbox).map_err(content_error)?;
        let mut stored = maildir::messages(&maildir).map_err(content_error)?;
        stored.sort_unstable_by(|a, b| (b.received_at, &b.key).cmp(&(a.received_at, &a.key)));
        let page = stored.iter().skip(skip).take(limit.min(LIST_MAX));
        let mut heads = Vec::new();
        for message in page {
            match self.head(&maildir, mailbox, message) {
                Ok(head) => heads.push(head),
                // It was opened or deleted a moment ago, by someone else.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(content_error(error)),
            }
        }
        Ok(heads)
    }

    fn head(&self, maildir: &Dir, mailbox: MailboxId, message: &Stored) -> io::Result<MessageHead> {
        if let Some(lines) = self.heads.get(mailbox, &message.key) {
            return Ok(full_head(message, lines));
        }
        let file = maildir.open_dir(message.folder())?.open(&message.name)?;
        let mut bytes = Vec::new();
        file.take(head::HEAD_MAX).read_to_end(&mut bytes)?;
        let lines = head::lines(&bytes);
        self.heads.put(mailbox, &message.key, lines.clone());
        Ok(full_head(message, lines))
    }

    /// One message; with `open` it is marked as seen.
    pub(super) fn read(
        &self,
        mailbox: MailboxId,
        key: &str,
        open: bool,
    ) -> Result<Message, ContentError> {
        let maildir = self.maildir(mailbox).map_err(content_error)?;
        let (message, bytes) = self.bytes(&maildir, mailbox, key, open)?;
        let start = usize::try_from(head::HEAD_MAX).unwrap_or(usize::MAX);
        let lines = head::lines(bytes.get(..start).unwrap_or(&bytes));
        let to = lines.to.clone();
        let body = body::shown(bytes);
        Ok(Message {
            head: full_head(&message, lines),
            to,
            text: body.text,
            html: body.html,
            attachments: body.attachments,
        })
    }

    /// One attachment and its bytes, decoded.
    pub(super) fn attachment(
        &self,
        mailbox: MailboxId,
        key: &str,
        index: usize,
    ) -> Result<(Attachment, Vec<u8>), ContentError> {
        let maildir = self.maildir(mailbox).map_err(content_error)?;
        let (_, bytes) = self.bytes(&maildir, mailbox, key, false)?;
        body::attachment(bytes, index).ok_or(ContentError::NotFound)
    }

    /// Deletes one message.
    pub(super) fn delete(&self, mailbox: MailboxId, key: &str) -> Result<(), ContentError> {
        let maildir = self.maildir(mailbox).map_err(content_error)?;
        let ledger = self.ledger(mailbox);
        let mut books = ledger.books();
        let message = found(&maildir, key)?;
        let folder = maildir.open_dir(message.folder()).map_err(content_error)?;
        folder.remove_file(&message.name).map_err(content_error)?;
        books.gone(message.size);
        drop(books);
        self.touched.tell(&mailbox);
        self.disk.sync_dir(&folder).map_err(content_error)
    }

    /// A message's bytes; with `open` it is moved to `cur` and marked as seen.
    fn bytes(
        &self,
        maildir: &Dir,
        mailbox: MailboxId,
        key: &str,
        open: bool,
    ) -> Result<(Stored, Vec<u8>), ContentError> {
        let ledger = self.ledger(mailbox);
        // Held so that nobody renames the file between finding and opening it.
        let books = ledger.books();
        let mut message = found(maildir, key)?;
        let folder = maildir.open_dir(message.folder()).map_err(content_error)?;
        let file = folder.open(&message.name).map_err(content_error)?;
        let size = file.metadata().map_err(content_error)?.len();
        if Bytes::try_from(size).unwrap_or(Bytes::MAX) > MESSAGE_MAX {
            return Err(ContentError::TooLarge { max: MESSAGE_MAX });
        }
        if open && !message.seen() {
            let name = message.seen_name();
            let cur = maildir.open_dir("cur").map_err(content_error)?;
            folder
                .rename(&message.name, &cur, &name)
                .map_err(content_error)?;
            message.name = name;
            message.is_new = false;
        }
        drop(books);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(MESSAGE_MAX.unsigned_abs())
            .read_to_end(&mut bytes)
            .map_err(content_error)?;
        Ok((message, bytes))
    }
}

fn found(maildir: &Dir, key: &str) -> Result<Stored, ContentError> {
    maildir::find(maildir, key)
        .map_err(content_error)?
        .ok_or(ContentError::NotFound)
}

fn full_head(message: &Stored, lines: head::Lines) -> MessageHead {
    MessageHead {
        key: message.key.clone(),
        from: lines.from,
        subject: lines.subject,
        received_at: message.received_at,
        size: message.size,
        seen: message.seen(),
    }
}

/// Without control and direction-changing characters, cut at `max` characters.
fn plain(text: &str, max: usize) -> String {
    let shown = |c: char| {
        let turns = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if c.is_control() {
            ' '
        } else if turns {
            '\u{FFFD}'
        } else {
            c
        }
    };
    text.chars()
        .take(max)
        .map(shown)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The first `max` bytes of a text, whole characters only.
fn cut(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or(text)
}

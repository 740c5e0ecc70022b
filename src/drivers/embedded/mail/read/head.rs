//! The lines of a message that lists show, and a bounded memory of them.

use std::collections::HashMap;
use std::sync::Mutex;

use mail_parser::{Address, HeaderName, MessageParser};
use wabe_kernel::id::MailboxId;

use crate::embedded::mail::read::plain;
use crate::embedded::mail::store::locked;

/// How much of a message is looked at for its head, in bytes.
pub(super) const HEAD_MAX: u64 = 64 * 1024;
/// How many heads are kept in memory, over all mailboxes.
const KEPT_MAX: usize = 10_000;
/// The longest line that is shown, in characters.
const LINE_MAX: usize = 400;
/// The most recipients that are shown.
const ADDRESSES_MAX: usize = 50;

/// The lines of a head, decoded and plain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// The sender.
    pub(super) from: String,
    /// The recipients.
    pub(super) to: String,
    /// The subject.
    pub(super) subject: String,
}

/// Reads the lines from the beginning of a message.
pub(super) fn lines(bytes: &[u8]) -> Lines {
    let parser = MessageParser::new()
        .header_address(HeaderName::From)
        .header_address(HeaderName::To)
        .header_text(HeaderName::Subject)
        .default_header_ignore();
    let Some(message) = parser.parse_headers(bytes) else {
        return Lines::default();
    };
    Lines {
        from: people(message.from()),
        to: people(message.to()),
        subject: plain(message.subject().unwrap_or(""), LINE_MAX),
    }
}

fn people(addresses: Option<&Address<'_>>) -> String {
    let Some(addresses) = addresses else {
        return String::new();
    };
    let shown = addresses.iter().take(ADDRESSES_MAX).filter_map(|person| {
        match (person.name(), person.address()) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
            (None, None) => None,
        }
    });
    plain(&shown.collect::<Vec<_>>().join(", "), LINE_MAX)
}

/// The lines of messages that were listed lately. Messages never change, so neither do their lines.
#[derive(Default)]
pub(in super::super) struct Heads {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    count: usize,
    by_mailbox: HashMap<MailboxId, HashMap<String, Lines>>,
}

impl Heads {
    /// The lines of a message, when they are kept.
    pub(super) fn get(&self, mailbox: MailboxId, key: &str) -> Option<Lines> {
        let kept = locked(&self.kept);
        kept.by_mailbox.get(&mailbox)?.get(key).cloned()
    }

    /// Keeps the lines of a message; when there are too many, all earlier ones go.
    pub(super) fn put(&self, mailbox: MailboxId, key: &str, lines: Lines) {
        let mut kept = locked(&self.kept);
        if kept.count >= KEPT_MAX {
            *kept = Kept::default();
        }
        let mailbox = kept.by_mailbox.entry(mailbox).or_default();
        if mailbox.insert(key.to_owned(), lines).is_none() {
            kept.count = kept.count.saturating_add(1);
        }
    }

    /// Drops what is kept of a mailbox.
    pub(in super::super) fn forget(&self, mailbox: MailboxId) {
        let mut kept = locked(&self.kept);
        if let Some(gone) = kept.by_mailbox.remove(&mailbox) {
            kept.count = kept.count.saturating_sub(gone.len());
        }
    }
}

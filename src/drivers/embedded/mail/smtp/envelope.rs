//! Who sends and who receives in one transaction, and the answers to MAIL and RCPT.

use smtp_proto::{MAIL_BODY_7BIT, MAIL_BODY_8BITMIME, MailFrom, RcptTo};
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::index::{Resolved, Target};
use crate::embedded::mail::ledger::NoSpace;
use crate::embedded::mail::smtp::post::LETTER_MAX;
use crate::embedded::mail::store::Store;

/// The most recipients of one message. Source: RFC 5321 4.5.3.1.8.
const RECIPIENTS_MAX: usize = 100;
/// The longest path. Source: RFC 5321 4.5.3.1.3.
const PATH_MAX: usize = 254;

/// One transaction, from MAIL to the end of DATA.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    /// The sender; empty for notices about failed delivery. `None` before MAIL.
    pub(super) sender: Option<String>,
    /// The mailboxes that get a copy, each once.
    pub(super) targets: Vec<Target>,
    /// The recipient whose mail goes into no mailbox; then there is no other.
    pub(super) post: Option<String>,
    declared: Bytes,
    recipients: usize,
}

impl Envelope {
    /// Whether nobody gets it.
    pub(super) fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.post.is_none()
    }

    /// Takes the sender.
    pub(super) fn mail<T: AsRef<str>>(
        &mut self,
        from: &MailFrom<T>,
        size_max: Bytes,
    ) -> Result<&'static str, &'static str> {
        if self.sender.is_some() {
            return Err("503 5.5.1 sender already given");
        }
        let offered = MAIL_BODY_7BIT | MAIL_BODY_8BITMIME;
        let others = [&from.trans_id, &from.env_id, &from.solicit, &from.auth];
        if from.flags & !offered != 0
            || from.by != 0
            || from.hold_for != 0
            || from.hold_until != 0
            || from.mtrk.is_some()
            || others.iter().any(|other| other.is_some())
        {
            return Err("555 5.5.4 parameter not offered");
        }
        let sender = from.address.as_ref();
        // It becomes a header line, so it has to be plain.
        let plain = |b: u8| b.is_ascii_graphic() && !b"<>\"\\".contains(&b);
        if sender.len() > PATH_MAX || !sender.bytes().all(plain) {
            return Err("553 5.1.7 sender address not usable");
        }
        let declared = Bytes::try_from(from.size).unwrap_or(Bytes::MAX);
        if declared > size_max {
            return Err("552 5.3.4 message too large");
        }
        self.sender = Some(sender.to_owned());
        self.declared = declared;
        Ok("250 2.1.0 sender ok")
    }

    /// Takes the recipient whose mail goes into no mailbox; it has a transaction of its own, so that
    /// nothing is kept twice when one of two places fails.
    pub(super) fn rcpt_post<T: AsRef<str>>(
        &mut self,
        to: &RcptTo<T>,
    ) -> Result<&'static str, &'static str> {
        if self.sender.is_none() {
            return Err("503 5.5.1 sender first");
        }
        if to.flags != 0 || to.rrvs != 0 || to.orcpt.is_some() {
            return Err("555 5.5.4 parameter not offered");
        }
        if self.recipients > 0 {
            return Err("452 4.5.3 too many recipients");
        }
        if self.declared.unsigned_abs() > LETTER_MAX {
            return Err("552 5.3.4 message too large");
        }
        self.recipients = 1;
        self.post = Some(to.address.as_ref().to_owned());
        Ok("250 2.1.5 recipient ok")
    }

    /// Takes a recipient. Blocks.
    pub(super) fn rcpt<T: AsRef<str>>(
        &mut self,
        to: &RcptTo<T>,
        store: &Store,
    ) -> Result<&'static str, &'static str> {
        if self.sender.is_none() {
            return Err("503 5.5.1 sender first");
        }
        if to.flags != 0 || to.rrvs != 0 || to.orcpt.is_some() {
            return Err("555 5.5.4 parameter not offered");
        }
        if self.recipients >= RECIPIENTS_MAX || self.post.is_some() {
            return Err("452 4.5.3 too many recipients");
        }
        let targets = match store.resolve(to.address.as_ref()) {
            Resolved::Targets(targets) => targets,
            Resolved::Unknown => return Err("550 5.1.1 no such mailbox"),
            Resolved::NotHere => return Err("550 5.7.1 relaying refused"),
            Resolved::Disabled => return Err("550 5.2.1 mailbox disabled"),
            Resolved::Later => return Err("451 4.3.0 try again later"),
        };
        for target in &targets {
            // Only asks: what is reserved here is given back at once.
            match store.reserve(target.mailbox, self.declared.max(1)) {
                Ok(_) => {}
                Err(NoSpace::OverQuota) => return Err("552 5.2.2 mailbox full"),
                Err(NoSpace::Closed) => return Err("550 5.2.1 mailbox disabled"),
                Err(NoSpace::Disk(error)) => {
                    tracing::error!(mailbox.id = %target.mailbox, %error, "smtp: no Maildir");
                    return Err("451 4.3.0 try again later");
                }
            }
        }
        self.recipients = self.recipients.saturating_add(1);
        for target in targets {
            if !self.targets.contains(&target) {
                self.targets.push(target);
            }
        }
        Ok("250 2.1.5 recipient ok")
    }
}

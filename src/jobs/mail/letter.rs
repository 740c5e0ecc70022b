//! A letter: words and an address become an RFC 5322 message.

use crate::mail::Person;
use crate::queue::JobFailure;
use crate::text::{Arg, Args, NoticeKind, Texts};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Address, Message};
use std::time::{Duration, UNIX_EPOCH};
use wabe_kernel::id::NoticeId;
use wabe_kernel::{MailAddress, PersonName, Timestamp};

/// A finished message; holds what it says, so it is not for logs.
pub struct Letter {
    pub(super) id: NoticeId,
    pub(super) message: Message,
}

/// What a letter says, before it is written.
pub(super) struct Draft<'a> {
    pub(super) id: NoticeId,
    pub(super) kind: NoticeKind,
    pub(super) args: &'a Args,
    pub(super) to: &'a Person,
    pub(super) now: Timestamp,
}

fn mailbox(name: Option<&str>, address: &MailAddress) -> Result<Mailbox, JobFailure> {
    let parsed: Result<Address, _> = address.to_string().parse();
    let parsed = parsed.map_err(|_wrong| JobFailure::never("address-refused"))?;
    Ok(Mailbox::new(name.map(ToOwned::to_owned), parsed))
}

/// A letter of a conversation: where its answer goes, and what it answers. Source: RFC 5322, 3.6.4.
fn threaded(mut message: MessageBuilder, args: &Args) -> Result<MessageBuilder, JobFailure> {
    let id = |name: &str| match args.get(name) {
        Some(Arg::Text(id)) if id.bytes().all(|b| b.is_ascii_graphic()) => Some(format!("<{id}>")),
        _ => None,
    };
    if let Some(Arg::Link(address)) = args.get("reply_to") {
        let address = address.expose().parse();
        let address = address.map_err(|_wrong| JobFailure::never("address-refused"))?;
        message = message.reply_to(mailbox(None, &address)?);
    }
    let (root, last) = (id("references"), id("in_reply_to"));
    if let Some(answers) = last.as_ref().or(root.as_ref()) {
        message = message.in_reply_to(answers.clone());
    }
    let all: Vec<String> = [root, last].into_iter().flatten().collect();
    if !all.is_empty() {
        message = message.references(all.join(" "));
    }
    Ok(message)
}

impl Letter {
    /// The name of this letter, also of its file in an outbox.
    #[must_use]
    pub const fn id(&self) -> NoticeId {
        self.id
    }

    /// The message in the form of RFC 5322.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.message.formatted()
    }

    /// Puts a draft into words and the words into a message.
    pub(super) fn write(texts: &Texts, draft: &Draft<'_>) -> Result<Self, JobFailure> {
        let head = texts.head();
        let language = draft.to.language;
        let name = draft.to.name.as_ref().map(PersonName::as_str);
        let worded = texts
            .subject(language, draft.kind, draft.args)
            .and_then(|subject| {
                let body = texts.body(language, draft.kind, draft.args, name)?;
                Ok((subject, body))
            });
        let (subject, body) = worded.map_err(|fault| {
            tracing::error!(notice.kind = %draft.kind, fault = %fault.chain(), "a mail has no words");
            JobFailure::never("no-words")
        })?;
        let plain = ContentType::parse("text/plain; charset=utf-8; format=flowed")
            .map_err(|_wrong| JobFailure::never("no-words"))?;
        let micros = u64::try_from(draft.now.0).unwrap_or(0);
        // Automatic answers stay away from what says so. Source: RFC 3834, 5.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let said = if draft.kind.answers_a_letter() {
            "auto-replied"
        } else {
            "auto-generated"
        };
        let message = Message::builder()
            .from(mailbox(Some(head.company.as_str()), &head.from)?)
            .to(mailbox(name, &draft.to.address)?)
            .subject(subject)
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{}>", draft.id, head.from.domain())))
            .raw_header(HeaderValue::new(automatic, said.to_owned()))
            .header(plain);
        let message = threaded(message, draft.args)?
            .body(body)
            .map_err(|_wrong| JobFailure::never("not-a-message"))?;
        Ok(Self {
            id: draft.id,
            message,
        })
    }
}

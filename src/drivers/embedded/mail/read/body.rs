//! A message's body: text, safe HTML, attachments.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::html::{html_to_text, text_to_html};
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, HeaderName, MessageParser, MessagePart, MimeHeaders, PartType};
use wabe_kernel::content::Attachment;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::read::sanitise::sanitise;
use crate::embedded::mail::read::tame::{DIGEST, MESSAGE, tame};
use crate::embedded::mail::read::{cut, plain};

/// The most text or HTML that is shown, in bytes.
pub(super) const SHOWN_MAX: usize = 512 * 1024;
/// The most attachments that are listed.
pub(super) const ATTACHMENTS_MAX: usize = 100;
/// The longest attachment name, in characters.
const NAME_MAX: usize = 120;

/// What is shown of a message beside its head.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The text.
    pub(super) text: String,
    /// Sanitised HTML, when there is an HTML part.
    pub(super) html: Option<String>,
    /// What is attached.
    pub(super) attachments: Vec<Attachment>,
}

/// Only the fields that say how the parts lie: a hostile `To` in a part costs nothing.
pub(super) fn parser() -> MessageParser {
    MessageParser::new()
        .header_content_type(HeaderName::ContentType)
        .header_content_type(HeaderName::ContentDisposition)
        .header_text(HeaderName::ContentTransferEncoding)
        .default_header_ignore()
}

/// Takes a message apart for showing. One that is too complex is shown as text, as it came.
pub(super) fn shown(bytes: Vec<u8>) -> Body {
    let original = bytes.clone();
    let as_it_came = || Body {
        text: as_it_came(&original),
        ..Body::default()
    };
    let Ok(bytes) = tame(bytes) else {
        return as_it_came();
    };
    let Some(message) = parser().parse(&bytes) else {
        return as_it_came();
    };
    let mut html = String::new();
    let mut has_html = false;
    for part in message.html_bodies() {
        match &part.body {
            PartType::Html(found) => {
                has_html = true;
                html.push_str(found);
            }
            PartType::Text(found) => html.push_str(&text_to_html(cut(found, SHOWN_MAX))),
            _ => {}
        }
    }
    let mut text = String::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(found) => text.push_str(found),
            PartType::Html(found) => {
                text.push_str(&html_to_text(&sanitise(cut(found, SHOWN_MAX))));
            }
            _ => {}
        }
        text.push('\n');
    }
    let attachments = message.attachments().take(ATTACHMENTS_MAX).enumerate();
    Body {
        text: readable(&text),
        html: has_html
            .then(|| sanitise(&restored(cut(&html, SHOWN_MAX))))
            .filter(|html| !html.is_empty()),
        attachments: attachments
            .map(|(index, part)| describe(part, index, decoded(part, &original).len()))
            .collect(),
    }
}

/// The text of a message that is not taken apart.
pub(super) fn as_it_came(bytes: &[u8]) -> String {
    let start = bytes.get(..SHOWN_MAX).unwrap_or(bytes);
    let raw = String::from_utf8_lossy(start);
    let ends = ["\r\n\r\n", "\n\n"].map(|end| raw.find(end).map(|at| at + end.len()));
    let body = ends.into_iter().flatten().min().unwrap_or(0);
    readable(raw.get(body..).unwrap_or(&raw))
}

/// One attachment, decoded.
pub(super) fn attachment(bytes: Vec<u8>, index: usize) -> Option<(Attachment, Vec<u8>)> {
    let original = bytes.clone();
    let bytes = tame(bytes).ok()?;
    let message = parser().parse(&bytes)?;
    let part = message.attachments().take(ATTACHMENTS_MAX).nth(index)?;
    let content = decoded(part, &original);
    Some((describe(part, index, content.len()), content))
}

/// A part's bytes as sent, without their transfer encoding; never the tamed ones.
pub(super) fn decoded(part: &MessagePart<'_>, original: &[u8]) -> Vec<u8> {
    let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    let raw = original
        .get(place(part.offset_body)..place(part.offset_end))
        .unwrap_or_default();
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(bytes.to_vec()),
            _ => base64_decode(raw),
        },
    }
    .unwrap_or_else(|| raw.to_vec())
}

pub(super) fn describe(part: &MessagePart<'_>, index: usize, size: usize) -> Attachment {
    let media_type = media_type(part);
    Attachment {
        index,
        name: safe_name(part.attachment_name(), &media_type, index),
        media_type,
        size: Bytes::try_from(size).unwrap_or(Bytes::MAX),
    }
}

/// The declared media type, in the characters that media types have.
fn media_type(part: &MessagePart<'_>) -> String {
    const UNKNOWN: &str = "application/octet-stream";
    let Some(declared) = part.content_type() else {
        return UNKNOWN.to_owned();
    };
    let kind = format!("{}/{}", declared.ctype(), declared.subtype().unwrap_or(""));
    let kind = restored(&kind).to_ascii_lowercase();
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
    let fits = kind.len() <= 127
        && kind.split_once('/').is_some_and(|(kind, sub)| {
            !kind.is_empty() && !sub.is_empty() && kind.bytes().chain(sub.bytes()).all(token)
        });
    if fits { kind } else { UNKNOWN.to_owned() }
}

/// A file name that is one name on every system: no separators, nothing that deceives.
fn safe_name(declared: Option<&str>, media_type: &str, index: usize) -> String {
    let name = plain(declared.unwrap_or(""), NAME_MAX);
    let name = name.replace(['/', '\\', ':', '<', '>', '"', '|', '?', '*'], "_");
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if !name.is_empty() {
        return name.to_owned();
    }
    let ending = match media_type {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "text/html" => "html",
        _ => "bin",
    };
    format!("{}.{ending}", index.saturating_add(1))
}

/// Text as it is shown: bounded, line ends as `\n`, no other control characters.
pub(super) fn readable(text: &str) -> String {
    let text = restored(cut(text, SHOWN_MAX)).replace("\r\n", "\n");
    let kept = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    kept.collect::<String>().trim_end().to_owned()
}

/// Undoes the stand-ins of taming.
fn restored(text: &str) -> String {
    text.replace(MESSAGE, "message").replace(DIGEST, "digest")
}

//! A letter to the hoster's support: its head, its text, and what came with it.
//!
//! Source: RFC 5322 (2.2.3), RFC 3676 (4).

use std::collections::BTreeMap;

use mail_parser::decoders::html::html_to_text;
use mail_parser::{HeaderName, MessageParser, MessagePart, MimeHeaders, PartType};
use wabe_kernel::IncomingMail;

use crate::embedded::mail::read::body::{
    ATTACHMENTS_MAX, SHOWN_MAX, as_it_came, decoded, describe, parser, readable,
};
use crate::embedded::mail::read::head;
use crate::embedded::mail::read::sanitise::sanitise;
use crate::embedded::mail::read::tame::tame;
use crate::embedded::mail::read::{cut, plain};

/// The most fields that are kept of a head.
const FIELDS_MAX: usize = 500;
/// The longest field that is kept, in bytes.
const FIELD_MAX: usize = 2_000;

/// Takes a letter apart. One that is too complex is its text as it came, without files.
#[must_use]
pub fn open_letter(bytes: &[u8]) -> IncomingMail {
    let end = usize::try_from(head::HEAD_MAX).unwrap_or(usize::MAX);
    let begin = bytes.get(..end).unwrap_or(bytes);
    let fields = fields(begin);
    let id = fields.get("message-id").map(|id| {
        let id = id.trim().trim_start_matches('<').trim_end_matches('>');
        id.to_owned()
    });
    let graphic = |id: &String| !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic());
    let (text, files) = content(bytes);
    IncomingMail {
        from: from(begin),
        subject: head::lines(begin).subject,
        message_id: id.filter(graphic).filter(|id| id.len() <= 250),
        fields,
        text,
        files,
    }
}

/// Who alone wrote it.
fn from(head: &[u8]) -> Option<wabe_kernel::MailAddress> {
    let parser = MessageParser::new()
        .header_address(HeaderName::From)
        .default_header_ignore();
    let message = parser.parse_headers(head)?;
    let mut all = message.from()?.iter();
    let one = all.next()?.address.as_deref()?.trim().parse().ok();
    if all.next().is_some() { None } else { one }
}

/// The fields of a head, unfolded.
fn fields(head: &[u8]) -> BTreeMap<String, String> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in head.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let text = String::from_utf8_lossy(line);
        if text.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut()
                && value.len() < FIELD_MAX
            {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if found.len() >= FIELDS_MAX {
            break;
        } else if let Some((name, value)) = text.split_once(':') {
            found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut fields = BTreeMap::new();
    for (name, value) in found {
        let value = plain(&value, FIELD_MAX);
        fields.entry(name).or_insert(value);
    }
    fields
}

/// The text and the files.
fn content(original: &[u8]) -> (String, Vec<(String, Vec<u8>)>) {
    let Ok(tamed) = tame(original.to_vec()) else {
        return (as_it_came(original), Vec::new());
    };
    let Some(message) = parser().parse(&tamed) else {
        return (as_it_came(original), Vec::new());
    };
    let mut text = String::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(found) => text.push_str(&of_text(part, cut(found, SHOWN_MAX))),
            PartType::Html(found) => {
                text.push_str(&html_to_text(&sanitise(cut(found, SHOWN_MAX))));
            }
            _ => {}
        }
        text.push('\n');
    }
    let parts = message.attachments().take(ATTACHMENTS_MAX).enumerate();
    let files = parts.map(|(index, part)| {
        let bytes = decoded(part, original);
        (describe(part, index, bytes.len()).name, bytes)
    });
    let files: Vec<_> = files.collect();
    if text.trim().is_empty() {
        // Of one that was cut off on its way the text counts as a file: it has no end.
        let nameless = message.attachments().filter_map(|part| match &part.body {
            PartType::Text(found) if part.attachment_name().is_none() => Some(found),
            _ => None,
        });
        text.extend(nameless.map(|found| format!("{}\n", cut(found, SHOWN_MAX))));
    }
    if text.trim().is_empty() && files.is_empty() {
        return (as_it_came(original), files);
    }
    (readable(&text), files)
}

/// Text whose sender lets its lines be joined is joined.
fn of_text(part: &MessagePart<'_>, text: &str) -> String {
    let Some(kind) = part.content_type() else {
        return text.to_owned();
    };
    let says = |name: &str, word: &str| {
        let said = kind.attribute(name);
        said.is_some_and(|said| said.eq_ignore_ascii_case(word))
    };
    if says("format", "flowed") {
        joined(text, says("delsp", "yes"))
    } else {
        text.to_owned()
    }
}

/// Lines that end in a blank go on in the next one of the same depth of quoting.
fn joined(text: &str, without_blank: bool) -> String {
    let depth = |line: &str| line.bytes().take_while(|b| *b == b'>').count();
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on: Option<usize> = None;
    for line in text.lines() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let quoted = depth(line);
        let said = line.get(quoted..).unwrap_or_default();
        let said = said.strip_prefix(' ').unwrap_or(said);
        let soft = said.ends_with(' ') && said != "-- ";
        let kept = if soft && without_blank {
            said.strip_suffix(' ').unwrap_or(said)
        } else {
            said
        };
        match (goes_on, lines.last_mut()) {
            (Some(before), Some(last)) if before == quoted && said != "-- " => last.push_str(kept),
            _ if quoted > 0 => lines.push(format!("{} {kept}", ">".repeat(quoted))),
            _ => lines.push(kept.to_owned()),
        }
        goes_on = soft.then_some(quoted);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn flowing_lines_are_joined_and_quotes_stay() {
        let text = "Das ist eine \nlange Zeile.\n> auch \n> zitiert\n-- \nAda";
        let wanted = "Das ist eine lange Zeile.\n> auch zitiert\n-- \nAda";
        assert_eq!(joined(text, false), wanted);
        assert_eq!(joined("Don \nau", true), "Donau");
    }

    #[test]
    fn a_field_is_unfolded_and_the_first_counts() {
        let head = b"Precedence: bulk\r\nX-A: one\r\n\ttwo\r\nX-A: three\r\n\r\nX-B: body";
        let fields = fields(head);
        assert_eq!(fields["x-a"], "one two");
        assert_eq!(fields["precedence"], "bulk");
        assert!(!fields.contains_key("x-b"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_letter(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let opened = open_letter(&bytes);
            prop_assert!(opened.subject.lines().count() <= 1);
        }

        #[test]
        fn any_pieces_of_letters_are_a_letter(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "Content-Type: multipart/mixed; boundary=a\n", "Content-Type: multipart/alternative; boundary=\"b\"\n",
                "--a\n", "--b\n", "--a--\n", "--b--\n", "\n", "From: <a@b.example>, c@d.example\n",
                "Content-Type: text/html; charset=gb18030\n", "<script>x</script><p>a&#0;b", "=?utf-8?q?=00?=",
                "Content-Transfer-Encoding: base64\n", "AAAA\n", "Content-Transfer-Encoding: quoted-printable\n",
                "=ZZ=\n", "Content-Type: message/rfc822\n", "Subject: =?x?b?////?=\n", "\0", "\u{202e}",
                "Content-Type: text/plain; format=flowed; delsp=yes\n", "> a \n", "Content-Disposition: attachment; filename*=utf-8''..%2f\n",
            ]), 0..40),
        ) {
            let opened = open_letter(pieces.concat().as_bytes());
            prop_assert!(!opened.text.contains('\0'));
            prop_assert!(opened.files.iter().all(|(name, _)| !name.contains(['/', '\0'])));
        }
    }
}

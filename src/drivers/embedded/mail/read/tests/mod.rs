//! Hostile messages through the read path.

mod html;

use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, proptest};

use self::html::assert_safe;
use crate::embedded::mail::maildir::is_key;
use crate::embedded::mail::read::body::{attachment, shown};
use crate::embedded::mail::read::head::lines;
use crate::embedded::mail::read::tame::{TooComplex, tame};

fn multipart(parts: &[&str]) -> Vec<u8> {
    let mut text = "Content-Type: multipart/mixed; boundary=b\n\n".to_owned();
    for part in parts {
        text.push_str("--b\n");
        text.push_str(part);
        text.push('\n');
    }
    text.push_str("--b--\n");
    text.into_bytes()
}

#[test]
fn text_html_and_attachments_are_told_apart() {
    let message = multipart(&[
        "Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\nplain\n--c\n\
         Content-Type: text/html\n\n<p onclick=1>rich</p>\n--c--",
        "Content-Type: application/pdf; name=\"../../etc/\u{202e}fdp.exe\"\nContent-Transfer-Encoding: base64\n\nAAEC",
        "Content-Type: text/csv; charset=iso-8859-1\nContent-Disposition: attachment; filename=a.csv\n\
         Content-Transfer-Encoding: quoted-printable\n\na=E4b",
    ]);
    let body = shown(message.clone());
    assert_eq!(body.text, "plain");
    assert_eq!(body.html.as_deref(), Some("<p>rich</p>"));
    let names: Vec<&str> = body.attachments.iter().map(|a| &*a.name).collect();
    assert_eq!(names, ["_.._etc_\u{FFFD}fdp.exe", "a.csv"]);
    let (pdf, bytes) = attachment(message.clone(), 0).unwrap();
    assert_eq!((pdf.size, &*pdf.media_type), (3, "application/pdf"));
    assert_eq!(bytes, [0, 1, 2]);
    // The bytes as sent, not as converted for reading.
    assert_eq!(attachment(message.clone(), 1).unwrap().1, b"a\xE4b");
    assert!(attachment(message, 2).is_none());
}

#[test]
fn without_a_text_part_the_html_is_read_out() {
    let body =
        shown(b"Content-Type: text/html\n\n<p>Hello <b>you</b></p><style>x{}</style>".to_vec());
    assert_eq!(body.text.trim(), "Hello you");
    assert!(body.html.is_some());
    let plain = shown(b"Subject: x\n\nonly text".to_vec());
    assert_eq!((plain.text.as_str(), plain.html), ("only text", None));
}

#[test]
fn an_attached_message_is_kept_to_the_byte() {
    let inner = "Content-Type: message/rfc822\n\nContent-Type: Message/RFC822\n\nSubject: in\n\nhi";
    let message = multipart(&[&format!("Content-Type: message/rfc822\n\n{inner}")]);
    let body = shown(message.clone());
    assert_eq!(body.attachments.len(), 1);
    assert_eq!(body.attachments[0].media_type, "message/rfc822");
    assert_eq!(body.attachments[0].name, "1.eml");
    assert_eq!(attachment(message, 0).unwrap().1, inner.as_bytes());
}

#[test]
fn messages_in_messages_without_end_are_not_followed() {
    let nest = |inner: &str, times: usize| {
        format!(
            "{}{inner}",
            "Content-Type: message/rfc822\n\n".repeat(times)
        )
    };
    for times in [1_500, 50_000] {
        shown(nest("Subject: x\n\nhi", times).into_bytes());
        // Behind a transfer encoding too, and behind names the parser puts together itself.
        let quoted = nest("Subject: x\n\nhi", times).replace('=', "=3D");
        let outer = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n";
        shown(format!("{outer}{quoted}").into_bytes());
        shown(
            "Con tent-Type : (message) Message/rfc822\n\n"
                .repeat(times)
                .into_bytes(),
        );
        shown(
            format!(
                "Content-Type: multipart/digest; boundary=b\n\n{}",
                "--b\n\n".repeat(times)
            )
            .into_bytes(),
        );
        shown(
            "--bContent-Type:message/rfc822\n\n"
                .repeat(times)
                .into_bytes(),
        );
        shown(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                .repeat(times)
                .into_bytes(),
        );
    }
}

#[test]
fn what_is_too_complex_is_shown_as_text() {
    let containers = "Content-Type: multipart/mixed; boundary=nowhere\n\n--x\n".repeat(60);
    let boundaries = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n\n".repeat(30_000)
    );
    let headers = "a:b\n".repeat(200_000);
    let field = format!("Content-Type: text/plain; {}\n\nx", "a=b;".repeat(30_000));
    for message in [containers, boundaries, headers, field] {
        assert_eq!(tame(message.clone().into_bytes()), Err(TooComplex));
        let body = shown(message.into_bytes());
        assert!(body.attachments.is_empty());
        assert!(body.text.len() <= 512 * 1024);
    }
}

#[test]
fn heads_are_decoded_and_plain() {
    let head = lines(
        b"From: =?utf-8?q?Anna=0D=0AX=E2=80=AE?= <anna@far.test>\nSubject: =?utf-8?b?U2Now7Zu?=\nTo: a@b.test, c@d.test\n\n",
    );
    assert_eq!(head.from, "Anna  X\u{FFFD} <anna@far.test>");
    assert_eq!(head.subject, "Sch\u{f6}n");
    assert_eq!(head.to, "a@b.test, c@d.test");
}

#[test]
fn a_key_is_never_a_path() {
    assert!(is_key("1790000000.M000001R00ff.wabe"));
    for key in [
        "", ".", "..", "../x", "a/b", "a\\b", "a,S=1", "a:2,S", ".hidden", "a\0", "a b", "\u{e4}",
    ] {
        assert!(!is_key(key), "{key:?}");
    }
}

/// Bytes made of what parsers stumble over.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        &b"Content-Type: "[..],
        b"multipart/mixed",
        b"multipart/alternative",
        b"multipart/digest",
        b"; boundary=b",
        b"--b",
        b"--b--",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"message/rfc822",
        b"text/html",
        b"text/plain",
        b"Content-Transfer-Encoding: ",
        b"base64",
        b"quoted-printable",
        b"=",
        b"=3D",
        b"=\n",
        b"; charset=utf-7",
        b"; charset=iso-2022-jp",
        b"Content-Disposition: attachment; filename*0*=utf-8''a%2F",
        b"<img src=x>",
        b"<a href=javascript:1>",
        b"<script>",
        b"</",
        b"\"",
        b"(",
        b"\\",
        b"\0",
        b"\xff\xfe",
        b"Subject: =?utf-8?q?",
        b"?=",
        b"From: <",
        b"AAAA",
        b" ",
        b":",
        b"<svg><style>",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_message_makes_the_reader_panic_or_lets_markup_through(
        bytes in prop_oneof(any::<Vec<u8>>(), hostile()),
    ) {
        let length = bytes.len();
        lines(&bytes);
        if let Ok(tamed) = tame(bytes.clone()) {
            prop_assert!(tamed.len() == length);
        }
        let body = shown(bytes.clone());
        if let Some(html) = &body.html {
            assert_safe(html);
        }
        for index in 0..body.attachments.len() {
            let (described, content) = attachment(bytes.clone(), index).unwrap();
            prop_assert!(described == body.attachments[index]);
            prop_assert!(described.size == i64::try_from(content.len()).unwrap());
            prop_assert!(!described.name.contains(['/', '\\', '\0', '\n']) && !described.name.starts_with('.'));
        }
    }
}

fn prop_oneof(
    a: impl Strategy<Value = Vec<u8>> + 'static,
    b: impl Strategy<Value = Vec<u8>> + 'static,
) -> impl Strategy<Value = Vec<u8>> {
    proptest::prop_oneof![a, b]
}

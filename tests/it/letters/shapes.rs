//! Letters as programs of the world write them: what a ticket shows of each, or why there is none.

use std::fmt::Write as _;
use wabe_drivers::embedded::mail::open_letter;
use wabe_kernel::{IncomingMail, MailAddress};
use wabe_support::mail::{Silence, said, silence};

const HEAD: &str = "From: Ada Lang <ada@sender.example>\nTo: support@wabe.localhost\n\
    Subject: Hilfe\nMessage-ID: <1@sender.example>\nMIME-Version: 1.0\n";

fn opened(rest: &[u8]) -> IncomingMail {
    open_letter(&[HEAD.as_bytes(), rest].concat())
}

/// What the ticket shows of a letter with this rest of its head and this body.
fn shown(rest: &[u8]) -> String {
    said(&opened(rest).text).0
}

fn check(rest: &[u8], wanted: &str) {
    assert_eq!(shown(rest), wanted, "{}", String::from_utf8_lossy(rest));
}

/// Names and sizes of what came along.
fn files(rest: &[u8]) -> Vec<(String, usize)> {
    let files = opened(rest).files;
    files
        .into_iter()
        .map(|(name, bytes)| (name, bytes.len()))
        .collect()
}

fn why_not(rest: &str, return_path: &str) -> Option<Silence> {
    let ours: MailAddress = "support@wabe.localhost".parse().unwrap();
    silence(&opened(rest.as_bytes()), return_path, &[&ours])
}

#[test]
fn encodings_are_undone() {
    check(
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
          Gr=C3=BC=C3=9Fe aus der=\n Werkstatt=2E\n",
        "Grüße aus der Werkstatt.",
    );
    check(
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOfZQ==\n",
        "Grüße",
    );
    check(b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nGr\xfc\xdfe\n", "Grüße");
    check(b"Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: 8bit\n\n5 \x80 \x93zu\x94\n", "5 € “zu”");
    check(b"Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: 8bit\n\n\xc4\xe3\xba\xc3\n", "你好");
    check(
        b"Content-Type: text/plain; charset=x-unheard-of\n\nGuten Tag\n",
        "Guten Tag",
    );
    let subject = open_letter(
        b"From: a@b.example\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?4oKs?=\n\nx",
    );
    assert_eq!(subject.subject, "Grüße€");
}

#[test]
fn of_alternatives_the_plain_one_is_shown() {
    check(
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nKlartext\n\
          --x\nContent-Type: text/html\n\n<p>Bunt</p>\n--x--\n",
        "Klartext",
    );
    check(
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/related; boundary=m\n\n\
          --m\nContent-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/plain\n\nInnen\n\
          --i\nContent-Type: text/html\n\n<p>Innen</p>\n--i--\n--m--\n--o--\n",
        "Innen",
    );
}

#[test]
fn flowing_lines_are_joined() {
    check(
        b"Content-Type: text/plain; charset=utf-8; format=flowed\n\nEine lange \nZeile.\n-- \nAda\n",
        "Eine lange Zeile.",
    );
}

#[test]
fn of_html_only_words_are_left() {
    let outlook =
        b"Content-Type: text/html; charset=windows-1252\n\n<html xmlns:o=\"urn:schemas\"><head>\
        <style>p.MsoNormal {margin:0}</style></head><body lang=DE><div class=WordSection1>\
        <p class=MsoNormal>Guten Tag,<o:p></o:p></p><p class=MsoNormal>nichts geht.</p>\
        <div style='border-top:solid'><p><b>Von:</b> Wabe<br><b>Gesendet:</b> Montag<br>\
        <b>Betreff:</b> T1</p></div><p>alter Text</p></div></body></html>\n";
    let text = shown(outlook);
    assert!(
        text.starts_with("Guten Tag,") && text.contains("nichts geht."),
        "{text}"
    );
    assert!(
        !text.contains("MsoNormal") && !text.contains("alter Text"),
        "{text}"
    );
    let hostile = b"Content-Type: text/html\n\n<p>Hallo</p><script>alert(1)</script>\
        <img src=https://spy.example/p.gif onerror=alert(2)><svg onload=alert(3)><style>*{}</style>\
        <iframe src=javascript:alert(4)></iframe><p>Ende</p>\n";
    let text = shown(hostile);
    assert!(text.contains("Hallo") && text.contains("Ende"), "{text}");
    for part in ["alert", "spy.example", "<", "javascript"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
}

#[test]
fn markup_in_plain_text_is_text() {
    check(
        b"\n<script>alert(1)</script> & mehr\n",
        "<script>alert(1)</script> & mehr",
    );
}

#[test]
fn pictures_between_words_come_along() {
    let apple = b"Content-Type: multipart/mixed; boundary=Apple\n\n--Apple\nContent-Type: text/plain\n\n\
        Vorher\n--Apple\nContent-Type: image/png; name=\"Bild 1.png\"\nContent-Disposition: inline; filename=\"Bild 1.png\"\n\
        Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--Apple\nContent-Type: text/plain\n\nNachher\n--Apple--\n";
    let text = shown(apple);
    assert!(
        text.contains("Vorher") && text.contains("Nachher"),
        "{text}"
    );
    assert_eq!(files(apple), [("Bild 1.png".to_owned(), 8)]);
}

#[test]
fn files_come_along_whatever_they_are() {
    let winmail = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSiehe Anhang\n\
        --x\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\n\
        Content-Disposition: attachment; filename=\"winmail.dat\"\n\neJ8+Ig==\n--x--\n";
    check(winmail, "Siehe Anhang");
    assert_eq!(files(winmail), [("winmail.dat".to_owned(), 4)]);
    let forwarded = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nBitte ansehen\n\
        --x\nContent-Type: message/rfc822\n\nFrom: x@y.example\nSubject: alt\n\nalt\n--x--\n";
    check(forwarded, "Bitte ansehen");
    assert_eq!(files(forwarded).len(), 1);
    let odd =
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nA\n--x\nContent-Type: text/plain\n\
        Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd\n\nroot\n--x--\n";
    let names: Vec<String> = files(odd).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().all(|name| !name.contains('/')), "{names:?}");
}

#[test]
fn odd_letters_are_shown_as_far_as_they_go() {
    check(b"\n", "");
    check(
        b"Content-Type: text/plain\n\nvor\0her \xe2\x80\xaenachher\n",
        "vorher nachher",
    );
    check(
        b"Content-Type: multipart/mixed; boundary=never\n\nvor dem ersten Teil\n--other\n\nText\n",
        &shown(b"Content-Type: multipart/mixed; boundary=never\n\nvor dem ersten Teil\n--other\n\nText\n"),
    );
    let cut = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nHalb";
    check(cut, "Halb");
    let mut huge = String::from("Content-Type: text/plain\n");
    for number in 0..2_000 {
        writeln!(huge, "X-Filler-{number}: {}", "x".repeat(60)).unwrap();
    }
    huge.push_str("\nKurz\n");
    assert!(shown(huge.as_bytes()).ends_with("Kurz"));
    let mut deep = String::new();
    for level in 0..200 {
        write!(
            deep,
            "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
        )
        .unwrap();
    }
    drop(shown(deep.as_bytes()));
}

#[test]
fn history_and_signature_are_left_out() {
    check(
        b"Content-Type: text/plain; charset=utf-8\n\nGeht wieder, danke!\n\n-- \nAda Lang\n",
        "Geht wieder, danke!",
    );
    check(
        "Content-Type: text/plain; charset=utf-8\n\nJa.\n\nAm Mo., 4. Mai 2026 um 10:12 schrieb Wabe \
         <support@wabe.localhost>:\n\n> Ist es so?\n>\n> MW\n".as_bytes(),
        "Ja.",
    );
}

#[test]
fn letters_of_programs_make_no_ticket() {
    let path = "ada@sender.example";
    let dsn = "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nUndelivered\n--x--\n";
    assert_eq!(why_not(dsn, ""), Some(Silence::Bounce));
    assert_eq!(why_not(dsn, path), Some(Silence::Bounce));
    let vacation = "Auto-Submitted: auto-replied (vacation)\n\nIch bin im Urlaub.\n";
    assert_eq!(why_not(vacation, path), Some(Silence::AutoReply));
    assert_eq!(
        why_not("Precedence: bulk\nX-Autoreply: yes\n\nx\n", path),
        Some(Silence::AutoReply)
    );
    let list = "List-Id: Imker <imker.lists.example>\nPrecedence: list\n\nRundbrief\n";
    assert_eq!(why_not(list, path), Some(Silence::List));
    assert_eq!(
        why_not("List-Unsubscribe: <https://l.example/u>\n\nWerbung\n", path),
        Some(Silence::List)
    );
    assert_eq!(why_not("\nGuten Tag\n", path), None);
    let own = open_letter(b"From: Support@WABE.localhost\nSubject: x\n\nx");
    let ours: MailAddress = "support@wabe.localhost".parse().unwrap();
    assert_eq!(silence(&own, path, &[&ours]), Some(Silence::Own));
}

#[test]
fn who_wrote_is_one_address_or_nobody() {
    let from = |head: &str| open_letter(format!("{head}\nSubject: x\n\nx").as_bytes()).from;
    let ada: MailAddress = "ada@sender.example".parse().unwrap();
    assert_eq!(
        from("From: \"Lang, Ada\" <Ada@Sender.example>"),
        Some(ada.clone())
    );
    assert_eq!(from("From: ada@sender.example"), Some(ada));
    assert_eq!(from("From: ada@sender.example, eve@sender.example"), None);
    assert_eq!(from("From: \"ada@sender.example\" <>"), None);
    assert_eq!(from("X: y"), None);
}

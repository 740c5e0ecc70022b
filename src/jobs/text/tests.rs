//! What texts promise. Bar 3.14 T7.

use crate::bench::head;
use crate::text::{Args, NoticeKind, Texts};
use std::collections::{BTreeMap, BTreeSet};
use wabe_kernel::{Language, Secret, Timestamp};

const SOURCES: [(Language, &str); 2] = [
    (
        Language::De,
        include_str!("../../../templates/text/de/notice.ftl"),
    ),
    (
        Language::En,
        include_str!("../../../templates/text/en/notice.ftl"),
    ),
];

/// Every argument that any kind takes.
pub(crate) fn everything() -> Args {
    let at = Timestamp(1_795_266_300_000_000);
    Args::new()
        .text("object", "info@sonne.test")
        .text("noun", "mailbox")
        .text("device", "Firefox, Linux")
        .text("address", "192.0.2.x")
        .text("customer", "Sonne")
        .text("token", "Käthes Laptop")
        .text("version", "1.2.0")
        .text("subject", "80 % belegt")
        .text("thing", "info@sonne.test")
        .text("deed", "set_quota")
        .text("answer", "given")
        .text("name", "Laptop")
        .text("caller", "Ada Lang")
        .bytes("before", 1_000_000_000)
        .bytes("after", 2_000_000_000)
        .prose("message", "Ein Satz.\n\nNoch einer.")
        .bytes("used", 1_950_000_000)
        .bytes("max", 2_000_000_000)
        .count("count", 2)
        .count("usual", 1)
        .count("letters", 1)
        .count("more", 3)
        .count("mail", 1)
        .count("files", 0)
        .count("rows", 1)
        .count("acts", 0)
        .count("over", 1)
        .count("changed", 2)
        .count("read", 1)
        .count("logs", 0)
        .count("seen", 3)
        .time("from", at)
        .time("at", at)
        .time("next", at)
        .time("until", at)
        .reason("reason", "certificate-failed")
        .link("confirm", Secret::new("https://portal.test/confirm/abc"))
        .link("link", Secret::new("https://portal.test/reset/abc"))
}

/// The messages of a file with the variables that each of them uses.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with("notice-") {
            current = line.split(' ').next().unwrap().to_owned();
            found.entry(current.clone()).or_default();
        }
        for piece in line.split('$').skip(1) {
            let name: String = piece
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.get_mut(&current).unwrap().insert(name);
        }
    }
    found
}

#[test]
fn every_kind_has_its_texts_in_both_languages() {
    let texts = Texts::embedded(head()).unwrap();
    for language in Language::ALL {
        for kind in NoticeKind::ALL.iter().copied() {
            let args = everything();
            assert!(!texts.label(language, kind).unwrap().is_empty());
            let subject = texts.subject(language, kind, &args).unwrap();
            assert!(
                !subject.is_empty() && subject.chars().count() < 90,
                "{subject}"
            );
            let body = texts.body(language, kind, &args, Some("Ada")).unwrap();
            let needs_link = kind.args().contains(&"link");
            let has_link = body
                .lines()
                .any(|line| line == "https://portal.test/reset/abc");
            assert_eq!(needs_link, has_link, "{kind} {language}");
            assert!(
                body.contains("https://portal.test") && !body.contains('{'),
                "{body}"
            );
        }
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_arguments_their_kind_declares() {
    let [german, english] = SOURCES.map(|(_, source)| messages(source));
    let (names, others): (Vec<_>, Vec<_>) = (german.keys().collect(), english.keys().collect());
    assert_eq!(names, others);
    for kind in NoticeKind::ALL {
        let declared: BTreeSet<String> = kind.args().iter().map(ToString::to_string).collect();
        for messages in [&german, &english] {
            let mut used = messages[&format!("notice-{kind}-body")].clone();
            used.extend(messages[&format!("notice-{kind}-subject")].clone());
            used.remove("company");
            used.remove("portal");
            assert_eq!(used, declared, "{kind}");
        }
    }
}

#[test]
fn amounts_and_times_are_said_as_people_say_them() {
    let texts = Texts::embedded(head()).unwrap();
    let body = |language, kind| {
        texts
            .body(language, kind, &everything(), Some("Ada"))
            .unwrap()
    };
    let german = body(Language::De, NoticeKind::Quota95);
    assert!(german.contains("1,9 GB von 2,0 GB"), "{german}");
    let german = body(Language::De, NoticeKind::NewLogin);
    assert!(
        german.contains("- Zeit: 21.11.2026, 14:05 Uhr\n"),
        "{german}"
    );
    let english = body(Language::En, NoticeKind::NewLogin);
    assert!(english.contains("21 November 2026, 14:05 ("), "{english}");
}

#[test]
fn every_month_has_an_english_name() {
    let texts = Texts::embedded(head()).unwrap();
    let mut names = BTreeSet::new();
    for month in 0..12 {
        let args = everything().time("at", Timestamp(0).plus_days(month * 30 + 15));
        let body = texts.body(Language::En, NoticeKind::NewLogin, &args, Some("Ada"));
        let body = body.unwrap();
        let moment = body
            .lines()
            .find(|line| line.starts_with("- Time: "))
            .unwrap();
        names.insert(moment.split(' ').nth(3).unwrap().to_owned());
    }
    assert_eq!(names.len(), 12, "{names:?}");
}

#[test]
fn a_message_that_lacks_an_argument_is_refused_before_it_is_queued() {
    for kind in NoticeKind::ALL.iter().copied() {
        assert!(everything().complete_for(kind).is_ok());
        assert!(Args::new().complete_for(kind).is_err());
    }
}

#[test]
fn links_are_not_kept_and_not_shown() {
    let kept = everything().without_links().to_json().unwrap();
    assert!(!kept.contains("abc"));
    assert!(!format!("{:?}", everything()).contains("abc"));
}

proptest::proptest! {
    #[test]
    fn an_argument_never_makes_a_second_line(text in "\\PC{0,40}[\r\n\u{2028}\u{202e}\u{0}]{1,3}\\PC{0,40}") {
        let texts = Texts::embedded(head()).unwrap();
        let args = everything().text("object", &text);
        let subject = texts.subject(Language::De, NoticeKind::Quota80, &args).unwrap();
        proptest::prop_assert!(!subject.chars().any(char::is_control));
        let odd = ['\u{2028}', '\u{202e}'];
        proptest::prop_assert!(!subject.contains(odd));
    }
}

/// What the letter of an answer that ends a ticket says, in one line.
fn ended(language: Language, counts: &[(&'static str, i64)]) -> String {
    let mut args = everything();
    for name in ["changed", "read", "mail", "files", "rows", "logs", "seen"] {
        args = args.count(name, 0);
    }
    for (name, count) in counts {
        args = args.count(name, *count);
    }
    let texts = Texts::embedded(head()).unwrap();
    let body = texts.body(language, NoticeKind::TicketAnswered, &args, Some("Ada"));
    body.unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_letter_that_ends_a_ticket_speaks_only_of_what_happened() {
    let quiet = ended(Language::De, &[]);
    assert!(
        quiet.contains("haben wir nichts geändert. Von Ihren Inhalten haben wir nichts gelesen."),
        "{quiet}"
    );
    let quiet_english = ended(Language::En, &[]);
    assert!(
        quiet_english.contains("we changed nothing. We read nothing of your content."),
        "{quiet_english}"
    );
    for (text, words) in [
        (&quiet, ["0-mal", "rückgängig", "angesehen"]),
        (&quiet_english, [" 0 ", "undone", "looked"]),
    ] {
        assert!(words.iter().all(|word| !text.contains(word)), "{text}");
    }
    let busy = [("changed", 2), ("read", 3), ("files", 3), ("seen", 1)];
    let busy = ended(Language::De, &busy);
    for said in [
        "haben wir 2-mal etwas geändert. Was sich rückgängig machen lässt",
        "Dateien haben wir 3-mal gelesen.",
        "Wie etwas eingestellt ist, haben wir 1-mal angesehen.",
    ] {
        assert!(busy.contains(said), "{busy}");
    }
    for word in ["E-Mails haben", "Tabellen", "0-mal", "nichts gelesen"] {
        assert!(!busy.contains(word), "{word}: {busy}");
    }
}

//! Any text at every parser of this room: it is refused, or means the same when it is read again.

use crate::amend::Amend;
use crate::certificate::{CertificateText, KeyText, OrderTrouble};
use crate::content::Mark;
use crate::desired::{Step, Webspace, Wish};
use crate::field::{Field, Problem};
use crate::id::{CustomerId, MailboxId, NotAnId};
use crate::site_rules::SiteRedirect;
use crate::{
    CallingCode, Cursor, DatabaseName, DomainName, EditMark, Engine, ErrorPage, ErrorPages,
    FolderUser, FolderVerifier, Hsts, Language, Line, LocalPart, LogStatus, MailAddress,
    MessageText, PageRequest, PasswordVerifier, PersonName, PhoneNumber, PhoneSpelling, PhpCharset,
    PhpErrors, PhpMemory, PhpSeconds, PhpSettings, PhpVersion, PhpZone, Quota, Reason,
    RedirectTarget, RelPath, ResourceKind, Secret, ServerName, SiteLog, SiteRedirects, SiteServer,
    State, Timestamp, Upstream, WebspaceName,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// What parsers look for, and what they must not stumble over.
const PIECES: [&str; 48] = [
    "",
    " ",
    ".",
    "..",
    "/",
    "//",
    "\\",
    "-",
    "--",
    "_",
    "@",
    ":",
    "://",
    "?",
    "#",
    "[",
    "]",
    "%",
    "%2f",
    "%00",
    ",",
    ";",
    "=",
    "a",
    "Z",
    "ß",
    "ä",
    "İ",
    "xn--",
    "xn--80ak6aa92e",
    "\u{0}",
    "\n",
    "\r\n",
    "\u{202e}",
    "\u{200d}",
    "\u{ad}",
    "0",
    "1",
    "9223372036854775807",
    "1.5",
    "GB",
    "localhost",
    "test",
    "http",
    "127.0.0.1",
    "::1",
    "cus_01kaj8xv00e0m9f8w2v3x4y5z6",
    "2026-11-28T00:00:00Z",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        vec(proptest::sample::select(&PIECES), 0..10).prop_map(|pieces| pieces.concat()),
        "[a-z0-9.@-]{1,300}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaves = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaves.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((texts(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What a text means, its own form means as well, and forms and JSON read it alike.
fn agree<T: FromStr + Display + Field + PartialEq + Debug>(
    text: &str,
) -> Result<(), TestCaseError> {
    let typed = T::from_text(text);
    let sent = T::from_json(&Value::from(text));
    prop_assert_eq!(&typed, &sent);
    if let Ok(value) = text.parse::<T>() {
        let again = value.to_string().parse::<T>().ok();
        prop_assert_eq!(
            again.as_ref(),
            Some(&value),
            "{:?} reads as {}",
            text,
            value
        );
        prop_assert!(!value.to_string().contains(['\0', '\n', '\r']), "{}", value);
    }
    Ok(())
}

macro_rules! any_text_is_refused_or_read_alike {
    ($($test:ident: $kind:ty;)*) => {
        proptest! {
            $(
            #[test]
            fn $test(text in texts()) {
                agree::<$kind>(&text)?;
            }
            )*
        }
    };
}

any_text_is_refused_or_read_alike! {
    any_text_as_a_host_name: DomainName;
    any_text_as_an_address: MailAddress;
    any_text_as_the_name_of_a_webspace: WebspaceName;
    any_text_as_the_name_of_a_database: DatabaseName;
    any_text_as_a_name_on_a_database_server: ServerName;
    any_text_as_a_verifier_of_passwords: PasswordVerifier;
    any_text_as_the_name_of_a_person: PersonName;
    any_text_as_the_code_of_a_country: CallingCode;
    any_text_as_a_telephone_number: PhoneNumber;
    any_text_as_somebodys_spelling_of_one: PhoneSpelling;
    any_text_as_a_line: Line;
    any_text_as_a_reason: Reason;
    any_text_as_a_path: RelPath;
    any_text_as_a_language: Language;
    any_text_as_a_kind_of_resource: ResourceKind;
    any_text_as_a_state: State;
    any_text_as_an_engine: Engine;
    any_text_as_a_version_of_php: PhpVersion;
    any_text_as_the_time_that_browsers_keep_to_https: Hsts;
    any_text_as_a_server_of_sites: SiteServer;
    any_text_as_an_application_elsewhere: Upstream;
    any_text_as_a_rule_that_sends_on: SiteRedirect;
    any_text_as_a_page_for_errors: ErrorPage;
    any_text_as_the_user_of_a_folder: FolderUser;
    any_text_as_the_memory_of_php: PhpMemory;
    any_text_as_what_php_complains_about: PhpErrors;
    any_text_as_a_character_set: PhpCharset;
    any_text_as_a_time_zone: PhpZone;
    any_text_as_a_redirect_target: RedirectTarget;
    any_text_as_the_mark_of_what_was_edited: EditMark;
    any_text_as_the_id_of_a_customer: CustomerId;
    any_text_as_the_id_of_a_mailbox: MailboxId;
}

proptest! {
    #[test]
    fn any_text_as_a_certificate_and_its_key(text in texts(), framed in any::<bool>()) {
        let frame = |kind: &str| format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n");
        let certificate = if framed { frame("CERTIFICATE") } else { text.clone() };
        if let Ok(read) = CertificateText::from_text(&certificate) {
            prop_assert_eq!(read.as_str(), certificate.as_str());
            prop_assert!(certificate.is_ascii() && !certificate.contains("PRIVATE KEY"));
        }
        let key = if framed { frame("PRIVATE KEY") } else { text.clone() };
        if let Ok(read) = KeyText::from_text(&key) {
            prop_assert_eq!(read.expose(), key.as_str());
            prop_assert!(key.is_ascii() && !key.contains("ENCRYPTED"));
        }
    }

    #[test]
    fn any_text_as_a_trouble_of_an_order(text in texts()) {
        if let Ok(trouble) = text.parse::<OrderTrouble>() {
            prop_assert_eq!(trouble.word(), text.as_str());
        }
    }

    #[test]
    fn any_text_as_a_message(text in texts()) {
        let typed = MessageText::from_text(&text);
        prop_assert_eq!(&typed, &MessageText::from_json(&Value::from(text.as_str())));
        if let Ok(message) = typed {
            prop_assert_eq!(message.to_string().parse::<MessageText>().ok(), Some(message.clone()));
            // Lines and tabs are a message's own.
            let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
            prop_assert!(!message.to_string().contains(strange), "{}", message);
        }
    }

    #[test]
    fn any_text_as_the_part_before_the_at(text in texts()) {
        if let Ok(local) = text.parse::<LocalPart>() {
            prop_assert!(local.as_str().parse() == Ok(local.clone()));
            prop_assert!(local.as_str().is_ascii() && !local.as_str().contains(['@', ':', ' ']));
        }
    }

    #[test]
    fn any_text_below_a_host_name(text in texts()) {
        let name: DomainName = "sonne.test".parse().unwrap();
        if let Some(below) = name.below(&text) {
            prop_assert!(below.is_within(&name) && below.as_str().len() <= 253);
            prop_assert!(below.unicode().len() >= name.unicode().len());
        }
    }

    // 3.13
    #[test]
    fn any_text_as_a_name_in_a_folder(text in texts()) {
        let folder: RelPath = "a/b".parse().unwrap();
        if let Ok(inside) = folder.join(&text) {
            prop_assert_eq!(inside.parent(), Some(folder));
            prop_assert_eq!(inside.name(), Some(text.as_str()));
        }
    }

    #[test]
    fn any_text_as_a_point_in_time(text in texts()) {
        if let Ok(at) = text.parse::<Timestamp>() {
            prop_assert_eq!(at.to_string().parse::<Timestamp>().ok(), Some(at));
        }
    }

    #[test]
    fn any_text_as_a_size(text in texts()) {
        if let Ok(quota) = Quota::from_text(&text) {
            let again = Quota::from_text(&quota.bytes().to_string());
            prop_assert_eq!(again.ok(), Some(quota));
        }
    }

    #[test]
    fn any_text_as_rules_of_a_site_reads_back_or_is_refused(text in texts()) {
        let text = format!("301 /a https://a.test/\n{text}");
        if let Ok(rules) = SiteRedirects::from_text(&text) {
            prop_assert_eq!(SiteRedirects::from_text(&rules.to_string()), Ok(rules));
        }
        if let Ok(pages) = ErrorPages::from_text(&text) {
            prop_assert_eq!(ErrorPages::from_text(&pages.to_string()), Ok(pages));
        }
    }

    #[test]
    fn any_text_as_settings_of_php_is_them_or_refused(text in texts(), line in texts()) {
        for text in [&text, &format!("memory_limit = {text}"), &format!("{text}\n{line}")] {
            if let Ok(settings) = PhpSettings::from_text(text) {
                let sent = serde_json::to_value(&settings).unwrap();
                prop_assert_eq!(<PhpSettings as Field>::from_json(&sent), Ok(settings));
            }
        }
        if let Ok(seconds) = PhpSeconds::from_text(&text) {
            prop_assert_eq!(PhpSeconds::from_text(&seconds.to_string()), Ok(seconds));
        }
    }

    #[test]
    fn any_text_as_a_log_its_status_and_a_verifier_of_folders(text in texts()) {
        if let Ok(log) = text.parse::<SiteLog>() {
            prop_assert_eq!(log.word(), text.as_str());
        }
        if let Ok(outcome) = text.parse::<crate::CronOutcome>() {
            prop_assert_eq!(outcome.word(), text.as_str());
        }
        if text.parse::<LogStatus>().is_ok() {
            prop_assert!(text.len() == 3);
        }
        let text = format!("$6$aaaaaaaaaaaaaaaa${text}");
        if let Ok(verifier) = text.parse::<FolderVerifier>() {
            prop_assert!(!verifier.expose().contains([':', '\n', ' ']));
        }
    }

    #[test]
    fn any_text_as_a_secret_a_number_and_a_list(text in texts()) {
        if let Ok(secret) = Secret::from_text(&text) {
            prop_assert_eq!(secret.expose(), text.as_str());
        }
        if let Ok(number) = i64::from_text(&text) {
            prop_assert_eq!(i64::from_text(&number.to_string()), Ok(number));
        }
        drop(bool::from_text(&text));
        if let Ok(items) = Vec::<Line>::from_text(&text) {
            prop_assert!(items.len() <= 100);
        }
    }

    #[test]
    fn any_text_as_a_cursor(text in texts(), key in "\\PC{0,40}") {
        if let Some(cursor) = Cursor::parse(&text) {
            prop_assert_eq!(Cursor::parse(&cursor.opaque()), Some(cursor));
        }
        let cursor = Cursor::after(&key);
        prop_assert_eq!(Cursor::parse(&cursor.opaque()), Some(cursor));
        let mut page = PageRequest::first(1);
        page.search = text;
        prop_assert!(page.search_pattern().starts_with('%'));
    }

    #[test]
    fn any_text_as_the_mark_of_a_file(text in prop_oneof!["[0-9a-fA-F]{62,66}", texts()]) {
        if let Some(mark) = Mark::parse(&text) {
            prop_assert_eq!(Mark::parse(&mark.text()), Some(mark));
            prop_assert_eq!(mark.text(), text.to_ascii_lowercase());
        }
    }

    #[test]
    fn any_text_as_the_languages_a_browser_accepts(text in texts(), rest in "[dein*;q=0.9, -]{0,40}") {
        if let Some(language) = Language::accepted(&text) {
            prop_assert!(text.to_ascii_lowercase().contains(language.tag()));
        }
        let chosen = Language::accepted(&format!("en;q=1,{rest}"));
        prop_assert!(chosen.is_some());
    }

    #[test]
    fn any_json_as_a_field_and_as_a_step(value in values()) {
        drop(Quota::from_json(&value));
        drop(Secret::from_json(&value));
        drop(bool::from_json(&value));
        drop(i64::from_json(&value));
        drop(Vec::<DomainName>::from_json(&value));
        drop(Option::<RelPath>::from_json(&value));
        drop(Amend::<RelPath>::from_json(&value));
        drop(serde_json::from_value::<Timestamp>(value.clone()));
        drop(serde_json::from_value::<Step>(value.clone()));
        drop(serde_json::from_value::<Wish<Webspace>>(value));
    }
}

#[test]
fn an_id_of_another_kind_is_no_id() {
    let other = "mbx_01kaj8xv00e0m9f8w2v3x4y5z6";
    assert_eq!(other.parse::<CustomerId>(), Err(NotAnId));
    assert_eq!(CustomerId::from_text(other), Err(Problem::new("not-an-id")));
}

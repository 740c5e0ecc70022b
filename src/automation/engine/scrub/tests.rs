use super::Scrub;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;
use wabe_kernel::Secret;

fn knows(secret: &str) -> Scrub {
    let mut scrub = Scrub::default();
    scrub.learn("token", &Secret::new(secret));
    scrub
}

#[test]
fn secrets_are_taken_out_wherever_they_stand() {
    let mut scrub = knows("s3cret-value");
    assert_eq!(scrub.text("a s3cret-value b"), "a {{secret:token}} b");
    let echoed = scrub.bytes(b"xs3cret-values3cret-value".to_vec());
    assert_eq!(echoed, b"x{{secret:token}}{{secret:token}}");
    // Base64 of the value, as Basic and Bearer echoes show it.
    assert_eq!(scrub.text("czNjcmV0LXZhbHVl"), "{{secret:token}}");
    let value = scrub.value(json!({ "a": ["s3cret-value", 1], "s3cret-value": null }));
    assert_eq!(
        value,
        json!({ "a": ["{{secret:token}}", 1], "{{secret:token}}": null })
    );
    scrub.learn("short", &Secret::new("abc"));
    assert_eq!(scrub.text("abc"), "abc");
}

#[test]
fn other_ways_to_write_a_secret_are_the_secret() {
    let scrub = knows("p\"ss wörd?>");
    for text in [
        "p%22ss%20w%C3%B6rd%3F%3E",
        "p%22ss+w%c3%b6rd?%3e",
        "%70%22%73%73%20%77%c3%b6%72%64%3f%3e",
        r#"p\"ss wörd?>"#,
        "702273732077C3b672643f3E",
    ] {
        let clean = scrub.text(&format!("={text}&"));
        assert_eq!(clean, "={{secret:token}}&", "{text}");
    }
}

/// Many programs escape what they echo in JSON or in a page: slashes, all that is not ASCII, or every sign.
#[test]
fn a_secret_that_somebody_escaped_is_the_secret() {
    for (secret, text) in [
        ("ab/cd/ef", r"ab\/cd\/ef"),
        ("pässwörd", r"p\u00e4ssw\u00F6rd"),
        ("key-\u{1f511}-x", r"key-\ud83d\udd11-x"),
        ("to-ken", r"\u0074\u006f\u002d\u006b\u0065\u006e"),
        ("a&b<c>d", "a&amp;b&lt;c&gt;d"),
        ("it's \"so\"", "it&#39;s &quot;so&#x22;"),
        ("a&b/c\\d", r"a\u0026b\/c\\d"),
        ("a/b+c&d", "a%2Fb+c&amp;d"),
    ] {
        let scrub = knows(secret);
        let clean = scrub.text(&format!("x{text}y"));
        assert_eq!(clean, "x{{secret:token}}y", "{text}");
        let bytes = scrub.bytes([text.as_bytes(), b"\xff\\u12&#"].concat());
        assert_eq!(bytes, b"{{secret:token}}\xff\\u12&#", "{text}");
    }
    // Base64 has slashes, too.
    let scrub = knows("s3cret?>value");
    let text = STANDARD.encode("user:s3cret?>value").replace('/', r"\/");
    assert!(text.contains('\\'));
    assert!(scrub.text(&text).contains("{{secret:token}}"), "{text}");
}

/// A guest may use a secret five hundred times in a run: it is looked for once.
#[test]
fn a_secret_that_is_used_often_is_looked_for_once() {
    let mut scrub = knows("s3cret-value");
    let (forms, places) = (scrub.found.len(), scrub.first.concat().len());
    scrub.learn("token", &Secret::new("s3cret-value"));
    scrub.join(&knows("s3cret-value"));
    assert_eq!((scrub.found.len(), scrub.instead.len()), (forms, 1));
    assert_eq!(scrub.first.concat().len(), places);
    // Another value under the same name is another secret.
    scrub.learn("token", &Secret::new("an-other-value"));
    assert_eq!(
        scrub
            .text("s3cret-value an-other-value")
            .matches("{{secret:token}}")
            .count(),
        2
    );
}

#[test]
fn the_longest_secret_counts_and_what_stands_for_one_stays() {
    let mut scrub = knows("secret");
    scrub.learn("long", &Secret::new("secret-and-more"));
    assert_eq!(
        scrub.text("secret-and-more secret"),
        "{{secret:long}} {{secret:token}}"
    );
    assert_eq!(
        scrub.text("Bearer {{secret:long}}"),
        "Bearer {{secret:long}}"
    );
}

proptest! {
    /// Either alphabet, every place, with or without neighbours, broken into lines or escaped: neither
    /// the secret nor a part of it is left for whoever decodes the text.
    #[test]
    fn base64_holds_no_secret(
        secret in "[a-z0-9?~]{8,24}",
        before in proptest::collection::vec(any::<u8>(), 0..7),
        behind in proptest::collection::vec(any::<u8>(), 0..7),
    ) {
        let scrub = knows(&secret);
        let bytes = [&before, secret.as_bytes(), &behind].concat();
        for text in [STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            let clean = scrub.text(&text);
            prop_assert!(clean.contains("{{secret:token}}"), "{} in {}", secret, clean);
            // What is left holds the neighbours and at most one filled-up end.
            let kept = clean.len() - "{{secret:token}}".len();
            prop_assert!(kept * 6 <= (before.len() + behind.len()) * 8 + 16);
            let escaped = text.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
            prop_assert!(scrub.text(&escaped).contains("{{secret:token}}"));
            let lines: Vec<&str> = text.as_bytes().chunks(5)
                .map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
            prop_assert!(scrub.text(&lines.join("\r\n")).contains("{{secret:token}}"));
        }
    }

    #[test]
    fn scrubbing_twice_is_scrubbing_once(text in "\\PC{0,40}", secret in "\\PC{4,8}") {
        let scrub = knows(&secret);
        let once = scrub.text(&format!("{text}{secret}{text}"));
        prop_assert_eq!(scrub.text(&once), once.clone());
    }
}

//! Bodies.

use crate::json::{Lines, TEXT_BYTES_MAX, object, texts};
use crate::problem::Kind;
use proptest::prelude::*;
use serde_json::{Value, json};

fn refused(text: &str) -> Kind {
    object(text.as_bytes()).unwrap_err().kind()
}

#[test]
fn an_object_is_read_as_it_is() {
    let text = r#"{"a":"ä","b":[1,-2,2.5,null,true],"c":{"d":""}}"#;
    assert_eq!(
        Value::Object(object(text.as_bytes()).unwrap()).to_string(),
        text
    );
    assert!(object(b"").unwrap().is_empty());
}

// P3: two parsers never read one body differently.
#[test]
fn a_name_that_comes_twice_is_refused() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"{"a":1,"\u0061":2}"#,
    ] {
        assert_eq!(refused(text), Kind::Malformed, "{text}");
    }
    assert!(object(br#"{"a":{"b":1},"c":{"b":1}}"#).is_ok());
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        "{",
        "{}{}",
        "{'a':1}",
        r#"{"a":01}"#,
        "\u{feff}{}",
        r#"{"a":NaN}"#,
        "nul",
    ] {
        assert_eq!(refused(text), Kind::Malformed, "{text}");
    }
    assert_eq!(
        object(b"{\"a\":\"\xff\"}").unwrap_err().kind(),
        Kind::Malformed
    );
    assert_eq!(refused(&"[".repeat(10_000)), Kind::Malformed);
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["[]", "null", "1", r#""a""#] {
        assert_eq!(refused(text), Kind::Invalid, "{text}");
    }
}

// P1
#[test]
fn control_characters_and_endless_texts_are_refused_wherever_they_are() {
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    let asked = json!({
        "fine": "a b", "feed": "a\nb", "nul": ["a\u{0}"], "deep": {"x": {"y": "\u{7f}"}}, "long": long,
    });
    let asked = asked.as_object().unwrap();
    let names = |lines| texts(asked, lines).0.into_keys().collect::<Vec<_>>();
    assert_eq!(names(Lines::One), ["deep", "feed", "long", "nul"]);
    assert_eq!(names(Lines::Many), ["deep", "long", "nul"]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(read) = object(&bytes) {
            let again: Value = serde_json::from_slice(&bytes).unwrap_or(json!({}));
            prop_assert_eq!(Value::Object(read), again);
        }
    }
}

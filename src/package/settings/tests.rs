use super::*;
use proptest::prelude::*;
use serde_json::json;

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["host"],
        "additionalProperties": false,
        "properties": {
            "host": {"type": "string", "title": "Host", "title:de": "Rechner", "minLength": 3, "maxLength": 20},
            "percent": {"type": "integer", "title": "Percent", "title:de": "Prozent", "minimum": 1, "maximum": 100, "default": 90},
            "loud": {"type": "boolean", "title": "Loud", "title:de": "Laut", "description": "Tell all.", "description:de": "Allen sagen."},
            "way": {"type": "string", "title": "Way", "title:de": "Weg", "oneOf": [
                {"const": "mail", "title": "E-mail", "title:de": "E-Mail"},
                {"const": "web", "title": "Webhook", "title:de": "Webhook"}], "default": "mail"},
            "size": {"type": "string", "title": "Size", "title:de": "Größe", "enum": ["s", "m"]},
        },
    })
}

fn read(schema: &Value) -> Result<Settings, Vec<Flaw>> {
    Settings::read("settings.schema.json", schema.to_string().as_bytes())
}

fn codes<T: std::fmt::Debug>(result: Result<T, Vec<Flaw>>) -> Vec<(&'static str, String)> {
    result
        .unwrap_err()
        .into_iter()
        .map(|f| (f.defect.code(), f.key))
        .collect()
}

#[test]
fn fields_come_in_the_order_of_the_schema() {
    let settings = read(&schema()).unwrap();
    let names: Vec<_> = settings.fields().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["host", "percent", "loud", "way", "size"]);
    assert_eq!(settings.fields()[0].kind, Kind::Text { min: 3, max: 20 });
    assert_eq!(settings.fields()[2].description.de, "Allen sagen.");
}

#[test]
fn what_is_chosen_is_checked_and_completed() {
    let settings = read(&schema()).unwrap();
    let done = settings
        .check(&json!({"host": "a.example", "size": null}))
        .unwrap();
    assert_eq!(
        done,
        json!({"host": "a.example", "percent": 90, "way": "mail"})
    );
    let wrong = json!({"percent": 101, "loud": "yes", "way": "fax", "size": 1, "x": 1});
    let expected = [
        ("unknown-key", "x"),
        ("missing", "host"),
        ("bad-number", "percent"),
        ("wrong-type", "loud"),
        ("not-a-choice", "way"),
        ("wrong-type", "size"),
    ];
    assert_eq!(
        codes(settings.check(&wrong)),
        expected.map(|(c, k)| (c, k.to_owned()))
    );
    assert_eq!(
        codes(settings.check(&json!({"host": "a"})))[0].0,
        "bad-number"
    );
    for unseen in ["a\u{0}b", "a\u{202e}b", "a\u{200b}b"] {
        assert_eq!(
            codes(settings.check(&json!({"host": unseen})))[0].0,
            "control-character"
        );
    }
    assert_eq!(codes(settings.check(&json!([])))[0].0, "wrong-type");
}

#[test]
fn schemas_that_say_more_are_refused() {
    let mut wrong = schema();
    let properties = &mut wrong["properties"];
    properties["host"]["pattern"] = json!("(a+)+");
    properties["percent"]["default"] = json!(0);
    properties["loud"]
        .as_object_mut()
        .unwrap()
        .remove("title:de");
    properties["way"]["maxLength"] = json!(3);
    properties["size"]["type"] = json!("array");
    let expected = [
        ("unknown-key", "properties.host.pattern"),
        ("bad-default", "properties.percent.default"),
        ("title-missing", "properties.loud"),
        ("bad-schema", "properties.way.maxLength"),
        ("bad-schema", "properties.size.type"),
    ];
    assert_eq!(
        codes(read(&wrong)),
        expected.map(|(c, k)| (c, k.to_owned()))
    );
    assert_eq!(codes(read(&json!({"type": "array"})))[0].0, "bad-schema");
}

proptest! {
    #[test]
    fn a_checked_object_passes_again(host in "[a-z.]{0,25}", percent in -5i64..120, way in "(mail|web|fax)") {
        let settings = read(&schema()).unwrap();
        let typed = json!({"host": host, "percent": percent, "way": way});
        if let Ok(done) = settings.check(&typed) {
            prop_assert_eq!(settings.check(&done), Ok(done.clone()));
            prop_assert!((3..=20).contains(&host.len()) && (1..=100).contains(&percent) && way != "fax");
        }
    }
}

//! Examples of what comes in: payloads by the shape that the panel gives them.

use serde_json::{Map, Value, json};

/// An example of a topic's payload.
pub(crate) fn payload(topic: &str) -> Value {
    let (noun, verb) = topic.split_once('.').unwrap_or((topic, ""));
    if topic == "quota.reached" {
        return json!({
            "object": object("mailbox"),
            "used_bytes": 1_900_000_000_u64, "max_bytes": 2_000_000_000_u64, "percent": 95,
        });
    }
    let (before, after) = match verb {
        "create" | "invite" | "import" => (Value::Null, thing(noun)),
        "delete" | "remove" | "revoke" => (thing(noun), Value::Null),
        _ => (thing(noun), thing(noun)),
    };
    json!({
        "change": "chg_01h455vb4pex5vsknk084sn02q",
        "seq": 7,
        "command": topic,
        "actor": {"kind": "user", "id": "usr_01h455vb4pex5vsknk084sn02q"},
        "object": object(noun),
        "before": before,
        "after": after,
    })
}

fn object(noun: &str) -> Value {
    let (prefix, name) = match noun {
        "mailbox" => ("mbx", "info@example.org"),
        "alias" => ("als", "office@example.org"),
        "domain" => ("dom", "example.org"),
        "webspace" => ("web", "shop"),
        "database" => ("dbs", "shop"),
        "member" => ("usr", "Erika Mustermann"),
        _ => ("obj", "example"),
    };
    json!({"kind": noun, "id": format!("{prefix}_01h455vb4pex5vsknk084sn02q"), "name": name})
}

/// What the record keeps of a thing.
fn thing(noun: &str) -> Value {
    let object = object(noun);
    let mut thing = Map::new();
    thing.insert("id".to_owned(), object["id"].clone());
    let more = match noun {
        "mailbox" => json!({"address": "info@example.org", "quota_bytes": 2_000_000_000_u64}),
        "alias" => json!({"address": "office@example.org", "targets": ["info@example.org"]}),
        "domain" => json!({"name": "example.org"}),
        "webspace" => json!({"name": "shop", "quota_bytes": 10_000_000_000_u64}),
        "database" => json!({"name": "shop", "engine": "sqlite", "quota_bytes": 500_000_000_u64}),
        _ => json!({"name": object["name"]}),
    };
    thing.extend(more.as_object().cloned().unwrap_or_default());
    Value::Object(thing)
}

use crate::author::case::Scene;
use crate::author::world::World;
use serde_json::{Value, json};
use wabe_package::wire::{Answer, FetchRequest, HostCall, Problem};
use wabe_package::{Blob, Grants, Manifest};

const MANIFEST: &str = r#"
id = "little"
version = "1.0.0"
api = "1.0"
author = "Wabe"
component = "plugin.wasm"
name = { de = "Klein", en = "Little" }
summary = { de = "Tut wenig.", en = "Does little." }
[[secret]]
name = "token"
title = { de = "Schlüssel", en = "Token" }
[[capability]]
capability = "secret:token"
reason = { de = "A", en = "A" }
[[capability]]
capability = "http:api.example.org"
reason = { de = "A", en = "A" }
[[capability]]
capability = "records:domain"
fields = ["id", "name"]
reason = { de = "A", en = "A" }
[[capability]]
capability = "files:read"
reason = { de = "A", en = "A" }
[[capability]]
capability = "files:write"
reason = { de = "A", en = "A" }
"#;

fn world(scene: Value) -> World {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    let world = World::new(&manifest);
    let scene: Scene = serde_json::from_value(scene).unwrap();
    let grants = Grants::all(&manifest.capabilities, &[]);
    world.begin(&scene, grants, (1_000, false)).unwrap();
    world
}

fn code(answer: Result<Answer, Problem>) -> String {
    answer.unwrap_err().code
}

fn fetch(url: &str, body: &str) -> HostCall {
    HostCall::Fetch(FetchRequest {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: vec![(
            "authorization".to_owned(),
            "Bearer {{secret:token}}".to_owned(),
        )],
        body: Blob(body.as_bytes().to_vec()),
        timeout_ms: None,
    })
}

fn set(key: &str, value: &str, expect: Option<u64>) -> HostCall {
    HostCall::KvSet {
        key: key.to_owned(),
        value: Blob(value.as_bytes().to_vec()),
        expect,
        ttl_s: None,
    }
}

fn query(query: &Value) -> HostCall {
    HostCall::Query {
        query: query.to_string(),
    }
}

fn file(path: &str) -> (String, String) {
    ("web_1".to_owned(), path.to_owned())
}

#[test]
fn the_store_has_versions_pages_and_bounds() {
    let world = world(json!({"kv": {"a": "1", "b": {"n": 2}}}));
    let get = |key: &str| {
        world.decide(HostCall::KvGet {
            key: key.to_owned(),
        })
    };
    let Ok(Answer::Versioned {
        found: Some((value, version)),
    }) = get("b")
    else {
        panic!("no b")
    };
    assert_eq!(value.0, b"{\"n\":2}");
    assert_eq!(
        code(world.decide(set("b", "x", Some(version + 1)))),
        "conflict"
    );
    assert!(world.decide(set("b", "x", Some(version))).is_ok());
    assert_eq!(
        code(world.decide(set("c", &"x".repeat(65_537), None))),
        "limit"
    );
    assert_eq!(code(world.decide(set("", "x", None))), "invalid");
    let keys = HostCall::KvKeys {
        prefix: String::new(),
        cursor: None,
        limit: 1,
    };
    let Ok(Answer::Keys { keys, next }) = world.decide(keys) else {
        panic!("no keys")
    };
    assert_eq!((keys, next), (vec!["a".to_owned()], Some("a".to_owned())));
    world.state().kv.forget();
    assert_eq!(world.state().kv.value("b"), Some(b"{\"n\":2}".as_slice()));
}

#[test]
fn requests_are_answered_in_order_and_only_where_granted() {
    let answer = json!({"request": {"method": "POST", "url": "https://api.example.org/x", "body_contains": "hi"},
        "response": {"status": 200, "body": {"ok": true}}});
    let world = world(json!({"http": [answer], "secrets": {"token": "s"}}));
    assert_eq!(
        code(world.decide(fetch("https://other.example.org/", "hi"))),
        "denied"
    );
    assert_eq!(
        code(world.decide(fetch("http://api.example.org/x", "hi"))),
        "invalid"
    );
    assert_eq!(
        code(world.decide(fetch("https://api.example.org/{{secret:token}}", "hi"))),
        "invalid"
    );
    assert_eq!(
        code(world.decide(fetch("https://api.example.org/x", "other"))),
        "unavailable"
    );
    assert_eq!(world.state().http.surprises.len(), 1);
    let Ok(Answer::Fetched(response)) = world.decide(fetch("https://api.example.org/x", "say hi"))
    else {
        panic!("no answer");
    };
    assert_eq!(response.body.0, b"{\"ok\":true}");
    assert_eq!(
        code(world.decide(fetch("https://api.example.org/x", "hi"))),
        "unavailable"
    );
}

#[test]
fn secrets_are_used_without_being_seen() {
    let without = world(json!({}));
    let named = |name: &str| HostCall::UseSecret {
        name: name.to_owned(),
    };
    assert_eq!(code(without.decide(named("token"))), "not-found");
    let world = world(json!({"secrets": {"token": "key"}}));
    assert_eq!(code(world.decide(named("other"))), "denied");
    let text = "{{secret:token}}".to_owned();
    assert_eq!(world.decide(named("token")), Ok(Answer::Text { text }));
    // Source: RFC 4231 has no such key; made with openssl dgst -sha256 -hmac key.
    let signature = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
    let bytes = (0..32).map(|at| u8::from_str_radix(&signature[at * 2..at * 2 + 2], 16).unwrap());
    let verify = |message: &str| HostCall::HmacVerify {
        secret: "token".to_owned(),
        algorithm: "sha256".to_owned(),
        message: Blob(message.as_bytes().to_vec()),
        signature: Blob(bytes.clone().collect()),
    };
    let fox = "The quick brown fox jumps over the lazy dog";
    assert_eq!(world.decide(verify(fox)), Ok(Answer::Flag { yes: true }));
    assert_eq!(
        world.decide(verify("another")),
        Ok(Answer::Flag { yes: false })
    );
}

#[test]
fn records_are_narrowed_to_the_granted_fields() {
    let domain =
        |n: i32| json!({"id": format!("dom_{n}"), "name": format!("{n}.example.org"), "auth": "x"});
    let world = world(json!({"records": {"domain": [domain(1), domain(2), domain(3)]}}));
    let ask = |question: Value| -> Result<Value, String> {
        match world.decide(query(&question)) {
            Ok(Answer::Text { text }) => Ok(serde_json::from_str(&text).unwrap()),
            other => Err(code(other)),
        }
    };
    let page = ask(json!({"type": "domain", "limit": 2})).unwrap();
    assert_eq!(
        page["items"][0],
        json!({"id": "dom_1", "name": "1.example.org"})
    );
    let rest = ask(json!({"type": "domain", "limit": 2, "cursor": page["next"]})).unwrap();
    assert_eq!(
        rest,
        json!({"items": [{"id": "dom_3", "name": "3.example.org"}], "next": null})
    );
    let found = ask(json!({"type": "domain", "search": "2.EXAMPLE", "fields": ["id"]})).unwrap();
    assert_eq!(found["items"], json!([{"id": "dom_2"}]));
    assert_eq!(
        ask(json!({"type": "domain", "fields": ["auth"]})),
        Err("denied".to_owned())
    );
    assert_eq!(ask(json!({"type": "mailbox"})), Err("denied".to_owned()));
    assert_eq!(
        ask(json!({"type": "domain", "where": 1})),
        Err("invalid".to_owned())
    );
}

#[test]
fn files_live_in_the_webspaces_of_the_case() {
    let world = world(json!({"files": {"web_1": {"a/b.txt": "B", "c.bin": {"base64": "AAE="}}}}));
    let read = |path: &str| {
        let (webspace, path) = file(path);
        world.decide(HostCall::FileRead { webspace, path })
    };
    assert_eq!(
        read("/a/b.txt"),
        Ok(Answer::Content {
            content: Blob(b"B".to_vec())
        })
    );
    assert_eq!(
        read("c.bin"),
        Ok(Answer::Content {
            content: Blob(vec![0, 1])
        })
    );
    assert_eq!(code(read("nothing")), "not-found");
    assert_eq!(code(read("a")), "invalid");
    assert_eq!(code(read("../x")), "invalid");
    let elsewhere = HostCall::FileRead {
        webspace: "web_2".to_owned(),
        path: "a".to_owned(),
    };
    assert_eq!(code(world.decide(elsewhere)), "denied");
    let write = |path: &str| {
        let (webspace, path) = file(path);
        world.decide(HostCall::FileWrite {
            webspace,
            path,
            content: Blob(b"new".to_vec()),
        })
    };
    assert_eq!(write("a/deep/d.txt"), Ok(Answer::Nothing));
    assert_eq!(code(write("a")), "invalid");
    assert_eq!(code(write("c.bin/x")), "invalid");
    let (webspace, path) = file("a");
    let Ok(Answer::Files { files }) = world.decide(HostCall::FileList { webspace, path }) else {
        panic!("no list");
    };
    let names: Vec<_> = files
        .iter()
        .map(|f| (f.name.as_str(), f.directory, f.size))
        .collect();
    assert_eq!(names, [("b.txt", false, 1), ("deep", true, 0)]);
    let (webspace, path) = file("a/deep/d.txt");
    assert!(world.state().files.was_touched(&webspace, &path));
    assert_eq!(
        world.decide(HostCall::FileDelete { webspace, path }),
        Ok(Answer::Nothing)
    );
    let (webspace, path) = file("a");
    assert_eq!(
        code(world.decide(HostCall::FileDelete { webspace, path })),
        "conflict"
    );
}

#[test]
fn what_is_not_asked_for_says_the_line_that_is_missing() {
    let manifest =
        Manifest::parse(&MANIFEST.replace("http:api.example.org", "http:b.example.org")).unwrap();
    let world = World::new(&manifest);
    let problem = world
        .decide(fetch("https://api.example.org/", ""))
        .unwrap_err();
    assert_eq!(
        problem.how,
        "add a [[capability]] with capability = \"http:api.example.org\" to plugin.toml"
    );
    let problem = world
        .decide(fetch("https://b.example.org/", ""))
        .unwrap_err();
    assert!(problem.message.contains("was not granted"), "{problem:?}");
}

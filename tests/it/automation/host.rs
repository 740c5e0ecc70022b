//! What guests may ask for while they run.

use super::{ends, is, make_database, runs};
use crate::on_both_engines;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use wabe_access::Scope;
use wabe_automation::engine::Answers;
use wabe_package::Blob;
use wabe_package::wire::{Answer, FetchRequest, HostCall, Problem};
use wabe_testkit::{House, Tenant, capability, capability_with, done, manifest};

on_both_engines!(
    a_store_keeps_what_a_good_run_wrote_and_nothing_else,
    a_store_is_bounded,
    a_secret_goes_to_the_granted_host_and_nowhere_else,
    records_are_read_field_by_field_in_ones_own_customer,
    what_asks_the_world_outside_is_asked_so_often_and_no_more,
    a_signature_is_checked_without_showing_the_secret,
);

pub(super) fn plugin(rest: &str) -> String {
    let trigger = "[[trigger]]\nkind = \"event\"\ntopic = \"database.create\"\n";
    let events = capability("events:database.*", false);
    manifest("asks", "1.0.0", &format!("{events}{rest}{trigger}"))
}

pub(super) type Answered = Result<Answer, Problem>;

/// Lets a guest ask these calls, one after the other; what it was answered.
pub(super) async fn asked(house: &House, tenant: &Tenant, calls: Vec<HostCall>) -> Vec<Answered> {
    let answers: Arc<Mutex<Vec<Answered>>> = Arc::default();
    let heard = answers.clone();
    house
        .plugins
        .sandbox
        .set(Arc::new(move |_order, host: &dyn Answers| {
            let (calls, heard) = (calls.clone(), heard.clone());
            Box::pin(async move {
                for call in calls {
                    let answer = host.answer(call).await;
                    heard.lock().unwrap().push(answer);
                }
                done(&[])
            })
        }));
    let count = runs(house, tenant).await.len();
    make_database(house, &tenant.owner, &format!("ask{count}")).await;
    house.run_plugins().await;
    let heard = answers.lock().unwrap();
    heard.clone()
}

fn set(key: &str, value: &str, expect: Option<u64>) -> HostCall {
    HostCall::KvSet {
        key: key.to_owned(),
        value: Blob(value.as_bytes().to_vec()),
        expect,
        ttl_s: None,
    }
}

fn get(key: &str) -> HostCall {
    HostCall::KvGet {
        key: key.to_owned(),
    }
}

fn value(answer: &Answered) -> Option<String> {
    match answer {
        Ok(Answer::Versioned { found }) => found
            .as_ref()
            .map(|(value, _)| String::from_utf8(value.0.clone()).unwrap()),
        other => panic!("{other:?}"),
    }
}

pub(super) fn code(answer: &Answered) -> &str {
    answer
        .as_ref()
        .err()
        .map_or("none", |problem| &problem.code)
}

async fn a_store_keeps_what_a_good_run_wrote_and_nothing_else(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&plugin("")).await;
    let granted = json!({ "events:database.*": true });
    house.install(&tenant, "asks", granted.clone()).await;
    let other = house.install(&tenant, "asks", granted).await;
    house
        .run_json(&tenant.owner, "installation.pause", json!({ "id": other }))
        .await
        .unwrap();
    let heard = asked(
        &house,
        &tenant,
        vec![
            get("a"),
            set("a", "1", Some(0)),
            get("a"),
            set("a", "2", Some(0)),
            HostCall::KvKeys {
                prefix: String::new(),
                cursor: None,
                limit: 10,
            },
            HostCall::KvDelete {
                key: "b".to_owned(),
            },
        ],
    )
    .await;
    assert_eq!(
        (value(&heard[0]), value(&heard[2])),
        (None, Some("1".to_owned()))
    );
    assert_eq!(code(&heard[3]), "conflict");
    assert!(matches!(&heard[4], Ok(Answer::Keys { keys, .. }) if *keys == ["a"]));
    assert!(matches!(&heard[5], Ok(Answer::Flag { yes: false })));
    // A run that fails leaves nothing.
    house
        .plugins
        .sandbox
        .set(Arc::new(|_order, host: &dyn Answers| {
            Box::pin(async move {
                host.answer(set("a", "lost", None)).await.unwrap();
                wabe_testkit::failed(false)
            })
        }));
    make_database(&house, &tenant.owner, "fails").await;
    house.run_plugins().await;
    let heard = asked(&house, &tenant, vec![get("a")]).await;
    assert_eq!(value(&heard[0]), Some("1".to_owned()));
    // The store is the installation's own.
    let resume = json!({ "id": other });
    house
        .run_json(&tenant.owner, "installation.resume", resume)
        .await
        .unwrap();
    let heard = asked(&house, &tenant, vec![get("a")]).await;
    let seen: Vec<_> = heard.iter().map(value).collect();
    assert!(
        seen.contains(&None) && seen.contains(&Some("1".to_owned())),
        "{seen:?}"
    );
}

async fn a_store_is_bounded(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&plugin("")).await;
    house
        .install(&tenant, "asks", json!({ "events:database.*": true }))
        .await;
    let large = "x".repeat(64 << 10);
    let mut calls = vec![
        set("k", &format!("{large}x"), None),
        set(&"k".repeat(513), "", None),
        set("a\u{7}", "", None),
    ];
    calls.extend((0..17).map(|number| set(&format!("k{number}"), &large, None)));
    let heard = asked(&house, &tenant, calls).await;
    assert_eq!(code(&heard[0]), "limit");
    assert_eq!((code(&heard[1]), code(&heard[2])), ("invalid", "invalid"));
    let kept = heard[3..].iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(kept, 15);
    assert_eq!(code(heard.last().unwrap()), "limit");
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
}

fn request(url: &str, header: &str, body: &str) -> HostCall {
    HostCall::Fetch(FetchRequest {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: vec![("authorization".to_owned(), header.to_owned())],
        body: Blob(body.as_bytes().to_vec()),
        timeout_ms: None,
    })
}

async fn a_secret_goes_to_the_granted_host_and_nowhere_else(house: House) {
    let tenant = house.tenant("Sonne").await;
    let rest = [
        capability("http:api.example.org", false),
        capability("http:other.example.org", true),
        capability("secret:token", false),
        capability("secret:spare", true),
        "[[secret]]\nname = \"token\"\n[secret.title]\nde = \"T\"\nen = \"T\"\n".to_owned(),
        "[[secret]]\nname = \"spare\"\noptional = true\n[secret.title]\nde = \"S\"\nen = \"S\"\n"
            .to_owned(),
    ];
    house.publish(&plugin(&rest.concat())).await;
    let granted = json!({
        "events:database.*": true, "http:api.example.org": true, "secret:token": true,
    });
    let id = house.install(&tenant, "asks", granted).await;
    let secret = "hunter2-of-the-customer";
    let input = json!({ "id": id, "name": "token", "value": secret });
    let set = house
        .run_json(&tenant.owner, "installation.set_secret", input)
        .await
        .unwrap();
    assert!(!set.output.to_string().contains(secret));
    let bearer = "Bearer {{secret:token}}";
    let heard = asked(
        &house,
        &tenant,
        vec![
            HostCall::UseSecret {
                name: "token".to_owned(),
            },
            request("https://api.example.org/x", bearer, "k={{secret:token}}"),
            request("https://other.example.org/x", bearer, ""),
            request("https://api.example.org/?{{secret:token}}", "", ""),
            request("https://api.example.org/", "{{secret:spare}}", ""),
            request("http://api.example.org/", "", ""),
        ],
    )
    .await;
    assert!(matches!(&heard[0], Ok(Answer::Text { text }) if text == "{{secret:token}}"));
    let went_out = house.plugins.fetch.sent();
    assert_eq!(went_out.len(), 1);
    assert_eq!(went_out[0].headers[0].1, format!("Bearer {secret}"));
    // The other host echoes everything; the guest sees only what stands for the secret.
    let Ok(Answer::Fetched(echo)) = &heard[1] else {
        panic!("{:?}", heard[1])
    };
    assert_eq!(echo.headers[0].1, bearer);
    assert_eq!(echo.body.0, b"k={{secret:token}}");
    let codes: Vec<&str> = heard[2..].iter().map(code).collect();
    assert_eq!(codes, ["denied", "invalid", "denied", "invalid"]);
    let id = runs(&house, &tenant).await[0].id;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let bytes = wabe_automation::run::recording::load(&mut tx, &scope, id)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let recording = String::from_utf8(bytes).unwrap();
    assert!(!recording.contains(secret) && recording.contains("{{secret:token}}"));
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    let all: Vec<&String> = rows.values().flatten().collect();
    assert!(!all.iter().any(|row| row.contains(secret)));
}

async fn records_are_read_field_by_field_in_ones_own_customer(house: House) {
    let tenant = house.tenant("Sonne").await;
    let other = house.tenant("Mond").await;
    for (owner, domain) in [(&tenant.owner, "sonne.test"), (&other.owner, "mond.test")] {
        let input = json!({ "name": domain });
        house.run_json(owner, "domain.create", input).await.unwrap();
        let address = format!("info@{domain}");
        let input = json!({ "address": address, "password": wabe_testkit::PASSWORD });
        house
            .run_json(owner, "mailbox.create", input)
            .await
            .unwrap();
    }
    let fields = "fields = [\"address\", \"state\"]";
    house
        .publish(&plugin(&capability_with("records:mailbox", false, fields)))
        .await;
    let granted = json!({
        "events:database.*": true, "records:mailbox": { "fields": ["address"] },
    });
    house.install(&tenant, "asks", granted).await;
    let query = |text: &str| HostCall::Query {
        query: text.to_owned(),
    };
    let heard = asked(
        &house,
        &tenant,
        vec![
            query(r#"{"type":"mailbox"}"#),
            query(r#"{"type":"mailbox","fields":["state"]}"#),
            query(r#"{"type":"database"}"#),
            query(r#"{"type":"mailbox","customer":"cus_1"}"#),
            query(&json!({ "type": "mailbox", "search": "x".repeat(201) }).to_string()),
        ],
    )
    .await;
    let Ok(Answer::Text { text }) = &heard[0] else {
        panic!("{:?}", heard[0])
    };
    let page: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        page,
        json!({ "items": [{ "address": "info@sonne.test" }], "next": null })
    );
    let codes: Vec<&str> = heard[1..].iter().map(code).collect();
    assert_eq!(codes, ["denied", "denied", "invalid", "invalid"]);
}

async fn what_asks_the_world_outside_is_asked_so_often_and_no_more(house: House) {
    let tenant = house.tenant("Sonne").await;
    let faraway = capability_with("records:faraway", false, "fields = [\"id\"]");
    house.publish(&plugin(&faraway)).await;
    let granted = json!({
        "events:database.*": true, "records:faraway": { "fields": ["id"] },
    });
    house.install(&tenant, "asks", granted).await;
    let query = HostCall::Query {
        query: r#"{"type":"faraway"}"#.to_owned(),
    };
    let most = usize::try_from(wabe_package::Limits::EVENT.fetches).unwrap();
    let heard = asked(&house, &tenant, vec![query; most + 1]).await;
    assert!(heard[..most].iter().all(Result::is_ok));
    assert_eq!(code(&heard[most]), "limit");
}

async fn a_signature_is_checked_without_showing_the_secret(house: House) {
    let tenant = house.tenant("Sonne").await;
    let slot = "[[secret]]\nname = \"hook\"\n[secret.title]\nde = \"H\"\nen = \"H\"\n";
    let rest = format!("{}{slot}", capability("secret:hook", false));
    house.publish(&plugin(&rest)).await;
    let granted = json!({ "events:database.*": true, "secret:hook": true });
    let id = house.install(&tenant, "asks", granted).await;
    // Source: RFC 4231, test case 2.
    let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let bytes: Vec<u8> = (0..32)
        .map(|place| u8::from_str_radix(&signature[place * 2..place * 2 + 2], 16).unwrap())
        .collect();
    let verify = |algorithm: &str, message: &str| HostCall::HmacVerify {
        secret: "hook".to_owned(),
        algorithm: algorithm.to_owned(),
        message: Blob(message.as_bytes().to_vec()),
        signature: Blob(bytes.clone()),
    };
    let message = "what do ya want for nothing?";
    let unset = asked(&house, &tenant, vec![verify("sha256", message)]).await;
    assert_eq!(code(&unset[0]), "not-found");
    let input = json!({ "id": id, "name": "hook", "value": "Jefe" });
    house
        .run_json(&tenant.owner, "installation.set_secret", input)
        .await
        .unwrap();
    let heard = asked(
        &house,
        &tenant,
        vec![
            verify("sha256", message),
            verify("sha256", "something else"),
            verify("md5", message),
        ],
    )
    .await;
    assert!(matches!(heard[0], Ok(Answer::Flag { yes: true })));
    assert!(matches!(heard[1], Ok(Answer::Flag { yes: false })));
    assert_eq!(code(&heard[2]), "invalid");
}

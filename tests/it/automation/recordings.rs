//! What runs leave behind: no secret, in whatever form it came; and everything of a run whose browser
//! went away.

use super::{databases, ends, is, runs};
use crate::on_both_engines;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use tokio::sync::Notify;
use wabe_access::Scope;
use wabe_automation::engine::{Answers, FormAsk, WebhookRequest};
use wabe_kernel::Language;
use wabe_kernel::id::{InstallationId, RunId};
use wabe_package::Entry;
use wabe_package::entry::{Failure, Outcome};
use wabe_package::wire::{Ending, HostCall};
use wabe_testkit::{House, Tenant, capability, done, manifest, outcome};

on_both_engines!(
    no_form_of_a_secret_is_recorded,
    neither_answer_nor_failure_keeps_a_secret,
    a_form_that_was_sent_is_carried_out_without_its_browser,
);

const SECRET: &str = "hunter2/of?the~customer";

/// The recording of a run, as its members read it.
async fn recording(house: &House, tenant: &Tenant, run: RunId) -> Value {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let bytes = wabe_automation::run::recording::load(&mut tx, &scope, run).await;
    tx.rollback().await.unwrap();
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

/// Every text of a document, and what is behind those that are Base64.
fn texts(value: &Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => {
            found.extend(STANDARD.decode(text));
            found.push(text.clone().into_bytes());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

/// The forms in which a secret stands in a body: at each place of three bytes, in either alphabet.
fn forms() -> Vec<String> {
    let mut forms = vec![
        SECRET.to_owned(),
        "hunter2%2Fof%3fthe~customer".to_owned(),
        "%68unter2/of%3Fthe%7Ecustomer".to_owned(),
        // As some programs write it into JSON, and into a page.
        r"hunter2\/of?the\u007ecustomer".to_owned(),
        "hunter2&#x2F;of&#63;the~customer".to_owned(),
    ];
    for ahead in ["", "u", "u:"] {
        let plain = format!("{ahead}{SECRET}:behind");
        forms.push(STANDARD.encode(&plain));
        forms.push(URL_SAFE_NO_PAD.encode(&plain));
    }
    forms
}

async fn hook(house: &House, tenant: &Tenant) -> (InstallationId, String) {
    let rest = [
        capability("webhook", false),
        capability("secret:token", true),
        "[[secret]]\nname = \"token\"\noptional = true\n[secret.title]\nde = \"T\"\nen = \"T\"\n"
            .to_owned(),
        "[[trigger]]\nkind = \"webhook\"\npath = \"in\"\nauth = [\"basic\"]\n".to_owned(),
    ];
    house
        .publish(&manifest("hook", "1.0.0", &rest.concat()))
        .await;
    let granted = json!({ "webhook": true, "secret:token": true });
    let input = json!({ "plugin": "hook", "capabilities": granted });
    let made = house
        .run_json(&tenant.owner, "installation.create", input)
        .await
        .unwrap();
    let id = made.object.parse().unwrap();
    let input = json!({ "id": id, "name": "token", "value": SECRET });
    house
        .run_json(&tenant.owner, "installation.set_secret", input)
        .await
        .unwrap();
    let password = made.output["webhook_password"].as_str().unwrap().to_owned();
    (id, password)
}

/// The run opens no secret: somebody else put it into what came in, and the guest wrote it down.
async fn no_form_of_a_secret_is_recorded(house: House) {
    let tenant = house.tenant("Sonne").await;
    let (id, password) = hook(&house, &tenant).await;
    house
        .plugins
        .sandbox
        .set(Arc::new(|order, host: &dyn Answers| {
            let Entry::Webhook { body, .. } = order.entry else {
                panic!("no webhook")
            };
            Box::pin(async move {
                let set = HostCall::KvSet {
                    key: "seen".to_owned(),
                    value: body,
                    expect: None,
                    ttl_s: None,
                };
                host.answer(set).await.unwrap();
                let get = HostCall::KvGet {
                    key: "seen".to_owned(),
                };
                // What the guest itself gets is what it was sent.
                let read = host.answer(get).await.unwrap();
                let text = serde_json::to_value(&read).unwrap();
                let bytes = STANDARD.decode(text["found"][0].as_str().unwrap()).unwrap();
                assert!(bytes.starts_with(b"body="));
                done(&[])
            })
        }));
    let slug = super::installed(&house, &tenant, id).await;
    let slug = slug.installation.webhook_slug.unwrap();
    for form in forms().into_iter().chain([password.clone()]) {
        let proof = format!("Basic {}", STANDARD.encode(format!("x:{password}")));
        let request = WebhookRequest {
            method: "POST".to_owned(),
            path: "in".to_owned(),
            rest: String::new(),
            query: format!("q={form}"),
            headers: vec![
                ("authorization".to_owned(), proof),
                ("x-seen".to_owned(), form.clone()),
            ],
            body: format!("body={form};").into_bytes(),
            remote: [192, 0, 2, 1].into(),
        };
        let reply = house.plugins.engine.receive(&slug, request).await;
        assert_eq!(reply.status, 204);
        let latest = runs(&house, &tenant).await;
        let latest = latest.iter().max_by_key(|run| run.id).unwrap();
        let mut found = Vec::new();
        texts(&recording(&house, &tenant, latest.id).await, &mut found);
        let found: Vec<_> = found
            .iter()
            .map(|text| String::from_utf8_lossy(text))
            .collect();
        let whole = found.iter().filter(|text| text.contains(form.as_str()));
        assert_eq!(whole.count(), 0, "{form}");
        let named = found.iter().filter(|text| text.contains("{{secret:"));
        // Its query, its header, its body, and twice what the guest kept of it.
        assert_eq!(named.count(), 5, "{form}");
    }
}

async fn neither_answer_nor_failure_keeps_a_secret(house: House) {
    let tenant = house.tenant("Sonne").await;
    let (id, password) = hook(&house, &tenant).await;
    let slug = super::installed(&house, &tenant, id).await;
    let slug = slug.installation.webhook_slug.unwrap();
    let told = format!("it was {SECRET}");
    let answered = Outcome {
        data: json!({ "token": told }).to_string(),
        ..outcome(&[])
    };
    let failure = Failure {
        code: "test".to_owned(),
        message: told,
        retryable: false,
        retry_after_ms: None,
        detail: None,
    };
    for ending in [
        Ending::Done { outcome: answered },
        Ending::Failed { failure },
    ] {
        house.plugins.sandbox.set(Arc::new(move |_order, _host| {
            let ending = ending.clone();
            Box::pin(async move { ending })
        }));
        let proof = format!("Basic {}", STANDARD.encode(format!("x:{password}")));
        let request = WebhookRequest {
            method: "POST".to_owned(),
            path: "in".to_owned(),
            rest: String::new(),
            query: String::new(),
            headers: vec![("authorization".to_owned(), proof)],
            body: Vec::new(),
            remote: [192, 0, 2, 1].into(),
        };
        house.plugins.engine.receive(&slug, request).await;
        let latest = runs(&house, &tenant).await;
        let latest = latest.into_iter().max_by_key(|run| run.id).unwrap();
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
        let recorder = house.gate.recorder();
        let run = wabe_automation::run::load(&mut tx, recorder, &scope, latest.id)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        let kept = if latest.code.is_none() {
            run.result["token"].as_str().unwrap().to_owned()
        } else {
            run.run.message.unwrap()
        };
        assert!(kept.ends_with("it was {{secret:token}}"), "{kept}");
    }
}

async fn a_form_that_was_sent_is_carried_out_without_its_browser(house: House) {
    let tenant = house.tenant("Sonne").await;
    let rest = [
        capability("form", false),
        capability("effect:database.create", false),
        "[[trigger]]\nkind = \"form\"\nname = \"main\"\n[trigger.title]\nde = \"S\"\nen = \"P\"\n"
            .to_owned(),
    ];
    house
        .publish(&manifest("form", "1.0.0", &rest.concat()))
        .await;
    let granted = json!({ "form": true, "effect:database.create": true });
    let id = house.install(&tenant, "form", granted).await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let inside = (begun.clone(), go_on.clone());
    house.plugins.sandbox.set(Arc::new(move |_order, _host| {
        let (begun, go_on) = inside.clone();
        Box::pin(async move {
            begun.notify_one();
            go_on.notified().await;
            let ending: Ending = done(&[("database.create", "", r#"{"name":"kept"}"#, "")]);
            ending
        })
    }));
    let ask = FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::En,
    };
    let mut sent = Box::pin(house.plugins.engine.submit(ask, serde_json::Map::new()));
    let mut wait = Box::pin(begun.notified());
    // The request is looked after until the guest is at work.
    poll_fn(|context| match wait.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => sent
            .as_mut()
            .poll(context)
            .map(|_early| panic!("over already")),
    })
    .await;
    // The browser is gone.
    drop(sent);
    assert_eq!(ends(&house, &tenant).await, [is("running", None)]);
    go_on.notify_one();
    house.plugins.engine.clone().run(async {}).await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
    assert_eq!(databases(&house, &tenant).await, ["kept"]);
    let run = runs(&house, &tenant).await[0].id;
    assert!(recording(&house, &tenant, run).await["ending"].is_object());
}

//! Requests to an installation's own address.

use super::{databases, ends, installed, is};
use crate::on_both_engines;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wabe_automation::engine::{WebhookReply, WebhookRequest};
use wabe_kernel::Clock as _;
use wabe_kernel::id::InstallationId;
use wabe_package::entry::{Outcome, Reply};
use wabe_package::wire::Ending;
use wabe_package::{Blob, Entry};
use wabe_testkit::{House, Tenant, capability, done, failed, guest, manifest};

on_both_engines!(
    whoever_knows_the_password_is_answered,
    a_signed_request_is_answered_while_it_is_fresh,
    without_proof_nothing_runs_and_nothing_is_told,
    a_signed_request_that_failed_may_come_again,
    a_new_password_ends_the_old_one,
    an_answer_that_is_none_is_not_passed_on,
);

struct Hook {
    id: InstallationId,
    slug: String,
    password: String,
}

/// In hexadecimal.
fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

async fn hook(house: &House, tenant: &Tenant) -> Hook {
    let rest = [
        capability("webhook", false),
        capability("effect:database.create", true),
        "[[trigger]]\nkind = \"webhook\"\npath = \"update\"\nauth = [\"basic\"]\n".to_owned(),
        "[[trigger]]\nkind = \"webhook\"\npath = \"push\"\nauth = [\"hmac\"]\n".to_owned(),
    ];
    house
        .publish(&manifest("hook", "1.0.0", &rest.concat()))
        .await;
    let capabilities = json!({ "webhook": true, "effect:database.create": true });
    let input = json!({ "plugin": "hook", "capabilities": capabilities });
    let made = house
        .run_json(&tenant.owner, "installation.create", input)
        .await
        .unwrap();
    house.plugins.sandbox.set(guest(|order| {
        let Entry::Webhook {
            method,
            query,
            user,
            headers,
            ..
        } = &order.entry
        else {
            panic!("no webhook")
        };
        assert!(headers.iter().all(|(name, _)| name != "authorization"));
        let body = format!("good {method} {query} {user}");
        let effects = [("database.create", "", r#"{"name":"hooked"}"#, "once")];
        let Ending::Done { outcome } = done(&effects) else {
            panic!("not done")
        };
        Ending::Done {
            outcome: Outcome {
                reply: Some(Reply {
                    status: 200,
                    content_type: "text/plain".to_owned(),
                    body: Blob(body.into_bytes()),
                }),
                ..outcome
            },
        }
    }));
    let id = made.object.parse().unwrap();
    let found = installed(house, tenant, id).await;
    Hook {
        id,
        slug: found.installation.webhook_slug.unwrap(),
        password: made.output["webhook_password"].as_str().unwrap().to_owned(),
    }
}

fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> WebhookRequest {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    WebhookRequest {
        method: if body.is_empty() { "GET" } else { "POST" }.to_owned(),
        path: path.to_owned(),
        rest: String::new(),
        query: "myip=192.0.2.7".to_owned(),
        headers: headers.iter().map(header).collect(),
        body: body.to_vec(),
        remote: [192, 0, 2, 1].into(),
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

async fn send(house: &House, slug: &str, request: WebhookRequest) -> WebhookReply {
    house.plugins.engine.receive(slug, request).await
}

async fn whoever_knows_the_password_is_answered(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    let proof = basic("fritz", &hook.password);
    let asked = request("update", &[("authorization", &proof)], b"");
    let reply = send(&house, &hook.slug, asked).await;
    assert_eq!((reply.status, reply.content_type), (200, "text/plain"));
    assert_eq!(reply.body, b"good GET myip=192.0.2.7 fritz");
    assert_eq!(databases(&house, &tenant).await, ["hooked"]);
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
}

async fn a_signed_request_is_answered_while_it_is_fresh(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    let sign = |message: &[u8]| {
        use aws_lc_rs::hmac;
        let key = hmac::Key::new(hmac::HMAC_SHA256, hook.password.as_bytes());
        hmac::sign(&key, message).as_ref().to_vec()
    };
    let now = house.clock.now().0 / 1_000_000;
    // The last one was sent before: nobody who listened in makes it happen twice.
    for (age, expected) in [(0, 200), (299, 200), (301, 401), (-301, 401), (0, 409)] {
        let at = (now - age).to_string();
        let message = [format!("msg_1.{at}.").as_bytes(), b"{}"].concat();
        let signature = format!("v1,AAAA v1,{}", STANDARD.encode(sign(&message)));
        let headers = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", at.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        let reply = send(&house, &hook.slug, request("push", &headers, b"{}")).await;
        assert_eq!(reply.status, expected, "{age}");
    }
    let value = format!("sha256={}", hex(&sign(b"{}")));
    let headers = [("x-hub-signature-256", value.as_str())];
    assert_eq!(
        send(&house, &hook.slug, request("push", &headers, b"{}"))
            .await
            .status,
        200
    );
    assert_eq!(
        send(&house, &hook.slug, request("push", &headers, b"{ }"))
            .await
            .status,
        401
    );
    // A signature does not cover the address: without a body it proves nothing.
    let value = format!("sha256={}", hex(&sign(b"")));
    let headers = [("x-hub-signature-256", value.as_str())];
    assert_eq!(
        send(&house, &hook.slug, request("push", &headers, b""))
            .await
            .status,
        401
    );
}

async fn a_signed_request_that_failed_may_come_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|_order| failed(true)));
    let at = (house.clock.now().0 / 1_000_000).to_string();
    let message = [format!("msg_2.{at}.").as_bytes(), b"{}"].concat();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, hook.password.as_bytes());
    let signature = aws_lc_rs::hmac::sign(&key, &message);
    let signature = format!("v1,{}", STANDARD.encode(signature.as_ref()));
    let headers = [
        ("webhook-id", "msg_2"),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let sent = async || {
        let asked = request("push", &headers, b"{}");
        send(&house, &hook.slug, asked).await.status
    };
    assert_eq!(sent().await, 502);
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    assert_eq!(sent().await, 204);
    assert_eq!(sent().await, 409);
    house.clock.advance(86_401);
    house.plugins.engine.purge().await.unwrap();
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert!(rows["effect_key"].is_empty());
}

async fn without_proof_nothing_runs_and_nothing_is_told(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    let good = basic("fritz", &hook.password);
    let bad = basic("fritz", "guess");
    let missing = "abcdefghijkmnpqrstuvwxyz23";
    for (slug, path, headers, status) in [
        (hook.slug.as_str(), "update", vec![], 401),
        (
            hook.slug.as_str(),
            "update",
            vec![("authorization", bad.as_str())],
            401,
        ),
        (
            hook.slug.as_str(),
            "update",
            vec![
                ("authorization", good.as_str()),
                ("authorization", good.as_str()),
            ],
            401,
        ),
        (
            hook.slug.as_str(),
            "push",
            vec![("authorization", good.as_str())],
            401,
        ),
        (
            hook.slug.as_str(),
            "other",
            vec![("authorization", good.as_str())],
            404,
        ),
        (
            missing,
            "update",
            vec![("authorization", good.as_str())],
            404,
        ),
        ("short", "update", vec![], 404),
    ] {
        let reply = send(&house, slug, request(path, &headers, b"")).await;
        assert_eq!(
            (reply.status, reply.body.len()),
            (status, 0),
            "{slug} {path}"
        );
    }
    assert!(house.plugins.sandbox.orders().is_empty());
    let pause = json!({ "id": hook.id });
    house
        .run_json(&tenant.owner, "installation.pause", pause)
        .await
        .unwrap();
    let asked = request("update", &[("authorization", &good)], b"");
    assert_eq!(send(&house, &hook.slug, asked).await.status, 404);
}

async fn a_new_password_ends_the_old_one(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    let input = json!({ "id": hook.id, "name": "@webhook" });
    let renewed = house
        .run_json(&tenant.owner, "installation.set_secret", input)
        .await
        .unwrap();
    let fresh = renewed.output["webhook_password"]
        .as_str()
        .unwrap()
        .to_owned();
    for (password, status) in [(&hook.password, 401), (&fresh, 200)] {
        let proof = basic("x", password);
        let asked = request("update", &[("authorization", &proof)], b"");
        assert_eq!(send(&house, &hook.slug, asked).await.status, status);
    }
}

async fn an_answer_that_is_none_is_not_passed_on(house: House) {
    let tenant = house.tenant("Sonne").await;
    let hook = hook(&house, &tenant).await;
    let proof = basic("x", &hook.password);
    for (status, kind, size) in [
        (302, "text/plain", 0),
        (500, "text/plain", 0),
        (200, "text/html", 0),
        (200, "text/plain", 5_000),
    ] {
        house.plugins.sandbox.set(guest(move |_order| Ending::Done {
            outcome: Outcome {
                reply: Some(Reply {
                    status,
                    content_type: kind.to_owned(),
                    body: Blob(vec![b'x'; size]),
                }),
                ..Outcome::default()
            },
        }));
        let asked = request("update", &[("authorization", &proof)], b"");
        assert_eq!(
            send(&house, &hook.slug, asked).await.status,
            502,
            "{status} {kind}"
        );
    }
    house.plugins.sandbox.set_up(false);
    let asked = request("update", &[("authorization", &proof)], b"");
    let reply = send(&house, &hook.slug, asked).await;
    assert_eq!((reply.status, reply.retry_after), (503, Some(2)));
}

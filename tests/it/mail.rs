//! Mail as it arrives: Python's smtplib against the intake.

use crate::client::text;
use crate::process::{Customer, shared, unique};
use crate::tools::{deliver, letter};
use serde_json::{Value, json};

/// A mailbox with this quota, and the domain it is in.
async fn mailbox(customer: &Customer, quota: i64) -> (Value, String) {
    let domain = format!("mail{}.test", unique());
    customer
        .api
        .live("/domains", json!({ "name": domain }))
        .await;
    let asked = json!({
        "address": format!("info@{domain}"), "password": "two words and a number 7",
        "quota_bytes": quota,
    });
    (customer.api.live("/mailboxes", asked).await, domain)
}

async fn messages(customer: &Customer, mailbox: &Value) -> Vec<Value> {
    customer
        .api
        .all(&format!("/mailboxes/{}/messages", text(mailbox, "id")))
        .await
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_with_550() {
    let panel = shared();
    let (_, domain) = mailbox(&panel.customer(), 1_000_000).await;
    let nobody = format!("nobody@{domain}");
    let (code, words) = deliver(&panel, &nobody, &letter(&nobody, "a", "b")).await;
    assert_eq!(code, 550, "{words}");
    assert!(words.contains("5.1.1"), "{words}");
}

#[tokio::test]
async fn relaying_is_refused_with_550() {
    let panel = shared();
    for foreign in ["ada@elsewhere.example", "ada%elsewhere.example@mail.test"] {
        let (code, words) = deliver(&panel, foreign, &letter(foreign, "a", "b")).await;
        assert_eq!(code, 550, "{foreign}: {words}");
    }
}

#[tokio::test]
async fn over_quota_is_refused_with_552_until_the_quota_grows() {
    let panel = shared();
    let customer = panel.customer();
    let (mailbox, _) = mailbox(&customer, 20_000).await;
    let address = text(&mailbox, "address");
    let large = letter(&address, "large", &"0123456789\n".repeat(3_000));
    let (code, words) = deliver(&panel, &address, &large).await;
    assert_eq!(code, 552, "{words}");
    assert!(messages(&customer, &mailbox).await.is_empty());
    let path = format!("/mailboxes/{}", text(&mailbox, "id"));
    customer
        .api
        .json("PATCH", &path, &json!({ "quota_bytes": 100_000 }))
        .await
        .expect(200);
    customer.api.settled(&path, "live").await;
    assert_eq!(deliver(&panel, &address, &large).await.0, 250);
    assert_eq!(messages(&customer, &mailbox).await.len(), 1);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_with_552() {
    let panel = shared();
    let customer = panel.customer();
    let (mailbox, _) = mailbox(&customer, 1_000_000_000).await;
    let address = text(&mailbox, "address");
    let huge = letter(&address, "huge", &"0123456789abcdef\n".repeat(3_000_000));
    let (code, words) = deliver(&panel, &address, &huge).await;
    assert_eq!(code, 552, "{words}");
    assert!(messages(&customer, &mailbox).await.is_empty());
}

#[tokio::test]
async fn a_suspended_mailbox_takes_no_mail_and_a_deleted_one_is_unknown() {
    let panel = shared();
    let customer = panel.customer();
    let (mailbox, _) = mailbox(&customer, 1_000_000).await;
    let (address, path) = (
        text(&mailbox, "address"),
        format!("/mailboxes/{}", text(&mailbox, "id")),
    );
    let send = async || {
        deliver(&panel, &address, &letter(&address, "a", "b"))
            .await
            .0
    };
    let reason = json!({ "reason": "Sends too much" });
    customer
        .api
        .json("POST", &format!("{path}/suspend"), &reason)
        .await
        .expect(200);
    customer.api.settled(&path, "suspended").await;
    assert_eq!(send().await, 550);
    customer
        .api
        .bare("POST", &format!("{path}/resume"))
        .await
        .expect(200);
    customer.api.settled(&path, "live").await;
    assert_eq!(send().await, 250);
    customer.api.bare("DELETE", &path).await.expect(204);
    customer.api.settled(&path, "deleting").await;
    let refused = async || (send().await == 550).then_some(());
    crate::client::until("mail to be refused", refused).await;
}

#[tokio::test]
async fn an_alias_delivers_to_each_of_its_mailboxes() {
    let panel = shared();
    let customer = panel.customer();
    let (first, domain) = mailbox(&customer, 1_000_000).await;
    let asked = json!({
        "address": format!("second@{domain}"), "password": "two words and a number 7",
    });
    let second = customer.api.live("/mailboxes", asked).await;
    let alias = format!("all@{domain}");
    let targets = [text(&first, "address"), text(&second, "address")];
    customer
        .api
        .live("/aliases", json!({ "address": alias, "targets": targets }))
        .await;
    let (code, words) = deliver(&panel, &alias, &letter(&alias, "to all", "b")).await;
    assert_eq!(code, 250, "{words}");
    for mailbox in [&first, &second] {
        let found = messages(&customer, mailbox).await;
        assert_eq!(found.len(), 1, "{}", mailbox["address"]);
        assert_eq!(found[0]["subject"], "to all");
    }
}

#[tokio::test]
async fn a_hostile_message_is_shown_without_script_and_without_remote_content() {
    let panel = shared();
    let customer = panel.customer();
    let (mailbox, _) = mailbox(&customer, 1_000_000).await;
    let address = text(&mailbox, "address");
    let message = format!(
        "From: <script>alert(1)</script> <ada@sender.example>\r\nTo: {address}\r\n\
         Subject: =?utf-8?B?PGI+ZmF0PC9iPg==?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <p onclick=\"evil()\">kept</p><script>evil()</script>\
         <img src=\"https://tracker.example/pixel.gif\"><a href=\"javascript:evil()\">link</a>\r\n"
    );
    let (code, words) = deliver(&panel, &address, message.as_bytes()).await;
    assert_eq!(code, 250, "{words}");
    let head = messages(&customer, &mailbox).await.remove(0);
    let path = format!(
        "/mailboxes/{}/messages/{}",
        text(&mailbox, "id"),
        text(&head, "key")
    );
    let shown = customer.api.get(&path).await.expect(200);
    let html = text(&shown, "html");
    assert!(html.contains("kept"), "{html}");
    for evil in [
        "script",
        "onclick",
        "evil",
        "tracker.example",
        "javascript:",
    ] {
        assert!(!html.contains(evil), "{evil} in {html}");
    }
}

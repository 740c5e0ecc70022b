//! Two customers who try to reach each other, at every door that is not the portal. Bar 3.7.

use crate::client::{Answer, page, text, visitor};
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::{Uploader, deliver, letter};
use reqwest::header::HOST;
use serde_json::{Value, json};

/// What must never be seen by anybody else.
const CANARY: &str = "canary-of-the-other-customer";

/// A customer with one of everything, and the canary in all of it.
struct Holder {
    customer: Customer,
    webspace: Value,
    mailbox: Value,
    database: Value,
    host: String,
    message: String,
}

async fn holder(panel: &Panel) -> Holder {
    let customer = panel.customer();
    let api = &customer.api;
    let domain = format!("holder{}.test", unique());
    api.live("/domains", json!({ "name": domain })).await;
    let asked = json!({ "name": format!("holder{}", unique()), "domain": domain });
    let webspace = api.made("/webspaces", asked).await;
    let path = format!("/webspaces/{}", text(&webspace, "id"));
    api.put(&format!("{path}/files/secret.txt"), CANARY.as_bytes())
        .await
        .expect(201);
    let asked =
        json!({ "address": format!("in@{domain}"), "password": "two words and a number 7" });
    let mailbox = api.live("/mailboxes", asked).await;
    let address = text(&mailbox, "address");
    assert_eq!(
        deliver(panel, &address, &letter(&address, "s", CANARY))
            .await
            .0,
        250
    );
    let messages = api
        .all(&format!("/mailboxes/{}/messages", text(&mailbox, "id")))
        .await;
    let database = api
        .live("/databases", json!({ "name": "own", "engine": "sqlite" }))
        .await;
    let sql = format!("CREATE TABLE t (v); INSERT INTO t VALUES ('{CANARY}')");
    let path = format!("/databases/{}/query", text(&database, "id"));
    api.json("POST", &path, &json!({ "sql": sql }))
        .await
        .expect(200);
    let message = text(&messages[0], "key");
    Holder {
        webspace,
        mailbox,
        database,
        host: domain,
        message,
        customer,
    }
}

#[tokio::test]
async fn an_upload_login_opens_one_webspace_and_nothing_above_or_beside_it() {
    let panel = shared();
    let (mine, theirs) = (holder(&panel).await, holder(&panel).await);
    let uploader = Uploader::new(&panel).await;
    let path = format!("/webspaces/{}", text(&mine.webspace, "id"));
    let key = json!({ "name": "Laptop", "public_key": uploader.public_key() });
    mine.customer
        .api
        .made(&format!("{path}/access_keys"), key)
        .await;
    mine.customer.api.settled(&path, "live").await;
    let login = text(&mine.webspace, "sftp_login");
    assert!(uploader.with_key(&login, "ls\n").await.worked);
    // Its own key and password at the other's door.
    let other = text(&theirs.webspace, "sftp_login");
    assert!(!uploader.with_key(&other, "ls\n").await.worked);
    let password = text(&mine.webspace, "sftp_password");
    assert!(
        !uploader
            .with_password(&other, &password, "ls\n")
            .await
            .worked
    );
    let (id, up) = (
        text(&theirs.webspace, "id"),
        uploader.local("up", b"planted"),
    );
    let (up, down) = (up.display(), uploader.file("down"));
    for way in [
        format!("get ../../{id}/files/secret.txt {}", down.display()),
        format!("get /../{id}/files/secret.txt {}", down.display()),
        format!("get ../{id}/secret.txt {}", down.display()),
        format!("ls ../../{id}"),
        format!("symlink ../../{id}/files/secret.txt link"),
        format!("ln ../../{id}/files/secret.txt hard"),
        "get /etc/passwd".to_owned(),
    ] {
        let ran = uploader.with_key(&login, &format!("{way}\n")).await;
        assert!(!ran.worked, "{way}: {}", ran.out);
        let shown = ran.out.lines().filter(|line| !line.starts_with("sftp>"));
        assert!(
            !shown.clone().any(|line| line.contains("secret")),
            "{way}: {}",
            ran.out
        );
    }
    assert!(!down.exists());
    // Above the top is the top: this may end up in its own webspace, and nowhere else.
    uploader
        .with_key(&login, &format!("put {up} ../../{id}/files/planted.txt\n"))
        .await;
    let files = format!("/webspaces/{id}/files");
    let listed = theirs
        .customer
        .api
        .get(&files)
        .await
        .expect(200)
        .to_string();
    assert!(!listed.contains("planted"), "{listed}");
}

#[tokio::test]
async fn a_site_is_chosen_by_one_name_and_mixed_names_get_nothing() {
    let panel = shared();
    let (mine, theirs) = (holder(&panel).await, holder(&panel).await);
    let client = visitor(&panel, &[&mine.host, &theirs.host]);
    let own = client
        .get(page(&panel, &theirs.host, "/secret.txt"))
        .send()
        .await
        .unwrap();
    assert_eq!(own.text().await.unwrap(), CANARY);
    // The connection says one name, the request another.
    let mixed = client.get(page(&panel, &mine.host, "/secret.txt"));
    let mixed = mixed
        .version(reqwest::Version::HTTP_11)
        .header(HOST, theirs.host.as_str());
    let http11 = crate::client::plain(&panel).http1_only();
    let http11 = http11
        .resolve(&mine.host, panel.address("sites_https"))
        .build()
        .unwrap();
    let mixed = http11.execute(mixed.build().unwrap()).await.unwrap();
    let mixed = Answer::of(mixed).await.unwrap();
    assert!(
        (400..500).contains(&mixed.status),
        "{}: {}",
        mixed.status,
        mixed.text()
    );
    assert!(!mixed.text().contains(CANARY));
    // Nobody's name.
    let nobody = format!("http://127.0.0.1:{}/secret.txt", panel.port("sites_http"));
    let answer = client
        .get(nobody)
        .header(HOST, "nobody.test")
        .send()
        .await
        .unwrap();
    let answer = Answer::of(answer).await.unwrap();
    assert!((400..500).contains(&answer.status) && !answer.text().contains(CANARY));
}

#[tokio::test]
async fn sql_and_mail_of_another_customer_are_as_if_they_did_not_exist() {
    let panel = shared();
    let (mine, theirs) = (holder(&panel).await, holder(&panel).await);
    let api = &mine.customer.api;
    let (their_database, their_mailbox) =
        (text(&theirs.database, "id"), text(&theirs.mailbox, "id"));
    let my_mailbox = text(&mine.mailbox, "id");
    let mut ways = vec![
        ("GET", format!("/databases/{their_database}/export")),
        ("GET", format!("/databases/{their_database}/tables")),
        ("GET", format!("/mailboxes/{their_mailbox}/messages")),
    ];
    // The key of their message, in their mailbox and in mine.
    for mailbox in [&their_mailbox, &my_mailbox] {
        let message = format!("/mailboxes/{mailbox}/messages/{}", theirs.message);
        ways.push(("GET", format!("{message}/attachments/0")));
        ways.push(("GET", message.clone()));
        ways.push(("DELETE", message));
    }
    let long = format!(
        "..%2f..%2f{their_mailbox}%2fMaildir%2fnew%2f{}",
        theirs.message
    );
    ways.push(("GET", format!("/mailboxes/{my_mailbox}/messages/{long}")));
    for (method, path) in ways {
        let answer = api.bare(method, &path).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        assert!(!answer.text().contains(CANARY));
    }
    let sql = json!({ "sql": "SELECT v FROM t" });
    let path = format!("/databases/{their_database}/query");
    assert_eq!(api.json("POST", &path, &sql).await.status, 404);
    let kept = theirs
        .customer
        .api
        .all(&format!("/mailboxes/{their_mailbox}/messages"))
        .await;
    assert_eq!(kept.len(), 1, "the message must still be there");
}

#[tokio::test]
async fn another_customers_names_cannot_be_taken() {
    let panel = shared();
    let (mine, theirs) = (panel.customer(), holder(&panel).await);
    let sub = format!("shop.{}", theirs.host);
    let claimed = mine
        .api
        .json("POST", "/domains", &json!({ "name": sub }))
        .await;
    let claimed = claimed.expect(201);
    assert_eq!(
        claimed["verified"], false,
        "a name under another customer's needs consent"
    );
    let asked = json!({ "name": format!("grab{}", unique()), "domain": theirs.host });
    let refused = mine
        .api
        .json("POST", "/webspaces", &asked)
        .await
        .expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/domain", "{refused}");
    let asked = json!({
        "address": format!("grab@{}", theirs.host), "password": "two words and a number 7",
    });
    let refused = mine
        .api
        .json("POST", "/mailboxes", &asked)
        .await
        .expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/address", "{refused}");
}

//! What staff read of a customer's content: mail, files and rows, each only on a consent that reaches it, and
//! noted by its name before it is shown. Source: controls MWK-4-03, MWK-4-04, bar 3.8 T1 to T4, T6.

use crate::browser::Browser;
use crate::client::{Api, text};
use crate::consent::{Scene, begin, refused, said, scene, seen};
use crate::on_both_engines;
use crate::process::{Panel, unique};
use crate::tools::{deliver, letter};
use serde_json::{Value, json};
use std::fmt::Write as _;
use wabe_access::grant::Grant;
use wabe_access::{Permission as P, Refusal};
use wabe_audit::{Access, AccessBy, looks_in};
use wabe_kernel::id::ConsentId;
use wabe_kernel::{Fault, PageRequest};
use wabe_store::{Query, Statement};
use wabe_testkit::House;

on_both_engines!(
    a_consent_reaches_what_was_asked_for_and_given_and_nothing_else,
    content_is_shut_again_with_whatever_carried_it,
    who_was_given_less_asks_for_more_in_the_same_ticket,
    what_was_read_stands_in_the_customers_log_with_its_name,
    the_letter_that_ends_a_ticket_says_what_was_read,
    the_database_keeps_no_look_at_content_that_no_consent_reaches,
);

/// Asks for consent with these fields beside the reason.
async fn ask(house: &House, scene: &Scene, reach: &Value) -> ConsentId {
    let mut input = reach.clone();
    input["id"] = json!(scene.ticket);
    input["reason"] = json!("Um zu sehen, warum.");
    let asked = said(house, &scene.support, "consent.ask", input).await;
    asked["id"].as_str().unwrap().parse().unwrap()
}

async fn give(house: &House, scene: &Scene, consent: ConsentId, reach: &Value) -> Value {
    let mut input = reach.clone();
    input["id"] = json!(consent);
    said(house, &scene.tenant.owner, "consent.give", input).await
}

/// A consent that was asked for and given so far, and a look on it.
async fn reading(house: &House, scene: &Scene, reach: &Value) -> (ConsentId, Grant) {
    let consent = ask(house, scene, reach).await;
    give(house, scene, consent, reach).await;
    (consent, begin(house, scene, consent).await.unwrap())
}

async fn a_consent_reaches_what_was_asked_for_and_given_and_nothing_else(house: House) {
    let scene = scene(&house, "Sonne").await;
    let wish = json!({ "reads_mail": true, "reads_files": true });
    let consent = ask(&house, &scene, &wish).await;
    let wide = json!({ "id": consent, "reads_mail": true, "reads_rows": true, "acts": true });
    let wrong = refused(&house, &scene.tenant.owner, "consent.give", wide).await;
    let Refusal::Invalid(errors) = wrong else {
        panic!("{wrong:?}");
    };
    let named: Vec<&str> = errors.0.keys().map(String::as_str).collect();
    assert_eq!(named, ["acts", "reads_rows"]);
    let given = give(&house, &scene, consent, &json!({ "reads_mail": true })).await;
    assert_eq!(given["asks"]["reads_files"], true);
    let less = json!({
        "reads_mail": true, "reads_files": false, "reads_rows": false, "acts": false,
    });
    assert_eq!(given["reach"], less);
    let grant = begin(&house, &scene, consent).await.unwrap();
    let scope = seen(&house, &scene, &grant).await.unwrap();
    assert!(scope.has(P::MailRead) && scope.has(P::MailboxRead));
    assert!(!scope.has(P::FileRead) && !scope.has(P::SqlUse));
    for permission in P::ALL {
        let writes = permission.word().ends_with(":write");
        assert!(!(writes && scope.has(*permission)), "{permission}");
    }
}

async fn content_is_shut_again_with_whatever_carried_it(house: House) {
    let scene = scene(&house, "Sonne").await;
    let files = json!({ "reads_files": true });
    let (consent, grant) = reading(&house, &scene, &files).await;
    assert!(seen(&house, &scene, &grant).await.unwrap().has(P::FileRead));
    // Of nobody else.
    let other = Scene {
        tenant: house.tenant("Mond").await,
        support: scene.support.clone(),
        ticket: scene.ticket,
    };
    let foreign = seen(&house, &other, &grant).await;
    assert!(matches!(foreign, Err(Refusal::NotFound)), "{foreign:?}");
    // After an hour.
    house.clock.advance(3_600);
    let late = seen(&house, &scene, &grant).await;
    assert!(matches!(late, Err(Refusal::NotFound)), "{late:?}");
    // Withdrawn: at the next statement.
    let grant = begin(&house, &scene, consent).await.unwrap();
    assert!(seen(&house, &scene, &grant).await.unwrap().has(P::FileRead));
    let owner = scene.tenant.owner.clone();
    said(&house, &owner, "consent.withdraw", json!({ "id": consent })).await;
    let shut = seen(&house, &scene, &grant).await;
    assert!(matches!(shut, Err(Refusal::NotFound)), "{shut:?}");
    // With its ticket.
    let (_, grant) = reading(&house, &scene, &files).await;
    assert!(seen(&house, &scene, &grant).await.unwrap().has(P::FileRead));
    said(
        &house,
        &owner,
        "ticket.solve",
        json!({ "id": scene.ticket }),
    )
    .await;
    let closed = seen(&house, &scene, &grant).await;
    assert!(matches!(closed, Err(Refusal::NotFound)), "{closed:?}");
}

async fn who_was_given_less_asks_for_more_in_the_same_ticket(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (_, grant) = reading(&house, &scene, &json!({})).await;
    assert!(!seen(&house, &scene, &grant).await.unwrap().has(P::SqlUse));
    let again = |rows: bool| json!({ "id": scene.ticket, "reason": "Mehr.", "reads_rows": rows });
    let same = refused(&house, &scene.support, "consent.ask", again(false)).await;
    assert!(
        matches!(same, Refusal::Conflict("consent-given")),
        "{same:?}"
    );
    let rows = json!({ "reads_rows": true });
    let (_, grant) = reading(&house, &scene, &rows).await;
    assert!(seen(&house, &scene, &grant).await.unwrap().has(P::SqlUse));
    let same = refused(&house, &scene.support, "consent.ask", again(true)).await;
    assert!(
        matches!(same, Refusal::Conflict("consent-given")),
        "{same:?}"
    );
}

/// Notes that the employee read something on the look.
async fn note(house: &House, scene: &Scene, grant: &Grant, area: &str) -> Result<(), Fault> {
    let access = Access {
        customer: scene.tenant.id,
        user: scene.support.user,
        by: AccessBy::Staff(Some(scene.ticket), Some(grant.id)),
        area,
        object_id: Some("web_1"),
        address: None,
    };
    let mut tx = house.db.store.write().await.unwrap();
    let part = Some("bilder/haus.jpg");
    let noted = house.streams.note_content(&mut tx, &access, part).await;
    if noted.is_ok() {
        tx.commit().await.unwrap();
    } else {
        drop(tx.rollback().await);
    }
    noted
}

async fn what_was_read_stands_in_the_customers_log_with_its_name(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (_, grant) = reading(&house, &scene, &json!({ "reads_files": true })).await;
    note(&house, &scene, &grant, "file.read").await.unwrap();
    for unreached in ["mail.read", "sql.rows"] {
        let kept = note(&house, &scene, &grant, unreached).await;
        assert!(kept.is_err(), "{unreached}");
    }
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let (customer, page) = (scene.tenant.id, PageRequest::first(50));
    let found = house.streams.list_seen(&mut tx, customer, &page).await;
    tx.rollback().await.unwrap();
    let found = found.unwrap().items;
    let read = found.iter().find(|seen| seen.word == "file.read").unwrap();
    assert_eq!(read.detail.as_deref(), Some("bilder/haus.jpg"));
    assert_eq!(
        (read.ticket, read.access),
        (Some(scene.ticket), Some(grant.id))
    );
    let unreached = |word: &str| word.starts_with("mail.") || word.starts_with("sql.");
    assert!(!found.iter().any(|seen| unreached(&seen.word)));
}

const ANSWERED: Statement = Statement {
    name: "test.answered",
    sql: "SELECT args FROM outgoing_mail WHERE kind = 'ticket-answered'",
};

/// What the letters of answers say of these, least first.
async fn counted(house: &House, names: [&str; 5]) -> Vec<[i64; 5]> {
    let mut tx = house.db.store.read().await.unwrap();
    let rows = ANSWERED.query().all(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let args = rows.iter().map(|row| row.text("args").unwrap());
    let args = args.map(|args| serde_json::from_str::<Value>(&args).unwrap());
    let mut counts: Vec<[i64; 5]> = args
        .map(|args| names.map(|name| args[name]["count"].as_i64().unwrap()))
        .collect();
    // Both were written at one moment of the test's clock.
    counts.sort_unstable();
    counts
}

async fn the_letter_that_ends_a_ticket_says_what_was_read(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (_, grant) = reading(&house, &scene, &json!({ "reads_files": true })).await;
    for area in ["file.read", "file.list", "page.webspaces"] {
        note(&house, &scene, &grant, area).await.unwrap();
    }
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let looks = looks_in(&mut tx, scene.tenant.id, scene.ticket).await;
    tx.rollback().await.unwrap();
    let looks = looks.unwrap();
    assert_eq!((looks.files, looks.content(), looks.settings), (2, 2, 1));
    for then in ["open", "solved"] {
        let answer = json!({ "id": scene.ticket, "body": "Es geht wieder.", "then": then });
        let done = house
            .run_json(&scene.support, "ticket.answer", answer)
            .await;
        done.unwrap();
    }
    let names = ["over", "changed", "read", "files", "seen"];
    let said = counted(&house, names).await;
    assert_eq!(said, [[0, 0, 0, 0, 0], [1, 0, 2, 2, 1]]);
}

const RAW_LOOK: Statement = Statement {
    name: "test.raw_content_look",
    sql: "INSERT INTO access_log (id, customer_id, at, user_id, area, actor_kind, ticket_id, grant_id, \
          reach_id) VALUES ('raw', $1, 1, $2, $3, 'staff', $4, $5, $6)",
};
const RAW_REACH: Statement = Statement {
    name: "test.raw_reach",
    sql: "INSERT INTO grant_reach (id, customer_id, grant_id, consent_id, content, reads_rows) \
          VALUES ($1, $2, $3, $4, 'rows', $5)",
};
const RAW_ROWS: Statement = Statement {
    name: "test.raw_rows",
    sql: "UPDATE consent SET reads_rows = 1 WHERE id = $1",
};
const RAW_MAIL: Statement = Statement {
    name: "test.raw_mail",
    sql: "UPDATE consent SET reads_mail = $1 WHERE id = $2",
};

/// Whether the database takes it; it is rolled back.
async fn fits(house: &House, query: Query) -> bool {
    let mut tx = house.db.store.write().await.unwrap();
    let done = query.execute(&mut tx).await.is_ok();
    drop(tx.rollback().await);
    done
}

// 3.8 T6
async fn the_database_keeps_no_look_at_content_that_no_consent_reaches(house: House) {
    let scene = scene(&house, "Sonne").await;
    let mail = json!({ "reads_mail": true });
    let consent = ask(&house, &scene, &mail).await;
    // Nothing is reached before it is given.
    assert!(!fits(&house, RAW_MAIL.bind(true).bind(consent)).await);
    give(&house, &scene, consent, &mail).await;
    let grant = begin(&house, &scene, consent).await.unwrap();
    let user = scene.support.user.unwrap();
    let look = |area: &str, on: Option<&str>, reach: Option<&str>| {
        let reach = reach.map(|content| format!("{}.{content}", grant.id));
        let query = RAW_LOOK.bind(scene.tenant.id).bind(user).bind(area);
        query.bind(scene.ticket).bind(on).bind(reach)
    };
    let id = grant.id.to_string();
    let on = Some(id.as_str());
    for (area, on, reach, taken) in [
        ("mail.read", None, None, false),
        ("mail.read", on, None, false),
        ("mail.read", None, Some("mail"), false),
        ("mail.read", on, Some("files"), false),
        ("file.read", on, Some("mail"), false),
        ("file.read", on, Some("files"), false),
        ("sql.rows", on, Some("rows"), false),
        ("mail.read", on, Some("mail"), true),
    ] {
        let found = fits(&house, look(area, on, reach)).await;
        assert_eq!(found, taken, "{area} {on:?} {reach:?}");
    }
    // What the consent does not reach, no look on it does.
    for reads in [Some(true), Some(false), None] {
        let query = RAW_REACH.bind(format!("{id}.rows")).bind(scene.tenant.id);
        let query = query.bind(grant.id).bind(consent).bind(reads);
        assert!(!fits(&house, query).await, "{reads:?}");
    }
    // Nobody makes it wider than it was asked for, nor another one while somebody looks on it.
    assert!(!fits(&house, RAW_ROWS.bind(consent)).await);
    assert!(!fits(&house, RAW_MAIL.bind(false).bind(consent)).await);
}

/// Gives so much of what was asked for on the page of its ticket, as only a person does.
pub(crate) async fn agree(owner: &Browser, (ticket, consent): (&str, &str), reach: &Value) {
    let csrf = owner.token(&format!("/tickets/{ticket}")).await;
    let mut fields = vec![("csrf", csrf.as_str()), ("days", "7")];
    for (name, given) in reach.as_object().unwrap() {
        if given.as_bool() == Some(true) {
            fields.push((name.as_str(), "true"));
        }
    }
    let path = format!("/consents/{consent}/give?ticket={ticket}");
    let answer = owner.post(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// The first bytes of a picture.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A customer of the demo with something in everything, and a ticket.
struct World {
    panel: Panel,
    owner: Api,
    desk: Api,
    ticket: String,
    webspace: String,
    mailbox: String,
    database: String,
    /// What lies in everything.
    canary: String,
}

impl World {
    async fn new() -> Self {
        let panel = Panel::demo();
        let owner = panel.api(&panel.token(&panel.account("owner").0, &[]));
        let desk = panel.api(&panel.token(&panel.account("support").0, &[]));
        let canary = format!("canary{}", unique());
        let domain = format!("{canary}.test");
        owner.live("/domains", json!({ "name": domain })).await;
        let asked = json!({ "name": canary, "domain": domain });
        let webspace = text(&owner.made("/webspaces", asked).await, "id");
        let files = format!("/webspaces/{webspace}/files");
        for (name, bytes) in [("geheim.txt", canary.as_bytes()), ("bild.png", PICTURE)] {
            owner
                .put(&format!("{files}/{name}"), bytes)
                .await
                .expect(201);
        }
        let address = format!("info@{domain}");
        let asked = json!({ "address": address, "password": "two words and a number 7" });
        let mailbox = text(&owner.live("/mailboxes", asked).await, "id");
        let message = letter(&address, &canary, &canary);
        assert_eq!(deliver(&panel, &address, &message).await.0, 250);
        let asked = json!({ "name": "kept", "engine": "sqlite" });
        let database = text(&owner.live("/databases", asked).await, "id");
        let sql = format!("CREATE TABLE preise (v); INSERT INTO preise VALUES ('{canary}')");
        let query = format!("/databases/{database}/query");
        owner
            .json("POST", &query, &json!({ "sql": sql }))
            .await
            .expect(200);
        let asked = json!({ "subject": "Look", "body": "Please." });
        let ticket = text(&owner.made("/tickets", asked).await, "id");
        Self {
            panel,
            owner,
            desk,
            ticket,
            webspace,
            mailbox,
            database,
            canary,
        }
    }

    /// An employee who looks on a consent for which all was asked and so much given; with the consent.
    async fn reading(&self, given: Value) -> (Browser, String) {
        let path = format!("/staff/tickets/{}/consent-requests", self.ticket);
        let wish = json!({
            "reason": "To see why.", "reads_mail": true, "reads_files": true, "reads_rows": true,
        });
        let asked = self.desk.json("POST", &path, &wish).await.expect(201);
        let consent = text(&asked, "id");
        // A program in the owner's name opens nothing; the owner does.
        let path = format!("/consents/{consent}/give");
        let program = self.owner.json("POST", &path, &given).await.expect(403);
        assert_eq!(program["code"], "in-person");
        let (email, password) = self.panel.account("owner");
        let owner = Browser::logged_in(&self.panel, (&email, &password)).await;
        agree(&owner, (&self.ticket, &consent), &given).await;
        let (email, password) = self.panel.account("support");
        let mut browser = Browser::logged_in(&self.panel, (&email, &password)).await;
        let csrf = browser.token("/staff").await;
        let path = format!("/staff/tickets/{}/access", self.ticket);
        let fields = [("csrf", csrf.as_str()), ("consent", &consent)];
        let answer = browser.post(&path, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser.take_session(&answer);
        (browser, consent)
    }

    /// Of a message's attachments, a look gets the picture, and nothing that only says that it is one.
    async fn attachments(&self, browser: &Browser, messages: &str) {
        let address = format!("info@{}.test", self.canary);
        let parts = [
            ("application/zip", "alles.zip", "iVBORw0KGgo="),
            ("image/png", "bild.png", "iVBORw0KGgo="),
            ("image/png", "kein.png", "UEsDBA=="),
        ];
        let mut mail = format!(
            "From: ada@sender.example\r\nTo: {address}\r\nSubject: Anhang\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nText\r\n"
        );
        for (kind, name, body) in parts {
            write!(
                mail,
                "--x\r\nContent-Type: {kind}; name={name}\r\nContent-Transfer-Encoding: base64\r\n\
                 Content-Disposition: attachment; filename={name}\r\n\r\n{body}\r\n"
            )
            .unwrap();
        }
        mail.push_str("--x--\r\n");
        let taken = deliver(&self.panel, &address, mail.as_bytes()).await;
        assert_eq!(taken.0, 250);
        let heads = self.owner.all(messages).await;
        let head = heads.iter().find(|head| head["subject"] == "Anhang");
        let key = text(head.unwrap(), "key");
        let page = browser.get(&format!("{messages}/{key}")).await;
        for (index, status) in [(0, 404), (1, 200), (2, 404)] {
            let path = format!("{messages}/{key}/attachments/{index}");
            assert_eq!(browser.get(&path).await.status, status, "{index}");
            let linked = page.text().contains(&format!("{key}/attachments/{index}"));
            assert_eq!(linked, index > 0, "{index}");
        }
        let noted = self.noted().await;
        let parts: Vec<&Value> = noted.iter().map(|(_, part)| part).collect();
        assert!(parts.contains(&&json!(format!("{key}/1"))), "{noted:?}");
        assert!(!parts.contains(&&json!(format!("{key}/0"))), "{noted:?}");
    }

    /// What the customer reads of it: what was looked at, and which part.
    async fn noted(&self) -> Vec<(String, Value)> {
        let all = self.owner.all("/accesses").await;
        let pair = |one: &Value| (text(one, "word"), one["detail"].clone());
        all.iter().map(pair).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_read_what_a_consent_reaches_and_are_told_what_it_does_not() {
    let world = World::new().await;
    let given = json!({ "reads_files": true, "reads_rows": true });
    let (browser, consent) = world.reading(given).await;
    let files = format!("/webspaces/{}/files", world.webspace);
    let list = browser.get(&files).await;
    assert_eq!(list.status, 200, "{}", list.text());
    assert!(list.text().contains("geheim.txt") && !list.text().contains("/files/download"));
    let file = browser.get(&format!("{files}/edit?path=geheim.txt")).await;
    assert!(file.text().contains(&world.canary) && file.text().contains(" readonly"));
    let picture = browser.get(&format!("{files}/picture?path=bild.png")).await;
    assert_eq!(
        (picture.status, picture.header("content-type")),
        (200, "image/png")
    );
    let database = format!("/databases/{}", world.database);
    let rows = browser.get(&format!("{database}/rows?table=preise")).await;
    assert!(rows.text().contains(&world.canary), "{}", rows.text());
    // What has no end is not there, and neither is what is not.
    for gone in [
        format!("{files}/download?path=geheim.txt"),
        format!("{files}/picture?path=geheim.txt"),
        format!("{database}/export.sql"),
        format!("{database}/rows?table=nichts"),
    ] {
        assert_eq!(browser.get(&gone).await.status, 404, "{gone}");
    }
    // Nothing is changed, by no statement.
    let csrf = browser.token("/staff").await;
    let change = [("csrf", csrf.as_str()), ("sql", "DELETE FROM preise")];
    let sent = browser.post(&format!("{database}/sql"), &change).await;
    assert_eq!(sent.status, 403);
    // What was not given says so, and where to ask.
    let mail = format!("/mailboxes/{}/messages", world.mailbox);
    let shut = browser.get(&mail).await;
    let ask = format!("/staff/tickets/{}#look", world.ticket);
    assert_eq!(shut.status, 403);
    assert!(shut.text().contains(&ask) && !shut.text().contains(&world.canary));
    let noted = world.noted().await;
    for (word, part) in [
        ("file.list", ""),
        ("file.read", "geheim.txt"),
        ("file.read", "bild.png"),
        ("sql.rows", "preise"),
    ] {
        let found = noted
            .iter()
            .any(|(seen, detail)| seen == word && detail == part);
        assert!(found, "{word} {part}: {noted:?}");
    }
    assert!(!noted.iter().any(|(word, _)| word.starts_with("mail.")));
    // Taken back: at the next request.
    let end = format!("/consents/{consent}/withdraw");
    world.owner.bare("POST", &end).await;
    for shut in [files, format!("{database}/rows?table=preise")] {
        assert_eq!(browser.get(&shut).await.status, 404, "{shut}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_read_unseen_and_noted_by_its_key() {
    let world = World::new().await;
    let (browser, _) = world.reading(json!({ "reads_mail": true })).await;
    let messages = format!("/mailboxes/{}/messages", world.mailbox);
    let list = browser.get(&messages).await;
    assert!(list.text().contains(&world.canary), "{}", list.text());
    let head = world.owner.all(&messages).await.remove(0);
    let key = text(&head, "key");
    let message = browser.get(&format!("{messages}/{key}")).await;
    assert!(message.text().contains(&world.canary));
    assert!(!message.text().contains(&format!("{key}/delete")));
    // Whose mail it is finds it as it was.
    let head = world.owner.all(&messages).await.remove(0);
    assert_eq!(head["seen"], false);
    let noted = world.noted().await;
    let found = noted
        .iter()
        .any(|(word, part)| word == "mail.read" && *part == key.as_str());
    assert!(found, "{noted:?}");
    assert!(noted.iter().any(|(word, _)| word == "mail.list"));
    let told = |part: &Value| {
        part.as_str()
            .is_some_and(|part| part.contains(&world.canary))
    };
    assert!(!noted.iter().any(|(_, part)| told(part)), "{noted:?}");
    let files = format!("/webspaces/{}/files", world.webspace);
    assert_eq!(browser.get(&files).await.status, 403);
    world.attachments(&browser, &messages).await;
    // What is not there is nobody's to write into the log.
    for made_up in ["made-up-key", "1.M1.made-up/html", "made.up/attachments/0"] {
        let path = format!("{messages}/{made_up}");
        assert_eq!(browser.get(&path).await.status, 404);
    }
    let noted = world.noted().await;
    let made_up = |part: &Value| part.as_str().is_some_and(|part| part.contains("made"));
    assert!(!noted.iter().any(|(_, part)| made_up(part)), "{noted:?}");
    // With its ticket it ends.
    let solve = format!("/tickets/{}/solve", world.ticket);
    let solved = world.owner.bare("POST", &solve).await;
    assert!(solved.status < 300, "{}", solved.text());
    assert_eq!(browser.get(&messages).await.status, 404);
}

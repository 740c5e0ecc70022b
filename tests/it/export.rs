//! Everything that is kept of a customer, as one file for its owners: GDPR Art. 15 and 20.

use crate::four_eyes::{asked_for_help, joined};
use crate::on_both_engines;
use crate::repository::{nothing_found, tables};
use crate::staff_role::{hired, run};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, ActorKind, Refusal};
use wabe_identity::export::model::{Ending, Export};
use wabe_identity::export::read;
use wabe_jobs::queue::Worker;
use wabe_kernel::Clock as _;
use wabe_kernel::id::{CustomerId, ExportId, TokenId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_panel::exports::MakeExport;
use wabe_store::Statement;
use wabe_store::export::{Form, holdings};
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(
    an_owner_gets_everything_of_theirs_without_secrets,
    people_of_the_hoster_stand_there_as_signs,
    only_owners_have_it_made_and_get_it,
    one_is_made_at_a_time_and_also_for_who_is_switched_off,
    it_goes_on_where_it_was_left,
    it_begins_anew_when_the_tables_are_others,
    its_parts_are_sealed_and_open_nowhere_else,
    after_three_days_it_is_gone,
);

const DAY: u32 = 86_400;

#[test]
fn every_column_is_given_or_withheld_with_a_reason() {
    let mut listed = BTreeMap::new();
    let mut findings = Vec::new();
    for holding in holdings() {
        if listed.insert(holding.table, holding).is_some() {
            findings.push(format!("{}: listed twice", holding.table));
        }
    }
    for (table, columns) in tables() {
        let Some(holding) = listed.remove(table.as_str()) else {
            findings.push(format!("{table}: neither given nor withheld"));
            continue;
        };
        if holding.whole.is_some() {
            continue;
        }
        let given = holding.given.iter().map(|(column, _)| *column);
        let named: Vec<&str> = given
            .chain(holding.withheld.iter().map(|(column, _)| *column))
            .collect();
        for column in &columns {
            match named.iter().filter(|name| *name == column).count() {
                1 => {}
                0 => findings.push(format!("{table}.{column}: neither given nor withheld")),
                _ => findings.push(format!("{table}.{column}: listed twice")),
            }
        }
        let gone = named
            .iter()
            .filter(|name| !columns.iter().any(|column| column == *name));
        findings.extend(gone.map(|name| format!("{table}.{name} is gone")));
    }
    findings.extend(listed.keys().map(|table| format!("{table} is gone")));
    nothing_found(&findings);
}

/// What opens something is never called anything else.
#[test]
fn no_column_that_opens_something_is_given() {
    let ends = [
        "verifier", "hash", "digest", "sealed", "secret", "token", "slug", "wrapped", "pin",
        "pending", "seal",
    ];
    for holding in holdings() {
        for (column, _) in holding.given {
            let opens = ends.iter().any(|end| column.ends_with(end));
            assert!(!opens, "{}.{column}", holding.table);
        }
        // Who somebody is goes through what makes signs of the hoster's people.
        for (column, form) in holding.given {
            let somebody = column.ends_with("_by")
                || column.ends_with("user_id")
                || matches!(*column, "author" | "staff_user");
            assert!(
                !somebody || *form == Form::Person,
                "{}.{column}",
                holding.table
            );
        }
    }
}

/// An index has columns and no text that was put together of them.
#[test]
fn a_table_is_read_in_the_order_of_columns() {
    for statement in wabe_store::export::statements() {
        let (_, rest) = statement.sql.split_once(" FROM ").unwrap();
        assert!(!rest.contains("||"), "{}", statement.sql);
    }
}

/// The owner, freshly proved.
fn owner(house: &House, tenant: &Tenant) -> Actor {
    Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now())
}

async fn begin(house: &House, actor: &Actor) -> Result<ExportId, Refusal> {
    let done = house.run_json(actor, "customer.export", json!({})).await?;
    Ok(done.output["export"].as_str().unwrap().parse().unwrap())
}

/// Lets the queue make what was asked for; answers in how many attempts.
pub(crate) async fn work(house: &House) -> usize {
    let (clock, rng) = (house.clock.clone(), house.rng.clone());
    let worker = Worker::new(house.db.store.clone(), clock, rng);
    let worker = worker.with(MakeExport(house.identity.clone()));
    worker.run_due().await.unwrap()
}

/// The whole file.
pub(crate) async fn file(house: &House, place: (CustomerId, ExportId)) -> String {
    let mut whole = Vec::new();
    let mut number = 0;
    while let Some(part) = house.identity.export_part(place, number).await.unwrap() {
        whole.extend_from_slice(&part);
        number += 1;
    }
    String::from_utf8(whole).unwrap()
}

fn lines(file: &str) -> Vec<Value> {
    let lines = file.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// The rows of a table in a file.
fn rows(lines: &[Value], table: &str) -> Vec<Value> {
    let rows = lines.iter().filter(|line| line["row"].is_object());
    let rows = rows.filter(|line| line["table"] == table);
    rows.map(|line| line["row"].clone()).collect()
}

async fn listed(house: &House, tenant: &Tenant, actor: &Actor) -> Result<Vec<Export>, Refusal> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = wabe_access::Scope::of(&mut tx, actor).await?;
    let found = read::list(&mut tx, &scope, actor).await;
    tx.rollback().await.unwrap();
    found
}

/// What is different on every customer of the test's, and stands in each of these tables.
pub(crate) async fn lived_in(house: &House, tenant: &Tenant, name: &str) -> String {
    let domain = format!("{name}.test");
    for (command, input) in [
        ("domain.create", json!({ "name": domain })),
        (
            "webspace.create",
            json!({ "name": "shop", "domain": format!("www.{domain}") }),
        ),
        (
            "mailbox.create",
            json!({ "address": format!("info@{domain}"), "password": PASSWORD }),
        ),
        ("database.create", json!({ "name": name })),
        (
            "member.invite",
            json!({ "email": format!("gast@{domain}"), "role": "viewer" }),
        ),
    ] {
        let done = house.run_json(&owner(house, tenant), command, input).await;
        done.unwrap_or_else(|refusal| panic!("{command}: {refusal:?}"));
    }
    asked_for_help(house, tenant).await
}

async fn an_owner_gets_everything_of_theirs_without_secrets(house: House) {
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    lived_in(&house, &tenant, "sonne").await;
    lived_in(&house, &other, "mond").await;
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    assert_eq!(work(&house).await, 1);
    let file = file(&house, (tenant.id, id)).await;
    let lines = lines(&file);
    // It says what is in it and what is not, and that it is whole.
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!(first["number"], tenant.number.to_string());
    let tables: BTreeSet<&str> = first["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table["table"].as_str().unwrap())
        .collect();
    let all: BTreeSet<&str> = holdings().iter().map(|holding| holding.table).collect();
    assert_eq!(tables, all);
    assert_eq!(first["elsewhere"]["files"], "sftp");
    assert_eq!(last["rows"], json!(lines.len() - 2));
    for (table, column, value) in [
        ("customer", "name", "Sonne"),
        ("wabe_user", "email", "owner0@wabe.test"),
        ("domain", "name", "sonne.test"),
        ("webspace", "name", "shop"),
        ("webspace_host", "name", "www.sonne.test"),
        ("mailbox", "address", "info@sonne.test"),
        ("database", "name", "sonne"),
        ("invitation", "email", "gast@sonne.test"),
        ("ticket", "subject", "Geschäftsführer fort"),
        ("ticket_message", "body", "Bitte helfen Sie uns."),
    ] {
        let found = rows(&lines, table);
        let there = found.iter().any(|row| row[column] == value);
        assert!(there, "{table}.{column} {value}: {found:?}");
    }
    let made = lines
        .iter()
        .filter(|line| line["change"]["command"] == "domain.create");
    let made: Vec<&Value> = made.collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["change"]["object_name"], "sonne.test");
    // Nothing of anybody else's, and nothing that opens something.
    for foreign in ["Mond", "mond", "owner1@wabe.test", &other.id.to_string()] {
        assert!(!file.contains(foreign), "{foreign}");
    }
    for secret in ["$argon2", "password_hash\":\"$", PASSWORD] {
        assert!(!file.contains(secret), "{secret}");
    }
    told(&house, &tenant).await;
}

/// Every owner reads in the portal and by mail that it is ready, and nothing of it.
async fn told(house: &House, tenant: &Tenant) {
    const TOLD: Statement = Statement {
        name: "test",
        sql: "SELECT n.user_id, n.object_id, m.args FROM notice n \
              JOIN outgoing_mail m ON m.user_id = n.user_id AND m.kind = n.kind \
              WHERE n.kind = 'export-ready' AND n.customer_id = $1",
    };
    let mut tx = house.db.store.read().await.unwrap();
    let rows = TOLD.bind(tenant.id).all(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(rows.len(), 1);
    let user = rows[0].text("user_id").unwrap();
    assert_eq!(user, tenant.owner.user.unwrap().to_string());
    assert!(rows[0].text("object_id").unwrap().starts_with("exp_"));
}

async fn people_of_the_hoster_stand_there_as_signs(house: House) {
    let tenant = house.tenant("Sonne").await;
    let ticket = lived_in(&house, &tenant, "sonne").await;
    let mira = hired(&house, "Mira", &["support"]).await;
    let note = json!({ "id": ticket, "body": "unter uns gesagt" });
    run(&house, mira, "ticket.note", note).await.unwrap();
    let answer = json!({ "id": ticket, "body": "Guten Tag" });
    run(&house, mira, "ticket.answer", answer).await.unwrap();
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    work(&house).await;
    let file = file(&house, (tenant.id, id)).await;
    let lines = lines(&file);
    // Whoever made a change is named as everywhere else.
    let made_by = |command: &str| {
        let mut changes = lines.iter().filter(|line| line["change"].is_object());
        let change = changes.find(|line| line["change"]["command"] == command);
        change.unwrap()["change"]["actor_user"].clone()
    };
    let sign = house.streams.sign_of(mira);
    assert_eq!(made_by("ticket.answer"), json!({ "sign": sign }));
    let owned = tenant.owner.user.unwrap().to_string();
    assert_eq!(made_by("domain.create"), owned);
    // The change log's entries are the same that its page shows.
    let given = lines.iter().filter(|line| line["row"].is_object());
    let given: String = given.map(Value::to_string).collect();
    for hosters in [
        "unter uns gesagt",
        "mira@hoster.test",
        "Mira",
        &mira.to_string(),
    ] {
        assert!(!given.contains(hosters), "{hosters}");
    }
    let messages = rows(&lines, "ticket_message");
    let of = |body: &str| messages.iter().find(|row| row["body"] == body).unwrap();
    assert_eq!(of("Bitte helfen Sie uns.")["author"], owned);
    assert_eq!(of("Guten Tag")["author"], json!({ "sign": sign }));
}

async fn only_owners_have_it_made_and_get_it(house: House) {
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let (place, ben) = joined(&house, &tenant, "Ben").await;
    let role = json!({ "id": place, "role": "administrator" });
    let by = owner(&house, &tenant);
    house.run_json(&by, "member.set_role", role).await.unwrap();
    let mira = hired(&house, "Mira", &["support", "operator"]).await;
    let now = house.clock.now();
    let administrator = Actor::member(ben, tenant.id, now);
    let program = Actor {
        kind: ActorKind::Token(TokenId::from_uuid(Uuid::from_u128(1))),
        sensitive: true,
        ..owner(&house, &tenant)
    };
    let stranger = Actor::member(other.owner.user.unwrap(), tenant.id, now);
    let stale = owner(&house, &tenant);
    house.clock.advance(601);
    let now = house.clock.now();
    let fresh = |actor: &Actor| Actor {
        authenticated_at: Some(now),
        ..actor.clone()
    };
    for (who, why) in [
        (stale, "StepUp"),
        (fresh(&administrator), "Forbidden"),
        (program, "Forbidden"),
        (fresh(&stranger), "NotFound"),
        (Actor::staff(mira, now), "Forbidden"),
        (Actor::system(tenant.id), "Forbidden"),
    ] {
        let refused = begin(&house, &who).await;
        let refused = format!("{:?}", refused.unwrap_err());
        assert_eq!(refused, why, "{:?}", who.kind);
    }
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    work(&house).await;
    let own = listed(&house, &tenant, &owner(&house, &tenant)).await;
    assert_eq!(own.unwrap().len(), 1);
    let refused = listed(&house, &tenant, &fresh(&administrator)).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    // What is one customer's is nothing in another one.
    let foreign = house.identity.export_part((other.id, id), 0).await;
    assert!(foreign.unwrap().is_none());
}

async fn one_is_made_at_a_time_and_also_for_who_is_switched_off(house: House) {
    let tenant = house.tenant("Sonne").await;
    let off = json!({ "customer": tenant.number, "reason": "offene Rechnung" });
    let system = Actor::system(HOUSE).for_purpose("Mahnung".parse().unwrap());
    house
        .run_json(&system, "customer.suspend", off)
        .await
        .unwrap();
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    let again = begin(&house, &owner(&house, &tenant)).await;
    assert!(
        matches!(again, Err(Refusal::Conflict("export-making"))),
        "{again:?}"
    );
    work(&house).await;
    assert!(!file(&house, (tenant.id, id)).await.is_empty());
    // The next one takes its place once it is ready.
    let next = begin(&house, &owner(&house, &tenant)).await.unwrap();
    assert!(!file(&house, (tenant.id, id)).await.is_empty());
    work(&house).await;
    assert!(file(&house, (tenant.id, id)).await.is_empty());
    assert!(!file(&house, (tenant.id, next)).await.is_empty());
}

/// So many messages that one part does not hold them.
async fn talkative(house: &House, tenant: &Tenant, ticket: &str) {
    for number in 0..40 {
        let body = format!("{number} {}", "Wort ".repeat(1_900));
        let reply = json!({ "id": ticket, "body": body });
        let by = owner(house, tenant);
        house.run_json(&by, "ticket.reply", reply).await.unwrap();
    }
}

async fn it_goes_on_where_it_was_left(house: House) {
    let tenant = house.tenant("Sonne").await;
    let ticket = lived_in(&house, &tenant, "sonne").await;
    talkative(&house, &tenant, &ticket).await;
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    // Two at once, and once more when all is done: each part is there once.
    let (one, other) = tokio::join!(
        house.identity.make_export(id),
        house.identity.make_export(id)
    );
    one.unwrap();
    other.unwrap();
    house.identity.make_export(id).await.unwrap();
    work(&house).await;
    let export = listed(&house, &tenant, &owner(&house, &tenant)).await;
    let export = export.unwrap().remove(0);
    assert!(export.parts > 1 && export.ready.is_some(), "{export:?}");
    let file = file(&house, (tenant.id, id)).await;
    assert_eq!(i64::try_from(file.len()).unwrap(), export.bytes);
    let lines = lines(&file);
    assert_eq!(lines[lines.len() - 1]["rows"], export.lines);
    let messages = rows(&lines, "ticket_message");
    let ids: BTreeSet<String> = messages.iter().map(|row| row["id"].to_string()).collect();
    assert_eq!(messages.len(), ids.len());
    let written = messages.iter().filter(|row| row["body"] != "");
    assert_eq!(written.count(), 41);
    told(&house, &tenant).await;
}

/// An upgrade came between two parts.
async fn it_begins_anew_when_the_tables_are_others(house: House) {
    const LEFT: Statement = Statement {
        name: "test",
        sql: "UPDATE customer_export SET place = 3, after_key = 'no_table usr_1', parts = 1, lines = 5",
    };
    const PART: Statement = Statement {
        name: "test",
        sql: "INSERT INTO customer_export_part (export_id, customer_id, place, sealed) \
              SELECT id, customer_id, 0, 'of before' FROM customer_export",
    };
    let tenant = house.tenant("Sonne").await;
    lived_in(&house, &tenant, "sonne").await;
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    let mut tx = house.db.store.write().await.unwrap();
    LEFT.query().execute(&mut tx).await.unwrap();
    PART.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(work(&house).await, 1);
    let lines = lines(&file(&house, (tenant.id, id)).await);
    assert_eq!(lines[0]["number"], tenant.number.to_string());
    assert_eq!(lines[lines.len() - 1]["rows"], json!(lines.len() - 2));
    assert_eq!(rows(&lines, "customer").len(), 1);
}

async fn its_parts_are_sealed_and_open_nowhere_else(house: House) {
    const PARTS: Statement = Statement {
        name: "test",
        sql: "SELECT sealed FROM customer_export_part ORDER BY export_id, place",
    };
    const SWAP: Statement = Statement {
        name: "test",
        sql: "UPDATE customer_export_part SET sealed = (SELECT o.sealed FROM customer_export_part o \
              WHERE o.customer_id <> customer_export_part.customer_id AND o.place = 0)",
    };
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let mut made = Vec::new();
    for one in [&tenant, &other] {
        made.push(begin(&house, &owner(&house, one)).await.unwrap());
    }
    work(&house).await;
    let mut tx = house.db.store.write().await.unwrap();
    let parts = PARTS.query().all(&mut tx).await.unwrap();
    assert!(!parts.is_empty());
    for part in &parts {
        let sealed = part.text("sealed").unwrap();
        assert!(!sealed.contains("Sonne") && !sealed.contains('{'));
    }
    SWAP.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let swapped = house.identity.export_part((tenant.id, made[0]), 0).await;
    assert!(swapped.is_err());
    // Whose key is gone has nothing that could be read.
    let mut tx = house.db.store.write().await.unwrap();
    house
        .recorder
        .erase_subject(&mut tx, other.id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let erased = house.identity.export_part((other.id, made[1]), 0).await;
    assert!(erased.unwrap().is_none());
}

/// How many parts there are of all files.
async fn parts(house: &House) -> i64 {
    const COUNT: Statement = Statement {
        name: "test",
        sql: "SELECT CAST(count(*) AS BIGINT) AS n FROM customer_export_part",
    };
    let mut tx = house.db.store.read().await.unwrap();
    let found = COUNT.query().one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    found.int("n").unwrap()
}

async fn after_three_days_it_is_gone(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = begin(&house, &owner(&house, &tenant)).await.unwrap();
    work(&house).await;
    house.clock.advance(3 * DAY - 1);
    house.identity.prune().await.unwrap();
    let place = (tenant.id, id);
    assert!(
        house
            .identity
            .export_part(place, 0)
            .await
            .unwrap()
            .is_some()
    );
    // To the second, whenever it is cleared away.
    house.clock.advance(1);
    assert!(
        house
            .identity
            .export_part(place, 0)
            .await
            .unwrap()
            .is_none()
    );
    assert!(parts(&house).await > 0);
    house.identity.prune().await.unwrap();
    assert_eq!(parts(&house).await, 0);
    // What nobody could make is given up after a day, and can be asked for again.
    begin(&house, &owner(&house, &tenant)).await.unwrap();
    house.clock.advance(DAY);
    house.identity.prune().await.unwrap();
    begin(&house, &owner(&house, &tenant)).await.unwrap();
    let all = listed(&house, &tenant, &owner(&house, &tenant)).await;
    let endings: Vec<Option<Ending>> = all
        .unwrap()
        .iter()
        .map(|export| export.ended.map(|(ending, _)| ending))
        .collect();
    assert_eq!(endings, [None, Some(Ending::Failed), Some(Ending::Removed)]);
    // Ninety days later nothing says any more that there was one.
    house.clock.advance(91 * DAY);
    house.identity.prune().await.unwrap();
    let all = listed(&house, &tenant, &owner(&house, &tenant)).await;
    assert_eq!(all.unwrap().len(), 1);
}

//! The gate with every command: what is refused leaves nothing, what is shown changes nothing.

use crate::certificates::made_now;
use crate::on_both_engines;
use crate::repository::{files, is_kind, nothing_found, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wabe_access::gate::Once;
use wabe_access::{CommandSpec, Mode, Refusal, Role, StaffRole};
use wabe_kernel::id::WebspaceId;
use wabe_store::Statement;
use wabe_testkit::{House, commands, snapshot};

on_both_engines!(
    a_refused_command_leaves_nothing,
    a_preview_changes_nothing_and_shows_the_steps,
    foreign_and_missing_are_the_same_answer,
    a_role_permits_what_its_list_says,
    a_key_lets_a_request_pass_once,
    a_suspended_customer_changes_nothing,
    staff_without_a_purpose_do_not_reach_a_customer,
    several_commands_pass_together_or_not_at_all,
);

/// Input that is refused only after limits were taken and rows were written.
fn too_late(name: &str) -> Value {
    match name {
        "webspace.create" => json!({ "name": "late", "domain": "foreign.test" }),
        "mailbox.create" => {
            json!({ "address": "a@foreign.test", "password": wabe_testkit::PASSWORD })
        }
        "alias.create" => json!({ "address": "a@foreign.test", "targets": ["b@foreign.test"] }),
        "database.create" => json!({ "name": "late", "quota_bytes": 1_000_000_000_000_000_i64 }),
        _ => json!({ "name": "com" }),
    }
}

async fn a_refused_command_leaves_nothing(house: House) {
    let tenant = house.tenant("Sonne").await;
    let before = snapshot(&house.db.location).await;
    for name in [
        "webspace.create",
        "mailbox.create",
        "alias.create",
        "database.create",
        "domain.create",
    ] {
        let refused = house.run_json(&tenant.owner, name, too_late(name)).await;
        assert!(refused.is_err(), "{name}");
        assert_eq!(before, snapshot(&house.db.location).await, "{name}");
    }
}

async fn a_preview_changes_nothing_and_shows_the_steps(house: House) {
    let tenant = house.tenant("Sonne").await;
    let before = snapshot(&house.db.location).await;
    let spec = house.gate.command("webspace.create").unwrap();
    let object = json!({ "name": "shop" }).as_object().cloned().unwrap();
    let shown = (spec.run)(&house.gate, &tenant.owner, object, Mode::Preview, None)
        .await
        .unwrap();
    assert_eq!(
        shown.steps,
        [
            "make-folder",
            "issue-certificate",
            "configure-site",
            "probe-site"
        ]
    );
    assert_eq!(shown.before, Value::Null);
    assert_eq!(shown.after["name"], "shop");
    assert_eq!(before, snapshot(&house.db.location).await);
    assert!(house.node.steps().is_empty());
}

/// A refusal as text, without what differs from one moment to the next.
fn said(refusal: &Refusal) -> String {
    format!("{refusal:?}")
}

// 3.7 T3
async fn foreign_and_missing_are_the_same_answer(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let made = house
        .run_json(&other.owner, "webspace.create", json!({ "name": "shop" }))
        .await;
    let foreign = made.unwrap().object;
    let missing = WebspaceId::new(wabe_kernel::Timestamp(0), house.rng.as_ref()).to_string();
    let certificate = made_now(&house, &["shop.test"]);
    let mut findings = Vec::new();
    for spec in commands()
        .iter()
        .filter(|spec| spec.noun() == "webspace" && spec.fields.contains(&"id"))
    {
        let input = |id: &str| {
            let mut input = json!({ "id": id });
            for field in spec.fields.iter().filter(|field| **field != "id") {
                input[*field] = match *field {
                    "quota_bytes" | "upload_bytes" => json!(1_000_000),
                    "document_root" => json!("public"),
                    "https_redirect" | "full_addresses" => json!(true),
                    "host" => json!("shop.test"),
                    "php" => json!("8.2"),
                    "redirects" => json!(["/old https://www.example.org/"]),
                    "error_pages" => json!(["404 missing.html"]),
                    "hsts" => json!("month"),
                    "server" => json!("apache"),
                    "proxy" => json!("https://app.example.org"),
                    "php_settings" => json!({ "memory_limit": "200M" }),
                    "password" => json!("two words and a number 7"),
                    "certificate" => json!(certificate.leaf),
                    "private_key" => json!(certificate.key),
                    _ => json!("because"),
                };
            }
            input
        };
        let answers = [
            house.run_json(&own.owner, spec.name, input(&foreign)).await,
            house.run_json(&own.owner, spec.name, input(&missing)).await,
        ];
        match answers.map(|answer| answer.map(drop).map_err(|refusal| said(&refusal))) {
            [Err(first), Err(second)] if first == second && first == "NotFound" => {}
            [first, second] => findings.push(format!("{}: {first:?}, {second:?}", spec.name)),
        }
    }
    nothing_found(&findings);
}

async fn a_role_permits_what_its_list_says(house: House) {
    let tenant = house.tenant("Sonne").await;
    let input = json!({ "name": "shop" });
    for (role, webspace, database) in [
        (Role::Owner, true, true),
        (Role::Administrator, true, true),
        (Role::Webmaster, true, true),
        (Role::DatabaseManager, false, true),
        (Role::MailManager, false, false),
        (Role::Viewer, false, false),
    ] {
        let actor = house.member(tenant.id, role).await;
        for (name, expected) in [("webspace.create", webspace), ("database.create", database)] {
            let spec = house.gate.command(name).unwrap();
            let object = input.as_object().cloned().unwrap();
            let answer = (spec.run)(&house.gate, &actor, object, Mode::Preview, None).await;
            match answer {
                Ok(_) => assert!(expected, "{role} {name}"),
                Err(Refusal::Forbidden) => assert!(!expected, "{role} {name}"),
                Err(other) => panic!("{role} {name}: {other:?}"),
            }
        }
    }
    let stranger = house.tenant("Mond").await.owner.in_customer(tenant.id);
    let refused = house.run_json(&stranger, "database.create", input).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

async fn a_key_lets_a_request_pass_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    let spec = house.gate.command("database.create").unwrap();
    let run = async |name: &str, hash: &str| {
        let object = json!({ "name": name }).as_object().cloned().unwrap();
        let once = Once {
            key: "k1".to_owned(),
            request_hash: hash.to_owned(),
        };
        (spec.run)(&house.gate, &tenant.owner, object, Mode::Commit, Some(once)).await
    };
    let first = run("shop", "a").await.unwrap();
    match run("shop", "a").await {
        Err(Refusal::Repeated(change)) => assert_eq!(change, first.change),
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        run("blog", "b").await,
        Err(Refusal::Conflict("key-reused"))
    ));
}

async fn a_suspended_customer_changes_nothing(house: House) {
    let tenant = house.tenant("Sonne").await;
    let mut tx = house.write().await;
    wabe_access::customer::set_suspended(&mut tx, tenant.id, Some("unpaid"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let before = snapshot(&house.db.location).await;
    let refused = house
        .run_json(&tenant.owner, "database.create", json!({ "name": "shop" }))
        .await;
    assert!(matches!(refused, Err(Refusal::CustomerSuspended)));
    assert_eq!(before, snapshot(&house.db.location).await);
}

async fn staff_without_a_purpose_do_not_reach_a_customer(house: House) {
    let tenant = house.tenant("Sonne").await;
    for role in StaffRole::ALL {
        let actor = house.staff(*role).await.in_customer(tenant.id);
        let refused = house
            .run_json(&actor, "database.create", json!({ "name": "shop" }))
            .await;
        assert!(refused.is_err(), "{role}");
    }
}

async fn several_commands_pass_together_or_not_at_all(house: House) {
    let tenant = house.tenant("Sonne").await;
    let parse = |name: &str, input: Value| {
        let spec = house.gate.command(name).unwrap();
        (spec.parse)(input.as_object().unwrap()).unwrap()
    };
    let before = snapshot(&house.db.location).await;
    let pair = vec![
        parse("database.create", json!({ "name": "shop" })),
        parse("database.create", json!({ "name": "shop" })),
    ];
    assert!(
        house
            .gate
            .run_all(&tenant.owner, pair, Mode::Commit, None)
            .await
            .is_err()
    );
    assert_eq!(before, snapshot(&house.db.location).await);
    let pair = vec![
        parse("database.create", json!({ "name": "shop" })),
        parse("database.create", json!({ "name": "blog" })),
    ];
    house
        .gate
        .run_all(&tenant.owner, pair, Mode::Commit, None)
        .await
        .unwrap();
    let after = snapshot(&house.db.location).await;
    assert_eq!(after["change"].len(), before["change"].len() + 2);
    assert_eq!(after["database"].len(), 2);
}

#[test]
fn every_command_of_the_sources_is_in_a_list() {
    let listed: BTreeSet<&str> = commands().iter().map(|spec| spec.name).collect();
    let mut findings = Vec::new();
    for path in files("src") {
        let own = is_kind(&path, "rs") && !path.contains("testkit") && !path.contains("tests");
        let source = if own { text(&path) } else { String::new() };
        let names = source.lines().filter_map(|line| {
            let line = line.trim();
            let name = line.strip_prefix("const NAME: &'static str = \"");
            name.and_then(|rest| rest.split('"').next())
        });
        for name in names.filter(|name| name.contains('.')) {
            if !listed.contains(name) {
                findings.push(format!("{path}: {name} is in no list"));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn the_panel_lists_what_these_tests_list() {
    let names = |specs: Vec<CommandSpec>| -> BTreeSet<&str> {
        specs.iter().map(|spec| spec.name).collect()
    };
    assert_eq!(names(wabe_panel::commands::commands()), names(commands()));
    let names = |statements: Vec<Statement>| -> BTreeSet<&str> {
        statements.iter().map(|statement| statement.name).collect()
    };
    let mut all = names(wabe_panel::commands::statements());
    // The panel's own tables are nobody's; its statements over others' stand in its list alone.
    all.retain(|name| !name.starts_with("panel."));
    let these = names(wabe_testkit::statements());
    let differ: Vec<&&str> = all.symmetric_difference(&these).collect();
    assert_eq!(differ, Vec::<&&str>::new());
}

#[test]
fn names_of_commands_are_nouns_and_verbs_and_used_once() {
    let mut seen = BTreeSet::new();
    for spec in commands() {
        assert!(seen.insert(spec.name), "{} is used twice", spec.name);
        let good = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        assert!(good(spec.noun()) && good(spec.verb()), "{}", spec.name);
    }
}

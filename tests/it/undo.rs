//! What can be taken back, and what never is.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::{Mode, Refusal};
use wabe_kernel::id::ChangeId;
use wabe_testkit::{House, Tenant, commands};

on_both_engines!(
    what_was_made_is_taken_back_into_the_trash,
    a_setting_returns_to_what_it_was,
    what_was_touched_since_is_not_taken_back,
    a_change_of_somebody_else_cannot_be_taken_back,
);

/// Words of commands that deal with credentials, people and rights: taken back by nobody.
const NEVER: [&str; 10] = [
    "password",
    "key",
    "token",
    "member",
    "session",
    "invitation",
    "grant",
    "consent",
    "staff",
    "login",
];

#[test]
fn nothing_about_credentials_and_people_can_be_taken_back() {
    let before =
        json!({ "id": "x", "name": "a", "role": "viewer", "hosts": [], "password": "old" });
    let after =
        json!({ "id": "x", "name": "b", "role": "owner", "hosts": ["h"], "password": "new" });
    for spec in commands() {
        if NEVER.iter().any(|word| spec.name.contains(word)) {
            for (before, after) in [
                (&before, &after),
                (&Value::Null, &after),
                (&before, &Value::Null),
            ] {
                assert!((spec.inverse)(before, after).is_none(), "{}", spec.name);
            }
        }
    }
}

#[test]
fn an_inverse_is_a_command_that_takes_its_input() {
    let thing = json!({
        "id": "x", "name": "sonne.test", "quota_bytes": 1, "document_root": "", "https_redirect": true,
        "suspended_reason": "because", "targets": ["a@sonne.test"], "full_addresses_until": null,
        "redirect": "https://www.example.org/", "php": "8.2", "hsts": "month", "upload_bytes": 1, "connections": 5,
        "remote_addresses": ["203.0.113.7"],
        "redirects": ["301 /old https://www.example.org/"], "error_pages": ["404 a.html"],
        "php_settings": { "memory_limit": "64M" }, "server": "nginx",
        "proxy": "https://app.example.org",
    });
    for spec in commands() {
        // A command about a thing knows its id, and else what it sets.
        let about = spec.fields.contains(&"id") || spec.verb() == "create";
        let mut thing = thing.as_object().cloned().unwrap();
        thing.retain(|name, _| about || spec.fields.contains(&name.as_str()));
        let (thing, nothing) = (Value::Object(thing), Value::Null);
        for (before, after) in [(&thing, &thing), (&nothing, &thing), (&thing, &nothing)] {
            let Some(inverse) = (spec.inverse)(before, after) else {
                continue;
            };
            let found = commands()
                .into_iter()
                .find(|other| other.name == inverse.command);
            let found = found.unwrap_or_else(|| panic!("{}: {}", spec.name, inverse.command));
            for field in inverse.input.keys() {
                assert!(
                    found.fields.contains(&field.as_str()),
                    "{}: {field}",
                    spec.name
                );
            }
        }
    }
}

async fn done(house: &House, tenant: &Tenant, name: &str, input: Value) -> (String, ChangeId) {
    let done = house.run_json(&tenant.owner, name, input).await;
    let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    (done.object, done.change)
}

async fn what_was_made_is_taken_back_into_the_trash(house: House) {
    let tenant = house.tenant("Sonne").await;
    for (name, input) in [
        ("webspace.create", json!({ "name": "shop" })),
        ("database.create", json!({ "name": "shop" })),
        ("domain.create", json!({ "name": "sonne.test" })),
    ] {
        let before = house.usage(tenant.id).await;
        let (id, change) = done(&house, &tenant, name, input).await;
        let undone = house
            .gate
            .undo(&tenant.owner, change, Mode::Commit)
            .await
            .unwrap();
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let found = wabe_access::resource::load(&mut tx, tenant.id, &id)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert!(found.deleted_at.is_some(), "{name}");
        assert_eq!(before, house.usage(tenant.id).await, "{name}");
        house
            .gate
            .undo(&tenant.owner, undone.change, Mode::Commit)
            .await
            .unwrap();
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let found = wabe_access::resource::load(&mut tx, tenant.id, &id)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert!(found.deleted_at.is_none(), "{name}");
    }
}

async fn a_setting_returns_to_what_it_was(house: House) {
    let tenant = house.tenant("Sonne").await;
    let (id, _) = done(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    for (name, field, value) in [
        (
            "webspace.set_document_root",
            "document_root",
            json!("public"),
        ),
        (
            "webspace.set_https_redirect",
            "https_redirect",
            json!(false),
        ),
        (
            "webspace.set_quota",
            "quota_bytes",
            json!(2_000_000_000_i64),
        ),
        ("webspace.set_php", "php", json!("8.4")),
        (
            "webspace.set_php_settings",
            "php_settings",
            json!({ "memory_limit": "200M", "display_errors": true }),
        ),
        (
            "webspace.set_redirects",
            "redirects",
            json!(["302 /old https://www.example.org/"]),
        ),
        (
            "webspace.set_error_pages",
            "error_pages",
            json!(["500 broken.html"]),
        ),
        ("webspace.set_hsts", "hsts", json!("years")),
        ("webspace.set_upload_size", "upload_bytes", json!(1_000_000)),
        ("webspace.set_server", "server", json!("apache")),
        (
            "webspace.set_proxy",
            "proxy",
            json!("https://app.example.org"),
        ),
    ] {
        let mut input = json!({ "id": id });
        input[field] = value.clone();
        let set = house.run_json(&tenant.owner, name, input).await.unwrap();
        assert_eq!(set.after[field], value, "{name}");
        let shown = house
            .gate
            .undo(&tenant.owner, set.change, Mode::Preview)
            .await
            .unwrap();
        let undone = house
            .gate
            .undo(&tenant.owner, set.change, Mode::Commit)
            .await
            .unwrap();
        assert_eq!(shown.after[field], set.before[field], "{name}");
        assert_eq!(undone.after[field], set.before[field], "{name}");
    }
}

async fn what_was_touched_since_is_not_taken_back(house: House) {
    let tenant = house.tenant("Sonne").await;
    let (id, _) = done(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    let quota = |bytes: i64| json!({ "id": id, "quota_bytes": bytes });
    let (_, first) = done(&house, &tenant, "webspace.set_quota", quota(2_000_000_000)).await;
    let (_, second) = done(&house, &tenant, "webspace.set_quota", quota(3_000_000_000)).await;
    let root = json!({ "id": id, "document_root": "public" });
    done(&house, &tenant, "webspace.set_document_root", root).await;
    let refused = house.gate.undo(&tenant.owner, first, Mode::Commit).await;
    assert!(matches!(refused, Err(Refusal::Conflict("changed-since"))));
    house
        .gate
        .undo(&tenant.owner, second, Mode::Commit)
        .await
        .unwrap();
    let (_, secret) = done(
        &house,
        &tenant,
        "webspace.set_upload_password",
        json!({ "id": id }),
    )
    .await;
    let refused = house.gate.undo(&tenant.owner, secret, Mode::Commit).await;
    assert!(matches!(refused, Err(Refusal::Conflict("no-undo"))));
}

async fn a_change_of_somebody_else_cannot_be_taken_back(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let (_, change) = done(&house, &other, "webspace.create", json!({ "name": "shop" })).await;
    let refused = house.gate.undo(&own.owner, change, Mode::Commit).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

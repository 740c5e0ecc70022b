//! What a plan bounds is taken with the thing and given back with it.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::{Actor, Limit, Refusal};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    what_is_deleted_gives_its_limits_back,
    what_is_restored_takes_its_limits_again,
    a_quota_moves_the_storage_that_is_promised,
    a_full_limit_refuses_and_takes_nothing,
    many_at_once_never_exceed_a_limit,
);

/// One thing of each noun: its name, the input that makes it, and the limit it counts under.
fn nouns() -> Vec<(&'static str, Value, Limit)> {
    vec![
        ("domain", json!({ "name": "sonne.test" }), Limit::Domains),
        ("webspace", json!({ "name": "shop" }), Limit::Webspaces),
        ("database", json!({ "name": "shop" }), Limit::Databases),
        (
            "mailbox",
            json!({ "address": "info@mond.test", "password": wabe_testkit::PASSWORD }),
            Limit::Mailboxes,
        ),
        (
            "alias",
            json!({ "address": "hallo@mond.test", "targets": ["post@mond.test"] }),
            Limit::Aliases,
        ),
    ]
}

/// A customer with a proved domain and a mailbox, so that everything else can be made.
async fn ready(house: &House) -> Tenant {
    let tenant = house.tenant("Mond").await;
    for (name, input) in [
        ("domain.create", json!({ "name": "mond.test" })),
        (
            "mailbox.create",
            json!({ "address": "post@mond.test", "password": wabe_testkit::PASSWORD }),
        ),
    ] {
        house.run_json(&tenant.owner, name, input).await.unwrap();
    }
    tenant
}

async fn make(house: &House, actor: &Actor, noun: &str, input: Value) -> String {
    let made = house
        .run_json(actor, &format!("{noun}.create"), input)
        .await;
    made.unwrap_or_else(|refusal| panic!("{noun}.create: {refusal:?}"))
        .object
}

async fn used(house: &House, tenant: &Tenant, limit: Limit) -> i64 {
    let usage = house.usage(tenant.id).await;
    usage.iter().find(|item| item.limit == limit).unwrap().used
}

async fn what_is_deleted_gives_its_limits_back(house: House) {
    let tenant = ready(&house).await;
    for (noun, input, limit) in nouns() {
        let before = house.usage(tenant.id).await;
        let counted = used(&house, &tenant, limit).await;
        let id = make(&house, &tenant.owner, noun, input).await;
        assert_eq!(used(&house, &tenant, limit).await, counted + 1, "{noun}");
        house
            .run_json(
                &tenant.owner,
                &format!("{noun}.delete"),
                json!({ "id": id }),
            )
            .await
            .unwrap();
        assert_eq!(before, house.usage(tenant.id).await, "{noun}");
    }
}

async fn what_is_restored_takes_its_limits_again(house: House) {
    let tenant = ready(&house).await;
    for (noun, input, _) in nouns() {
        let id = make(&house, &tenant.owner, noun, input).await;
        let made = house.usage(tenant.id).await;
        for verb in ["delete", "restore"] {
            let done = house
                .run_json(
                    &tenant.owner,
                    &format!("{noun}.{verb}"),
                    json!({ "id": id }),
                )
                .await;
            done.unwrap_or_else(|refusal| panic!("{noun}.{verb}: {refusal:?}"));
        }
        assert_eq!(made, house.usage(tenant.id).await, "{noun}");
    }
}

async fn a_quota_moves_the_storage_that_is_promised(house: House) {
    let tenant = ready(&house).await;
    for noun in ["webspace", "database", "mailbox"] {
        let (_, input, _) = nouns()
            .into_iter()
            .find(|(name, ..)| *name == noun)
            .unwrap();
        let id = make(&house, &tenant.owner, noun, input).await;
        let set = async |bytes: i64| {
            let input = json!({ "id": id, "quota_bytes": bytes });
            house
                .run_json(&tenant.owner, &format!("{noun}.set_quota"), input)
                .await
                .unwrap();
            used(&house, &tenant, Limit::StorageBytes).await
        };
        assert_eq!(
            set(5_000_000_000).await - set(2_000_000_000).await,
            3_000_000_000,
            "{noun}"
        );
    }
}

async fn a_full_limit_refuses_and_takes_nothing(house: House) {
    let tenant = ready(&house).await;
    let before = house.usage(tenant.id).await;
    let input = json!({ "name": "shop", "quota_bytes": 1_000_000_000_000_001_i64 });
    match house
        .run_json(&tenant.owner, "database.create", input)
        .await
    {
        Err(Refusal::Limit {
            limit: Limit::StorageBytes,
            ..
        }) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(before, house.usage(tenant.id).await);
}

async fn many_at_once_never_exceed_a_limit(house: House) {
    let tenant = house.tenant("Sonne").await;
    let mut working = tokio::task::JoinSet::new();
    let terabyte = 1_000_000_000_000_i64;
    for number in 0..12 {
        let (gate, actor) = (house.gate.clone(), tenant.owner.clone());
        working.spawn(async move {
            let spec = *gate.command("database.create").unwrap();
            let input = json!({ "name": format!("db{number}"), "quota_bytes": terabyte / 4 });
            let object = input.as_object().cloned().unwrap();
            (spec.run)(&gate, &actor, object, wabe_access::Mode::Commit, None)
                .await
                .is_ok()
        });
    }
    let made = working.join_all().await;
    assert_eq!(made.into_iter().filter(|made| *made).count(), 4);
    assert_eq!(used(&house, &tenant, Limit::StorageBytes).await, terabyte);
}

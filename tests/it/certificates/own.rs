//! Certificates that customers hand in.

use crate::certificates::fake::FakeAuthority;
use crate::certificates::{HOST, Made, made, made_now, served, site, standing};
use crate::domain_proof::done;
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::Refusal;
use wabe_hosting::certificate::{Source, bundle, order_due};
use wabe_hosting::webspace;
use wabe_kernel::Clock as _;
use wabe_kernel::id::WebspaceId;
use wabe_testkit::{Engine, House, Tenant};

on_both_engines!(
    an_own_certificate_is_served_until_it_is_taken_away_and_its_key_never_shown,
    what_is_wrong_with_a_certificate_is_said_and_nothing_changes,
    an_own_certificate_that_ends_is_followed_by_one_that_is_ordered,
);

fn handed_in(id: WebspaceId, made: &Made) -> Value {
    let certificate = format!("{}{}", made.leaf, made.root);
    json!({ "id": id, "certificate": certificate, "private_key": made.key })
}

async fn upload(house: &House, tenant: &Tenant, input: Value) -> Result<Value, Refusal> {
    let run = house.run_json(&tenant.owner, "webspace.upload_certificate", input);
    run.await.map(|done| done.output)
}

/// The field that is wrong, and how.
fn complaint(refused: Result<Value, Refusal>) -> (String, &'static str) {
    let Err(Refusal::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let (field, problem) = errors.0.into_iter().next().unwrap();
    (field, problem.code)
}

async fn an_own_certificate_is_served_until_it_is_taken_away_and_its_key_never_shown(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    let own = made_now(&house, &[HOST]);
    let said = upload(&house, &tenant, handed_in(id, &own)).await.unwrap();
    assert!(!said.to_string().contains("PRIVATE KEY"));
    house.settle().await;
    let found = served(&house, id).await.unwrap();
    let fingerprint = found.fingerprint.unwrap();
    assert_eq!(
        standing(&house, &tenant, id).await.source,
        Some(Source::Own)
    );
    // The node gets the very key; nobody else does.
    let desk = wabe_hosting::certificate::Desk::of(house.gate.tools()).unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let kept = bundle(&mut tx, &desk.secrets, (id, &fingerprint))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(
        kept.key.expose().replace("\r\n", "\n"),
        own.key.replace("\r\n", "\n")
    );
    order_due(&house.gate, &authority).await.unwrap();
    assert_eq!(authority.count(), 0, "nothing is ordered beside it");
    done(
        &house,
        &tenant.owner,
        "webspace.remove_certificate",
        json!({ "id": id }),
    )
    .await;
    house.settle().await;
    assert_eq!(served(&house, id).await.unwrap().fingerprint, None);
    let mut tx = house.db.store.read().await.unwrap();
    let gone = bundle(&mut tx, &desk.secrets, (id, &fingerprint))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert!(gone.is_none(), "its key is gone");
    order_due(&house.gate, &authority).await.unwrap();
    assert_eq!(authority.count(), 1, "one is ordered in its place");
    let again = house.run_json(
        &tenant.owner,
        "webspace.remove_certificate",
        json!({ "id": id }),
    );
    assert!(matches!(
        again.await,
        Err(Refusal::Conflict("no-own-certificate"))
    ));
}

async fn what_is_wrong_with_a_certificate_is_said_and_nothing_changes(house: House) {
    let (tenant, id) = site(&house).await;
    let now = house.clock.now();
    let good = made_now(&house, &[HOST]);
    let with = |certificate: &str, key: &str| json!({ "id": id, "certificate": certificate, "private_key": key });
    let over = made(&[HOST], (now.plus_days(-90), now.plus_days(-1)));
    let early = made(&[HOST], (now.plus_days(1), now.plus_days(90)));
    let other = made_now(&house, &["mond.example"]);
    let turned = format!("{}{}", good.root, good.leaf);
    for (input, field, code) in [
        (
            with("hello", &good.key),
            "certificate",
            "certificate-not-pem",
        ),
        (
            with(&good.key, &good.key),
            "certificate",
            "certificate-holds-a-key",
        ),
        (with(&good.leaf, "hello"), "private_key", "key-not-pem"),
        (with(&good.leaf, &other.key), "private_key", "key-other"),
        (with(&turned, &good.key), "certificate", "certificate-order"),
        (
            with(&over.leaf, &over.key),
            "certificate",
            "certificate-expired",
        ),
        (
            with(&early.leaf, &early.key),
            "certificate",
            "certificate-early",
        ),
        (
            with(&other.leaf, &other.key),
            "certificate",
            "certificate-names",
        ),
    ] {
        let refused = upload(&house, &tenant, input).await;
        assert_eq!(complaint(refused), (field.to_owned(), code));
    }
    house.settle().await;
    assert_eq!(served(&house, id).await.unwrap().fingerprint, None);
    let bare = done(
        &house,
        &tenant.owner,
        "webspace.create",
        json!({ "name": "bare" }),
    )
    .await;
    let mut input = with(&good.leaf, &good.key);
    input["id"] = bare["id"].clone();
    let refused = upload(&house, &tenant, input).await;
    assert!(matches!(refused, Err(Refusal::Conflict("no-public-names"))));
    let stranger = house.tenant("Mond").await;
    let refused = upload(&house, &stranger, handed_in(id, &good)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

async fn an_own_certificate_that_ends_is_followed_by_one_that_is_ordered(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    let now = house.clock.now();
    let own = made(&[HOST], (now.plus_seconds(-3_600), now.plus_days(5)));
    upload(&house, &tenant, handed_in(id, &own)).await.unwrap();
    house.settle().await;
    order_due(&house.gate, &authority).await.unwrap();
    assert_eq!(authority.count(), 0);
    house.clock.advance(3 * 86_400);
    order_due(&house.gate, &authority).await.unwrap();
    assert_eq!(authority.count(), 1, "some days before it ends");
    house.reconciler.look(&id.to_string()).await.unwrap();
    let first = served(&house, id).await.unwrap().fingerprint;
    house.clock.advance(3 * 86_400);
    house.reconciler.look(&id.to_string()).await.unwrap();
    let second = served(&house, id).await.unwrap().fingerprint;
    assert!(second.is_some() && first != second);
    assert_eq!(
        standing(&house, &tenant, id).await.source,
        Some(Source::Ordered)
    );
}

/// What a page shows is what the node was seen with.
#[tokio::test]
async fn the_webspace_shows_the_certificate_that_its_names_are_served_with() {
    let house = House::on(Engine::Sqlite).await;
    let (tenant, id) = site(&house).await;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = wabe_access::Scope::system(tenant.id);
    let web = webspace::load(&mut tx, &scope, id, &house.facts)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let certificate = web.certificate.unwrap();
    assert_eq!(certificate.names, [HOST.parse().unwrap()]);
}

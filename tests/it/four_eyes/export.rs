//! A file with everything of a customer's, asked for in a ticket: two people of the hoster, and only the
//! owners get it. Control MWK-7-07; GDPR Art. 15.

use crate::export::{file, work};
use crate::four_eyes::{Scene, code, decide, over, scene};
use crate::on_both_engines;
use crate::staff_role::{acts, execute, hired, run, told};
use serde_json::json;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Refusal, Role};
use wabe_identity::MailKind;
use wabe_identity::export::model::Export;
use wabe_identity::export::read;
use wabe_kernel::Clock as _;
use wabe_kernel::id::{MemberId, UserId};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    the_owners_get_what_two_people_agreed_to,
    nobody_agrees_alone_or_for_themselves,
    what_changed_meanwhile_stops_a_file,
    the_database_makes_no_file_on_one_word,
);

async fn ask(house: &House, by: UserId, ticket: &str) -> Result<String, Refusal> {
    let input = json!({ "ticket": ticket, "reason": "Der Inhaber bat am Telefon um Auskunft." });
    let asked = run(house, by, "customer.request_export", input).await?;
    Ok(asked["approval"].as_str().unwrap().to_owned())
}

fn owner(house: &House, tenant: &Tenant) -> Actor {
    Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now())
}

/// As the owner sees them.
async fn exports(house: &House, tenant: &Tenant) -> Vec<Export> {
    let actor = owner(house, tenant);
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = wabe_access::Scope::of(&mut tx, &actor).await.unwrap();
    let found = read::list(&mut tx, &scope, &actor).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

/// Both commands, carried out once.
pub(super) async fn both(house: &House, tenant: &Tenant, (by, ticket): (UserId, &str)) {
    ask(house, by, ticket).await.unwrap();
    let person = owner(house, tenant);
    let made = house.run_json(&person, "customer.export", json!({}));
    made.await.unwrap();
}

async fn the_owners_get_what_two_people_agreed_to(house: House) {
    let Scene {
        tenant,
        ticket,
        mira,
        ole,
        ..
    } = scene(&house).await;
    let id = ask(&house, mira, &ticket).await.unwrap();
    assert_eq!(code(ask(&house, mira, &ticket).await), "export-asked");
    assert_eq!(told(&house, MailKind::ApprovalWaiting), ["ole@hoster.test"]);
    // Nothing is made before.
    assert_eq!(work(&house).await, 0);
    assert!(exports(&house, &tenant).await.is_empty());
    decide(&house, ole, "approve", &id).await.unwrap();
    over(&decide(&house, ole, "approve", &id).await);
    work(&house).await;
    let all = exports(&house, &tenant).await;
    assert_eq!(all.len(), 1);
    assert!(all[0].by_hoster && all[0].is_there(house.clock.now()));
    let file = file(&house, (tenant.id, all[0].id)).await;
    assert!(file.contains("Geschäftsführer fort"));
    // Neither who asked nor who agreed gets any of it.
    for staff in [mira, ole] {
        let mut tx = house.db.store.read().await.unwrap();
        let actor = Actor {
            customer: tenant.id,
            ..acts(&house, staff)
        };
        let reach = match wabe_access::Scope::of(&mut tx, &actor).await {
            Ok(scope) => read::there(&mut tx, (&scope, &actor), all[0].id, house.clock.now()).await,
            Err(refusal) => Err(refusal),
        };
        tx.rollback().await.unwrap();
        assert!(reach.is_err());
    }
    // It can be asked for again once it is decided.
    ask(&house, mira, &ticket).await.unwrap();
}

async fn nobody_agrees_alone_or_for_themselves(house: House) {
    let Scene {
        tenant,
        ticket,
        mira,
        ole,
        ..
    } = scene(&house).await;
    let id = ask(&house, ole, &ticket).await.unwrap();
    assert_eq!(
        code(decide(&house, ole, "approve", &id).await),
        "own-request"
    );
    decide(&house, ole, "retract", &id).await.unwrap();
    // Whoever works here and belongs to the customer as well neither asks nor agrees.
    let petra = hired(&house, "Petra", &["privacy_officer", "support"]).await;
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: petra,
        role: Role::Owner,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    assert!(member::insert(&mut tx, tenant.id, &place).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(code(ask(&house, petra, &ticket).await), "yourself");
    let id = ask(&house, mira, &ticket).await.unwrap();
    assert_eq!(
        code(decide(&house, petra, "approve", &id).await),
        "own-customer"
    );
    assert!(exports(&house, &tenant).await.is_empty());
    // Whoever runs the customer stops it, and whoever asked is told.
    let stop = json!({ "id": id });
    let person = owner(&house, &tenant);
    let stopped = house.run_json(&person, "approval.stop", stop);
    stopped.await.unwrap();
    assert_eq!(
        told(&house, MailKind::ApprovalStopped),
        ["mira@hoster.test"]
    );
    over(&decide(&house, ole, "approve", &id).await);
}

async fn what_changed_meanwhile_stops_a_file(house: House) {
    let Scene {
        tenant,
        ticket,
        mira,
        ole,
        ..
    } = scene(&house).await;
    let id = ask(&house, mira, &ticket).await.unwrap();
    // One is being made already: nobody agrees to a second.
    let person = owner(&house, &tenant);
    let begun = house.run_json(&person, "customer.export", json!({}));
    begun.await.unwrap();
    assert_eq!(
        code(decide(&house, ole, "approve", &id).await),
        "export-making"
    );
    work(&house).await;
    // Nobody could get it.
    let shut = json!({ "id": tenant.owner.user.unwrap() });
    run(&house, ole, "user.disable", shut.clone())
        .await
        .unwrap();
    assert_eq!(
        code(decide(&house, ole, "approve", &id).await),
        "export-for-nobody"
    );
    decide(&house, ole, "refuse", &id).await.unwrap();
    assert_eq!(code(ask(&house, mira, &ticket).await), "export-for-nobody");
    run(&house, ole, "user.enable", shut).await.unwrap();
    assert_eq!(exports(&house, &tenant).await.len(), 1);
}

async fn the_database_makes_no_file_on_one_word(house: House) {
    let Scene {
        ticket, mira, ole, ..
    } = scene(&house).await;
    let id = ask(&house, mira, &ticket).await.unwrap();
    let made = "INSERT INTO customer_export (id, customer_id, asked_by, asked_at, approval_id, \
                approval_ending, agreed_by, place, after_key, parts, lines, bytes) \
                SELECT object_id, customer_id, requested_by, requested_at, id, 'approved', \
                COALESCE(decided_by, 'usr_x'), 0, '', 0, 0, 0 FROM approval WHERE kind = 'export'";
    // Neither while it waits nor once it was refused.
    assert!(!execute(&house, made).await);
    decide(&house, ole, "refuse", &id).await.unwrap();
    assert!(!execute(&house, made).await);
    let id = ask(&house, mira, &ticket).await.unwrap();
    decide(&house, ole, "approve", &id).await.unwrap();
    for sql in [
        "UPDATE customer_export SET agreed_by = asked_by",
        "UPDATE customer_export SET agreed_by = NULL",
        "UPDATE customer_export SET approval_id = 'apv_x'",
        "UPDATE customer_export SET ready_at = asked_at, expires_at = asked_at + 259200000001",
        "UPDATE approval SET ending = 'refused' WHERE ending = 'approved'",
        "DELETE FROM approval WHERE ending = 'approved'",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
}

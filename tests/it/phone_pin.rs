//! The telephone PIN: who sets it, who types it, what a right one opens and what wrong ones do. Bar 3.8
//! T2, 3.1, 3.2.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::caller::{self, Caller};
use wabe_access::{Actor, ActorKind, Refusal, Role, StaffRole};
use wabe_identity::MailKind;
use wabe_kernel::Clock as _;
use wabe_kernel::id::{TicketId, UserId};
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    the_person_alone_sets_it_and_it_is_kept_as_a_hash,
    three_wrong_ones_lock_it_for_a_day_or_until_a_new_one,
    a_right_one_counts_for_fifteen_minutes_in_its_ticket,
    only_a_person_types_it_in_an_open_ticket_about_a_member,
);

pub(crate) const PIN: &str = "407592";

async fn run(house: &House, actor: &Actor, name: &str, input: Value) -> Result<Value, Refusal> {
    let done = house.run_json(actor, name, input).await;
    done.map(|done| done.output)
}

pub(crate) async fn set(house: &House, owner: &Actor, pin: &str) -> Result<Value, Refusal> {
    let user = owner.user.unwrap();
    let fresh = Actor::member(user, owner.customer, house.clock.now());
    run(house, &fresh, "user.set_phone_pin", json!({ "pin": pin })).await
}

/// A ticket of this tenant.
async fn ticket(house: &House, tenant: &Tenant) -> TicketId {
    let asked = json!({ "subject": "Anruf", "body": "Bitte helfen Sie." });
    let made = run(house, &tenant.owner, "ticket.create", asked)
        .await
        .unwrap();
    made["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) async fn say(
    house: &House,
    staff: &Actor,
    (ticket, user): (TicketId, UserId),
    pin: &str,
) -> Result<Value, Refusal> {
    let input = json!({ "ticket": ticket, "user": user, "pin": pin });
    run(house, staff, "user.prove_by_phone", input).await
}

async fn proved(house: &House, ticket: TicketId) -> Option<Caller> {
    let mut tx = house.db.store.read().await.unwrap();
    let found = caller::proved(&mut tx, ticket, house.clock.now()).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

pub(crate) async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.db.store.read().await.unwrap();
    let row = Statement { name: "test", sql }.query().one(&mut tx).await;
    let found = row.unwrap().int("n").unwrap();
    tx.rollback().await.unwrap();
    found
}

/// What the customer's record says about this PIN, the latest first.
async fn recorded(house: &House, tenant: &Tenant) -> Vec<String> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let (filter, page) = (
        wabe_audit::ChangeFilter::default(),
        wabe_kernel::PageRequest::first(100),
    );
    let found = house
        .recorder
        .list(&mut tx, tenant.id, &filter, &page)
        .await;
    let found = found.unwrap();
    let mut words = Vec::new();
    for change in found.items {
        if change.command == "user.prove_by_phone" {
            let whole = house.recorder.load(&mut tx, tenant.id, change.id).await;
            let after = whole.unwrap().unwrap().after;
            words.push(after["phone_pin"].as_str().unwrap().to_owned());
        }
    }
    tx.rollback().await.unwrap();
    words
}

pub(crate) fn code(result: Result<Value, Refusal>) -> String {
    match result.unwrap_err() {
        Refusal::Invalid(errors) => {
            let (field, problem) = errors.0.iter().next().unwrap();
            format!("{field}:{}", problem.code)
        }
        Refusal::Conflict(code) => code.to_owned(),
        other => format!("{other:?}"),
    }
}

/// Both commands, in a customer of their own.
pub(crate) async fn both(house: &House) {
    let tenant = house.tenant("Telefon").await;
    set(house, &tenant.owner, PIN).await.unwrap();
    let staff = house.staff(StaffRole::Support).await;
    let about = (ticket(house, &tenant).await, tenant.owner.user.unwrap());
    say(house, &staff, about, "000000").await.unwrap();
    say(house, &staff, about, PIN).await.unwrap();
}

// 3.1 T1, 3.6 T5
async fn the_person_alone_sets_it_and_it_is_kept_as_a_hash(house: House) {
    let tenant = house.tenant("Sonne").await;
    for (pin, why) in [
        ("", "pin:required"),
        ("40759", "pin:phone-pin-digits"),
        ("111111", "pin:phone-pin-weak"),
        ("123456", "pin:phone-pin-weak"),
        ("010190", "pin:phone-pin-weak"),
    ] {
        let refused = code(set(&house, &tenant.owner, pin).await);
        assert!(refused == why || pin.is_empty(), "{pin}: {refused}");
    }
    house.clock.advance(601);
    let stale = run(
        &house,
        &tenant.owner,
        "user.set_phone_pin",
        json!({ "pin": PIN }),
    )
    .await;
    assert!(matches!(stale, Err(Refusal::StepUp)), "{stale:?}");
    set(&house, &tenant.owner, "40 75-92").await.unwrap();
    assert_eq!(house.mails.of(MailKind::PhonePinSet).len(), 1);
    let hashed = "SELECT count(*) AS n FROM phone_pin WHERE pin_hash LIKE '$argon2id$%'";
    assert_eq!(count(&house, hashed).await, 1);
    // The record says that there is one, and not which.
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let changes = house
        .recorder
        .after(&mut tx, tenant.id, 0, 100)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let change = changes
        .iter()
        .find(|change| change.command == "user.set_phone_pin");
    let kept = format!("{:?} {:?}", change.unwrap().before, change.unwrap().after);
    assert!(!kept.contains(PIN) && !kept.contains("argon2"), "{kept}");
    let token = Actor {
        kind: ActorKind::Token("tok_01kaj8xv00e0m9f8w2v3x4y5z6".parse().unwrap()),
        scopes: Some([wabe_access::Permission::SelfWrite].into()),
        sensitive: true,
        ..tenant.owner.clone()
    };
    let refused = run(&house, &token, "user.set_phone_pin", json!({ "pin": PIN })).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
}

async fn three_wrong_ones_lock_it_for_a_day_or_until_a_new_one(house: House) {
    let tenant = house.tenant("Sonne").await;
    let user = tenant.owner.user.unwrap();
    let staff = house.staff(StaffRole::Support).await;
    let about = (ticket(&house, &tenant).await, user);
    assert_eq!(
        code(say(&house, &staff, about, PIN).await),
        "phone-pin-none"
    );
    set(&house, &tenant.owner, PIN).await.unwrap();
    // Two wrong ones and a right one: the count begins anew.
    for wrong in ["000000", "000001"] {
        let said = say(&house, &staff, about, wrong).await.unwrap();
        assert_eq!(said["proved"], false);
    }
    assert_eq!(
        say(&house, &staff, about, PIN).await.unwrap()["proved"],
        true
    );
    for left in [2, 1, 0] {
        let said = say(&house, &staff, about, "000000").await.unwrap();
        assert_eq!(said["tries_left"], left);
    }
    let locked = house.identity.phone_pin(user).await.unwrap().unwrap();
    assert!(locked.locked_until.is_some());
    assert_eq!(house.mails.of(MailKind::PhonePinLocked).len(), 1);
    // The right one is none now, and says no more than a wrong one.
    let right = say(&house, &staff, about, PIN).await.unwrap();
    let wrong = say(&house, &staff, about, "000000").await.unwrap();
    assert_eq!(right, wrong);
    assert_eq!(house.mails.of(MailKind::PhonePinLocked).len(), 1);
    let record = recorded(&house, &tenant).await;
    let said = [
        "locked", "locked", "locked", "wrong", "wrong", "right", "wrong", "wrong",
    ];
    assert_eq!(record, said);
    // A day later, to the second.
    house.clock.advance(86_400 - 1);
    let staff = house.staff(StaffRole::Support).await;
    assert_eq!(
        say(&house, &staff, about, PIN).await.unwrap()["proved"],
        false
    );
    house.clock.advance(1);
    assert_eq!(
        say(&house, &staff, about, PIN).await.unwrap()["proved"],
        true
    );
    // And at once with a new one.
    for _ in 0..3 {
        say(&house, &staff, about, "000000").await.unwrap();
    }
    set(&house, &tenant.owner, "816350").await.unwrap();
    assert_eq!(
        say(&house, &staff, about, PIN).await.unwrap()["proved"],
        false
    );
    assert_eq!(
        say(&house, &staff, about, "816350").await.unwrap()["proved"],
        true
    );
}

// 3.8 T2
async fn a_right_one_counts_for_fifteen_minutes_in_its_ticket(house: House) {
    let tenant = house.tenant("Sonne").await;
    let user = tenant.owner.user.unwrap();
    set(&house, &tenant.owner, PIN).await.unwrap();
    let staff = house.staff(StaffRole::Support).await;
    let (one, other) = (ticket(&house, &tenant).await, ticket(&house, &tenant).await);
    assert_eq!(proved(&house, one).await, None);
    say(&house, &staff, (one, user), "000000").await.unwrap();
    assert_eq!(proved(&house, one).await, None);
    say(&house, &staff, (one, user), PIN).await.unwrap();
    let at = house.clock.now();
    let caller = proved(&house, one).await.unwrap();
    assert_eq!(
        (caller.user, caller.typed_by, caller.at),
        (user, staff.user.unwrap(), at)
    );
    assert_eq!(proved(&house, other).await, None);
    house.clock.advance(15 * 60 - 1);
    assert!(proved(&house, one).await.is_some());
    house.clock.advance(1);
    assert_eq!(proved(&house, one).await, None);
    // Whoever is shut out is nobody from then on.
    say(&house, &staff, (one, user), PIN).await.unwrap();
    let mut tx = house.db.store.write().await.unwrap();
    let sql = "UPDATE wabe_user SET disabled_at = 1";
    Statement { name: "test", sql }
        .query()
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(proved(&house, one).await, None);
    // Nobody proves themselves to themselves, not even past the gate.
    let mut tx = house.db.store.write().await.unwrap();
    let sql = "UPDATE caller_proof SET typed_by = user_id";
    let raw = Statement { name: "test", sql }
        .query()
        .execute(&mut tx)
        .await;
    assert!(raw.is_err());
}

async fn only_a_person_types_it_in_an_open_ticket_about_a_member(house: House) {
    let tenant = house.tenant("Sonne").await;
    let stranger = house.tenant("Mond").await;
    let user = tenant.owner.user.unwrap();
    for owner in [&tenant.owner, &stranger.owner] {
        set(&house, owner, PIN).await.unwrap();
    }
    let staff = house.staff(StaffRole::Support).await;
    let id = ticket(&house, &tenant).await;
    let foreign = stranger.owner.user.unwrap();
    assert_eq!(
        code(say(&house, &staff, (id, foreign), PIN).await),
        "user:not-a-choice"
    );
    let auditor = house.staff(StaffRole::Auditor).await;
    let colleague = house.member(tenant.id, Role::Administrator).await;
    let program = Actor {
        kind: ActorKind::System,
        ..staff.clone()
    };
    for other in [&auditor, &colleague, &program, &tenant.owner] {
        assert_eq!(code(say(&house, other, (id, user), PIN).await), "Forbidden");
    }
    let nowhere = "tkt_01kaj8xv00e0m9f8w2v3x4y5z6".parse().unwrap();
    assert_eq!(
        code(say(&house, &staff, (nowhere, user), PIN).await),
        "NotFound"
    );
    let solved = json!({ "id": id });
    run(&house, &tenant.owner, "ticket.solve", solved)
        .await
        .unwrap();
    assert_eq!(
        code(say(&house, &staff, (id, user), PIN).await),
        "ticket-not-open"
    );
    // Nothing of that was a guess.
    assert_eq!(
        count(
            &house,
            "SELECT CAST(sum(tries) AS BIGINT) AS n FROM phone_pin"
        )
        .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_guesses_at_once_count_fifty() {
    let house = std::sync::Arc::new(House::on(wabe_testkit::Engine::Sqlite).await);
    let tenant = house.tenant("Sonne").await;
    set(&house, &tenant.owner, PIN).await.unwrap();
    let staff = house.staff(StaffRole::Support).await;
    let about = (ticket(&house, &tenant).await, tenant.owner.user.unwrap());
    let mut all = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (house, staff) = (house.clone(), staff.clone());
        let wrong = format!("{:06}", 300_000 + number);
        all.spawn(async move { say(&house, &staff, about, &wrong).await.unwrap() });
    }
    all.join_all().await;
    assert_eq!(count(&house, "SELECT tries AS n FROM phone_pin").await, 50);
    assert_eq!(house.mails.of(MailKind::PhonePinLocked).len(), 1);
    let record = recorded(&house, &tenant).await;
    assert_eq!(record.len(), 50);
    assert_eq!(record.iter().filter(|word| *word == "wrong").count(), 2);
    let right = say(&house, &staff, about, PIN).await.unwrap();
    assert_eq!(right["proved"], false);
}

//! Everything of a customer removed for good: two people of the hoster, 14 days for its owners, and then
//! nothing is found any more. Controls MWK-4-09, MWK-7-07; GDPR Art. 17; bar 3.10 T4.

use crate::export::lived_in;
use crate::four_eyes::{DAY, asked_for_help, code, decide, joined, over, second_address};
use crate::on_both_engines;
use crate::repository::nothing_found;
use crate::staff_role::{acts, execute, hired, run, told};
use serde_json::json;
use std::collections::BTreeMap;
use wabe_access::actor::HOUSE;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Refusal, Role, Scope};
use wabe_identity::MailKind;
use wabe_identity::erasure::model::{Erasure, Next};
use wabe_identity::erasure::read;
use wabe_kernel::id::{CustomerId, MemberId, UserId};
use wabe_kernel::{Clock as _, Secret};
use wabe_panel::erasures::carry_out;
use wabe_testkit::{House, Tenant, snapshot};

on_both_engines!(
    nobody_erases_alone_or_who_is_switched_on,
    owners_have_fourteen_days_and_a_link,
    an_owner_or_switching_on_calls_it_off,
    nothing_of_the_customer_is_found_afterwards,
    others_and_who_belongs_to_them_stay,
    it_goes_on_where_it_was_cut_off,
    nobody_changes_anything_once_it_began,
    the_database_erases_nobody_on_one_word,
);

const WAIT: u32 = 14 * DAY;

/// A customer that is switched off, with a ticket, who asks, and who agrees.
struct Case {
    tenant: Tenant,
    ticket: String,
    ole: UserId,
    petra: UserId,
}

async fn suspend(house: &House, tenant: &Tenant) {
    let off = json!({ "customer": tenant.number, "reason": "Zirbelnuss hat gekündigt" });
    let system = Actor::system(HOUSE).for_purpose("Kündigung".parse().unwrap());
    let done = house.run_json(&system, "customer.suspend", off).await;
    done.unwrap();
}

async fn case(house: &House) -> Case {
    let ole = hired(house, "Ole", &["operator"]).await;
    let petra = hired(house, "Petra", &["privacy_officer"]).await;
    let tenant = house.tenant("Zirbelnuss GmbH").await;
    let ticket = lived_in(house, &tenant, "zirbelnuss").await;
    house.settle().await;
    suspend(house, &tenant).await;
    Case {
        tenant,
        ticket,
        ole,
        petra,
    }
}

async fn ask(house: &House, by: UserId, ticket: &str) -> Result<String, Refusal> {
    let input = json!({ "ticket": ticket, "reason": "Zirbelnuss hat zum Jahresende gekündigt." });
    let asked = run(house, by, "customer.request_erasure", input).await?;
    Ok(asked["approval"].as_str().unwrap().to_owned())
}

/// Asked for by one and agreed to by the other.
async fn agreed(house: &House, case: &Case) {
    house.clock.advance(1);
    let id = ask(house, case.ole, &case.ticket).await.unwrap();
    decide(house, case.petra, "approve", &id).await.unwrap();
}

/// Lets the panel do what is due, and the node.
async fn carry(house: &House) -> usize {
    let mut steps = 0;
    for _ in 0..4 {
        steps += carry_out(&house.identity, &house.gate).await.unwrap();
        house.settle().await;
    }
    steps
}

async fn erasure(house: &House, customer: CustomerId) -> Option<Erasure> {
    let mut tx = house.db.store.read().await.unwrap();
    let found = read::of_customer(&mut tx, &Scope::system(HOUSE), customer).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

async fn word(house: &House, customer: CustomerId) -> &'static str {
    let found = erasure(house, customer).await;
    found.map_or("", |erasure| erasure.word())
}

fn owner(house: &House, tenant: &Tenant) -> Actor {
    Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now())
}

async fn stop(house: &House, who: &Actor, customer: CustomerId) -> Result<(), Refusal> {
    let id = erasure(house, customer).await.unwrap().id;
    let done = house.run_json(who, "erasure.stop", json!({ "id": id }));
    done.await.map(drop)
}

async fn person(house: &House, user: UserId) -> bool {
    let mut tx = house.db.store.read().await.unwrap();
    let found = wabe_identity::user::store::find(&mut tx, user).await;
    tx.rollback().await.unwrap();
    found.unwrap().is_some()
}

/// Every command about it, carried out once.
pub(super) async fn all_of_it(house: &House, (by, second): (UserId, UserId)) {
    let tenant = house.tenant("Ende").await;
    let ticket = asked_for_help(house, &tenant).await;
    suspend(house, &tenant).await;
    let case = Case {
        tenant,
        ticket,
        ole: by,
        petra: second,
    };
    agreed(house, &case).await;
    let who = owner(house, &case.tenant);
    stop(house, &who, case.tenant.id).await.unwrap();
    agreed(house, &case).await;
    house.clock.advance(WAIT);
    carry(house).await;
    assert_eq!(word(house, case.tenant.id).await, "done");
}

async fn nobody_erases_alone_or_who_is_switched_on(house: House) {
    let ole = hired(&house, "Ole", &["operator"]).await;
    let mira = hired(&house, "Mira", &["support"]).await;
    let petra = hired(&house, "Petra", &["privacy_officer", "support"]).await;
    let tenant = house.tenant("Sonne").await;
    let ticket = asked_for_help(&house, &tenant).await;
    assert_eq!(
        code(ask(&house, ole, &ticket).await),
        "erasure-not-suspended"
    );
    suspend(&house, &tenant).await;
    for other in [mira, petra] {
        let refused = ask(&house, other, &ticket).await;
        assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    }
    let id = ask(&house, ole, &ticket).await.unwrap();
    assert_eq!(code(ask(&house, ole, &ticket).await), "erasure-asked");
    assert_eq!(
        code(decide(&house, ole, "approve", &id).await),
        "own-request"
    );
    // Whoever works here and belongs to the customer clears no traces of their own.
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: petra,
        role: Role::Viewer,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    assert!(member::insert(&mut tx, tenant.id, &place).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(
        code(decide(&house, petra, "approve", &id).await),
        "own-customer"
    );
    // Switched on meanwhile, nobody agrees.
    let karin = hired(&house, "Karin", &["management"]).await;
    let on = json!({ "customer": tenant.number });
    run(&house, ole, "customer.resume", on).await.unwrap();
    assert_eq!(
        code(decide(&house, karin, "approve", &id).await),
        "erasure-not-suspended"
    );
    assert_eq!(word(&house, tenant.id).await, "");
}

async fn owners_have_fourteen_days_and_a_link(house: House) {
    let case = case(&house).await;
    second_address(&house).await;
    agreed(&house, &case).await;
    let owners = ["owner0@wabe.test", "zwei@elsewhere.test"];
    assert_eq!(told(&house, MailKind::ErasureComing), owners);
    let letters = house.mails.of(MailKind::ErasureComing);
    for letter in &letters {
        assert_eq!(letter.args["customer"], "Zirbelnuss GmbH");
        let path = letter.path.clone().unwrap();
        assert!(path.expose().starts_with("/erasure-keep/"));
    }
    assert_eq!(
        code(ask(&house, case.ole, &case.ticket).await),
        "erasure-waits"
    );
    // To the second.
    house.clock.advance(WAIT - 1);
    assert_eq!(carry(&house).await, 0);
    assert_eq!(word(&house, case.tenant.id).await, "waits");
    let token = Secret::new(house.mails.token(MailKind::ErasureComing).unwrap());
    assert!(house.identity.keeps_customer(&token).await.unwrap());
    house.clock.advance(1);
    carry(&house).await;
    assert_eq!(word(&house, case.tenant.id).await, "done");
    assert!(!house.identity.keeps_customer(&token).await.unwrap());
    over(&house.identity.keep_customer(&token).await);
}

async fn an_owner_or_switching_on_calls_it_off(house: House) {
    let case = case(&house).await;
    let tenant = &case.tenant;
    // With the link: no newer link and no other password voids it.
    agreed(&house, &case).await;
    let token = Secret::new(house.mails.token(MailKind::ErasureComing).unwrap());
    let home = std::net::IpAddr::from([192, 0, 2, 7]);
    let reset = house.identity.request_reset("owner0@wabe.test", home);
    reset.await.unwrap();
    let reset = Secret::new(house.mails.token(MailKind::Reset).unwrap());
    over(&house.identity.keep_customer(&reset).await);
    let chosen = Secret::new("Wq8-abendrot zwei Zelte");
    let redeemed = house.identity.redeem(reset.expose(), &chosen).await;
    redeemed.unwrap();
    house.identity.keep_customer(&token).await.unwrap();
    over(&house.identity.keep_customer(&token).await);
    assert_eq!(word(&house, tenant.id).await, "stopped");
    assert_eq!(told(&house, MailKind::ErasureOff), ["owner0@wabe.test"]);
    let staff = ["ole@hoster.test", "petra@hoster.test"];
    assert_eq!(told(&house, MailKind::ApprovalStopped), staff);
    // In the portal, by owners alone.
    agreed(&house, &case).await;
    let admin = house.member(tenant.id, Role::Administrator).await;
    let stranger = house.tenant("Mond").await.owner;
    for (somebody, why) in [
        (admin, "Forbidden"),
        (stranger, "NotFound"),
        (Actor::system(tenant.id), "Forbidden"),
        (acts(&house, case.ole), "Forbidden"),
    ] {
        let refused = stop(&house, &somebody, tenant.id).await;
        let refused = format!("{:?}", refused.unwrap_err());
        assert_eq!(refused, why, "{somebody:?}");
    }
    assert_eq!(word(&house, tenant.id).await, "waits");
    let who = owner(&house, tenant);
    stop(&house, &who, tenant.id).await.unwrap();
    over(&stop(&house, &who, tenant.id).await);
    // By the hoster, who switches the customer on.
    agreed(&house, &case).await;
    let on = json!({ "customer": tenant.number });
    run(&house, case.ole, "customer.resume", on).await.unwrap();
    assert_eq!(word(&house, tenant.id).await, "resumed");
    house.clock.advance(2 * WAIT);
    assert_eq!(carry(&house).await, 0);
    let mut tx = house.db.store.read().await.unwrap();
    let found = wabe_access::customer::find(&mut tx, tenant.id).await;
    tx.rollback().await.unwrap();
    let found = found.unwrap().unwrap();
    assert_eq!(found.name, "Zirbelnuss GmbH");
    assert!(found.erasing_at.is_none());
}

/// More than a customer has by itself: an answer, an instruction, a note, and a file of everything.
async fn busy(house: &House, case: &Case) {
    let mira = hired(house, "Mira", &["support"]).await;
    let who = owner(house, &case.tenant);
    let on = json!({ "customer": case.tenant.number });
    run(house, case.ole, "customer.resume", on).await.unwrap();
    for (command, input) in [
        (
            "ticket.reply",
            json!({ "id": case.ticket, "body": "Das Passwort von Zirbelnuss klemmt." }),
        ),
        ("customer.export", json!({})),
        (
            "token.create",
            json!({ "name": "zirbelnuss-ci", "scopes": ["webspace:read"], "days": 30, "sensitive": false }),
        ),
    ] {
        let done = house.run_json(&who, command, input).await;
        done.unwrap_or_else(|refusal| panic!("{command}: {refusal:?}"));
    }
    crate::export::work(house).await;
    let note = json!({ "id": case.ticket, "body": "Zirbelnuss zahlt nicht." });
    run(house, mira, "ticket.note", note).await.unwrap();
    let answer = json!({ "id": case.ticket, "body": "Guten Tag, Zirbelnuss" });
    run(house, mira, "ticket.answer", answer).await.unwrap();
    suspend(house, &case.tenant).await;
}

/// Where anything of this is found in the whole database, in any form of letters.
async fn found(house: &House, needles: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for (table, rows) in snapshot(&house.db.location).await {
        for row in rows {
            let low = row.to_lowercase();
            let hit = needles
                .iter()
                .find(|needle| low.contains(&needle.to_lowercase()));
            findings.extend(hit.map(|needle| format!("{table}: {needle}: {row}")));
        }
    }
    findings
}

async fn nothing_of_the_customer_is_found_afterwards(house: House) {
    let case = case(&house).await;
    let (_, ben) = joined(&house, &switched_on(&house, &case).await, "Ben").await;
    // Somebody who was removed before is no less theirs.
    let gone = joined(&house, &case.tenant, "Gitta").await;
    let who = owner(&house, &case.tenant);
    let remove = json!({ "id": gone.0 });
    house.run_json(&who, "member.remove", remove).await.unwrap();
    suspend(&house, &case.tenant).await;
    busy(&house, &case).await;
    let needles = [
        "zirbelnuss",
        "owner0@wabe.test",
        "ben@wabe.test",
        "gitta@wabe.test",
        "Geschäftsführer",
        "helfen Sie",
        "klemmt",
        "zahlt nicht",
    ];
    assert!(!found(&house, &needles).await.is_empty());
    agreed(&house, &case).await;
    house.clock.advance(WAIT);
    carry(&house).await;
    // What leaves by itself every hour: letters that nobody could send for a week.
    let mut tx = house.db.store.write().await.unwrap();
    let now = house.clock.now();
    wabe_jobs::mail::sweep(&mut tx, now).await.unwrap();
    tx.commit().await.unwrap();
    nothing_found(&found(&house, &needles).await);
    for user in [case.tenant.owner.user.unwrap(), ben, gone.1] {
        assert!(!person(&house, user).await);
    }
    // What remains, as the proof.
    let done = erasure(&house, case.tenant.id).await.unwrap();
    assert_eq!(done.word(), "done");
    assert_eq!(done.number, case.tenant.number);
    assert_eq!(done.customer_name, case.tenant.number.to_string());
    assert_eq!(done.plan, "Plenty");
    assert_eq!(
        (done.asker.as_str(), done.second.as_str()),
        ("Ole", "Petra")
    );
    assert!(done.contract_ended_at.is_some() && done.key_gone_at.is_some());
    assert_eq!(done.people, 3);
    assert!(done.rows > 20);
    // The record says that, and nothing else of it can be read.
    let mut tx = house.db.store.read().await.unwrap();
    let place = (0, 1_000);
    let record = house.streams.changes_after(&mut tx, case.tenant.id, place);
    let record = record.await.unwrap();
    tx.rollback().await.unwrap();
    assert!(record.iter().all(|entry| entry.erased));
    for command in ["erasure.begin", "erasure.finish", "ticket.create"] {
        assert!(record.iter().any(|entry| entry.command == command));
    }
    // The node gave up what it had before.
    let words = house.node.words();
    for word in ["remove-folder", "remove-maildir", "remove-database"] {
        assert!(words.contains(&word), "{words:?}");
    }
}

/// The same customer, switched on again.
async fn switched_on(house: &House, case: &Case) -> Tenant {
    let on = json!({ "customer": case.tenant.number });
    run(house, case.ole, "customer.resume", on).await.unwrap();
    case.tenant.clone()
}

/// The rows that name this customer, by table.
async fn of(house: &House, customer: CustomerId) -> BTreeMap<String, Vec<String>> {
    let id = customer.to_string();
    let all = snapshot(&house.db.location).await;
    let of = |rows: Vec<String>| rows.into_iter().filter(|row| row.contains(&id)).collect();
    all.into_iter()
        .map(|(table, rows)| (table, of(rows)))
        .collect()
}

async fn others_and_who_belongs_to_them_stay(house: House) {
    let other = house.tenant("Mond").await;
    lived_in(&house, &other, "mond").await;
    let case = case(&house).await;
    let (_, ben) = joined(&house, &switched_on(&house, &case).await, "Ben").await;
    suspend(&house, &case.tenant).await;
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: ben,
        role: Role::Viewer,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    assert!(member::insert(&mut tx, other.id, &place).await.unwrap());
    tx.commit().await.unwrap();
    agreed(&house, &case).await;
    house.settle().await;
    let before = of(&house, other.id).await;
    house.clock.advance(WAIT);
    carry(&house).await;
    assert_eq!(word(&house, case.tenant.id).await, "done");
    assert_eq!(of(&house, other.id).await, before);
    // Whoever belongs to both is here, and not there.
    assert!(person(&house, ben).await);
    let mut tx = house.db.store.read().await.unwrap();
    let there = member::role(&mut tx, ben, case.tenant.id).await.unwrap();
    let here = member::role(&mut tx, ben, other.id).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!((there, here), (None, Some(Role::Viewer)));
    assert!(person(&house, other.owner.user.unwrap()).await);
    assert!(!person(&house, case.tenant.owner.user.unwrap()).await);
    assert_eq!(erasure(&house, case.tenant.id).await.unwrap().people, 1);
    // They log in where they belong.
    let mut tx = house.db.store.read().await.unwrap();
    let found = wabe_identity::user::store::find(&mut tx, ben).await;
    tx.rollback().await.unwrap();
    assert!(found.unwrap().unwrap().disabled_at.is_none());
}

async fn it_goes_on_where_it_was_cut_off(house: House) {
    let case = case(&house).await;
    agreed(&house, &case).await;
    house.clock.advance(WAIT);
    // It waits for the node, however often somebody asks.
    for _ in 0..3 {
        carry_out(&house.identity, &house.gate).await.unwrap();
    }
    assert_eq!(word(&house, case.tenant.id).await, "underway");
    let id = house.identity.erasures_due().await.unwrap()[0];
    assert_eq!(house.identity.erase_step(id).await.unwrap(), Next::Wait);
    assert!(!found(&house, &["zirbelnuss.test"]).await.is_empty());
    house.settle().await;
    // A step at a time, twice at once, by whoever is there.
    let mut steps = 0;
    loop {
        let (one, other) =
            tokio::join!(house.identity.erase_step(id), house.identity.erase_step(id));
        let next = [one.unwrap(), other.unwrap()];
        steps += 1;
        assert!(steps < 1_000, "{next:?}");
        if next.contains(&Next::Finish) {
            break;
        }
    }
    carry(&house).await;
    let done = erasure(&house, case.tenant.id).await.unwrap();
    assert_eq!((done.word(), done.people), ("done", 1));
    // And not once more.
    assert_eq!(carry(&house).await, 0);
    assert_eq!(house.identity.erase_step(id).await.unwrap(), Next::Nothing);
    nothing_found(&found(&house, &["zirbelnuss", "owner0@wabe.test"]).await);
}

async fn nobody_changes_anything_once_it_began(house: House) {
    let case = case(&house).await;
    agreed(&house, &case).await;
    house.clock.advance(WAIT);
    carry_out(&house.identity, &house.gate).await.unwrap();
    assert_eq!(word(&house, case.tenant.id).await, "underway");
    let who = owner(&house, &case.tenant);
    let ticket = json!({ "subject": "Halt", "body": "Bitte nicht." });
    let create = house.run_json(&who, "ticket.create", ticket).await;
    assert_eq!(code(create), "customer-erased");
    assert_eq!(
        code(stop(&house, &who, case.tenant.id).await),
        "customer-erased"
    );
    let on = json!({ "customer": case.tenant.number });
    let resumed = run(&house, case.ole, "customer.resume", on.clone()).await;
    assert_eq!(code(resumed), "customer-erased");
    let system = Actor::system(HOUSE).for_purpose("Versuch".parse().unwrap());
    let resumed = house.run_json(&system, "customer.resume", on).await;
    assert_eq!(code(resumed), "customer-erased");
    // What the panel alone does nobody else does.
    let id = erasure(&house, case.tenant.id).await.unwrap().id;
    for command in ["erasure.begin", "erasure.finish"] {
        let input = json!({ "id": id });
        let refused = run(&house, case.ole, command, input.clone()).await;
        assert!(refused.is_err(), "{command}");
        let early = house.run_json(&Actor::system(HOUSE), command, input).await;
        assert!(matches!(early, Err(Refusal::Conflict(_))), "{command}");
    }
    carry(&house).await;
    assert_eq!(word(&house, case.tenant.id).await, "done");
}

async fn the_database_erases_nobody_on_one_word(house: House) {
    let case = case(&house).await;
    let id = ask(&house, case.ole, &case.ticket).await.unwrap();
    let made = "INSERT INTO customer_erasure (id, customer_id, asked_by, asked_at, approval_id, \
                approval_ending, agreed_by, agreed_at, due_at, place, touched, past_seq, erased_rows, \
                erased_people) SELECT object_id, customer_id, requested_by, requested_at, id, 'approved', \
                COALESCE(decided_by, 'usr_x'), requested_at, requested_at + 1209600000000, 0, 0, 0, 0, 0 \
                FROM approval WHERE kind = 'erasure'";
    // Neither while it waits nor once it was refused.
    assert!(!execute(&house, made).await);
    decide(&house, case.petra, "refuse", &id).await.unwrap();
    assert!(!execute(&house, made).await);
    agreed(&house, &case).await;
    for sql in [
        "UPDATE customer_erasure SET agreed_by = asked_by",
        "UPDATE customer_erasure SET approval_id = 'apv_x'",
        "UPDATE customer_erasure SET due_at = due_at - 1",
        "UPDATE customer_erasure SET begun_at = due_at - 1",
        "UPDATE customer_erasure SET ended_at = due_at",
        "UPDATE customer_erasure SET ended_at = due_at, ending = 'resumed', begun_at = due_at",
        "UPDATE customer_erasure SET done_at = due_at",
        "UPDATE customer_erasure SET begun_at = due_at, key_gone_at = due_at",
        "UPDATE approval SET ending = 'refused' WHERE ending = 'approved'",
        "DELETE FROM approval WHERE ending = 'approved'",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
}

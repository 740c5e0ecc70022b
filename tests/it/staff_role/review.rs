//! The review of every right: what is in it, who decides, and what ends with a right.

use crate::on_both_engines;
use crate::staff_role::{DAY, by_email, code, execute, hired, program, roles, run, told, works};
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Permission, Refusal, Scope, StaffRole};
use wabe_identity::MailKind;
use wabe_identity::access_review::table::review_as_csv;
use wabe_identity::access_review::{Item, Outcome, read};
use wabe_identity::staff::used::Uses;
use wabe_kernel::id::{AccessReviewId, UserId};
use wabe_kernel::{Clock as _, Secret, Timestamp};
use wabe_testkit::House;

on_both_engines!(
    every_right_is_gone_through_once_a_quarter,
    nobody_confirms_their_own_rights,
    what_ends_in_a_review_takes_along_what_hangs_on_it,
    a_token_that_ended_is_over_in_the_review_too,
    the_day_of_a_use_shows_in_the_table,
    a_use_that_was_not_written_is_not_taken_for_noted,
);

pub(super) async fn items(house: &House, id: AccessReviewId) -> (bool, Vec<Item>) {
    let boss = house.staff(StaffRole::Auditor).await;
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &boss).await.unwrap();
    let (review, items) = read::review(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    (review.closed_at.is_some(), items)
}

pub(super) async fn opened(house: &House) -> AccessReviewId {
    let system = Actor::system(HOUSE);
    let made = house
        .run_json(&system, "access_review.open", json!({}))
        .await;
    let made = made.unwrap();
    made.output["review"].as_str().unwrap().parse().unwrap()
}

pub(super) fn find<'a>(items: &'a [Item], user: UserId, right: &str) -> &'a Item {
    let found = items
        .iter()
        .find(|item| item.user == user && item.subject == right);
    found.unwrap_or_else(|| panic!("{right} is missing"))
}

async fn every_right_is_gone_through_once_a_quarter(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let petra = hired(&house, "Petra", &["privacy_officer"]).await;
    let mira = hired(&house, "Mira", &["support", "auditor"]).await;
    hired(&house, "Ole", &["operator"]).await;
    assert!(!house.identity.review_due().await.unwrap(), "of nobody yet");
    house.clock.advance(600);
    assert!(house.identity.review_due().await.unwrap());
    let review = opened(&house).await;
    assert!(!house.identity.review_due().await.unwrap());
    assert_eq!(
        told(&house, MailKind::AccessReviewOpened),
        ["karin@hoster.test", "petra@hoster.test"]
    );
    let twice = house
        .run_json(&Actor::system(HOUSE), "access_review.open", json!({}))
        .await;
    assert!(
        matches!(twice, Err(Refusal::Conflict("review-there"))),
        "{twice:?}"
    );
    let (closed, all) = items(&house, review).await;
    assert_eq!((closed, all.len()), (false, 5));
    // Overdue: told once more.
    house.clock.advance(31 * DAY);
    for _ in 0..2 {
        house.identity.prune().await.unwrap();
    }
    assert_eq!(told(&house, MailKind::AccessReviewOverdue).len(), 2);
    // Confirmed by one, withdrawn by the other: both at once where they name several.
    let names = |rights: &[(UserId, &str)]| -> Vec<String> {
        rights
            .iter()
            .map(|(user, right)| find(&all, *user, right).id.to_string())
            .collect()
    };
    let ole = by_email(&house, "ole@hoster.test").await.unwrap();
    let stay = json!({ "items": names(&[(mira, "support"), (ole, "operator"), (petra, "privacy_officer")]) });
    run(&house, boss, "access_review.confirm", stay.clone())
        .await
        .unwrap();
    assert_eq!(
        code(run(&house, boss, "access_review.confirm", stay).await),
        "review-decided"
    );
    let end = json!({ "items": names(&[(mira, "auditor"), (boss, "management")]) });
    run(&house, petra, "access_review.withdraw", end)
        .await
        .unwrap();
    assert_eq!(roles(&house, mira).await, [StaffRole::Support]);
    assert!(roles(&house, boss).await.is_empty());
    let (closed, all) = items(&house, review).await;
    assert!(closed);
    let auditor = find(&all, mira, "auditor");
    assert_eq!(auditor.outcome, Some(Outcome::Withdrawn));
    assert_eq!(
        (auditor.decider.as_deref(), auditor.reason.as_deref()),
        (Some("Petra"), Some("Vertretung im Team"))
    );
    the_evidence_stays(&house, &all).await;
}

/// The table of a review, and the next quarter.
async fn the_evidence_stays(house: &House, all: &[Item]) {
    let table = review_as_csv(all).unwrap();
    let table = String::from_utf8(table).unwrap();
    assert_eq!(table.lines().count(), 6);
    assert!(table.contains("mira@hoster.test,role,auditor"), "{table}");
    house.clock.advance(92 * DAY);
    assert!(house.identity.review_due().await.unwrap());
    opened(house).await;
}

async fn nobody_confirms_their_own_rights(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let mira = hired(&house, "Mira", &["support"]).await;
    hired(&house, "Ole", &["operator"]).await;
    let review = opened(&house).await;
    let (_, all) = items(&house, review).await;
    let own = json!({ "items": [find(&all, boss, "management").id] });
    for command in ["access_review.confirm", "access_review.withdraw"] {
        assert_eq!(
            code(run(&house, boss, command, own.clone()).await),
            "own-right"
        );
    }
    let sql =
        "UPDATE access_review_item SET outcome = 'confirmed', decided_by = user_id, decided_at = 1";
    assert!(!execute(&house, sql).await, "the database lets it through");
    let none = run(
        &house,
        boss,
        "access_review.confirm",
        json!({ "items": [] }),
    )
    .await;
    assert!(matches!(none, Err(Refusal::Invalid(_))), "{none:?}");
    let foreign = json!({ "items": [find(&all, mira, "support").id] });
    let refused = run(&house, mira, "access_review.confirm", foreign).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    // What ends otherwise is over in the review as well.
    run(&house, boss, "staff.leave", json!({ "id": mira }))
        .await
        .unwrap();
    let (_, all) = items(&house, review).await;
    assert_eq!(find(&all, mira, "support").outcome, Some(Outcome::Gone));
}

/// What became of some rights of one person.
fn became(items: &[Item], user: UserId, rights: &[&str]) -> Vec<Option<Outcome>> {
    let outcome = |right: &&str| find(items, user, right).outcome;
    rights.iter().map(outcome).collect()
}

async fn withdraw(house: &House, by: UserId, rights: Value) {
    run(house, by, "access_review.withdraw", rights)
        .await
        .unwrap();
}

async fn what_ends_in_a_review_takes_along_what_hangs_on_it(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    hired(&house, "Ole", &["operator"]).await;
    let mira = hired(&house, "Mira", &["support", "auditor"]).await;
    let otto = hired(&house, "Otto", &["support", "auditor"]).await;
    let (miras, first) = program(&house, mira).await;
    let (ottos, second) = program(&house, otto).await;
    let review = opened(&house).await;
    let (_, all) = items(&house, review).await;
    let ids = |user: UserId, rights: &[&str]| {
        let id = |right: &&str| find(&all, user, right).id.to_string();
        json!({ "items": rights.iter().map(id).collect::<Vec<_>>() })
    };
    // One decision about everything that somebody has: the token ends with the last role, and is
    // withdrawn all the same.
    let everything = ["support", "auditor", miras.as_str()];
    withdraw(&house, boss, ids(mira, &everything)).await;
    // While a role is left, the token stays, and so does the question about it.
    withdraw(&house, boss, ids(otto, &["auditor"])).await;
    assert_eq!(
        (works(&house, &first).await, works(&house, &second).await),
        (false, true)
    );
    let (closed, now) = items(&house, review).await;
    assert!(!closed);
    assert_eq!(
        became(&now, mira, &everything),
        [Some(Outcome::Withdrawn); 3]
    );
    let rights = ["auditor", "support", ottos.as_str()];
    let one = [Some(Outcome::Withdrawn), None, None];
    assert_eq!(became(&now, otto, &rights), one);
    withdraw(&house, boss, ids(otto, &["support"])).await;
    assert!(!works(&house, &second).await);
    let (_, now) = items(&house, review).await;
    let both = Some(Outcome::Withdrawn);
    assert_eq!(
        became(&now, otto, &rights),
        [both, both, Some(Outcome::Gone)]
    );
}

async fn a_token_that_ended_is_over_in_the_review_too(house: House) {
    hired(&house, "Karin", &["management"]).await;
    let ole = hired(&house, "Ole", &["operator"]).await;
    let mira = hired(&house, "Mira", &["support"]).await;
    let otto = hired(&house, "Otto", &["support"]).await;
    let (revoked, _) = program(&house, mira).await;
    let (stays, _) = program(&house, mira).await;
    let (ottos, _) = program(&house, otto).await;
    let review = opened(&house).await;
    run(&house, ole, "hoster_token.revoke", json!({ "id": revoked }))
        .await
        .unwrap();
    let last = json!({ "id": otto, "role": "support" });
    run(&house, ole, "staff_role.withdraw", last).await.unwrap();
    let (_, all) = items(&house, review).await;
    let gone = Some(Outcome::Gone);
    assert_eq!(
        became(&all, mira, &[revoked.as_str(), stays.as_str(), "support"]),
        [gone, None, None]
    );
    assert_eq!(became(&all, otto, &[ottos.as_str(), "support"]), [gone; 2]);
    // A password that was lost ends every token of its owner.
    let from = std::net::IpAddr::from([192, 0, 2, 7]);
    let asked = house.identity.request_reset("mira@hoster.test", from).await;
    asked.unwrap();
    let reset = house.mails.token(MailKind::Reset).unwrap();
    let chosen = Secret::new("Wq8-abendrot zwei Zelte");
    house.identity.redeem(&reset, &chosen).await.unwrap();
    let (_, all) = items(&house, review).await;
    let rights = [stays.as_str(), "support"];
    assert_eq!(became(&all, mira, &rights), [gone, None]);
}

async fn the_day_of_a_use_shows_in_the_table(house: House) {
    let mira = hired(&house, "Mira", &["support", "auditor"]).await;
    let now = house.clock.now();
    let looked = (mira, Permission::TicketDesk);
    Uses::default()
        .note(&house.db.store, looked, now)
        .await
        .unwrap();
    let review = opened(&house).await;
    let (_, all) = items(&house, review).await;
    let table = String::from_utf8(review_as_csv(&all).unwrap()).unwrap();
    let last_used = |right: &str| {
        let begin = format!("Mira,mira@hoster.test,role,{right},");
        let line = table.lines().find(|line| line.starts_with(&begin));
        line.unwrap().split(',').nth(6).unwrap().to_owned()
    };
    let midnight = Timestamp(now.0 - now.0 % (i64::from(DAY) * 1_000_000));
    assert_eq!(last_used("support"), midnight.to_string());
    assert_eq!(last_used("auditor"), "");
}

async fn a_use_that_was_not_written_is_not_taken_for_noted(house: House) {
    let uses = Uses::default();
    let now = house.clock.now();
    let nobody = (UserId::new(now, house.rng.as_ref()), Permission::TicketDesk);
    for attempt in ["first", "second"] {
        let noted = uses.note(&house.db.store, nobody, now).await;
        assert!(noted.is_err(), "{attempt}");
    }
    // What was written is not written again on that day.
    let mira = hired(&house, "Mira", &["support"]).await;
    let looked = (mira, Permission::TicketDesk);
    uses.note(&house.db.store, looked, now).await.unwrap();
    let moved = "UPDATE permission_use SET day = day - 1 WHERE day >= 0";
    let mut tx = house.db.store.write().await.unwrap();
    let statement = wabe_store::Statement {
        name: "test",
        sql: moved,
    };
    statement.query().execute_one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let day = async || {
        let mut tx = house.db.store.read().await.unwrap();
        let roles = [StaffRole::Support];
        let found = wabe_identity::staff::used::of_roles(&mut tx, mira, &roles).await;
        tx.rollback().await.unwrap();
        found.unwrap()[0]
    };
    let yesterday = day().await;
    uses.note(&house.db.store, looked, now).await.unwrap();
    assert_eq!(day().await, yesterday);
    let later = Timestamp(now.0 + i64::from(DAY) * 1_000_000);
    uses.note(&house.db.store, looked, later).await.unwrap();
    assert!(day().await > yesterday);
}

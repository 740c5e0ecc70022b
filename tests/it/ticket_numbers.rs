//! Figures about tickets: what is counted, and that nothing is told of a person.

use crate::on_both_engines;
use serde_json::json;
use wabe_access::{Actor, Refusal, Scope, StaffRole};
use wabe_kernel::Clock as _;
use wabe_support::numbers::{Numbers, STATEMENTS, Share, TEAM_MIN, numbers};
use wabe_testkit::House;

on_both_engines!(
    tickets_are_counted_by_week_and_by_how_long_they_took,
    times_of_a_small_team_are_told_to_nobody,
);

async fn asked(house: &House, by: &Actor) -> Result<Numbers, Refusal> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, by).await.unwrap();
    let found = numbers(&mut tx, &scope, house.clock.now()).await;
    tx.rollback().await.unwrap();
    found
}

/// A ticket that is answered after so many seconds.
async fn answered(house: &House, (owner, staff): (&Actor, &Actor), after: u32, status: &str) {
    let ticket = json!({ "subject": "Postfach voll", "body": "Bitte" });
    let made = house
        .run_json(owner, "ticket.create", ticket)
        .await
        .unwrap();
    house.clock.advance(after);
    let answer = json!({ "id": made.object, "body": "Gern.", "then": status });
    house
        .run_json(staff, "ticket.answer", answer)
        .await
        .unwrap();
}

async fn team(house: &House, size: usize) -> Vec<Actor> {
    let mut all = Vec::new();
    for _ in 0..size {
        all.push(house.staff(StaffRole::Support).await);
    }
    all
}

async fn tickets_are_counted_by_week_and_by_how_long_they_took(house: House) {
    let tenant = house.tenant("Sonne").await;
    let team = team(&house, TEAM_MIN).await;
    answered(&house, (&tenant.owner, &team[0]), 600, "solved").await;
    answered(&house, (&tenant.owner, &team[1]), 7_200, "open").await;
    house.clock.advance(7 * 86_400);
    answered(&house, (&tenant.owner, &team[2]), 8 * 86_400, "open").await;
    let auditor = house.staff(StaffRole::Auditor).await;
    let found = asked(&house, &auditor).await.unwrap();
    assert!(found.times);
    assert_eq!(found.all().opened, 3);
    assert_eq!(found.weeks.iter().filter(|week| week.opened > 0).count(), 2);
    assert_eq!(found.categories.len(), 1);
    assert_eq!(found.answers, [1, 0, 1, 0, 0, 0, 0, 1]);
    assert_eq!(found.solutions.iter().sum::<i64>(), 1);
    assert_eq!(found.all().answered.of, 3);
    assert_eq!(
        found.all().answered.in_time,
        2,
        "eight days are too long for anybody"
    );
    let refused = asked(&house, &tenant.owner).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
}

async fn times_of_a_small_team_are_told_to_nobody(house: House) {
    let tenant = house.tenant("Sonne").await;
    let team = team(&house, TEAM_MIN - 1).await;
    answered(&house, (&tenant.owner, &team[0]), 600, "solved").await;
    for role in [
        StaffRole::Management,
        StaffRole::Auditor,
        StaffRole::PrivacyOfficer,
    ] {
        let found = asked(&house, &house.staff(role).await).await.unwrap();
        assert!(!found.times);
        assert_eq!(found.all().opened, 1);
        assert_eq!(found.all().answered, Share::default());
        assert_eq!((found.answers, found.solutions), Default::default());
    }
    for statement in STATEMENTS {
        assert!(!statement.sql.contains("owner"), "{}", statement.name);
    }
}

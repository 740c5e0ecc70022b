//! Figures about tickets: what is counted, and that nothing is told of a person.

use crate::on_both_engines;
use crate::staff_role::hired;
use serde_json::json;
use std::collections::BTreeMap;
use wabe_access::{Actor, Mode, Refusal, Scope, StaffRole};
use wabe_kernel::Clock as _;
use wabe_kernel::rng::random;
use wabe_store::{Statement, Store};
use wabe_support::numbers::{Numbers, RANGES, STATEMENTS, Share, TEAM_MIN, numbers};
use wabe_support::ticket::{Category, lapse_due};
use wabe_testkit::{Bulk, Engine, House, TestRng, TestStore, Tickets, fill, fill_tickets};

on_both_engines!(
    tickets_are_counted_by_week_and_by_how_long_they_took,
    times_of_a_small_team_are_told_to_nobody,
    whoever_is_shut_out_makes_no_team,
    totals_stay_what_a_count_from_scratch_says,
    totals_of_tickets_in_bulk_are_those_of_the_gate,
    totals_move_with_the_tickets,
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

async fn whoever_is_shut_out_makes_no_team(house: House) {
    team(&house, TEAM_MIN - 1).await;
    hired(&house, "Mira", &["support"]).await;
    let auditor = house.staff(StaffRole::Auditor).await;
    assert!(asked(&house, &auditor).await.unwrap().times);
    let mut tx = house.write().await;
    SHUT.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!asked(&house, &auditor).await.unwrap().times);
}

const SHUT: Statement = Statement {
    name: "test.numbers.shut",
    sql: "UPDATE wabe_user SET disabled_at = 1 WHERE email = 'mira@hoster.test'",
};
/// The tickets as they stand.
const TICKETS: Statement = Statement {
    name: "test.numbers.tickets",
    sql: "SELECT category, opened_at, first_answer_at, first_answer_due, solved_at, solution_due FROM ticket",
};
const TOTALS: Statement = Statement {
    name: "test.numbers.totals",
    sql: "SELECT * FROM ticket_total",
};
/// The columns of the totals, in the order in which [`counted`] counts.
const COLUMNS: [&str; 19] = [
    "opened",
    "answered_in_time",
    "solved_in_time",
    "answered_quarter",
    "answered_hour",
    "answered_four_hours",
    "answered_eight_hours",
    "answered_day",
    "answered_three_days",
    "answered_week",
    "answered_longer",
    "solved_quarter",
    "solved_hour",
    "solved_four_hours",
    "solved_eight_hours",
    "solved_day",
    "solved_three_days",
    "solved_week",
    "solved_longer",
];

/// Totals by day and topic; those of nothing are left out.
type Totals = BTreeMap<(i64, String), [i64; COLUMNS.len()]>;

/// The totals, counted from the tickets.
async fn counted(store: &Store) -> Totals {
    let mut found = Totals::new();
    let mut tx = store.read().await.unwrap();
    for row in TICKETS.query().all(&mut tx).await.unwrap() {
        let opened = row.int("opened_at").unwrap();
        let place = (opened / 86_400_000_000, row.text("category").unwrap());
        let sums = found.entry(place).or_default();
        sums[0] += 1;
        for (nth, at, due) in [
            (0, "first_answer_at", "first_answer_due"),
            (1, "solved_at", "solution_due"),
        ] {
            let Some(at) = row.int_or_null(at).unwrap() else {
                continue;
            };
            sums[1 + nth] += i64::from(at <= row.int(due).unwrap());
            let longer = RANGES.iter().filter(|end| at - opened > **end * 1_000_000);
            sums[3 + nth * 8 + longer.count()] += 1;
        }
    }
    tx.rollback().await.unwrap();
    found
}

/// The totals as they are kept.
async fn kept(store: &Store) -> Totals {
    let mut found = Totals::new();
    let mut tx = store.read().await.unwrap();
    for row in TOTALS.query().all(&mut tx).await.unwrap() {
        let sums = COLUMNS.map(|column| row.int(column).unwrap());
        if sums.iter().any(|sum| *sum != 0) {
            let place = (row.int("day").unwrap(), row.text("category").unwrap());
            found.insert(place, sums);
        }
    }
    tx.rollback().await.unwrap();
    found
}

/// One of what can become of a ticket, whether or not it can now.
async fn something(
    house: &House,
    (owner, staff): (&Actor, &Actor),
    (ticket, dice): (&str, [u8; 4]),
) {
    let category = Category::ALL[usize::from(dice[2]) % Category::ALL.len()];
    let then = ["open", "waits_for_customer", "solved"][usize::from(dice[2]) % 3];
    let status = ["open", "waits_for_customer", "solved", "closed"][usize::from(dice[2]) % 4];
    let priority = ["low", "normal", "high", "urgent"][usize::from(dice[2]) % 4];
    let (by, command, input) = match dice[1] % 8 {
        0 => (
            staff,
            "ticket.answer",
            json!({ "id": ticket, "body": "Gern.", "then": then }),
        ),
        1 => (
            staff,
            "ticket.set_category",
            json!({ "id": ticket, "category": category }),
        ),
        2 => (
            staff,
            "ticket.set_priority",
            json!({ "id": ticket, "priority": priority }),
        ),
        3 => (
            staff,
            "ticket.set_status",
            json!({ "id": ticket, "status": status }),
        ),
        4 => (owner, "ticket.solve", json!({ "id": ticket })),
        5 => (owner, "ticket.reopen", json!({ "id": ticket })),
        6 => (
            owner,
            "ticket.reply",
            json!({ "id": ticket, "body": "Und nun?" }),
        ),
        _ => (
            staff,
            "ticket.note",
            json!({ "id": ticket, "body": "Gesehen." }),
        ),
    };
    match house.run_json(by, command, input).await {
        Ok(_) | Err(Refusal::Conflict(_) | Refusal::Invalid(_)) => {}
        Err(other) => panic!("{command}: {other:?}"),
    }
}

/// Some days in which tickets of two customers come and change.
async fn lived(house: &House, seed: u64, steps: usize) {
    let owners = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let staff = house.staff(StaffRole::Support).await;
    let rng = TestRng::seeded(seed);
    let mut tickets: Vec<(usize, String)> = Vec::new();
    for _ in 0..steps {
        let dice = random::<4>(&rng);
        house.clock.advance(u32::from(dice[3]) * 120);
        if tickets.is_empty() || dice[0] < 60 {
            let whose = usize::from(dice[1]) % 2;
            let asked = json!({
                "subject": "Frage", "body": "Bitte", "category": Category::ALL[usize::from(dice[2]) % 8],
            });
            let made = house.run_json(&owners[whose].owner, "ticket.create", asked);
            tickets.push((whose, made.await.unwrap().object));
        } else if dice[0] < 80 {
            lapse_due(&house.gate).await.unwrap();
        } else {
            let (whose, ticket) = &tickets[usize::from(dice[0]) % tickets.len()];
            something(
                house,
                (&owners[*whose].owner, &staff),
                (ticket.as_str(), dice),
            )
            .await;
        }
    }
}

async fn totals_stay_what_a_count_from_scratch_says(house: House) {
    lived(&house, 11, 120).await;
    let totals = kept(&house.db.store).await;
    assert_eq!(totals, counted(&house.db.store).await);
    let all = |column: usize| totals.values().map(|sums| sums[column]).sum::<i64>();
    let answered = (3..11).map(all).sum::<i64>();
    assert!(all(0) > 10 && answered > 0, "{totals:?}");

    // What is given up is not counted either.
    let tenant = house.tenant("Stern").await;
    let asked = json!({ "subject": "Frage", "body": "Bitte" });
    let made = house.run_json(&tenant.owner, "ticket.create", asked).await;
    let id = made.unwrap().object;
    let support = house.staff(StaffRole::Support).await;
    let before = kept(&house.db.store).await;
    let closed = wabe_support::ticket::SetTicketStatus {
        id: id.parse().unwrap(),
        status: wabe_support::ticket::Status::Closed,
    };
    let tried = house.gate.run(&support, closed, Mode::Preview).await;
    tried.unwrap();
    assert_eq!(kept(&house.db.store).await, before);
    assert_eq!(before, counted(&house.db.store).await);
}

async fn totals_of_tickets_in_bulk_are_those_of_the_gate(house: House) {
    lived(&house, 12, 20).await;
    let store = &house.db.store;
    let bulk = Bulk {
        customers: 3,
        mailboxes_each: 1,
    };
    fill(store, house.clock.as_ref(), bulk).await.unwrap();
    let support = house.staff(StaffRole::Support).await.user.unwrap();
    let wanted = Tickets {
        tickets: 200,
        customers: 3,
        open: 20,
        mine_every: 2,
        owner: &support.to_string(),
    };
    fill_tickets(store, house.clock.as_ref(), wanted)
        .await
        .unwrap();
    assert_eq!(kept(store).await, counted(store).await);
}

async fn totals_move_with_the_tickets(house: House) {
    lived(&house, 13, 40).await;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let there = TestStore::on(engine).await;
        house.db.store.copy_into(&there.store).await.unwrap();
        assert_eq!(kept(&there.store).await, counted(&house.db.store).await);
        assert_eq!(kept(&there.store).await, counted(&there.store).await);
    }
}

/// What the totals are counted from is written by the two statements that count it, and by no other.
#[test]
fn nothing_else_writes_what_is_counted() {
    let counted = [
        "category =",
        "opened_at =",
        "first_answer_at =",
        "first_answer_due =",
        "solved_at =",
        "solution_due =",
    ];
    for statement in wabe_panel::commands::statements() {
        let sql = statement.sql;
        let taken = sql.contains("DELETE FROM ticket WHERE") || sql.ends_with("DELETE FROM ticket");
        let made = sql.contains("INTO ticket (") && statement.name != "support.ticket.insert";
        let set = sql.split("UPDATE ticket SET ").nth(1).unwrap_or_default();
        let set = set.split(" WHERE ").next().unwrap_or_default();
        let set = counted.iter().any(|column| set.contains(column));
        let changed = set && statement.name != "support.ticket.update";
        assert!(!taken && !made && !changed, "{}", statement.name);
    }
}

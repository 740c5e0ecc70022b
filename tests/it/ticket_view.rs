//! Ways through the queue that an employee keeps: each has their own, under names of their own.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal, Scope, StaffRole};
use wabe_kernel::Clock as _;
use wabe_kernel::id::{TicketViewId, UserId};
use wabe_support::ticket::{Lane, Priority};
use wabe_support::view::{self, Due, TicketView};
use wabe_testkit::{House, PASSWORD};

on_both_engines!(
    a_view_is_kept_as_it_was_asked_for,
    nobody_sees_or_forgets_anothers_views,
    a_name_stands_for_one_view_of_a_person,
    only_who_reads_the_queue_keeps_views,
);

/// Somebody of support.
async fn hired(house: &House, name: &str) -> Actor {
    let input = json!({
        "name": name, "email": format!("{}@hoster.test", name.to_lowercase()),
        "roles": ["support"], "password": PASSWORD, "setup_by_mail": false,
    });
    let system = Actor::system(HOUSE);
    let made = house.run_json(&system, "staff.create", input).await;
    let user: UserId = made.unwrap().output["user"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    Actor::staff(user, house.clock.now())
}

async fn save(house: &House, by: &Actor, view: Value) -> Result<TicketViewId, Refusal> {
    let made = house.run_json(by, "ticket_view.save", view).await?;
    Ok(made.output["view"].as_str().unwrap().parse().unwrap())
}

async fn delete(house: &House, by: &Actor, id: TicketViewId) -> Result<(), Refusal> {
    let input = json!({ "id": id });
    let done = house.run_json(by, "ticket_view.delete", input).await;
    done.map(|_done| ())
}

async fn kept(house: &House, by: &Actor) -> Vec<TicketView> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, by).await.unwrap();
    let found = view::list(&mut tx, &scope, by.user.unwrap()).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

fn names(views: &[TicketView]) -> Vec<&str> {
    views.iter().map(|view| view.name.as_str()).collect()
}

fn problem(refused: &Result<TicketViewId, Refusal>) -> &str {
    match refused {
        Err(Refusal::Invalid(errors)) => errors.0["name"].code,
        other => panic!("{other:?}"),
    }
}

async fn a_view_is_kept_as_it_was_asked_for(house: House) {
    let (mira, ole) = (hired(&house, "Mira").await, hired(&house, "Ole").await);
    let asked = json!({ "name": "Zuerst", "mine": true, "priority": "urgent", "due": "overdue" });
    save(&house, &mira, asked).await.unwrap();
    let asked = json!({
        "name": "Oles Fragen", "lane": "waiting", "mine": false, "owner": ole.user, "category": "email",
    });
    save(&house, &mira, asked).await.unwrap();
    let found = kept(&house, &mira).await;
    assert_eq!(names(&found), ["Oles Fragen", "Zuerst"]);
    let (oles, first) = (&found[0], &found[1]);
    assert_eq!((oles.lane, oles.owner), (Lane::Waiting, ole.user));
    assert!(!oles.mine && oles.category.is_some() && oles.priority.is_none());
    assert_eq!((first.lane, first.owner), (Lane::Working, None));
    assert_eq!(
        (first.mine, first.priority, first.due),
        (true, Some(Priority::Urgent), Some(Due::Overdue))
    );
}

async fn nobody_sees_or_forgets_anothers_views(house: House) {
    let (mira, ole) = (hired(&house, "Mira").await, hired(&house, "Ole").await);
    let own = json!({ "name": "Meine", "mine": true });
    let view = save(&house, &mira, own.clone()).await.unwrap();
    // The same name is free for everybody else.
    let oles = save(&house, &ole, own).await.unwrap();
    assert_eq!(kept(&house, &ole).await.len(), 1);
    // Another's view is as if it did not exist.
    let missing = TicketViewId::new(house.clock.now(), house.rng.as_ref());
    for id in [view, missing] {
        let refused = delete(&house, &ole, id).await;
        assert!(matches!(refused, Err(Refusal::NotFound)), "{refused:?}");
    }
    assert_eq!(names(&kept(&house, &mira).await), ["Meine"]);
    delete(&house, &mira, view).await.unwrap();
    assert!(kept(&house, &mira).await.is_empty());
    let again = delete(&house, &mira, view).await;
    assert!(matches!(again, Err(Refusal::NotFound)), "{again:?}");
    assert_eq!(kept(&house, &ole).await[0].id, oles);
}

async fn a_name_stands_for_one_view_of_a_person(house: House) {
    let mira = hired(&house, "Mira").await;
    let named = |name: &str| json!({ "name": name, "mine": true });
    let first = save(&house, &mira, named("Meine")).await.unwrap();
    let twice = save(&house, &mira, named("Meine")).await;
    assert_eq!(problem(&twice), "name-taken");
    let blank = save(&house, &mira, named(" ")).await;
    assert_eq!(problem(&blank), "required");
    for number in 2..=12 {
        let name = format!("Meine {number}");
        save(&house, &mira, named(&name)).await.unwrap();
    }
    let more = save(&house, &mira, named("Noch eine")).await;
    assert_eq!(problem(&more), "too-many");
    delete(&house, &mira, first).await.unwrap();
    save(&house, &mira, named("Meine")).await.unwrap();
    assert_eq!(kept(&house, &mira).await.len(), 12);
}

async fn only_who_reads_the_queue_keeps_views(house: House) {
    let tenant = house.tenant("Sonne").await;
    let auditor = house.staff(StaffRole::Auditor).await;
    for by in [&auditor, &tenant.owner] {
        let view = json!({ "name": "Meine", "mine": true });
        let refused = save(&house, by, view).await;
        assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
        let mut tx = house.db.store.read().await.unwrap();
        let scope = Scope::of(&mut tx, by).await.unwrap();
        let refused = view::list(&mut tx, &scope, by.user.unwrap()).await;
        tx.rollback().await.unwrap();
        assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    }
}

//! One cause of many tickets: one answer to all, each in its customer's record, each once.

use crate::browser::Browser;
use crate::on_both_engines;
use crate::process::Panel;
use serde_json::{Value, json};
use wabe_access::{Actor, Refusal, Scope, StaffRole};
use wabe_kernel::Clock as _;
use wabe_kernel::id::{KnownProblemId, TicketId};
use wabe_store::Statement;
use wabe_support::problem::{self, KnownProblem};
use wabe_support::ticket::{self, Message, Status, Ticket};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    one_answer_reaches_every_ticket_once,
    what_is_solved_or_closed_is_left_alone,
    whoever_is_about_to_ask_reads_the_notice,
    an_answer_of_who_left_holds_nobody_up_and_is_given_anew,
);

fn acts(house: &House, staff: &Actor) -> Actor {
    let user = staff.user.unwrap();
    Actor::staff(user, house.clock.now()).for_purpose("Störung".parse().unwrap())
}

async fn run(house: &House, by: &Actor, command: &str, input: Value) -> Result<String, Refusal> {
    let done = house.run_json(&acts(house, by), command, input).await?;
    Ok(done.object)
}

async fn opened(house: &House, tenant: &Tenant) -> TicketId {
    let asked = json!({ "subject": "Keine Mails", "body": "Seit heute." });
    let done = house.run_json(&tenant.owner, "ticket.create", asked).await;
    done.unwrap().object.parse().unwrap()
}

async fn known(house: &House, support: &Actor, notice: Option<&str>) -> KnownProblemId {
    let input = json!({ "title": "Mail verzögert", "notice": notice });
    let made = run(house, support, "known_problem.create", input).await;
    made.unwrap().parse().unwrap()
}

async fn read(house: &House, support: &Actor, id: KnownProblemId) -> KnownProblem {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, support).await.unwrap();
    let found = problem::load(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

async fn seen(house: &House, tenant: &Tenant, id: TicketId) -> (Ticket, Vec<Message>) {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let ticket = ticket::load(&mut tx, &scope, id).await.unwrap();
    let all = ticket::messages(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    (ticket, all)
}

async fn spread(house: &House) -> usize {
    problem::spread(&house.gate).await.unwrap()
}

async fn one_answer_reaches_every_ticket_once(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let support = house.staff(StaffRole::Support).await;
    let id = known(&house, &support, None).await;
    let (first, second) = (opened(&house, &sonne).await, opened(&house, &mond).await);
    let other = opened(&house, &mond).await;
    for ticket in [first, second] {
        let link = json!({ "id": ticket, "problem": id });
        run(&house, &support, "ticket.set_problem", link)
            .await
            .unwrap();
    }
    assert_eq!(spread(&house).await, 0, "nothing was said yet");
    house.clock.advance(60);
    let answer = json!({ "id": id, "body": "Wir arbeiten daran.", "solved": false });
    run(&house, &support, "known_problem.answer", answer.clone())
        .await
        .unwrap();
    let found = read(&house, &support, id).await;
    assert_eq!((found.tickets, found.waiting), (2, 2));
    let again = run(&house, &support, "known_problem.answer", answer).await;
    assert!(
        matches!(again, Err(Refusal::Conflict("problem-answering"))),
        "{again:?}"
    );
    assert_eq!((spread(&house).await, spread(&house).await), (2, 0));
    for (tenant, ticket) in [(&sonne, first), (&mond, second)] {
        let (ticket, all) = seen(&house, tenant, ticket).await;
        let bodies: Vec<&str> = all.iter().map(|one| one.body.as_str()).collect();
        assert_eq!(bodies, ["Seit heute.", "Wir arbeiten daran."]);
        assert_eq!((ticket.status, ticket.owner), (Status::Open, support.user));
        assert!(!all[1].by_mail);
    }
    let (ticket, all) = seen(&house, &mond, other).await;
    assert_eq!((ticket.status, all.len()), (Status::New, 1));
    house.clock.advance(60);
    let solved = json!({ "id": id, "body": "Es geht wieder.", "solved": true });
    run(&house, &support, "known_problem.answer", solved.clone())
        .await
        .unwrap();
    assert_eq!(spread(&house).await, 2);
    let (ticket, all) = seen(&house, &sonne, first).await;
    assert_eq!((ticket.status, all.len()), (Status::Solved, 3));
    let late = run(&house, &support, "known_problem.answer", solved).await;
    assert!(
        matches!(late, Err(Refusal::Conflict("problem-solved"))),
        "{late:?}"
    );
}

async fn what_is_solved_or_closed_is_left_alone(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let colleague = house.staff(StaffRole::Support).await;
    let id = known(&house, &support, None).await;
    let ticket = opened(&house, &tenant).await;
    let link = json!({ "id": ticket, "problem": id });
    run(&house, &support, "ticket.set_problem", link.clone())
        .await
        .unwrap();
    let closed = json!({ "id": ticket, "status": "closed" });
    run(&house, &support, "ticket.set_status", closed)
        .await
        .unwrap();
    let answer = json!({ "id": id, "body": "Es geht wieder.", "solved": true });
    run(&house, &support, "known_problem.answer", answer)
        .await
        .unwrap();
    assert_eq!(spread(&house).await, 0);
    assert_eq!(seen(&house, &tenant, ticket).await.1.len(), 1);
    // Nobody else writes it, and nothing more becomes part of it.
    let forced = run(
        &house,
        &colleague,
        "ticket.answer_by_problem",
        json!({ "id": ticket }),
    )
    .await;
    assert!(matches!(forced, Err(Refusal::Forbidden)), "{forced:?}");
    let late = run(&house, &support, "ticket.set_problem", link).await;
    assert!(matches!(late, Err(Refusal::Invalid(_))), "{late:?}");
    let none = json!({ "id": ticket });
    run(&house, &support, "ticket.set_problem", none)
        .await
        .unwrap();
    assert_eq!(read(&house, &support, id).await.tickets, 0);
}

const LEAVE: Statement = Statement {
    name: "test.leave",
    sql: "DELETE FROM staff WHERE user_id = $1",
};

async fn an_answer_of_who_left_holds_nobody_up_and_is_given_anew(house: House) {
    let tenant = house.tenant("Sonne").await;
    let gone = house.staff(StaffRole::Support).await;
    let support = house.staff(StaffRole::Support).await;
    let mut problems = Vec::new();
    for by in [&gone, &support] {
        let id = known(&house, by, None).await;
        let ticket = opened(&house, &tenant).await;
        let link = json!({ "id": ticket, "problem": id });
        run(&house, by, "ticket.set_problem", link).await.unwrap();
        house.clock.advance(60);
        let answer = json!({ "id": id, "body": "Es geht wieder.", "solved": true });
        run(&house, by, "known_problem.answer", answer)
            .await
            .unwrap();
        problems.push((id, ticket));
    }
    let [(held, waits), (_, other)] = problems[..] else {
        panic!("{problems:?}");
    };
    let mut tx = house.write().await;
    LEAVE.bind(gone.user).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((spread(&house).await, spread(&house).await), (1, 0));
    assert_eq!(seen(&house, &tenant, other).await.1.len(), 2);
    assert_eq!(seen(&house, &tenant, waits).await.1.len(), 1);
    let found = read(&house, &support, held).await;
    assert!(found.is_held() && found.solved_at.is_some());
    // Somebody else gives it, within the hour, and only who lacks it gets it.
    let second = opened(&house, &tenant).await;
    let late = json!({ "id": second, "problem": held });
    let late = run(&house, &support, "ticket.set_problem", late).await;
    assert!(matches!(late, Err(Refusal::Invalid(_))), "{late:?}");
    let answer = json!({ "id": held, "body": "Alles läuft wieder.", "solved": false });
    run(&house, &support, "known_problem.answer", answer)
        .await
        .unwrap();
    assert_eq!((spread(&house).await, spread(&house).await), (1, 0));
    let (ticket, all) = seen(&house, &tenant, waits).await;
    assert_eq!(
        (ticket.status, ticket.owner),
        (Status::Solved, support.user)
    );
    assert_eq!(all[1].body, "Alles läuft wieder.");
    let found = read(&house, &support, held).await;
    assert!(!found.is_held() && found.solved_at.is_some() && found.waiting == 0);
}

async fn whoever_is_about_to_ask_reads_the_notice(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let id = known(&house, &support, Some("Mails kommen später an.")).await;
    known(&house, &support, None).await;
    let read = async || {
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let found = problem::notices(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
        found
    };
    let notice = (
        "Mail verzögert".to_owned(),
        "Mails kommen später an.".to_owned(),
    );
    assert_eq!(read().await, [notice]);
    let set = json!({ "id": id, "title": "Mail verzögert" });
    run(&house, &support, "known_problem.set", set)
        .await
        .unwrap();
    assert!(read().await.is_empty());
    let member = house
        .run_json(
            &tenant.owner,
            "known_problem.create",
            json!({ "title": "x" }),
        )
        .await;
    assert!(matches!(member, Err(Refusal::Forbidden)), "{member:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_in_the_form_is_said_once() {
    let panel = Panel::demo();
    let (email, password) = panel.account("support");
    let support = Browser::logged_in(&panel, (&email, &password)).await;
    let csrf = support.token("/staff/problems/new").await;
    let notice = "Mails kommen später an.";
    let fields = [("csrf", csrf.as_str()), ("title", " "), ("notice", notice)];
    let answer = support.post("/staff/problems", &fields).await;
    let page = answer.text();
    assert_eq!(answer.status, 422, "{page}");
    assert!(page.contains("<a href=\"#title\">"), "{page}");
    assert!(!page.contains("#purpose"), "the form has no such field");
    assert!(page.contains(notice), "what was typed is lost");
    let fields = [("csrf", csrf.as_str()), ("title", "Mail"), ("notice", "")];
    let made = support.post("/staff/problems", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let page = made.header("location").to_owned();
    assert!(page.starts_with("/staff/problems/kpr_"), "{page}");
}

/// Every command about known problems, carried out once.
pub(crate) async fn all_of_it(house: &House) -> Vec<&'static str> {
    let tenant = house.tenant("Komet").await;
    let support = house.staff(StaffRole::Support).await;
    let id = known(house, &support, None).await;
    let ticket = opened(house, &tenant).await;
    let set = json!({ "id": id, "title": "Mail langsam" });
    run(house, &support, "known_problem.set", set)
        .await
        .unwrap();
    let link = json!({ "id": ticket, "problem": id });
    run(house, &support, "ticket.set_problem", link)
        .await
        .unwrap();
    let answer = json!({ "id": id, "body": "Es geht wieder.", "solved": true });
    run(house, &support, "known_problem.answer", answer)
        .await
        .unwrap();
    assert_eq!(spread(house).await, 1);
    vec![
        "known_problem.create",
        "known_problem.set",
        "known_problem.answer",
        "ticket.set_problem",
        "ticket.answer_by_problem",
    ]
}

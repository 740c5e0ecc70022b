//! Tickets: who sees which, what nobody outside ever reads, and what time does to them.

use crate::on_both_engines;
use crate::staff_role::hired;
use serde_json::{Value, json};
use wabe_access::member::{self, Member};
use wabe_access::{Actor, ActorKind, Mode, Refusal, Role, Scope, StaffRole};
use wabe_kernel::id::{MemberId, TicketId, UserId};
use wabe_kernel::{Clock as _, PageRequest};
use wabe_store::Statement;
use wabe_support::ticket::queue::{self, QueueFilter};
use wabe_support::ticket::{self, Status, Ticket, lapse_due};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    internal_notes_are_out_of_every_customers_reach,
    members_see_their_own_and_what_their_role_sees,
    a_ticket_waits_and_closes_by_itself,
    whoever_works_on_a_ticket_owns_it,
    only_staff_work_on_tickets_and_need_no_purpose,
    a_switched_off_customer_can_still_ask,
    the_queue_is_sorted_by_what_is_due,
    a_sealed_secret_is_read_once_and_gone_when_solved,
    a_plan_says_by_when_its_customers_are_helped,
);

async fn opened(house: &House, actor: &Actor, input: Value) -> TicketId {
    let done = house.run_json(actor, "ticket.create", input).await;
    done.unwrap().output["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

fn asked() -> Value {
    json!({ "subject": "Postfach voll", "body": "Bitte helfen Sie." })
}

async fn run(house: &House, actor: &Actor, name: &str, input: Value) -> Result<(), Refusal> {
    house.run_json(actor, name, input).await.map(|_done| ())
}

/// A member of this tenant with this role.
async fn colleague(house: &House, tenant: &Tenant, role: Role) -> Actor {
    let now = house.clock.now();
    let user = UserId::new(now, house.rng.as_ref());
    let member = Member {
        id: MemberId::new(now, house.rng.as_ref()),
        user,
        role,
        created_at: now,
    };
    let mut tx = house.db.store.write().await.unwrap();
    assert!(member::insert(&mut tx, tenant.id, &member).await.unwrap());
    tx.commit().await.unwrap();
    Actor::member(user, tenant.id, now)
}

async fn seen(house: &House, actor: &Actor) -> Vec<Ticket> {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let scope = Scope::of(&mut tx, actor).await.unwrap();
    let page = PageRequest::first(50);
    let found = ticket::list(&mut tx, &scope, &page).await.unwrap();
    for one in &found.items {
        ticket::load(&mut tx, &scope, one.id).await.unwrap();
    }
    tx.rollback().await.unwrap();
    found.items
}

async fn state(house: &House, actor: &Actor, id: TicketId) -> Ticket {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let scope = Scope::of(&mut tx, actor).await.unwrap();
    let found = ticket::load(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

const RAW: Statement = Statement {
    name: "test.notes",
    sql: "SELECT body FROM ticket_message WHERE visibility <> 'nowhere' ORDER BY id",
};
const PLANT: Statement = Statement {
    name: "test.plant",
    sql: "UPDATE ticket_message SET visibility = 'internal' WHERE body <> ''",
};

async fn internal_notes_are_out_of_every_customers_reach(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner, asked()).await;
    let support = house.staff(StaffRole::Support).await;
    let note = json!({ "id": id, "body": "only among us" });
    run(&house, &support, "ticket.note", note).await.unwrap();
    let answer = json!({ "id": id, "body": "Guten Tag" });
    run(&house, &support, "ticket.answer", answer)
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let found = ticket::messages(&mut tx, &scope, id).await.unwrap();
    let bodies: Vec<&str> = found.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(bodies, ["Bitte helfen Sie.", "Guten Tag"]);
    if tx.dialect() == wabe_store::Dialect::Postgres {
        // Whatever a statement says, the wall is behind it.
        let rows = RAW.query().all(&mut tx).await.unwrap();
        assert_eq!(rows.len(), 2);
    }
    let page = PageRequest::first(50);
    let changes = house
        .recorder
        .list(
            &mut tx,
            tenant.id,
            &wabe_audit::ChangeFilter::default(),
            &page,
        )
        .await
        .unwrap();
    let said = format!("{:?}", changes.items);
    assert!(said.contains("ticket.note") && !said.contains("only among us"));
    assert!(
        !said.contains("Guten Tag"),
        "the record holds what was written"
    );
    let on_postgres = tx.dialect() == wabe_store::Dialect::Postgres;
    tx.rollback().await.unwrap();
    if on_postgres {
        let mut tx = house.db.store.write_for(tenant.id).await.unwrap();
        assert!(PLANT.query().execute(&mut tx).await.is_err());
    }
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let all = queue::messages(&mut tx, &scope, id).await.unwrap();
    assert_eq!(all.len(), 3);
    tx.rollback().await.unwrap();
}

async fn members_see_their_own_and_what_their_role_sees(house: House) {
    let tenant = house.tenant("Sonne").await;
    let shop = house
        .run_json(&tenant.owner, "webspace.create", json!({ "name": "shop" }))
        .await
        .unwrap();
    let mut about = asked();
    about["object"] = shop.object.clone().into();
    let about_shop = opened(&house, &tenant.owner, about.clone()).await;
    let plain = opened(&house, &tenant.owner, asked()).await;
    let webmaster = colleague(&house, &tenant, Role::Webmaster).await;
    let mailer = colleague(&house, &tenant, Role::MailManager).await;
    let own = opened(&house, &mailer, asked()).await;
    let ids = |all: Vec<Ticket>| all.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(seen(&house, &webmaster).await), [about_shop]);
    assert_eq!(ids(seen(&house, &mailer).await), [own]);
    assert_eq!(seen(&house, &tenant.owner).await.len(), 3);
    // What is not seen is as if it were not there.
    for id in [plain, about_shop] {
        let reply = json!({ "id": id, "body": "me too" });
        let refused = run(&house, &mailer, "ticket.reply", reply).await;
        assert!(matches!(refused, Err(Refusal::NotFound)));
    }
    let refused = run(&house, &mailer, "ticket.create", about.clone()).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    let other = house.tenant("Mond").await;
    let refused = run(&house, &other.owner, "ticket.create", about).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    assert!(seen(&house, &other.owner).await.is_empty());
}

async fn a_ticket_waits_and_closes_by_itself(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner, asked()).await;
    let support = house.staff(StaffRole::Support).await;
    let answer = json!({ "id": id, "body": "Guten Tag" });
    run(&house, &support, "ticket.answer", answer.clone())
        .await
        .unwrap();
    let waiting = state(&house, &tenant.owner, id).await;
    assert_eq!(waiting.status, Status::WaitsForCustomer);
    house.clock.advance(5 * 86_400);
    assert_eq!(lapse_due(&house.gate).await.unwrap(), 0);
    let reply = json!({ "id": id, "body": "Danke, und noch etwas" });
    run(&house, &tenant.owner, "ticket.reply", reply.clone())
        .await
        .unwrap();
    let open = state(&house, &tenant.owner, id).await;
    assert_eq!((open.status, open.closes_at), (Status::Open, None));
    let waited = open.solution_due.seconds_since(waiting.solution_due);
    assert!(waited >= 5 * 86_400, "waiting for the customer counted");
    run(&house, &support, "ticket.answer", answer)
        .await
        .unwrap();
    house.clock.advance(11 * 86_400);
    assert_eq!(lapse_due(&house.gate).await.unwrap(), 1);
    assert_eq!(lapse_due(&house.gate).await.unwrap(), 0);
    assert_eq!(
        state(&house, &tenant.owner, id).await.status,
        Status::Closed
    );
    let refused = run(&house, &tenant.owner, "ticket.reply", reply).await;
    assert!(matches!(refused, Err(Refusal::Conflict("ticket-closed"))));
}

const SHUT: Statement = Statement {
    name: "test.ticket.shut",
    sql: "UPDATE wabe_user SET disabled_at = 1 WHERE email = 'mira@hoster.test'",
};

async fn whoever_works_on_a_ticket_owns_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner, asked()).await;
    let support = house.staff(StaffRole::Support).await;
    let manager = house.staff(StaffRole::Management).await;
    let input = json!({ "id": id, "owner": manager.user });
    let refused = run(&house, &support, "ticket.assign", input).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    // Whose login is shut works on nothing.
    let away = hired(&house, "Mira", &["support"]).await;
    let mut tx = house.write().await;
    SHUT.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let input = json!({ "id": id, "owner": away });
    let refused = run(&house, &support, "ticket.assign", input).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    // Nobody is there who could own it.
    let system = Actor::system(tenant.id);
    let input = json!({ "id": id, "status": "open" });
    let refused = run(&house, &system, "ticket.set_status", input.clone()).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("ticket-without-owner"))
    ));
    run(&house, &support, "ticket.set_status", input)
        .await
        .unwrap();
    let found = state(&house, &tenant.owner, id).await;
    assert_eq!((found.owner, found.status), (support.user, Status::Open));
}

async fn only_staff_work_on_tickets_and_need_no_purpose(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner, asked()).await;
    let note = json!({ "id": id, "body": "x" });
    let missing =
        json!({ "id": TicketId::new(house.clock.now(), house.rng.as_ref()), "body": "x" });
    for (who, kind) in [
        (tenant.owner.clone(), ActorKind::Member),
        (house.staff(StaffRole::Auditor).await, ActorKind::Staff),
        (
            house.staff(StaffRole::PrivacyOfficer).await,
            ActorKind::Staff,
        ),
    ] {
        assert_eq!(who.kind, kind);
        for input in [&note, &missing] {
            let refused = run(&house, &who, "ticket.note", input.clone()).await;
            assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
        }
    }
    let support = house.staff(StaffRole::Support).await;
    assert!(support.purpose.is_none());
    run(&house, &support, "ticket.note", note).await.unwrap();
    let refused = run(&house, &support, "ticket.note", missing).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let lapse = run(&house, &support, "ticket.lapse", json!({ "id": id })).await;
    assert!(matches!(lapse, Err(Refusal::Forbidden)));
}

async fn a_switched_off_customer_can_still_ask(house: House) {
    let tenant = house.tenant("Sonne").await;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("unpaid".parse().unwrap());
    let off = json!({ "customer": tenant.id, "reason": "unpaid" });
    run(&house, &operator, "customer.suspend", off)
        .await
        .unwrap();
    let refused = run(
        &house,
        &tenant.owner,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    assert!(matches!(refused, Err(Refusal::CustomerSuspended)));
    let id = opened(&house, &tenant.owner, asked()).await;
    let reply = json!({ "id": id, "body": "Wir haben bezahlt." });
    run(&house, &tenant.owner, "ticket.reply", reply)
        .await
        .unwrap();
}

async fn the_queue_is_sorted_by_what_is_due(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(opened(&house, &tenant.owner, asked()).await);
        house.clock.advance(60);
    }
    let urgent = json!({ "id": ids[3], "priority": "urgent" });
    run(&house, &support, "ticket.set_priority", urgent)
        .await
        .unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let (mut found, mut page) = (Vec::new(), PageRequest::first(2));
    loop {
        let part = queue::list(&mut tx, &scope, &QueueFilter::default(), &page)
            .await
            .unwrap();
        found.extend(part.items.iter().map(|one| one.ticket.id));
        let Some(next) = part.next else { break };
        page.after = wabe_kernel::Cursor::parse(&next);
    }
    assert_eq!(found, [ids[3], ids[0], ids[1], ids[2], ids[4]]);
    for (text, many) in [
        ("T10001", 1),
        ("voll", 5),
        ("sonne postfach", 5),
        ("nichts", 0),
        (tenant.number.as_str(), 5),
    ] {
        let mut page = PageRequest::first(50);
        page.search = text.to_owned();
        let part = queue::search(&mut tx, &scope, &page).await.unwrap();
        assert_eq!(part.items.len(), many, "{text}");
    }
    let none = QueueFilter {
        owner: support.user,
        ..QueueFilter::default()
    };
    let page = PageRequest::first(2);
    assert!(
        queue::list(&mut tx, &scope, &none, &page)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    tx.rollback().await.unwrap();
}

async fn kept(house: &House, tenant: &Tenant, id: TicketId) -> Vec<wabe_support::secret::Kept> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = wabe_support::secret::list(&mut tx, tenant.id, id).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

async fn a_sealed_secret_is_read_once_and_gone_when_solved(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner, asked()).await;
    let word = "geheim wie nie";
    let put = json!({ "id": id, "name": "login", "value": word });
    run(&house, &tenant.owner, "ticket.put_secret", put)
        .await
        .unwrap();
    // What it is called hides nothing.
    let named = json!({ "id": id, "name": "Passwort: hunter2", "value": word });
    run(&house, &tenant.owner, "ticket.put_secret", named)
        .await
        .unwrap();
    let found = kept(&house, &tenant, id).await;
    assert_eq!(found.len(), 2);
    let plain = found.iter().filter(|one| one.name.contains("hunter2"));
    assert_eq!(plain.count(), 0);
    let support = house.staff(StaffRole::Support).await;
    let reveal = json!({ "id": id, "secret": found[0].id });
    // A preview would be the deed without its trace.
    let spec = house.gate.command("ticket.reveal_secret").unwrap();
    let input = reveal.as_object().cloned().unwrap();
    let peek = (spec.run)(&house.gate, &support, input, Mode::Preview, None).await;
    assert!(matches!(peek, Err(Refusal::Forbidden)));
    let done = house
        .run_json(&support, "ticket.reveal_secret", reveal.clone())
        .await;
    assert_eq!(done.unwrap().output["value"], word);
    let again = run(&house, &support, "ticket.reveal_secret", reveal).await;
    assert!(matches!(again, Err(Refusal::Conflict("secret-revealed"))));
    // Another ticket is no way to it, and neither is another customer.
    let other = house.tenant("Mond").await;
    let theirs = opened(&house, &other.owner, asked()).await;
    let across = json!({ "id": theirs, "secret": found[1].id });
    let refused = run(&house, &support, "ticket.reveal_secret", across).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert!(kept(&house, &tenant, id).await[0].revealed_at.is_some());
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let filter = wabe_audit::ChangeFilter::default();
    let page = PageRequest::first(50);
    let changes = house
        .recorder
        .list(&mut tx, tenant.id, &filter, &page)
        .await;
    let said = format!("{:?}", changes.unwrap().items);
    assert!(said.contains("ticket.reveal_secret") && !said.contains(word));
    tx.rollback().await.unwrap();
    run(&house, &tenant.owner, "ticket.solve", json!({ "id": id }))
        .await
        .unwrap();
    assert!(kept(&house, &tenant, id).await.is_empty());
}

async fn a_plan_says_by_when_its_customers_are_helped(house: House) {
    let tenant = house.tenant("Sonne").await;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("contract".parse().unwrap());
    let wrong = json!({ "plan": "Plenty", "answer_hours": 5, "solution_hours": 4 });
    let refused = run(&house, &operator, "plan.set_targets", wrong).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    let targets = json!({ "plan": "Plenty", "answer_hours": 2, "solution_hours": 20 });
    run(&house, &operator, "plan.set_targets", targets)
        .await
        .unwrap();
    let id = opened(&house, &tenant.owner, asked()).await;
    let found = state(&house, &tenant.owner, id).await;
    let promised = |at: wabe_kernel::Timestamp| at.seconds_since(found.opened_at);
    assert_eq!(promised(found.first_answer_due), 2 * 3_600);
    assert_eq!(promised(found.solution_due), 20 * 3_600);
}

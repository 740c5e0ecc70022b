//! What staff may do for a customer: what somebody asked for, on exactly that thing, in that ticket, and
//! nothing without one. Source: controls GON-3.2-02, MWK-4-03, MWK-4-04, bar 3.8.

use crate::on_both_engines;
use serde_json::{Map, Value, json};
use wabe_access::{
    Actor, ActorKind, Mode, Permission, Refusal, Role, Scope, StaffRole, instruction, member,
};
use wabe_audit::ChangeFilter;
use wabe_kernel::id::{TicketId, TokenId};
use wabe_kernel::{Clock as _, PageRequest};
use wabe_store::Statement;
use wabe_support::action::{act, offered};
use wabe_support::ticket;
use wabe_support::ticket::message::TicketEvent;
use wabe_testkit::{House, Tenant, commands};

on_both_engines!(
    an_instruction_opens_ticket_actions_on_its_thing_alone,
    what_staff_change_stands_in_record_and_conversation,
    nothing_is_changed_without_an_instruction_in_force,
    an_instruction_reaches_no_further_than_who_gave_it,
    only_who_works_on_tickets_acts_in_them,
    whoever_asked_as_a_member_does_not_act_as_staff,
    the_customer_sees_what_programs_of_the_hoster_did,
    a_preview_of_an_action_changes_nothing,
    what_lies_in_the_trash_is_offered_to_be_restored,
    the_database_refuses_what_staff_do_without_a_ticket,
);

const BIGGER: i64 = 5_000_000_000;

/// A customer with two mailboxes.
struct Asked {
    tenant: Tenant,
    boxes: [String; 2],
    support: Actor,
}

async fn made(house: &House, actor: &Actor, name: &str, input: Value) -> String {
    let done = house.run_json(actor, name, input).await.unwrap();
    done.output["id"].as_str().unwrap().to_owned()
}

async fn asked(house: &House, name: &str) -> Asked {
    let tenant = house.tenant(name).await;
    let domain = format!("{}.test", name.to_lowercase());
    made(
        house,
        &tenant.owner,
        "domain.create",
        json!({ "name": domain }),
    )
    .await;
    let mut boxes = Vec::new();
    for local in ["info", "shop"] {
        let input = json!({
            "address": format!("{local}@{domain}"), "password": "Vier-Loewen-77-unter-Baeumen",
        });
        boxes.push(made(house, &tenant.owner, "mailbox.create", input).await);
    }
    let support = house.staff(StaffRole::Support).await;
    let boxes = boxes.try_into().unwrap();
    Asked {
        tenant,
        boxes,
        support,
    }
}

async fn open(house: &House, actor: &Actor, object: Option<&str>) -> TicketId {
    let input = json!({
        "subject": "Postfach voll", "body": "Bitte mehr Platz geben.", "object": object,
    });
    made(house, actor, "ticket.create", input)
        .await
        .parse()
        .unwrap()
}

fn bigger(object: &str) -> Map<String, Value> {
    let input = json!({ "id": object, "quota_bytes": BIGGER });
    input.as_object().cloned().unwrap()
}

async fn enlarge(
    house: &House,
    actor: &Actor,
    ticket: TicketId,
    object: &str,
) -> Result<(), Refusal> {
    let place = (ticket, "mailbox.set_quota");
    let made = act(&house.gate, actor, place, &bigger(object), Mode::Commit).await;
    made.map(drop)
}

async fn quota(house: &House, tenant: &Tenant, object: &str) -> i64 {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let id = object.parse().unwrap();
    let found = wabe_hosting::mailbox::load(&mut tx, &scope, id)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    found.quota_bytes
}

async fn an_instruction_opens_ticket_actions_on_its_thing_alone(house: House) {
    let asked = asked(&house, "Sonne").await;
    let id = open(&house, &asked.tenant.owner, Some(&asked.boxes[0])).await;
    let other = enlarge(&house, &asked.support, id, &asked.boxes[1]).await;
    assert!(
        matches!(other, Err(Refusal::Conflict("not-instructed"))),
        "{other:?}"
    );
    assert_ne!(quota(&house, &asked.tenant, &asked.boxes[1]).await, BIGGER);
    enlarge(&house, &asked.support, id, &asked.boxes[0])
        .await
        .unwrap();
    assert_eq!(quota(&house, &asked.tenant, &asked.boxes[0]).await, BIGGER);
    // What is no ticket action is none with an instruction either.
    let input = json!({ "id": asked.boxes[0] })
        .as_object()
        .cloned()
        .unwrap();
    for command in [
        "mailbox.delete",
        "mailbox.set_password",
        "customer.suspend",
        "no.such",
    ] {
        let done = act(
            &house.gate,
            &asked.support,
            (id, command),
            &input,
            Mode::Commit,
        )
        .await;
        assert!(
            matches!(done, Err(Refusal::NotFound)),
            "{command}: {done:?}"
        );
    }
}

async fn what_staff_change_stands_in_record_and_conversation(house: House) {
    let asked = asked(&house, "Sonne").await;
    let owner = &asked.tenant.owner;
    let id = open(&house, owner, Some(&asked.boxes[0])).await;
    enlarge(&house, &asked.support, id, &asked.boxes[0])
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(asked.tenant.id).await.unwrap();
    let page = PageRequest::first(50);
    let filter = ChangeFilter::default();
    let changes = house
        .recorder
        .list(&mut tx, asked.tenant.id, &filter, &page)
        .await
        .unwrap();
    let found = changes
        .items
        .iter()
        .find(|change| change.command == "mailbox.set_quota");
    let change = found.unwrap();
    assert_eq!(
        (change.actor_kind.as_str(), change.actor_user),
        ("staff", asked.support.user)
    );
    let given = instruction::of_ticket(&mut tx, asked.tenant.id, id)
        .await
        .unwrap();
    assert_eq!(
        (change.ticket, change.instruction),
        (Some(id), Some(given[0].id))
    );
    assert_eq!(given[0].quote, "Bitte mehr Platz geben.");
    let scope = Scope::of(&mut tx, owner).await.unwrap();
    let messages = ticket::messages(&mut tx, &scope, id).await.unwrap();
    let card = messages
        .iter()
        .find(|one| one.event == Some(TicketEvent::Acted))
        .unwrap();
    assert_eq!(
        (card.change, card.staff),
        (Some(change.id), asked.support.user)
    );
    let state = ticket::load(&mut tx, &scope, id).await.unwrap();
    assert_eq!(state.owner, asked.support.user);
    tx.rollback().await.unwrap();
    // The customer takes it back.
    let before = quota(&house, &asked.tenant, &asked.boxes[0]).await;
    house
        .gate
        .undo(owner, change.id, Mode::Commit)
        .await
        .unwrap();
    assert_ne!(quota(&house, &asked.tenant, &asked.boxes[0]).await, before);
}

async fn nothing_is_changed_without_an_instruction_in_force(house: House) {
    let asked = asked(&house, "Sonne").await;
    let other = self::asked(&house, "Mond").await;
    let owner = &asked.tenant.owner;
    let bare = open(&house, owner, None).await;
    let done = enlarge(&house, &asked.support, bare, &asked.boxes[0]).await;
    assert!(
        matches!(done, Err(Refusal::Conflict("not-instructed"))),
        "{done:?}"
    );
    // Another customer's ticket opens nothing here, whatever it is about.
    let foreign = open(&house, &other.tenant.owner, Some(&other.boxes[0])).await;
    let done = enlarge(&house, &asked.support, foreign, &asked.boxes[0]).await;
    assert!(matches!(done, Err(Refusal::NotFound)), "{done:?}");
    // Said in the ticket, it counts; ended, it does not, at once.
    let words = json!({ "id": bare, "object": asked.boxes[0], "quote": "Bitte 5 GB." });
    let given = made(&house, owner, "instruction.give", words.clone()).await;
    enlarge(&house, &asked.support, bare, &asked.boxes[0])
        .await
        .unwrap();
    let end = json!({ "id": given });
    house.run_json(owner, "instruction.end", end).await.unwrap();
    let done = enlarge(&house, &asked.support, bare, &asked.boxes[0]).await;
    assert!(
        matches!(done, Err(Refusal::Conflict("not-instructed"))),
        "{done:?}"
    );
    // Nor does one of a ticket that is solved.
    made(&house, owner, "instruction.give", words).await;
    house
        .run_json(owner, "ticket.solve", json!({ "id": bare }))
        .await
        .unwrap();
    let done = enlarge(&house, &asked.support, bare, &asked.boxes[0]).await;
    assert!(
        matches!(done, Err(Refusal::Conflict("ticket-not-open"))),
        "{done:?}"
    );
    assert_eq!(
        quota(&house, &other.tenant, &other.boxes[0]).await,
        quota(&house, &other.tenant, &other.boxes[1]).await
    );
}

async fn an_instruction_reaches_no_further_than_who_gave_it(house: House) {
    let asked = asked(&house, "Sonne").await;
    let viewer = house.member(asked.tenant.id, Role::Viewer).await;
    let id = open(&house, &viewer, Some(&asked.boxes[0])).await;
    let done = enlarge(&house, &asked.support, id, &asked.boxes[0]).await;
    assert!(
        matches!(done, Err(Refusal::Conflict("not-instructed"))),
        "{done:?}"
    );
}

async fn only_who_works_on_tickets_acts_in_them(house: House) {
    let asked = asked(&house, "Sonne").await;
    let owner = &asked.tenant.owner;
    let id = open(&house, owner, Some(&asked.boxes[0])).await;
    for role in [
        StaffRole::Auditor,
        StaffRole::Management,
        StaffRole::PrivacyOfficer,
    ] {
        let staff = house.staff(role).await;
        let done = enlarge(&house, &staff, id, &asked.boxes[0]).await;
        assert!(matches!(done, Err(Refusal::Forbidden)), "{role}: {done:?}");
    }
    let done = enlarge(&house, owner, id, &asked.boxes[0]).await;
    assert!(
        matches!(done, Err(Refusal::Forbidden | Refusal::NotFound)),
        "{done:?}"
    );
    // Nobody comes in by saying that they stand in a ticket.
    let command = house.gate.command("mailbox.set_quota").unwrap();
    for actor in [owner.clone(), house.staff(StaffRole::Auditor).await] {
        let actor = actor.at_ticket(asked.tenant.id, id);
        let done = (command.run)(
            &house.gate,
            &actor,
            bigger(&asked.boxes[0]),
            Mode::Commit,
            None,
        );
        let done = done.await;
        assert!(matches!(done, Err(Refusal::Forbidden)), "{done:?}");
    }
    // A program of the hoster's within its scope.
    let mut program = asked.support.clone();
    let token = TokenId::new(program.authenticated_at.unwrap(), house.rng.as_ref());
    program.kind = ActorKind::Token(token);
    program.scopes = Some([Permission::TicketDesk].into());
    let done = enlarge(&house, &program, id, &asked.boxes[0]).await;
    assert!(matches!(done, Err(Refusal::Forbidden)), "{done:?}");
    program.scopes = Some([Permission::TicketDesk, Permission::TicketWork].into());
    enlarge(&house, &program, id, &asked.boxes[0])
        .await
        .unwrap();
}

async fn whoever_asked_as_a_member_does_not_act_as_staff(house: House) {
    let asked = asked(&house, "Sonne").await;
    let owner = &asked.tenant.owner;
    let (user, now) = (owner.user.unwrap(), house.clock.now());
    let mut tx = house.write().await;
    member::insert_staff(&mut tx, user, StaffRole::Support, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let id = open(&house, owner, Some(&asked.boxes[0])).await;
    let desk = Actor::staff(user, now);
    let mut program = desk.clone();
    program.kind = ActorKind::Token(TokenId::new(now, house.rng.as_ref()));
    for own in [&desk, &program] {
        let done = enlarge(&house, own, id, &asked.boxes[0]).await;
        assert!(
            matches!(done, Err(Refusal::Conflict("own-instruction"))),
            "{done:?}"
        );
    }
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &desk).await.unwrap();
    let known = (house.gate.commands(), house.gate.tools().house.as_ref());
    let shown = offered(&mut tx, &scope, known, (id, now)).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(shown.is_empty(), "{shown:?}");
    // On somebody else's words they do, and others do on theirs.
    let admin = house.member(asked.tenant.id, Role::Administrator).await;
    let theirs = open(&house, &admin, Some(&asked.boxes[1])).await;
    enlarge(&house, &desk, theirs, &asked.boxes[1])
        .await
        .unwrap();
    enlarge(&house, &asked.support, id, &asked.boxes[0])
        .await
        .unwrap();
}

async fn the_customer_sees_what_programs_of_the_hoster_did(house: House) {
    let asked = asked(&house, "Sonne").await;
    // The customer's own programs are nobody's business but theirs.
    let now = asked.support.authenticated_at.unwrap();
    let mut own = asked.tenant.owner.clone();
    own.kind = ActorKind::Token(TokenId::new(now, house.rng.as_ref()));
    let id = open(&house, &own, Some(&asked.boxes[0])).await;
    let mut program = asked.support.clone();
    let token = TokenId::new(now, house.rng.as_ref());
    program.kind = ActorKind::Token(token);
    program.scopes = Some([Permission::TicketDesk, Permission::TicketWork].into());
    enlarge(&house, &program, id, &asked.boxes[0])
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(asked.tenant.id).await.unwrap();
    let page = PageRequest::first(50);
    let found = house.streams.list_seen(&mut tx, asked.tenant.id, &page);
    let found = found.await.unwrap().items;
    tx.rollback().await.unwrap();
    let did = found.iter().find(|one| one.word == "mailbox.set_quota");
    let did = did.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((did.token, did.ticket), (Some(token), Some(id)));
    let sign = house.streams.sign_of(program.user.unwrap());
    assert_eq!(did.by.as_deref(), Some(sign.as_str()));
    let theirs = |one: &wabe_audit::Seen| one.token == Some(token);
    assert!(found.iter().all(theirs), "{found:?}");
}

async fn a_preview_of_an_action_changes_nothing(house: House) {
    let asked = asked(&house, "Sonne").await;
    let id = open(&house, &asked.tenant.owner, Some(&asked.boxes[0])).await;
    let before = quota(&house, &asked.tenant, &asked.boxes[0]).await;
    let place = (id, "mailbox.set_quota");
    let input = bigger(&asked.boxes[0]);
    let shown = act(&house.gate, &asked.support, place, &input, Mode::Preview)
        .await
        .unwrap()
        .made;
    assert_eq!(shown.before["quota_bytes"], before);
    assert_eq!(shown.after["quota_bytes"], BIGGER);
    assert_eq!(quota(&house, &asked.tenant, &asked.boxes[0]).await, before);
}

async fn what_lies_in_the_trash_is_offered_to_be_restored(house: House) {
    let asked = asked(&house, "Sonne").await;
    let owner = &asked.tenant.owner;
    let id = open(&house, owner, Some(&asked.boxes[0])).await;
    let offers = async || {
        let mut tx = house.db.store.read().await.unwrap();
        let scope = Scope::of(&mut tx, &asked.support).await.unwrap();
        let place = (id, wabe_kernel::Clock::now(house.clock.as_ref()));
        let found = offered(
            &mut tx,
            &scope,
            (commands().as_slice(), &house.facts),
            place,
        )
        .await
        .unwrap();
        tx.rollback().await.unwrap();
        found.iter().map(|one| one.command).collect::<Vec<_>>()
    };
    // What takes consent is there as well, and comes last while nobody gave one.
    let present = [
        "mailbox.set_quota",
        "mailbox.suspend",
        "mailbox.reset_password",
    ];
    assert_eq!(offers().await, present);
    let object = json!({ "id": asked.boxes[0] });
    house
        .run_json(owner, "mailbox.delete", object.clone())
        .await
        .unwrap();
    assert_eq!(offers().await, ["mailbox.restore"]);
    let place = (id, "mailbox.restore");
    let input = object.as_object().cloned().unwrap();
    act(&house.gate, &asked.support, place, &input, Mode::Commit)
        .await
        .unwrap();
    assert_eq!(offers().await, present);
}

const LATEST: Statement = Statement {
    name: "test.latest",
    sql: "SELECT id FROM change WHERE command = 'mailbox.set_quota'",
};
const FORGERIES: [Statement; 4] = [
    Statement {
        name: "test.without_ticket",
        sql: "UPDATE change SET ticket_id = NULL WHERE id = $1",
    },
    Statement {
        name: "test.without_instruction",
        sql: "UPDATE change SET instruction_id = NULL WHERE id = $1",
    },
    Statement {
        name: "test.as_customer",
        sql: "UPDATE change SET authority = 'customer' WHERE id = $1",
    },
    Statement {
        name: "test.made_up",
        sql: "UPDATE change SET instruction_id = 'itn_made_up' WHERE id = $1",
    },
];

async fn the_database_refuses_what_staff_do_without_a_ticket(house: House) {
    let asked = asked(&house, "Sonne").await;
    let id = open(&house, &asked.tenant.owner, Some(&asked.boxes[0])).await;
    enlarge(&house, &asked.support, id, &asked.boxes[0])
        .await
        .unwrap();
    for forgery in FORGERIES {
        let mut tx = house.write().await;
        let row = LATEST.query().one(&mut tx).await.unwrap();
        let change = row.text("id").unwrap();
        let done = forgery.bind(change).execute(&mut tx).await;
        assert!(done.is_err(), "{}", forgery.name);
        drop(tx);
    }
}

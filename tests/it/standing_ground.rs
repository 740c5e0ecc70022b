//! What the database asks of each thing that staff do for a customer, whoever writes the row: an instruction about
//! exactly that thing that holds, in its ticket, which is open, and a consent where it takes one. Source: control
//! GON-3.2-02, bar 3.8 T1, T6.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::command::InTickets;
use wabe_access::{Actor, StaffRole, instruction};
use wabe_kernel::id::{CustomerId, GrantId, TicketId};
use wabe_kernel::{Clock as _, Timestamp};
use wabe_store::{Query, Statement};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    every_ticket_action_stands_on_what_holds,
    a_note_of_a_look_stands_on_that_look,
    whoever_asks_for_a_consent_does_not_give_it,
);

const CHANGE: Statement = Statement {
    name: "test.standing.change",
    sql: "INSERT INTO change (id, customer_id, seq, at, actor_kind, command, object_kind, object_id, kind, \
          payload_hmac, authority, ticket_id, instruction_id, consent_id) \
          VALUES ('chg_forged', $1, 1000000, $2, $3, $4, 'mailbox', $5, 'change', 'x', $6, $7, $8, $9)",
};
const NOTE: Statement = Statement {
    name: "test.standing.note",
    sql: "INSERT INTO access_log (id, customer_id, at, user_id, area, actor_kind, ticket_id, grant_id) \
          VALUES ('forged', $1, $2, $3, 'page.mailboxes', 'staff', $4, $5)",
};
const OWN: Statement = Statement {
    name: "test.standing.own_consent",
    sql: "UPDATE consent SET answered_by = asked_by WHERE id = $1",
};

/// A customer with two mailboxes, a ticket about the first of them, and who helps, with a consent to acts.
struct Scene {
    tenant: Tenant,
    support: Actor,
    boxes: [String; 2],
    ticket: TicketId,
    instruction: String,
    consent: String,
}

async fn said(house: &House, by: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(by, name, input).await;
    done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .output
}

fn id(output: &Value) -> String {
    output["id"].as_str().unwrap().to_owned()
}

async fn scene(house: &House) -> Scene {
    let tenant = house.tenant("Sonne").await;
    let owner = &tenant.owner;
    said(
        house,
        owner,
        "domain.create",
        json!({ "name": "sonne.test" }),
    )
    .await;
    let mut boxes = Vec::new();
    for local in ["info", "shop"] {
        let input = json!({
            "address": format!("{local}@sonne.test"), "password": "Vier-Loewen-77-unter-Baeumen",
        });
        boxes.push(id(&said(house, owner, "mailbox.create", input).await));
    }
    let words = json!({ "subject": "Voll", "body": "Bitte helfen.", "object": boxes[0] });
    let ticket = id(&said(house, owner, "ticket.create", words).await);
    let support = house.staff(StaffRole::Support).await;
    let wish = json!({ "id": ticket, "reason": "Um zu helfen.", "acts": true });
    let consent = id(&said(house, &support, "consent.ask", wish).await);
    let yes = json!({ "id": consent, "acts": true });
    said(house, owner, "consent.give", yes).await;
    let ticket = ticket.parse().unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let given = instruction::of_ticket(&mut tx, tenant.id, ticket).await;
    tx.rollback().await.unwrap();
    Scene {
        instruction: given.unwrap()[0].id.to_string(),
        boxes: boxes.try_into().unwrap(),
        tenant,
        support,
        ticket,
        consent,
    }
}

/// Whether the database takes it; it is rolled back.
async fn fits(house: &House, query: Query) -> bool {
    let mut tx = house.write().await;
    let done = query.execute(&mut tx).await.is_ok();
    drop(tx.rollback().await);
    done
}

/// What a row says that it stands on.
#[derive(Clone)]
struct Ground {
    customer: CustomerId,
    at: Timestamp,
    kind: &'static str,
    command: &'static str,
    object: String,
    authority: &'static str,
    ticket: Option<String>,
    instruction: Option<String>,
    consent: Option<String>,
}

impl Ground {
    fn query(self) -> Query {
        let query = CHANGE.bind(self.customer).bind(self.at).bind(self.kind);
        let query = query.bind(self.command).bind(self.object);
        let query = query.bind(self.authority).bind(self.ticket);
        query.bind(self.instruction).bind(self.consent)
    }
}

/// What each ticket action stands on.
fn grounds(house: &House, scene: &Scene) -> Vec<Ground> {
    let specs = house.gate.commands().iter();
    let actions = specs.filter(|spec| spec.in_tickets != InTickets::Never);
    actions
        .map(|spec| {
            let consented = spec.in_tickets == InTickets::Consented;
            Ground {
                customer: scene.tenant.id,
                at: house.clock.now(),
                kind: "staff",
                command: spec.name,
                object: scene.boxes[0].clone(),
                authority: if consented { "consented" } else { "instructed" },
                ticket: Some(scene.ticket.to_string()),
                instruction: Some(scene.instruction.clone()),
                consent: consented.then(|| scene.consent.clone()),
            }
        })
        .collect()
}

async fn all_fit(house: &House, scene: &Scene, at: Timestamp, wanted: bool) {
    for right in grounds(house, scene) {
        let command = right.command;
        let found = fits(house, Ground { at, ..right }.query()).await;
        assert_eq!(found, wanted, "{command}");
    }
}

/// The same, each time on something that carries nothing.
fn wrong(
    right: &Ground,
    (thing, ticket, customer): (&str, &str, CustomerId),
) -> Vec<(&'static str, Ground)> {
    let same = || right.clone();
    let mut all = vec![
        (
            "on nothing",
            Ground {
                authority: "customer",
                ..same()
            },
        ),
        (
            "without a ticket",
            Ground {
                ticket: None,
                ..same()
            },
        ),
        (
            "without an instruction",
            Ground {
                instruction: None,
                ..same()
            },
        ),
        (
            "about another thing",
            Ground {
                object: thing.to_owned(),
                ..same()
            },
        ),
        (
            "in another ticket",
            Ground {
                ticket: Some(ticket.to_owned()),
                ..same()
            },
        ),
        ("of another customer", Ground { customer, ..same() }),
    ];
    for authority in ["hoster", "ticket"] {
        all.push((
            authority,
            Ground {
                authority,
                ..same()
            },
        ));
    }
    if right.consent.is_some() {
        let at = right.at.plus_days(7);
        all.push((
            "without a consent",
            Ground {
                consent: None,
                ..same()
            },
        ));
        all.push(("on a consent that is over", Ground { at, ..same() }));
    }
    all
}

async fn every_ticket_action_stands_on_what_holds(house: House) {
    let scene = scene(&house).await;
    let other = house.tenant("Mond").await;
    let words = json!({ "subject": "Anderes", "body": "Noch etwas." });
    let elsewhere = id(&said(&house, &scene.tenant.owner, "ticket.create", words).await);
    let all = grounds(&house, &scene);
    assert!(all.len() > 10, "{}", all.len());
    for right in all {
        let command = right.command;
        for kind in ["staff", "token", "plugin"] {
            let ground = Ground {
                kind,
                ..right.clone()
            };
            assert!(fits(&house, ground.query()).await, "{command}, {kind}");
        }
        let places = (scene.boxes[1].as_str(), elsewhere.as_str(), other.id);
        for (name, ground) in wrong(&right, places) {
            assert!(!fits(&house, ground.query()).await, "{command}, {name}");
        }
    }
    over(&house, &scene).await;
}

/// What ended carries nothing more, from that moment on.
async fn over(house: &House, scene: &Scene) {
    let owner = &scene.tenant.owner;
    let before = house.clock.now();
    house.clock.advance(1);
    let ticket = json!({ "id": scene.ticket });
    said(house, owner, "ticket.solve", ticket.clone()).await;
    house.clock.advance(1);
    all_fit(house, scene, house.clock.now(), false).await;
    all_fit(house, scene, before, true).await;
    said(house, owner, "ticket.reopen", ticket).await;
    all_fit(house, scene, house.clock.now(), true).await;
    let withdrawn = json!({ "id": scene.consent });
    said(house, owner, "consent.withdraw", withdrawn).await;
    for right in grounds(house, scene) {
        let (command, consented) = (right.command, right.consent.is_some());
        let found = fits(house, right.query()).await;
        assert_eq!(found, !consented, "{command}");
    }
    all_fit(house, scene, before, true).await;
    said(
        house,
        owner,
        "instruction.end",
        json!({ "id": scene.instruction }),
    )
    .await;
    all_fit(house, scene, house.clock.now(), false).await;
    all_fit(house, scene, before, true).await;
}

async fn a_note_of_a_look_stands_on_that_look(house: House) {
    let scene = scene(&house).await;
    let look = json!({ "id": scene.ticket, "consent": scene.consent });
    let look = said(&house, &scene.support, "access.open", look).await;
    let look: GrantId = id(&look).parse().unwrap();
    let colleague = house.staff(StaffRole::Support).await;
    let other = house.tenant("Mond").await;
    let words = json!({ "subject": "Anderes", "body": "Noch etwas." });
    let elsewhere = id(&said(&house, &scene.tenant.owner, "ticket.create", words).await);
    let ticket = scene.ticket.to_string();
    let note = |customer: CustomerId, by: &Actor, ticket: &str| {
        let query = NOTE.bind(customer).bind(house.clock.now());
        query.bind(by.user).bind(ticket).bind(look)
    };
    let (theirs, support) = (scene.tenant.id, &scene.support);
    assert!(fits(&house, note(theirs, support, &ticket)).await);
    assert!(!fits(&house, note(theirs, &colleague, &ticket)).await);
    assert!(!fits(&house, note(theirs, support, &elsewhere)).await);
    assert!(!fits(&house, note(other.id, support, &ticket)).await);
    let owner = &scene.tenant.owner;
    let withdrawn = json!({ "id": scene.consent });
    said(&house, owner, "consent.withdraw", withdrawn).await;
    assert!(!fits(&house, note(theirs, support, &ticket)).await);
}

async fn whoever_asks_for_a_consent_does_not_give_it(house: House) {
    let scene = scene(&house).await;
    assert!(!fits(&house, OWN.bind(scene.consent.as_str())).await);
}

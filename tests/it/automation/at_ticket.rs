//! What plugins do at tickets: what somebody asked for, about that thing, as far as their rights reach, with
//! the employee who started it in the customer's log; and nothing without an instruction.

use super::desk::{Said, desk, get, post};
use super::runs;
use crate::on_both_engines;
use axum::Router;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::{Mode, Role, Scope};
use wabe_audit::ChangeFilter;
use wabe_kernel::PageRequest;
use wabe_kernel::id::{InstallationId, TicketId};
use wabe_package::Entry;
use wabe_package::entry::{Action, Outcome};
use wabe_package::wire::Ending;
use wabe_support::instruction::EndInstruction;
use wabe_support::ticket::Message;
use wabe_support::ticket::message::TicketEvent;
use wabe_testkit::{House, Tenant, capability, done, failed, guest, manifest};

on_both_engines!(
    staff_have_a_plugin_act_on_an_instruction,
    nothing_runs_without_an_instruction,
    what_nobody_asked_about_is_not_changed,
    an_act_without_a_name_is_offered_by_nobody,
    an_instruction_that_ends_meanwhile_carries_nothing,
    a_plugin_that_fails_says_so_and_nothing_is_written,
    another_customers_plugin_is_not_there,
    a_page_that_comes_back_with_its_form_is_a_look,
);

pub(super) const BIGGER: i64 = 5_000_000_000;
const WORDS: &str = "Bitte nachsehen, warum nichts ankommt.";

/// A customer with two mailboxes, a plugin that helps, and a ticket about the first mailbox.
pub(super) struct Scene {
    pub(super) tenant: Tenant,
    pub(super) boxes: [String; 2],
    pub(super) installation: InstallationId,
    pub(super) ticket: TicketId,
}

impl Scene {
    fn path(&self) -> String {
        format!("/staff/tickets/{}", self.ticket)
    }

    fn plugin(&self) -> String {
        format!("{}/plugins/{}", self.path(), self.installation)
    }

    fn about(&self, object: usize) -> String {
        format!("{}?object={}", self.plugin(), self.boxes[object])
    }
}

async fn made(house: &House, tenant: &Tenant, name: &str, input: Value) -> String {
    let done = house.run_json(&tenant.owner, name, input).await;
    done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .object
}

pub(super) fn doctor() -> String {
    let rest = [
        capability("ticket", true),
        capability("effect:mailbox.set_quota", true),
        "[[trigger]]\nkind = \"ticket\"\n".to_owned(),
    ];
    manifest("doctor", "1.0.0", &rest.concat())
}

pub(super) async fn scene(house: &House, name: &str) -> Scene {
    let tenant = house.tenant(name).await;
    let domain = format!("{}.test", name.to_lowercase());
    made(house, &tenant, "domain.create", json!({ "name": domain })).await;
    let mut boxes = Vec::new();
    for local in ["info", "shop"] {
        let input = json!({
            "address": format!("{local}@{domain}"), "password": "Vier-Loewen-77-unter-Baeumen",
        });
        boxes.push(made(house, &tenant, "mailbox.create", input).await);
    }
    let granted = json!({ "ticket": true, "effect:mailbox.set_quota": true });
    let installation = house.install(&tenant, "doctor", granted).await;
    let input = json!({ "subject": "Nichts kommt an", "body": WORDS, "object": boxes[0] });
    let ticket = made(house, &tenant, "ticket.create", input).await;
    Scene {
        tenant,
        boxes: boxes.try_into().unwrap(),
        installation,
        ticket: ticket.parse().unwrap(),
    }
}

fn offers() -> Ending {
    let action = Action {
        name: "check".to_owned(),
        title: "Check this <mailbox>".to_owned(),
        description: "Looks why nothing arrives.".to_owned(),
    };
    Ending::Done {
        outcome: Outcome {
            actions: vec![action],
            ..Outcome::default()
        },
    }
}

fn finds(effects: &[(&str, &str, &str, &str)]) -> Ending {
    let Ending::Done { outcome } = done(effects) else {
        panic!("not done")
    };
    let callout = json!({ "kind": "callout", "tone": "bad", "title": "The mailbox is full", "nodes": [
        { "kind": "text", "text": "Give it <more> room." },
        { "kind": "button", "text": "Never shown", "name": "a", "value": "b" } ] });
    Ending::Done {
        outcome: Outcome {
            ui: Some(json!({ "v": 1, "nodes": [callout] }).to_string()),
            ..outcome
        },
    }
}

/// A guest that offers one act, and makes this mailbox bigger when it is started.
pub(super) fn helps(house: &House, object: &str) {
    let object = object.to_owned();
    house.plugins.sandbox.set(guest(move |order| {
        let args = json!({ "quota_bytes": BIGGER }).to_string();
        match &order.entry {
            Entry::Describe { .. } => offers(),
            _ => finds(&[("mailbox.set_quota", &object, &args, "")]),
        }
    }));
}

async fn start(desk: &Router, scene: &Scene, object: usize) -> Said {
    let fields = [("object", scene.boxes[object].as_str()), ("act", "check")];
    post(desk, "support", &scene.plugin(), &fields).await
}

pub(super) async fn quota(house: &House, scene: &Scene, object: usize) -> i64 {
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let id = scene.boxes[object].parse().unwrap();
    let scope = Scope::system(scene.tenant.id);
    let found = wabe_hosting::mailbox::load(&mut tx, &scope, id).await;
    tx.rollback().await.unwrap();
    found.unwrap().quota_bytes
}

/// What the customer reads in the ticket.
pub(super) async fn messages(house: &House, scene: &Scene) -> Vec<Message> {
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &scene.tenant.owner).await.unwrap();
    let found = wabe_support::ticket::messages(&mut tx, &scope, scene.ticket).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

/// The words of what staff saw of the customer.
pub(super) async fn seen(house: &House, scene: &Scene) -> Vec<(String, Option<TicketId>)> {
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let page = PageRequest::first(200);
    let found = house
        .streams
        .list_seen(&mut tx, scene.tenant.id, &page)
        .await;
    tx.rollback().await.unwrap();
    let items = found.unwrap().items.into_iter();
    items.map(|seen| (seen.word, seen.ticket)).collect()
}

async fn staff_have_a_plugin_act_on_an_instruction(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[0]);
    // The page asks no plugin; what it offers comes after it.
    let shown = get(&desk, "support", &scene.path()).await.page;
    let load = format!(
        "{}/acts?object={}",
        scene.plugin(),
        scene.boxes[0].replace('_', "%5F")
    );
    assert!(shown.contains(&load), "{shown}");
    assert!(house.plugins.sandbox.orders().is_empty());
    let part = format!("{}/acts?object={}", scene.plugin(), scene.boxes[0]);
    let offered = get(&desk, "support", &part).await.page;
    assert!(
        offered.contains("Check this &#60;mailbox&#62;"),
        "{offered}"
    );
    assert!(offered.contains("doctor · info@sonne.test"), "{offered}");
    let narrowed = get(&desk, "support", &format!("{part}&do=database"))
        .await
        .page;
    assert!(!narrowed.contains("Check this"), "{narrowed}");
    let page = get(&desk, "support", &format!("{}&act=check", scene.about(0)))
        .await
        .page;
    assert!(
        page.contains("Looks why nothing arrives.") && page.contains(WORDS),
        "{page}"
    );
    let acted = start(&desk, &scene, 0).await;
    assert_eq!(acted.status, 303, "{}", acted.page);
    assert!(
        acted
            .location
            .starts_with(&format!("{}?done=plugin#run_", scene.path()))
    );
    assert_eq!(quota(&house, &scene, 0).await, BIGGER);
    // Of the ticket it saw what it needs, and nothing that was written.
    let orders = house.plugins.sandbox.orders();
    let Some(Entry::Action { ticket, .. }) = orders.last().map(|order| &order.entry) else {
        panic!("no act")
    };
    let saw: Value = serde_json::from_str(ticket).unwrap();
    let number = saw["number"].as_str().unwrap().to_owned();
    assert!(number.starts_with('T'));
    let object = json!({ "id": scene.boxes[0], "kind": "mailbox", "name": "info@sonne.test" });
    let wanted = json!({ "number": number, "subject": "Nichts kommt an", "object": object });
    assert_eq!(saw, wanted);
    written_down(&house, &scene).await;
    let shown = get(&desk, "support", &scene.path()).await.page;
    assert!(shown.contains("What “doctor” found"), "{shown}");
    assert!(shown.contains("Give it &#60;more&#62; room.") && !shown.contains("Never shown"));
}

/// The customer reads what was found and what was changed, by whom and on what, and takes it back.
async fn written_down(house: &House, scene: &Scene) {
    let messages = messages(house, scene).await;
    let is = |event| move |one: &&Message| one.event == Some(event);
    let found = messages.iter().find(is(TicketEvent::PluginRan)).unwrap();
    assert_eq!(found.plugin.as_deref(), Some("doctor"));
    assert_eq!(found.body, "The mailbox is full\nGive it <more> room.");
    let last = runs(house, &scene.tenant).await.pop().unwrap();
    assert_eq!(found.run, Some(last.id));
    let card = messages.iter().find(is(TicketEvent::Acted)).unwrap();
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let (filter, page) = (ChangeFilter::default(), PageRequest::first(50));
    let changes = house
        .recorder
        .list(&mut tx, scene.tenant.id, &filter, &page)
        .await;
    tx.rollback().await.unwrap();
    let changes = changes.unwrap().items;
    let change = changes
        .iter()
        .find(|one| one.command == "mailbox.set_quota")
        .unwrap();
    assert_eq!(card.change, Some(change.id));
    assert_eq!(change.actor_kind, "plugin");
    assert_eq!(change.ticket, Some(scene.ticket));
    assert!(change.instruction.is_some());
    let seen = seen(house, scene).await;
    for word in [
        "ticket.plugin_look",
        "ticket.plugin_act",
        "mailbox.set_quota",
    ] {
        let noted = (word.to_owned(), Some(scene.ticket));
        assert!(seen.contains(&noted), "{word}: {seen:?}");
    }
    let undone = house
        .gate
        .undo(&scene.tenant.owner, change.id, Mode::Commit)
        .await;
    undone.unwrap();
    assert_ne!(quota(house, scene, 0).await, BIGGER);
}

async fn nothing_runs_without_an_instruction(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[0]);
    let lacks = format!("{}?lacks=1#actions-t", scene.path());
    // About another thing, nobody asked.
    let other = get(&desk, "support", &format!("{}&act=check", scene.about(1))).await;
    assert_eq!(
        (other.status, other.location.as_str()),
        (303, lacks.as_str())
    );
    assert_eq!(start(&desk, &scene, 1).await.location, lacks);
    // Who only looks cannot have plugins act, and their words carry none.
    let viewer = house.member(scene.tenant.id, Role::Viewer).await;
    let input = json!({ "subject": "Hilfe", "body": WORDS, "object": scene.boxes[1] });
    let theirs = house
        .run_json(&viewer, "ticket.create", input)
        .await
        .unwrap();
    let path = format!("/staff/tickets/{}", theirs.object);
    let shown = get(&desk, "support", &path).await.page;
    assert!(!shown.contains("/plugins/ins_"), "{shown}");
    // Solved is over.
    let solved = json!({ "id": scene.ticket });
    made(&house, &scene.tenant, "ticket.solve", solved).await;
    assert_eq!(start(&desk, &scene, 0).await.location, lacks);
    // Who does not work on tickets starts nothing.
    let fields = [("object", scene.boxes[0].as_str()), ("act", "check")];
    let officer = post(&desk, "officer", &scene.plugin(), &fields).await;
    assert!(matches!(officer.status, 403 | 404), "{}", officer.status);
    assert!(house.plugins.sandbox.orders().is_empty());
    assert_ne!(quota(&house, &scene, 0).await, BIGGER);
}

async fn what_nobody_asked_about_is_not_changed(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[1]);
    let before = messages(&house, &scene).await.len();
    let acted = start(&desk, &scene, 0).await;
    assert_eq!(acted.status, 409);
    assert!(
        acted
            .page
            .contains("A change of the plugin was not possible"),
        "{}",
        acted.page
    );
    assert_ne!(quota(&house, &scene, 1).await, BIGGER);
    assert_eq!(messages(&house, &scene).await.len(), before);
    // Nor is what somebody asked about changed by an act that was started for another thing.
    let words = json!({ "id": scene.ticket, "object": scene.boxes[1], "quote": WORDS });
    made(&house, &scene.tenant, "instruction.give", words).await;
    assert_eq!(start(&desk, &scene, 0).await.status, 409);
    assert_ne!(quota(&house, &scene, 1).await, BIGGER);
    assert_eq!(start(&desk, &scene, 1).await.status, 303);
    assert_eq!(quota(&house, &scene, 1).await, BIGGER);
}

async fn an_act_without_a_name_is_offered_by_nobody(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[0]);
    for act in ["", "Not A Name", "../check"] {
        let fields = [("object", scene.boxes[0].as_str()), ("act", act)];
        let said = post(&desk, "support", &scene.plugin(), &fields).await;
        assert_eq!(said.status, 404, "{act:?}");
    }
    assert_ne!(quota(&house, &scene, 0).await, BIGGER);
}

async fn an_instruction_that_ends_meanwhile_carries_nothing(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let place = (scene.tenant.id, scene.ticket);
    let given = wabe_access::instruction::of_ticket(&mut tx, place.0, place.1).await;
    tx.rollback().await.unwrap();
    let id = given.unwrap()[0].id;
    let (gate, owner) = (house.gate.clone(), scene.tenant.owner.clone());
    house.plugins.sandbox.set(Arc::new(move |order, _host| {
        let (gate, owner) = (gate.clone(), owner.clone());
        Box::pin(async move {
            if matches!(order.entry, Entry::Describe { .. }) {
                return offers();
            }
            let end = gate.run(&owner, EndInstruction { id }, Mode::Commit);
            Box::pin(end).await.unwrap();
            finds(&[])
        })
    }));
    let before = messages(&house, &scene).await.len();
    let acted = start(&desk, &scene, 0).await;
    assert_eq!(acted.status, 409, "{}", acted.page);
    assert_eq!(messages(&house, &scene).await.len(), before);
    let last = runs(&house, &scene.tenant).await;
    let ends: Vec<_> = last.iter().map(|run| run.code.as_deref()).collect();
    assert!(ends.contains(&Some("revoked")), "{ends:?}");
}

async fn a_plugin_that_fails_says_so_and_nothing_is_written(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    let before = messages(&house, &scene).await.len();
    house.plugins.sandbox.set(guest(|_order| failed(false)));
    let part = format!("{}/acts?object={}", scene.plugin(), scene.boxes[0]);
    let silent = get(&desk, "support", &part).await;
    assert_eq!(silent.status, 200);
    assert!(
        silent.page.contains("data-state=\"failed\""),
        "{}",
        silent.page
    );
    let acted = start(&desk, &scene, 0).await;
    assert_eq!(acted.status, 409);
    assert!(acted.page.contains("role=\"alert\""), "{}", acted.page);
    house.plugins.sandbox.set_up(false);
    let down = get(&desk, "support", &part).await.page;
    assert!(down.contains("No plugins run at the moment"), "{down}");
    let acted = start(&desk, &scene, 0).await;
    assert_eq!(acted.status, 409);
    assert!(
        acted.page.contains("No plugins run at the moment"),
        "{}",
        acted.page
    );
    assert_eq!(messages(&house, &scene).await.len(), before);
}

async fn another_customers_plugin_is_not_there(house: House) {
    house.publish(&doctor()).await;
    let desk = desk(&house).await;
    let (mine, other) = (scene(&house, "Sonne").await, scene(&house, "Mond").await);
    helps(&house, &mine.boxes[0]);
    let path = format!("{}/plugins/{}", mine.path(), other.installation);
    let missing = get(
        &desk,
        "support",
        &format!("{path}?object={}", mine.boxes[0]),
    )
    .await;
    assert_eq!(missing.status, 404);
    let fields = [("object", mine.boxes[0].as_str()), ("act", "check")];
    assert_eq!(post(&desk, "support", &path, &fields).await.status, 404);
    // Without the right to be at tickets it is not there either.
    let taken = json!({ "id": mine.installation, "capabilities": { "ticket": false } });
    made(&house, &mine.tenant, "installation.set_capabilities", taken).await;
    assert_eq!(start(&desk, &mine, 0).await.status, 404);
    assert!(house.plugins.sandbox.orders().is_empty());
}

// Bar 3.8 T4: whoever sends a form that cannot be right reads the ticket as well.
async fn a_page_that_comes_back_with_its_form_is_a_look(house: House) {
    house.publish(&doctor()).await;
    let (desk, scene) = (desk(&house).await, scene(&house, "Sonne").await);
    let reads = async || {
        let seen = seen(&house, &scene).await;
        seen.iter()
            .filter(|(word, _)| word == "ticket.read")
            .count()
    };
    for (way, field) in [
        ("status", ("status", "nowhere")),
        ("priority", ("priority", "nowhere")),
        ("follow_up", ("day", "never")),
        ("consent", ("reason", "")),
        ("reveal", ("secret", "none")),
    ] {
        let before = reads().await;
        let path = format!("{}/{way}", scene.path());
        let answer = post(&desk, "support", &path, &[field]).await;
        assert!(answer.page.contains(WORDS), "{way}: {}", answer.status);
        assert_eq!(reads().await, before + 1, "{way}");
    }
}

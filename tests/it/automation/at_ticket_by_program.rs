//! Programs of the hoster's at tickets, over REST with real tokens: they are told which plugins can be asked,
//! ask them, have them act on an instruction, and take back what was changed; and nothing without one.

use super::at_ticket::{BIGGER, Scene, doctor, helps, messages, quota, scene, seen};
use super::rest::{api, get, of_house, post};
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::StaffRole;
use wabe_kernel::id::TicketId;
use wabe_testkit::{House, failed, guest};

on_both_engines!(
    a_program_has_a_plugin_act_on_an_instruction,
    a_program_takes_back_what_a_plugin_changed,
    a_program_has_nothing_done_that_nobody_asked_for,
    a_plugin_that_fails_is_a_problem_with_its_reason,
    whoever_has_tickets_that_a_program_lists_sees_that,
);

const WORK: [&str; 2] = ["ticket:desk", "ticket:work"];

fn actions(scene: &Scene) -> String {
    format!("/staff/tickets/{}/actions", scene.ticket)
}

fn acts(scene: &Scene) -> String {
    let (ticket, installation) = (scene.ticket, scene.installation);
    format!("/staff/tickets/{ticket}/plugins/{installation}/acts")
}

fn about(scene: &Scene, object: usize) -> String {
    format!("{}?object={}", acts(scene), scene.boxes[object])
}

fn body(scene: &Scene, object: usize) -> Value {
    json!({ "object": scene.boxes[object] })
}

async fn a_program_has_a_plugin_act_on_an_instruction(house: House) {
    house.publish(&doctor()).await;
    let (api, scene) = (api(&house), scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[0]);
    let token = of_house(&house, StaffRole::Support, &WORK).await;
    let now = get(&api, &token, &actions(&scene)).await.expect(200);
    let commands = now["items"].as_array().unwrap();
    assert!(
        commands
            .iter()
            .any(|one| one["command"] == "mailbox.set_quota"),
        "{now}"
    );
    let plugins = now["plugins"].as_array().unwrap();
    assert_eq!(plugins.len(), 1, "{now}");
    assert_eq!(plugins[0]["installation"], scene.installation.to_string());
    assert_eq!(plugins[0]["plugin"], "doctor");
    assert_eq!(plugins[0]["object"], scene.boxes[0]);
    assert!(plugins[0]["instruction"].is_string());
    // Which ones there are, is known without asking any.
    assert!(house.plugins.sandbox.orders().is_empty());
    let offered = get(&api, &token, &about(&scene, 0)).await.expect(200);
    let check = json!({
        "name": "check", "title": "Check this <mailbox>", "description": "Looks why nothing arrives.",
    });
    assert_eq!(offered["items"], json!([check]));
    assert_ne!(quota(&house, &scene, 0).await, BIGGER);
    let start = format!("{}/check", acts(&scene));
    let acted = post(&api, &token, &start, body(&scene, 0))
        .await
        .expect(200);
    assert_eq!(acted["text"], "The mailbox is full\nGive it <more> room.");
    assert_eq!(quota(&house, &scene, 0).await, BIGGER);
    let written = messages(&house, &scene).await;
    let card = written.iter().find(|one| one.run.is_some()).unwrap();
    assert_eq!(acted["run"], card.run.unwrap().to_string());
    let change = written.iter().find_map(|one| one.change).unwrap();
    assert_eq!(acted["changes"], json!([change]));
    let seen = seen(&house, &scene).await;
    for word in ["ticket.plugin_look", "ticket.plugin_act"] {
        let noted = (word.to_owned(), Some(scene.ticket));
        assert!(seen.contains(&noted), "{word}: {seen:?}");
    }
}

async fn a_program_takes_back_what_a_plugin_changed(house: House) {
    house.publish(&doctor()).await;
    let (api, scene) = (api(&house), scene(&house, "Sonne").await);
    helps(&house, &scene.boxes[0]);
    let before = quota(&house, &scene, 0).await;
    let token = of_house(&house, StaffRole::Support, &WORK).await;
    let start = format!("{}/check", acts(&scene));
    let acted = post(&api, &token, &start, body(&scene, 0))
        .await
        .expect(200);
    let change = acted["changes"][0].as_str().unwrap();
    let undo = format!("{}/{change}/undo", actions(&scene));
    let shown = post(&api, &token, &format!("{undo}?dry_run=true"), json!({})).await;
    assert_eq!(
        shown.expect(200)["change"]["after"]["quota_bytes"],
        json!(before)
    );
    assert_eq!(quota(&house, &scene, 0).await, BIGGER);
    let undone = post(&api, &token, &undo, json!({})).await.expect(200);
    assert_eq!(undone["object_id"], scene.boxes[0]);
    assert_eq!(quota(&house, &scene, 0).await, before);
    post(&api, &token, &undo, json!({})).await.expect(409);
}

async fn a_program_has_nothing_done_that_nobody_asked_for(house: House) {
    house.publish(&doctor()).await;
    let api = api(&house);
    let (mine, other) = (scene(&house, "Sonne").await, scene(&house, "Mond").await);
    helps(&house, &mine.boxes[0]);
    let token = of_house(&house, StaffRole::Support, &WORK).await;
    let start = format!("{}/check", acts(&mine));
    // About another thing, nobody asked.
    let refused = get(&api, &token, &about(&mine, 1)).await.expect(409);
    assert_eq!(refused["code"], "not-instructed");
    let refused = post(&api, &token, &start, body(&mine, 1)).await;
    assert_eq!(refused.expect(409)["code"], "not-instructed");
    // Another customer's plugin is not there.
    let (ticket, foreign) = (mine.ticket, other.installation);
    let foreign = format!("/staff/tickets/{ticket}/plugins/{foreign}/acts/check");
    post(&api, &token, &foreign, body(&mine, 0))
        .await
        .expect(404);
    // What is no name is offered by nobody.
    let nameless = format!("{}/Not%20A%20Name", acts(&mine));
    post(&api, &token, &nameless, body(&mine, 0))
        .await
        .expect(404);
    for wrong in [json!({}), json!({ "object": 7 }), json!({ "object": "" })] {
        let refused = post(&api, &token, &start, wrong).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/object");
    }
    let more = json!({ "object": mine.boxes[0], "input": {} });
    let refused = post(&api, &token, &start, more).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/input");
    let refused = get(&api, &token, &acts(&mine)).await.expect(422);
    assert_eq!(refused["errors"][0]["parameter"], "object");
    // A program that only reads tickets starts nothing.
    let reads = of_house(&house, StaffRole::Operator, &["ticket:desk"]).await;
    get(&api, &reads, &about(&mine, 0)).await.expect(403);
    post(&api, &reads, &start, body(&mine, 0)).await.expect(403);
    assert!(house.plugins.sandbox.orders().is_empty());
    assert_ne!(quota(&house, &mine, 0).await, BIGGER);
}

async fn a_plugin_that_fails_is_a_problem_with_its_reason(house: House) {
    house.publish(&doctor()).await;
    let (api, scene) = (api(&house), scene(&house, "Sonne").await);
    let token = of_house(&house, StaffRole::Support, &WORK).await;
    let start = format!("{}/check", acts(&scene));
    let before = messages(&house, &scene).await.len();
    house.plugins.sandbox.set(guest(|_order| failed(false)));
    for refused in [
        get(&api, &token, &about(&scene, 0)).await,
        post(&api, &token, &start, body(&scene, 0)).await,
    ] {
        let refused = refused.expect(409);
        assert_eq!(refused["code"], "run-failed");
        let detail = "The plugin says that it could not do its work.";
        assert_eq!(refused["detail"], detail);
    }
    house.plugins.sandbox.set_up(false);
    get(&api, &token, &about(&scene, 0)).await.expect(503);
    post(&api, &token, &start, body(&scene, 0))
        .await
        .expect(503);
    assert_eq!(messages(&house, &scene).await.len(), before);
}

async fn whoever_has_tickets_that_a_program_lists_sees_that(house: House) {
    house.publish(&doctor()).await;
    let api = api(&house);
    let (sonne, mond) = (scene(&house, "Sonne").await, scene(&house, "Mond").await);
    let token = of_house(&house, StaffRole::Support, &WORK).await;
    let noted = ("ticket.find".to_owned(), None);
    let times =
        |all: Vec<(String, Option<TicketId>)>| all.iter().filter(|one| **one == noted).count();
    // Who has none in what was asked for was not seen.
    let done = get(&api, &token, "/staff/tickets?lane=done").await;
    assert_eq!(done.expect(200)["items"], json!([]));
    assert_eq!(times(seen(&house, &sonne).await), 0);
    let queue = get(&api, &token, "/staff/tickets?lane=working").await;
    let queue = queue.expect(200);
    let waiting = get(&api, &token, "/staff/tickets?lane=waiting").await;
    let waiting = waiting.expect(200);
    let listed =
        queue["items"].as_array().unwrap().len() + waiting["items"].as_array().unwrap().len();
    assert!(listed >= 2, "{queue} {waiting}");
    for scene in [&sonne, &mond] {
        assert!(times(seen(&house, scene).await) >= 1);
    }
    let found = get(
        &api,
        &token,
        &format!("/staff/tickets?q={}", sonne.tenant.number),
    )
    .await;
    let before = times(seen(&house, &mond).await);
    assert_eq!(found.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(times(seen(&house, &mond).await), before);
}

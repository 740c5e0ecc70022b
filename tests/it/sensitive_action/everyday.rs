//! What staff do every day, on an instruction alone: a login that is locked, what failed, a certificate.
//! Source: bar 3.2 T1, T2.

use crate::on_both_engines;
use crate::sensitive_action::{RESET, Scene, about, found, now, open, refused, said, scene, text};
use serde_json::{Value, json};
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Mode, Refusal, Role, Scope, StaffRole};
use wabe_hosting::database::server::{self, Server};
use wabe_identity::{Attempt, LoginOutcome};
use wabe_kernel::id::{MemberId, TicketId};
use wabe_kernel::{Clock as _, Engine, Secret, State};
use wabe_store::Statement;
use wabe_support::action::{act, offered};
use wabe_testkit::{House, PASSWORD, Tenant, commands};

on_both_engines!(
    a_login_is_open_again_at_once,
    a_login_is_opened_for_its_owner_and_for_who_runs_the_customer,
    what_failed_is_tried_at_once,
    another_certificate_is_ordered_once,
    support_switches_nothing_on_that_the_hoster_switched_off,
    a_new_password_of_a_database_is_the_customers_alone,
);

/// What an owner logs in with, whose customer is the first of its house.
const FIRST: &str = "owner0@wabe.test";

async fn log_in(house: &House, email: &str, (secret, address): (&str, &str)) -> bool {
    let attempt = Attempt {
        email: email.to_owned(),
        secret: Secret::new(secret),
        address: address.parse().unwrap(),
        device_cookie: None,
        user_agent: String::new(),
        staff: false,
        previous_session: None,
    };
    let outcome = house.identity.log_in(&attempt).await.unwrap();
    matches!(outcome, LoginOutcome::LoggedIn(_))
}

/// The right password, from a browser that nobody knows.
async fn is_let_in(house: &House) -> bool {
    log_in(house, FIRST, (PASSWORD, "192.0.2.1")).await
}

/// Wrong passwords until whoever logs in with this is locked out; in a house where time stands still.
pub(crate) async fn lock(house: &House, email: &str) {
    for n in 0..5 {
        let (guess, from) = (format!("guess {n}"), format!("198.51.{n}.9"));
        assert!(!log_in(house, email, (&guess, &from)).await);
    }
    assert!(!log_in(house, email, (PASSWORD, "192.0.2.1")).await);
}

/// The place of somebody in a customer, and what they log in with.
pub(crate) async fn place_of(house: &House, tenant: &Tenant, actor: &Actor) -> (String, String) {
    let mut tx = house.db.store.read().await.unwrap();
    let all = member::list(&mut tx, tenant.id).await.unwrap();
    let own = all.into_iter().find(|one| Some(one.user) == actor.user);
    let own = own.unwrap().id;
    let email = member::login_of(&mut tx, tenant.id, own).await.unwrap();
    tx.rollback().await.unwrap();
    (own.to_string(), email.unwrap_or_default())
}

/// A database on a server, which the node has from then on.
pub(crate) async fn served(house: &House, owner: &Actor, name: &str) -> String {
    let seen = Server {
        engine: Engine::Postgresql,
        host: "127.0.0.1".to_owned(),
        port: 5432,
        version: "15".to_owned(),
        answers: true,
        remote: wabe_kernel::RemoteWay::Off,
    };
    let mut tx = house.write().await;
    server::note(&mut tx, &seen, house.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let input = json!({ "name": name, "engine": "postgresql" });
    let made = said(house, owner, "database.create", input).await;
    text(&made["id"])
}

/// Has a thing of a customer's fail at what this command asks for.
pub(crate) async fn trouble(
    house: &House,
    owner: &Actor,
    word: &'static str,
    (command, input): (&str, Value),
) {
    house.settle().await;
    house.node.fail(word, "files-failed");
    said(house, owner, command, input).await;
    house.settle().await;
}

async fn unlock(
    house: &House,
    scene: &Scene,
    ticket: TicketId,
    login: &str,
) -> Result<(), Refusal> {
    let place = (ticket, "user.unlock");
    let input = about(login);
    let done = act(&house.gate, &scene.support, place, &input, Mode::Commit).await;
    done.map(drop)
}

const SPENT: Statement = Statement {
    name: "test.spent",
    sql: "UPDATE login_throttle SET budget = 100, locked_until = $1",
};

async fn a_login_is_open_again_at_once(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (login, _) = place_of(&house, &scene.tenant, &scene.tenant.owner).await;
    let ticket = open(&house, &scene.tenant.owner, &login).await;
    let done = unlock(&house, &scene, ticket, &login).await;
    assert_eq!(refused(done), "login-not-locked");
    lock(&house, FIRST).await;
    let done = unlock(&house, &scene, scene.ticket, &login).await;
    assert_eq!(refused(done), "not-instructed");
    assert!(!is_let_in(&house).await);
    unlock(&house, &scene, ticket, &login).await.unwrap();
    assert!(is_let_in(&house).await);
    // Whoever spent the month's guesses proves themselves by mail.
    lock(&house, FIRST).await;
    let mut tx = house.write().await;
    let until = now(&house).plus_seconds(60);
    SPENT.bind(until).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let done = unlock(&house, &scene, ticket, &login).await;
    assert_eq!(refused(done), "guesses-spent");
    assert!(!is_let_in(&house).await);
}

async fn a_login_is_opened_for_its_owner_and_for_who_runs_the_customer(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (owner, _) = place_of(&house, &scene.tenant, &scene.tenant.owner).await;
    lock(&house, FIRST).await;
    // Whoever asked about the login of somebody else no longer runs the customer.
    let admin = house.member(scene.tenant.id, Role::Administrator).await;
    let (place, _) = place_of(&house, &scene.tenant, &admin).await;
    let ticket = open(&house, &admin, &owner).await;
    let role = json!({ "id": place, "role": "viewer" });
    said(&house, &scene.tenant.owner, "member.set_role", role).await;
    let done = unlock(&house, &scene, ticket, &owner).await;
    assert_eq!(refused(done), "not-instructed");
    // Members open others' logins themselves only as who runs the customer.
    let input = json!({ "id": owner });
    let done = house.run_json(&admin, "user.unlock", input.clone()).await;
    assert_eq!(refused(done), "Forbidden");
    let second = house.member(scene.tenant.id, Role::Administrator).await;
    said(&house, &second, "user.unlock", input).await;
    assert!(is_let_in(&house).await);
    // The login of somebody who works here opens the desk: nobody of a customer opens it.
    let colleague = house.staff(StaffRole::Support).await;
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: colleague.user.unwrap(),
        role: Role::Viewer,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    let added = member::insert(&mut tx, scene.tenant.id, &place).await;
    assert!(added.unwrap());
    tx.commit().await.unwrap();
    let (place, email) = place_of(&house, &scene.tenant, &colleague).await;
    lock(&house, &email).await;
    let input = json!({ "id": place });
    let done = house.run_json(&second, "user.unlock", input).await;
    assert_eq!(refused(done), "works-here");
}

async fn state(house: &House, id: &str) -> (State, i64) {
    let sql = "SELECT state AS found FROM resource WHERE id = $1";
    let state = found(house, sql, id).await.parse().unwrap();
    let sql = "SELECT CAST(attempts AS TEXT) AS found FROM resource WHERE id = $1";
    (state, found(house, sql, id).await.parse().unwrap())
}

async fn what_failed_is_tried_at_once(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    house.settle().await;
    let id = &scene.boxes[0];
    let place = (scene.ticket, "mailbox.retry");
    let input = about(id);
    let retry = async || act(&house.gate, &scene.support, place, &input, Mode::Commit).await;
    assert_eq!(refused(retry().await), "not-failed");
    let quota = |bytes: i64| {
        (
            "mailbox.set_quota",
            json!({ "id": id, "quota_bytes": bytes }),
        )
    };
    trouble(&house, owner, "configure-mailbox", quota(4_000_000_000)).await;
    assert_eq!(state(&house, id).await, (State::Failed, 1));
    // By itself it is tried later.
    let steps = house.node.steps().len();
    assert_eq!(house.settle().await, 0);
    let done = retry().await.unwrap();
    assert_eq!(done.made.before["failure"], "files-failed");
    assert_eq!(done.made.after["failure"], Value::Null);
    assert_eq!(house.settle().await, 1);
    assert_eq!(state(&house, id).await, (State::Live, 0));
    assert!(house.node.steps().len() > steps);
    // Members have it tried themselves.
    trouble(&house, owner, "configure-mailbox", quota(3_000_000_000)).await;
    said(&house, owner, "mailbox.retry", json!({ "id": id })).await;
    house.settle().await;
    assert_eq!(state(&house, id).await, (State::Live, 0));
}

fn issued(house: &House) -> usize {
    let words = house.node.words().into_iter();
    words.filter(|word| *word == "issue-certificate").count()
}

async fn another_certificate_is_ordered_once(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let site = json!({ "name": "shop" });
    let site = said(&house, owner, "webspace.create", site).await;
    let id = text(&site["id"]);
    let ticket = open(&house, owner, &id).await;
    let place = (ticket, "webspace.reissue_certificate");
    let input = about(&id);
    let order = async || act(&house.gate, &scene.support, place, &input, Mode::Commit).await;
    assert_eq!(refused(order().await), "no-certificate");
    house.settle().await;
    let sql = "SELECT serial AS found FROM webspace_certificate WHERE webspace_id = $1";
    let first = found(&house, sql, &id).await;
    order().await.unwrap();
    assert_eq!(refused(order().await), "certificate-ordered");
    // Until the node has another, the present one serves.
    assert_eq!(found(&house, sql, &id).await, first);
    let before = issued(&house);
    house.settle().await;
    assert_eq!(issued(&house), before + 1);
    assert_ne!(found(&house, sql, &id).await, first);
    // It is not ordered over and over.
    let plain = json!({ "id": id, "https_redirect": false });
    said(&house, owner, "webspace.set_https_redirect", plain).await;
    house.settle().await;
    assert_eq!(issued(&house), before + 1);
    order().await.unwrap();
    house.settle().await;
    assert_eq!(issued(&house), before + 2);
}

const OFF: Statement = Statement {
    name: "test.off_by_hoster",
    sql: "UPDATE resource SET suspended_reason = 'abuse', suspended_by_hoster = 1 WHERE id = $1",
};

async fn support_switches_nothing_on_that_the_hoster_switched_off(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (mailbox, owner) = (&scene.boxes[0], &scene.tenant.owner);
    let run = async |command: &'static str, reason: Option<&str>| {
        let mut input = about(mailbox);
        input.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
        let place = (scene.ticket, command);
        act(&house.gate, &scene.support, place, &input, Mode::Commit).await
    };
    // What support switched off for a customer, the customer switches on themselves.
    run("mailbox.suspend", Some("Umbau")).await.unwrap();
    said(&house, owner, "mailbox.resume", json!({ "id": mailbox })).await;
    let mut tx = house.write().await;
    OFF.bind(mailbox).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let done = run("mailbox.resume", None).await;
    assert_eq!(refused(done), "suspended-by-hoster");
}

/// The things that support is offered this command for.
async fn offered_for(house: &House, scene: &Scene, command: &str) -> Vec<String> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &scene.support).await.unwrap();
    let commands = commands();
    let known = (commands.as_slice(), house.facts.as_ref());
    let place = (scene.ticket, house.clock.now());
    let all = offered(&mut tx, &scope, known, place).await.unwrap();
    tx.rollback().await.unwrap();
    let found = all.into_iter().filter(|one| one.command == command);
    found.map(|one| one.object).collect()
}

const RESET_DATABASE: &str = "database.reset_password";

async fn a_new_password_of_a_database_is_the_customers_alone(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let orders = served(&house, owner, "orders").await;
    let plain = said(&house, owner, "database.create", json!({ "name": "plain" })).await;
    let plain = text(&plain["id"]);
    for object in [&orders, &plain] {
        let wish = json!({ "id": scene.ticket, "object": object, "quote": "Bitte neu." });
        said(&house, owner, "instruction.give", wish).await;
    }
    scene.consents(&house, scene.ticket, true).await;
    // Of these two it means something for one.
    assert_eq!(
        offered_for(&house, &scene, RESET_DATABASE).await,
        std::slice::from_ref(&orders)
    );
    let place = (scene.ticket, RESET_DATABASE);
    let reset = async |object: &str| {
        let input = about(object);
        act(&house.gate, &scene.support, place, &input, Mode::Commit).await
    };
    let made = reset(&orders).await.unwrap().made;
    assert_eq!(made.after, json!({ "id": orders, "password": "new" }));
    assert_eq!(refused(reset(&plain).await), "engine-without-password");
    let waiting = scene.waiting(&house).await;
    let [waiting] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    assert_eq!(waiting.object, orders);
    scene.collect(&house, owner, waiting.id).await.unwrap();
    let alone = json!({ "id": orders });
    let done = house.run_json(owner, RESET_DATABASE, alone).await;
    assert_eq!(refused(done), "Forbidden");
}

/// What of this a customer sees done: every command that passes only here, or only in trouble.
pub(crate) async fn all_of_it(house: &House) -> Vec<&'static str> {
    let scene = scene(house, "Sensitiv").await;
    let owner = &scene.tenant.owner;
    let site = json!({ "name": "shop" });
    let site = text(&said(house, owner, "webspace.create", site).await["id"]);
    let wish = json!({ "id": scene.ticket, "object": site, "quote": "Bitte neu." });
    said(house, owner, "instruction.give", wish).await;
    scene.consents(house, scene.ticket, true).await;
    scene.reset(house, &scene.boxes[0]).await.unwrap();
    let upload = "webspace.reset_upload_password";
    let (place, object) = ((scene.ticket, upload), about(&site));
    act(&house.gate, &scene.support, place, &object, Mode::Commit)
        .await
        .unwrap();
    let reset = RESET_DATABASE;
    let orders = served(house, owner, "orders").await;
    let wish = json!({ "id": scene.ticket, "object": orders, "quote": "Auch neu." });
    said(house, owner, "instruction.give", wish).await;
    let (place, object) = ((scene.ticket, reset), about(&orders));
    act(&house.gate, &scene.support, place, &object, Mode::Commit)
        .await
        .unwrap();
    for waiting in scene.waiting(house).await {
        scene.collect(house, owner, waiting.id).await.unwrap();
    }
    house.settle().await;
    let again = json!({ "id": site });
    said(house, owner, "webspace.reissue_certificate", again).await;
    let (login, email) = place_of(house, &scene.tenant, owner).await;
    lock(house, &email).await;
    said(house, owner, "user.unlock", json!({ "id": login })).await;
    let mut passed = vec![RESET, upload, reset, "ticket.collect_secret", "user.unlock"];
    passed.push("webspace.reissue_certificate");
    passed.extend(retried(house, &scene, &site).await);
    passed
}

/// Has one thing of each kind fail, and tried again.
async fn retried(house: &House, scene: &Scene, site: &str) -> Vec<&'static str> {
    let owner = &scene.tenant.owner;
    let name = json!({ "name": "umzug.test" });
    let domain = said(house, owner, "domain.create", name).await;
    let alias = json!({ "address": "alle@sensitiv.test", "targets": ["info@sensitiv.test"] });
    let alias = said(house, owner, "alias.create", alias).await;
    let database = said(house, owner, "database.create", json!({ "name": "shop" })).await;
    let (room, mailbox) = (json!(4_000_000_000_i64), scene.boxes[0].as_str());
    let (domain, alias) = (text(&domain["id"]), text(&alias["id"]));
    let database = text(&database["id"]);
    let mut passed = Vec::new();
    for (command, id, word, touch, field, value) in [
        (
            "webspace.retry",
            site,
            "configure-site",
            "webspace.set_quota",
            "quota_bytes",
            room.clone(),
        ),
        (
            "mailbox.retry",
            mailbox,
            "configure-mailbox",
            "mailbox.set_quota",
            "quota_bytes",
            room.clone(),
        ),
        (
            "alias.retry",
            alias.as_str(),
            "configure-alias",
            "alias.set_targets",
            "targets",
            json!(["shop@sensitiv.test"]),
        ),
        (
            "database.retry",
            database.as_str(),
            "configure-database",
            "database.set_quota",
            "quota_bytes",
            room,
        ),
        (
            "domain.retry",
            domain.as_str(),
            "configure-redirect",
            "domain.set_redirect",
            "redirect",
            json!("https://www.example.org/"),
        ),
    ] {
        let mut input = json!({ "id": id });
        input[field] = value;
        trouble(house, owner, word, (touch, input)).await;
        said(house, owner, command, json!({ "id": id })).await;
        passed.push(command);
    }
    passed
}

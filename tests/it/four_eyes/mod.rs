//! What one of the hoster's people asks for and another one decides: another owner of a customer, reading
//! content for longer than a day, a file with everything of a customer's, and removing it for good. Control
//! MWK-7-07; bar 3.8 T3, T7.

mod content;
mod ending;
mod erasure;
mod export;

use crate::on_both_engines;
use crate::staff_role::{acts, execute, hired, run, told};
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, ActorKind, Refusal, Role};
use wabe_identity::MailKind;
use wabe_identity::approval::read;
use wabe_kernel::id::{MemberId, TicketId, TokenId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock as _, Secret};
use wabe_store::Statement;
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(
    another_owner_takes_72_hours_and_a_second_person,
    shutting_an_owner_out_first_takes_none_of_their_hours,
    one_person_in_two_tabs_agrees_to_nothing_of_their_own,
    every_address_of_an_owner_stops_it_and_no_newer_link_voids_that,
    what_is_refused_taken_back_or_late_changes_nothing,
    the_decision_and_the_deed_are_one,
    of_two_who_agree_at_once_one_is_first,
    the_database_knows_two_people_apart,
);

const DAY: u32 = 86_400;
const WAIT: u32 = 3 * DAY;

/// A customer with a ticket, a member beside its owner, and people of the hoster.
struct Scene {
    tenant: Tenant,
    ticket: String,
    /// Who shall own it: as a member, and as a person.
    heir: (String, UserId),
    /// Support, who asks.
    mira: UserId,
    /// Operations, who decides.
    ole: UserId,
    /// Management.
    karin: UserId,
}

/// Somebody of the customer's, invited and here.
pub(crate) async fn joined(house: &House, tenant: &Tenant, name: &str) -> (String, UserId) {
    let email = format!("{}@wabe.test", name.to_lowercase());
    let owner = Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now());
    let invite = json!({ "email": email, "role": "webmaster" });
    let invited = house.run_json(&owner, "member.invite", invite).await;
    invited.unwrap();
    let token = house.mails.token(MailKind::Invitation).unwrap();
    let accept = json!({ "token": token, "name": name, "password": PASSWORD });
    let system = Actor::system(tenant.id);
    let accepted = house.run_json(&system, "member.accept", accept).await;
    let place = accepted.unwrap().object;
    let id: MemberId = place.parse().unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let found = member::find(&mut tx, tenant.id, id).await.unwrap();
    tx.rollback().await.unwrap();
    (place, found.unwrap().user)
}

pub(crate) async fn asked_for_help(house: &House, tenant: &Tenant) -> String {
    let ticket = json!({ "subject": "Geschäftsführer fort", "body": "Bitte helfen Sie uns." });
    let made = house.run_json(&tenant.owner, "ticket.create", ticket).await;
    made.unwrap().object
}

async fn scene(house: &House) -> Scene {
    let mira = hired(house, "Mira", &["support"]).await;
    let ole = hired(house, "Ole", &["operator"]).await;
    let karin = hired(house, "Karin", &["management"]).await;
    let tenant = house.tenant("Sonne").await;
    let ticket = asked_for_help(house, &tenant).await;
    let heir = joined(house, &tenant, "Ben").await;
    Scene {
        tenant,
        ticket,
        heir,
        mira,
        ole,
        karin,
    }
}

async fn ask(house: &House, by: UserId, ticket: &str, member: &str) -> Result<String, Refusal> {
    let input =
        json!({ "ticket": ticket, "member": member, "reason": "Der Inhaber ist gestorben." });
    let asked = run(house, by, "customer.request_owner", input).await?;
    Ok(asked["approval"].as_str().unwrap().to_owned())
}

async fn asked(house: &House, scene: &Scene) -> String {
    let asked = ask(house, scene.mira, &scene.ticket, &scene.heir.0).await;
    asked.unwrap()
}

/// The place of who was the owner.
async fn place_of(house: &House, tenant: &Tenant) -> String {
    let mut tx = house.db.store.read().await.unwrap();
    let all = member::list(&mut tx, tenant.id).await.unwrap();
    tx.rollback().await.unwrap();
    let owner = all.iter().find(|one| Some(one.user) == tenant.owner.user);
    owner.unwrap().id.to_string()
}

/// The link of the latest letter that stops it.
fn link(house: &House) -> Secret {
    Secret::new(house.mails.token(MailKind::OwnerChangeAsked).unwrap())
}

/// Asked for long enough ago that somebody may agree.
async fn due(house: &House, scene: &Scene) -> String {
    let id = asked(house, scene).await;
    house.clock.advance(WAIT);
    id
}

async fn decide(house: &House, by: UserId, verb: &str, id: &str) -> Result<Value, Refusal> {
    run(house, by, &format!("approval.{verb}"), json!({ "id": id })).await
}

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> &'static str {
    match refused {
        Err(Refusal::Conflict(code)) => code,
        other => panic!("{other:?}"),
    }
}

fn over<T: std::fmt::Debug>(refused: &Result<T, Refusal>) {
    assert!(matches!(refused, Err(Refusal::NotFound)), "{refused:?}");
}

/// The role of the owner that was, and of who shall be it.
async fn roles(house: &House, scene: &Scene) -> [Role; 2] {
    let mut tx = house.db.store.read().await.unwrap();
    let mut found = Vec::new();
    for user in [scene.tenant.owner.user.unwrap(), scene.heir.1] {
        let role = member::role(&mut tx, user, scene.tenant.id).await;
        found.push(role.unwrap().unwrap());
    }
    tx.rollback().await.unwrap();
    [found[0], found[1]]
}

const BEFORE: [Role; 2] = [Role::Owner, Role::Webmaster];
const AFTER: [Role; 2] = [Role::Administrator, Role::Owner];

async fn second_address(house: &House) {
    let sql = "UPDATE wabe_user SET second_email = 'zwei@elsewhere.test' \
               WHERE email = 'owner0@wabe.test'";
    let mut tx = house.db.store.write().await.unwrap();
    let done = Statement { name: "test", sql }.query().execute(&mut tx);
    assert_eq!(done.await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// How many ended this way; those that wait when nothing is said.
async fn ended(house: &House, ending: &str) -> i64 {
    const COUNT: Statement = Statement {
        name: "test",
        sql: "SELECT count(*) AS n FROM approval WHERE COALESCE(ending, '') = $1",
    };
    let mut tx = house.db.store.read().await.unwrap();
    let found = COUNT.bind(ending).one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    found.int("n").unwrap()
}

/// Every command about it, carried out once.
pub(crate) async fn all_of_it(house: &House) -> Vec<&'static str> {
    let rosa = hired(house, "Rosa", &["support"]).await;
    let emil = hired(house, "Emil", &["operator"]).await;
    let tenant = house.tenant("Erbe").await;
    let ticket = asked_for_help(house, &tenant).await;
    let (heir, _) = joined(house, &tenant, "Dora").await;
    content::asked_for_longer(house, &tenant, (rosa, ticket.as_str())).await;
    export::both(house, &tenant, (rosa, ticket.as_str())).await;
    let id = ask(house, rosa, &ticket, &heir).await.unwrap();
    let stopped = house.run_json(&tenant.owner, "approval.stop", json!({ "id": id }));
    stopped.await.unwrap();
    for (by, verb) in [(rosa, "retract"), (emil, "refuse"), (emil, "approve")] {
        let id = ask(house, rosa, &ticket, &heir).await.unwrap();
        house.clock.advance(WAIT);
        decide(house, by, verb, &id).await.unwrap();
    }
    let paula = hired(house, "Paula", &["privacy_officer"]).await;
    erasure::all_of_it(house, (emil, paula)).await;
    vec![
        "customer.request_owner",
        "customer.request_erasure",
        "erasure.stop",
        "erasure.begin",
        "erasure.finish",
        "consent.request_extension",
        "customer.request_export",
        "customer.export",
        "approval.stop",
        "approval.retract",
        "approval.refuse",
        "approval.approve",
    ]
}

async fn another_owner_takes_72_hours_and_a_second_person(house: House) {
    let scene = scene(&house).await;
    hired(&house, "Petra", &["privacy_officer"]).await;
    second_address(&house).await;
    let id = asked(&house, &scene).await;
    let owners = ["owner0@wabe.test", "zwei@elsewhere.test"];
    assert_eq!(told(&house, MailKind::OwnerChangeAsked), owners);
    let again = ask(&house, scene.mira, &scene.ticket, &scene.heir.0).await;
    assert_eq!(code(again), "approval-open");
    seen_by_the_customer(&house, &scene).await;
    // Nobody agrees before its time, and nothing happens by itself after it.
    for wait in [0, WAIT - 1] {
        house.clock.advance(wait);
        let early = decide(&house, scene.ole, "approve", &id).await;
        assert_eq!(code(early), "approval-waits");
        house.identity.prune().await.unwrap();
    }
    assert_eq!(
        told(&house, MailKind::ApprovalWaiting),
        Vec::<String>::new()
    );
    house.clock.advance(1);
    for _ in 0..2 {
        house.identity.prune().await.unwrap();
    }
    let waiting = told(&house, MailKind::ApprovalWaiting);
    assert_eq!(waiting, ["ole@hoster.test", "petra@hoster.test"]);
    assert_eq!(roles(&house, &scene).await, BEFORE);
    who_does_not_decide(&house, &scene, &id).await;
    decide(&house, scene.ole, "approve", &id).await.unwrap();
    assert_eq!(roles(&house, &scene).await, AFTER);
    over(&decide(&house, scene.ole, "approve", &id).await);
    let all = ["ben@wabe.test", "owner0@wabe.test", "zwei@elsewhere.test"];
    assert_eq!(told(&house, MailKind::OwnerChanged), all);
    let mira = ["mira@hoster.test"];
    assert_eq!(told(&house, MailKind::ApprovalApproved), mira);
    recorded(&house, &scene).await;
}

/// The customer reads in their ticket what waits, and nobody else does.
async fn seen_by_the_customer(house: &House, scene: &Scene) {
    let other = house.tenant("Mond").await;
    let ticket: TicketId = scene.ticket.parse().unwrap();
    for (whose, count) in [(scene.tenant.id, 1), (other.id, 0)] {
        let mut tx = house.db.store.read_for(whose).await.unwrap();
        let found = read::of_ticket(&mut tx, whose, ticket).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(found.len(), count);
        let waits = found.iter().all(|one| one.is_open(house.clock.now()));
        assert!(waits, "{found:?}");
    }
}

/// A stale proof, no purpose, another role, a program, the panel, the customer.
async fn who_does_not_decide(house: &House, scene: &Scene, id: &str) {
    let program = Actor {
        kind: ActorKind::Token(TokenId::from_uuid(Uuid::from_u128(1))),
        sensitive: true,
        ..acts(house, scene.ole)
    };
    let panel = Actor::system(HOUSE).for_purpose("x".parse().unwrap());
    let support = hired(house, "Jona", &["support"]).await;
    let stale = acts(house, scene.ole);
    house.clock.advance(601);
    for (other, why) in [
        (stale, "StepUp"),
        (Actor::staff(scene.ole, house.clock.now()), "PurposeMissing"),
        (acts(house, support), "Forbidden"),
        (program, "Forbidden"),
        (panel, "Forbidden"),
        (scene.tenant.owner.clone(), "Forbidden"),
    ] {
        for verb in ["approve", "refuse"] {
            let name = format!("approval.{verb}");
            let refused = house.run_json(&other, &name, json!({ "id": id })).await;
            assert_eq!(format!("{:?}", refused.unwrap_err()), why, "{verb}");
        }
    }
}

/// The customer reads who agreed, on what that rests, and what is different.
async fn recorded(house: &House, scene: &Scene) {
    let customer = scene.tenant.id;
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let (filter, page) = (
        wabe_audit::ChangeFilter::default(),
        wabe_kernel::PageRequest::first(20),
    );
    let record = house.recorder.list(&mut tx, customer, &filter, &page).await;
    let record = record.unwrap();
    let find = |command: &str| record.items.iter().find(|one| one.command == command);
    assert!(find("customer.request_owner").is_some());
    let change = find("approval.approve").unwrap();
    assert_eq!(change.actor_kind, "staff");
    assert_eq!(change.purpose.as_deref(), Some("Vertretung im Team"));
    let whole = house.recorder.load(&mut tx, customer, change.id).await;
    let whole = whole.unwrap().unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(whole.before["owner"], json!(["owner0@wabe.test"]));
    assert_eq!(whole.after["owner"], json!(["ben@wabe.test"]));
    assert_eq!(whole.after["approval"], "approved");
}

async fn shutting_an_owner_out_first_takes_none_of_their_hours(house: House) {
    let scene = scene(&house).await;
    let owner = json!({ "id": scene.tenant.owner.user.unwrap() });
    run(&house, scene.ole, "user.disable", owner).await.unwrap();
    house.clock.advance(2 * WAIT);
    let id = asked(&house, &scene).await;
    house.clock.advance(WAIT - 1);
    let early = decide(&house, scene.ole, "approve", &id).await;
    assert_eq!(code(early), "approval-waits");
    // Shut out or not, whoever reads their mail says no.
    assert!(house.identity.keeps_owner(&link(&house)).await.unwrap());
    house.clock.advance(1);
    decide(&house, scene.ole, "approve", &id).await.unwrap();
    assert_eq!(roles(&house, &scene).await, AFTER);
}

async fn one_person_in_two_tabs_agrees_to_nothing_of_their_own(house: House) {
    let scene = scene(&house).await;
    let id = ask(&house, scene.ole, &scene.ticket, &scene.heir.0).await;
    let input = json!({ "id": id.unwrap() });
    house.clock.advance(WAIT);
    let (tab, other_tab) = (acts(&house, scene.ole), acts(&house, scene.ole));
    let one = house.run_json(&tab, "approval.approve", input.clone());
    let other = house.run_json(&other_tab, "approval.refuse", input.clone());
    let (one, other) = tokio::join!(one, other);
    assert_eq!(code(one), "own-request");
    assert_eq!(code(other), "own-request");
    run(&house, scene.ole, "approval.retract", input)
        .await
        .unwrap();
    // Whoever works here and belongs to the customer as well has no say in becoming its owner.
    let petra = hired(&house, "Petra", &["privacy_officer", "support"]).await;
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: petra,
        role: Role::Viewer,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    let added = member::insert(&mut tx, scene.tenant.id, &place).await;
    assert!(added.unwrap());
    tx.commit().await.unwrap();
    let place = place.id.to_string();
    let oneself = ask(&house, petra, &scene.ticket, &place).await;
    assert_eq!(code(oneself), "yourself");
    let id = ask(&house, scene.mira, &scene.ticket, &place).await;
    let id = id.unwrap();
    for verb in ["approve", "refuse"] {
        assert_eq!(code(decide(&house, petra, verb, &id).await), "yourself");
    }
    // Nor in somebody else becoming it.
    run(&house, scene.mira, "approval.retract", json!({ "id": id }))
        .await
        .unwrap();
    let id = due(&house, &scene).await;
    for verb in ["approve", "refuse"] {
        let refused = code(decide(&house, petra, verb, &id).await);
        assert_eq!(refused, "own-customer");
    }
    assert_eq!(roles(&house, &scene).await, BEFORE);
}

async fn every_address_of_an_owner_stops_it_and_no_newer_link_voids_that(house: House) {
    let scene = scene(&house).await;
    second_address(&house).await;
    for place in [0, 1] {
        let id = asked(&house, &scene).await;
        let letters = house.mails.of(MailKind::OwnerChangeAsked);
        let link = letters[letters.len() - 2 + place].path.clone().unwrap();
        let (way, token) = link.expose().rsplit_once('/').unwrap();
        assert_eq!(way, "/owner-keep");
        let token = Secret::new(token);
        // Whoever knows the login asks for other links and sets another password: this one stays.
        house.clock.advance(3_601);
        let home = std::net::IpAddr::from([192, 0, 2, 7]);
        let reset = house.identity.request_reset("owner0@wabe.test", home);
        reset.await.unwrap();
        let reset = Secret::new(house.mails.token(MailKind::Reset).unwrap());
        assert!(!house.identity.keeps_owner(&reset).await.unwrap());
        over(&house.identity.keep_owner(&reset).await);
        let chosen = Secret::new("Wq8-abendrot zwei Zelte");
        let redeemed = house.identity.redeem(reset.expose(), &chosen).await;
        assert!(redeemed.is_ok() || place == 1, "{redeemed:?}");
        house.clock.advance(WAIT);
        assert!(house.identity.keeps_owner(&token).await.unwrap());
        house.identity.keep_owner(&token).await.unwrap();
        assert!(!house.identity.keeps_owner(&token).await.unwrap());
        over(&house.identity.keep_owner(&token).await);
        over(&decide(&house, scene.ole, "approve", &id).await);
        let off = told(&house, MailKind::OwnerChangeOff);
        assert_eq!(off.len(), 2 * (place + 1));
    }
    assert_eq!(ended(&house, "stopped").await, 2);
    assert_eq!(roles(&house, &scene).await, BEFORE);
    let stopped = told(&house, MailKind::ApprovalStopped);
    assert_eq!(stopped, ["mira@hoster.test", "mira@hoster.test"]);
}

async fn what_is_refused_taken_back_or_late_changes_nothing(house: House) {
    let scene = scene(&house).await;
    let id = asked(&house, &scene).await;
    decide(&house, scene.ole, "refuse", &id).await.unwrap();
    let refused = house.mails.of(MailKind::ApprovalRefused);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].args["message"], "Vertretung im Team");
    over(&decide(&house, scene.ole, "approve", &id).await);
    let id = asked(&house, &scene).await;
    let anothers = decide(&house, scene.ole, "retract", &id).await;
    assert_eq!(code(anothers), "anothers-request");
    decide(&house, scene.mira, "retract", &id).await.unwrap();
    over(&decide(&house, scene.ole, "approve", &id).await);
    let off = told(&house, MailKind::OwnerChangeOff);
    assert_eq!(off, ["owner0@wabe.test", "owner0@wabe.test"]);
    // Seven days, to the second; what lapsed can be asked for again.
    let id = asked(&house, &scene).await;
    house.clock.advance(7 * DAY);
    over(&decide(&house, scene.ole, "approve", &id).await);
    let id = asked(&house, &scene).await;
    assert_eq!(ended(&house, "lapsed").await, 1);
    // A ticket that was solved meanwhile is no ground any more, and nobody is called for it.
    let solve = json!({ "id": scene.ticket });
    let solved = house.run_json(&scene.tenant.owner, "ticket.solve", solve);
    solved.await.unwrap();
    house.clock.advance(WAIT + DAY);
    house.identity.prune().await.unwrap();
    let nobody = Vec::<String>::new();
    assert_eq!(told(&house, MailKind::ApprovalWaiting), nobody);
    assert_eq!(told(&house, MailKind::ApprovalLate), nobody);
    let late = decide(&house, scene.ole, "approve", &id).await;
    assert_eq!(code(late), "ticket-not-open");
    decide(&house, scene.mira, "retract", &id).await.unwrap();
    let late = ask(&house, scene.mira, &scene.ticket, &scene.heir.0).await;
    assert_eq!(code(late), "ticket-not-open");
    assert_eq!(roles(&house, &scene).await, BEFORE);
    what_cannot_be_asked_for(&house, &scene).await;
}

async fn what_cannot_be_asked_for(house: &House, scene: &Scene) {
    let ticket = asked_for_help(house, &scene.tenant).await;
    let mut tx = house.db.store.read().await.unwrap();
    let all = member::list(&mut tx, scene.tenant.id).await.unwrap();
    tx.rollback().await.unwrap();
    let owner = all.iter().find(|one| one.role == Role::Owner).unwrap();
    let nobody = scene.ticket.replace("tkt_", "mem_");
    for member in [owner.id.to_string(), nobody] {
        let refused = ask(house, scene.mira, &ticket, &member).await;
        let Err(Refusal::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors.0["member"].code, "not-a-choice");
    }
    // Not by management, which works on no tickets, not by a program, and not without a fresh proof.
    let input = json!({ "ticket": ticket, "member": scene.heir.0, "reason": "Weil." });
    let program = Actor {
        kind: ActorKind::Token(TokenId::from_uuid(Uuid::from_u128(1))),
        sensitive: true,
        ..acts(house, scene.mira)
    };
    let stale = acts(house, scene.mira);
    let boss = acts(house, scene.karin);
    house.clock.advance(601);
    for (other, why) in [
        (boss, "Forbidden"),
        (program, "Forbidden"),
        (stale, "StepUp"),
    ] {
        let refused = house.run_json(&other, "customer.request_owner", input.clone());
        assert_eq!(format!("{:?}", refused.await.unwrap_err()), why);
    }
}

async fn the_decision_and_the_deed_are_one(house: House) {
    let scene = scene(&house).await;
    let (other, _) = joined(&house, &scene.tenant, "Carla").await;
    let id = due(&house, &scene).await;
    let system = Actor::system(scene.tenant.id);
    for (role, then) in [("owner", "owners-changed"), ("viewer", "")] {
        let set = json!({ "id": other, "role": role });
        let set = house.run_json(&system, "member.set_role", set).await;
        set.unwrap();
        if !then.is_empty() {
            let refused = decide(&house, scene.ole, "approve", &id).await;
            assert_eq!(code(refused), then);
        }
    }
    let heir = json!({ "id": scene.heir.1 });
    let shut = run(&house, scene.ole, "user.disable", heir.clone()).await;
    shut.unwrap();
    let refused = decide(&house, scene.ole, "approve", &id).await;
    assert_eq!(code(refused), "login-disabled");
    // Whatever failed, nothing was decided and nobody is told of anything.
    assert_eq!(ended(&house, "").await, 1);
    assert_eq!(roles(&house, &scene).await, BEFORE);
    let changed = told(&house, MailKind::ApprovalApproved);
    assert_eq!(changed, Vec::<String>::new());
    run(&house, scene.ole, "user.enable", heir).await.unwrap();
    decide(&house, scene.ole, "approve", &id).await.unwrap();
    assert_eq!(roles(&house, &scene).await, AFTER);
    let back = asked_back(&house, &scene).await;
    assert_eq!(code(back), "member-gone");
}

/// Asks for the former owner, who is removed meanwhile.
async fn asked_back(house: &House, scene: &Scene) -> Result<Value, Refusal> {
    let mut tx = house.db.store.read().await.unwrap();
    let all = member::list(&mut tx, scene.tenant.id).await.unwrap();
    tx.rollback().await.unwrap();
    let former = all
        .iter()
        .find(|one| Some(one.user) == scene.tenant.owner.user);
    let former = former.unwrap().id.to_string();
    let id = ask(house, scene.mira, &scene.ticket, &former).await;
    let id = id.unwrap();
    house.clock.advance(WAIT);
    let system = Actor::system(scene.tenant.id);
    let remove = json!({ "id": former });
    let removed = house.run_json(&system, "member.remove", remove).await;
    removed.unwrap();
    decide(house, scene.ole, "approve", &id).await
}

async fn of_two_who_agree_at_once_one_is_first(house: House) {
    let scene = scene(&house).await;
    let id = due(&house, &scene).await;
    let one = decide(&house, scene.ole, "approve", &id);
    let other = decide(&house, scene.karin, "approve", &id);
    let (one, other) = tokio::join!(one, other);
    let (first, second) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    first.unwrap();
    over(&second);
    assert_eq!(roles(&house, &scene).await, AFTER);
    assert_eq!(told(&house, MailKind::ApprovalApproved).len(), 1);
}

async fn the_database_knows_two_people_apart(house: House) {
    let scene = scene(&house).await;
    asked(&house, &scene).await;
    for sql in [
        "UPDATE approval SET ended_at = due_at, ending = 'approved', decided_by = requested_by, answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'refused', decided_by = requested_by, answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'approved', decided_by = user_id, answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'approved', decided_by = 'usr_x'",
        "UPDATE approval SET ended_at = due_at, ending = 'approved', answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'approved'",
        "UPDATE approval SET ended_at = due_at - 1, ending = 'approved', decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET ended_at = expires_at, ending = 'approved', decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'stopped', decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'forgotten'",
        "UPDATE approval SET ended_at = due_at",
        "UPDATE approval SET ending = 'lapsed'",
        "UPDATE approval SET decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET requested_by = user_id",
        "UPDATE approval SET user_id = NULL",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
    for sql in [
        "UPDATE approval SET ended_at = due_at, ending = 'approved', decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET ended_at = due_at - 1, ending = 'refused', decided_by = 'usr_x', answer = 'x'",
        "UPDATE approval SET ended_at = due_at, ending = 'stopped'",
    ] {
        assert!(execute(&house, sql).await, "{sql}");
    }
}

//! Rights of the hoster's people: asked for by one, given by another, gone through once a quarter, and
//! ended at once. Controls MWK-3-02, MWK-4-03, MWK-7-07; bar 3.8 T7.

mod leave;
mod review;
mod seen;

use crate::on_both_engines;
use crate::staff_role::review::{find, items, opened};
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Permission, Refusal, Scope, StaffRole, member};
use wabe_identity::MailKind;
use wabe_identity::user::store as users;
use wabe_kernel::Clock as _;
use wabe_kernel::id::UserId;
use wabe_store::Statement;
use wabe_testkit::{House, PASSWORD};

on_both_engines!(
    a_role_is_asked_for_by_one_and_given_by_another,
    nobody_gives_themselves_a_role_in_two_tabs,
    a_request_is_told_again_and_lapses,
    a_role_ends_at_once_and_the_last_operator_stays,
);

const DAY: u32 = 86_400;

/// Somebody who works here, with a login.
pub(crate) async fn hired(house: &House, name: &str, roles: &[&str]) -> UserId {
    let input = json!({
        "name": name, "email": format!("{}@hoster.test", name.to_lowercase()), "roles": roles,
        "password": PASSWORD, "setup_by_mail": false,
    });
    let system = Actor::system(HOUSE);
    let made = house.run_json(&system, "staff.create", input).await;
    let made = made.unwrap();
    made.output["user"].as_str().unwrap().parse().unwrap()
}

/// The same person, with a fresh proof and a reason.
pub(crate) fn acts(house: &House, user: UserId) -> Actor {
    Actor::staff(user, house.clock.now()).for_purpose("Vertretung im Team".parse().unwrap())
}

pub(crate) async fn run(
    house: &House,
    by: UserId,
    command: &str,
    input: Value,
) -> Result<Value, Refusal> {
    let done = house.run_json(&acts(house, by), command, input).await?;
    Ok(done.output)
}

fn code(refused: Result<Value, Refusal>) -> &'static str {
    match refused {
        Err(Refusal::Conflict(code)) => code,
        other => panic!("{other:?}"),
    }
}

async fn asked(house: &House, by: UserId, name: &str, roles: &[&str]) -> String {
    let email = format!("{}@hoster.test", name.to_lowercase());
    let input = json!({ "name": name, "email": email, "roles": roles });
    let made = run(house, by, "staff_role.request", input).await.unwrap();
    made["request"].as_str().unwrap().to_owned()
}

/// A program of the hoster's that acts for somebody: which token it has, and the token itself.
async fn program(house: &House, user: UserId) -> (String, String) {
    let maker = Actor {
        user: Some(user),
        ..Actor::system(HOUSE)
    };
    let input = json!({ "name": "ci", "scopes": ["plugin:read"], "days": 30, "sensitive": false });
    let made = house.run_json(&maker, "token.create", input).await.unwrap();
    let text = |name: &str| made.output[name].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}

/// Whether a program gets in.
async fn works(house: &House, token: &str) -> bool {
    let found = house.identity.authenticate_token(token).await.unwrap();
    found.is_some()
}

async fn roles(house: &House, user: UserId) -> Vec<StaffRole> {
    let mut tx = house.db.store.read().await.unwrap();
    let found = member::staff_roles(&mut tx, user).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

async fn by_email(house: &House, email: &str) -> Option<UserId> {
    let mut tx = house.db.store.read().await.unwrap();
    let found = users::find_by_email(&mut tx, &email.parse().unwrap()).await;
    tx.rollback().await.unwrap();
    found.unwrap().map(|user| user.id)
}

/// Whether a statement passes; it is taken back.
pub(crate) async fn execute(house: &House, sql: &'static str) -> bool {
    let mut tx = house.db.store.write().await.unwrap();
    let done = Statement { name: "test", sql }.query().execute(&mut tx);
    let done = done.await.is_ok();
    tx.rollback().await.unwrap();
    done
}

/// Whom letters of a kind went to.
pub(crate) fn told(house: &House, kind: MailKind) -> Vec<String> {
    let mails = house.mails.of(kind);
    let mut to: Vec<String> = mails.iter().map(|mail| mail.to.to_string()).collect();
    to.sort();
    to
}

/// Every command about rights, carried out once.
pub(crate) async fn all_of_it(house: &House) -> Vec<&'static str> {
    let boss = hired(house, "Karin", &["management", "operator"]).await;
    let ole = hired(house, "Ole", &["operator", "management"]).await;
    let petra = hired(house, "Petra", &["privacy_officer"]).await;
    let mira = hired(house, "Mira", &["support", "auditor"]).await;
    for (name, by, command) in [
        ("Neu", ole, "staff_role.grant"),
        ("Neuer", ole, "staff_role.refuse"),
        ("Neuste", boss, "staff_role.retract"),
    ] {
        let request = asked(house, boss, name, &["support"]).await;
        let mut input = json!({ "id": request });
        if command == "staff_role.grant" {
            input["setup_by_mail"] = json!(true);
        }
        run(house, by, command, input).await.unwrap();
    }
    let take = json!({ "id": mira, "role": "auditor" });
    run(house, petra, "staff_role.withdraw", take)
        .await
        .unwrap();
    let review = opened(house).await;
    let (_, all) = items(house, review).await;
    let stays = json!({ "items": [find(&all, ole, "operator").id] });
    run(house, petra, "access_review.confirm", stays)
        .await
        .unwrap();
    let ends = json!({ "items": [find(&all, ole, "management").id] });
    run(house, petra, "access_review.withdraw", ends)
        .await
        .unwrap();
    let view = json!({ "name": "Meine", "mine": true });
    let view = run(house, mira, "ticket_view.save", view).await.unwrap();
    let view = json!({ "id": view["view"] });
    run(house, mira, "ticket_view.delete", view).await.unwrap();
    run(house, petra, "staff.leave", json!({ "id": mira }))
        .await
        .unwrap();
    vec![
        "staff_role.request",
        "staff_role.grant",
        "staff_role.refuse",
        "staff_role.retract",
        "staff_role.withdraw",
        "access_review.open",
        "access_review.confirm",
        "access_review.withdraw",
        "ticket_view.save",
        "ticket_view.delete",
        "staff.leave",
    ]
}

async fn a_role_is_asked_for_by_one_and_given_by_another(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let ole = hired(&house, "Ole", &["operator"]).await;
    let mira = hired(&house, "Mira", &["support"]).await;
    let request = asked(&house, boss, "Neu", &["support"]).await;
    assert_eq!(told(&house, MailKind::StaffRequested), ["ole@hoster.test"]);
    let again = json!({ "name": "Neu", "email": "neu@hoster.test", "roles": ["auditor"] });
    let twice = run(&house, boss, "staff_role.request", again).await;
    assert_eq!(code(twice), "request-open");
    // Neither without the right, nor without a reason, nor with a stale proof, nor as a program.
    let grant = json!({ "id": request, "setup_by_mail": false });
    let refused = run(&house, mira, "staff_role.grant", grant.clone()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    let silent = Actor::staff(ole, house.clock.now());
    let refused = house
        .run_json(&silent, "staff_role.grant", grant.clone())
        .await;
    assert!(
        matches!(refused, Err(Refusal::PurposeMissing)),
        "{refused:?}"
    );
    let stale = acts(&house, ole);
    house.clock.advance(601);
    let refused = house
        .run_json(&stale, "staff_role.grant", grant.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::StepUp)), "{refused:?}");
    let system = Actor::system(HOUSE).for_purpose("x".parse().unwrap());
    let refused = house
        .run_json(&system, "staff_role.grant", grant.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    assert_eq!(by_email(&house, "neu@hoster.test").await, None);
    let made = run(&house, ole, "staff_role.grant", grant.clone())
        .await
        .unwrap();
    assert!(made["initial_password"].is_string());
    let neu = by_email(&house, "neu@hoster.test").await.unwrap();
    assert_eq!(roles(&house, neu).await, [StaffRole::Support]);
    assert_eq!(told(&house, MailKind::StaffGranted), ["karin@hoster.test"]);
    let again = run(&house, ole, "staff_role.grant", grant).await;
    assert!(matches!(again, Err(Refusal::NotFound)), "{again:?}");
    let held = json!({ "name": "Neu", "email": "neu@hoster.test", "roles": ["support"] });
    assert_eq!(
        code(run(&house, boss, "staff_role.request", held).await),
        "roles-held"
    );
    // People give no roles past that.
    let past = json!({
        "name": "Otto", "email": "otto@hoster.test", "roles": ["operator"], "password": PASSWORD,
        "setup_by_mail": false,
    });
    assert_eq!(
        code(run(&house, ole, "staff.create", past).await),
        "staff-request-missing"
    );
    // Refused, with a reason that who asked reads.
    let request = asked(&house, boss, "Mira", &["operator"]).await;
    run(&house, ole, "staff_role.refuse", json!({ "id": request }))
        .await
        .unwrap();
    assert_eq!(told(&house, MailKind::StaffRefused), ["karin@hoster.test"]);
    assert_eq!(roles(&house, mira).await, [StaffRole::Support]);
}

async fn nobody_gives_themselves_a_role_in_two_tabs(house: House) {
    let both = hired(&house, "Karin", &["management", "operator"]).await;
    let ole = hired(&house, "Ole", &["operator"]).await;
    let request = asked(&house, both, "Neu", &["support"]).await;
    let grant = json!({ "id": request, "setup_by_mail": true });
    let (tab, other_tab) = (acts(&house, both), acts(&house, both));
    let one = house.run_json(&tab, "staff_role.grant", grant.clone());
    let refuse = json!({ "id": request });
    let other = house.run_json(&other_tab, "staff_role.refuse", refuse);
    let (one, other) = tokio::join!(one, other);
    for refused in [one, other] {
        assert!(
            matches!(refused, Err(Refusal::Conflict("own-request"))),
            "{refused:?}"
        );
    }
    let for_ole = asked(&house, both, "Ole", &["privacy_officer"]).await;
    let own = run(
        &house,
        ole,
        "staff_role.grant",
        json!({ "id": for_ole, "setup_by_mail": true }),
    );
    assert_eq!(code(own.await), "yourself");
    // The database holds it too, whatever the commands say.
    for sql in [
        "UPDATE staff_request SET ended_at = 1, ending = 'granted', decided_by = asked_by, answer = 'x', \
         user_id = asked_by",
        "UPDATE staff_request SET ended_at = 1, ending = 'refused', decided_by = asked_by, answer = 'x'",
        "UPDATE staff_request SET ended_at = 1, ending = 'granted', decided_by = 'usr_x', answer = 'x'",
        "UPDATE staff_request SET ended_at = 1, ending = 'granted', decided_by = 'usr_x', user_id = asked_by",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
    // Taking it back is for who asked.
    let anothers = run(&house, ole, "staff_role.retract", json!({ "id": request })).await;
    assert!(matches!(anothers, Err(Refusal::Forbidden)), "{anothers:?}");
    let third = hired(&house, "Petra", &["management"]).await;
    let anothers = run(
        &house,
        third,
        "staff_role.retract",
        json!({ "id": request }),
    )
    .await;
    assert_eq!(code(anothers), "anothers-request");
    run(&house, both, "staff_role.retract", json!({ "id": request }))
        .await
        .unwrap();
    let late = run(&house, ole, "staff_role.grant", grant).await;
    assert!(matches!(late, Err(Refusal::NotFound)), "{late:?}");
}

async fn a_request_is_told_again_and_lapses(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let ole = hired(&house, "Ole", &["operator"]).await;
    hired(&house, "Otto", &["operator", "management"]).await;
    let request = asked(&house, boss, "Neu", &["support"]).await;
    let decide = ["ole@hoster.test", "otto@hoster.test"];
    assert_eq!(told(&house, MailKind::StaffRequested), decide);
    house.clock.advance(3 * DAY);
    for _ in 0..2 {
        house.identity.prune().await.unwrap();
    }
    // In words of its own, once, and one letter to who may do both.
    assert_eq!(
        told(&house, MailKind::StaffRequestLate),
        ["karin@hoster.test", "ole@hoster.test", "otto@hoster.test"]
    );
    assert_eq!(told(&house, MailKind::StaffRequested), decide);
    house.clock.advance(11 * DAY);
    let grant = json!({ "id": request, "setup_by_mail": true });
    let late = run(&house, ole, "staff_role.grant", grant).await;
    assert!(matches!(late, Err(Refusal::NotFound)), "{late:?}");
    house.identity.prune().await.unwrap();
    asked(&house, boss, "Neu", &["support"]).await;
}

async fn a_role_ends_at_once_and_the_last_operator_stays(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let ole = hired(&house, "Ole", &["operator", "support"]).await;
    let mira = hired(&house, "Mira", &["support", "auditor"]).await;
    let take = |user: UserId, role: &str| json!({ "id": user, "role": role });
    run(&house, boss, "staff_role.withdraw", take(mira, "support"))
        .await
        .unwrap();
    assert_eq!(roles(&house, mira).await, [StaffRole::Auditor]);
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &acts(&house, mira)).await.unwrap();
    assert!(scope.needs(Permission::TicketWork).is_err());
    tx.rollback().await.unwrap();
    let twice = run(&house, boss, "staff_role.withdraw", take(mira, "support")).await;
    assert!(matches!(twice, Err(Refusal::NotFound)), "{twice:?}");
    let last = run(&house, boss, "staff_role.withdraw", take(ole, "operator")).await;
    assert_eq!(code(last), "last-operator");
    let last = run(&house, boss, "staff.leave", json!({ "id": ole })).await;
    assert_eq!(code(last), "last-operator");
    assert_eq!(roles(&house, ole).await.len(), 2);
    hired(&house, "Otto", &["operator"]).await;
    run(&house, boss, "staff_role.withdraw", take(ole, "operator"))
        .await
        .unwrap();
    let own = run(&house, ole, "staff_role.withdraw", take(ole, "support")).await;
    assert!(
        matches!(own, Err(Refusal::Forbidden)),
        "support ends nobody: {own:?}"
    );
}

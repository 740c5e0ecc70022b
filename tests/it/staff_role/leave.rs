//! Whoever leaves: their work is a colleague's, and nothing of theirs opens anything any more.

use crate::on_both_engines;
use crate::staff_role::{acts, code, hired, program, roles, run, works};
use serde_json::{Value, json};
use wabe_access::{Actor, Refusal, Scope, StaffRole, grant, member};
use wabe_identity::factor::code::step_of;
use wabe_identity::{Attempt, LoggedIn, LoginOutcome, Step, Stepped};
use wabe_kernel::id::UserId;
use wabe_kernel::{Clock as _, Secret};
use wabe_support::ticket::queue;
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(whoever_leaves_has_nothing_any_more);

fn attempt(email: &str) -> Attempt {
    Attempt {
        email: email.to_owned(),
        secret: Secret::new(PASSWORD),
        address: std::net::IpAddr::from([192, 0, 2, 7]),
        device_cookie: None,
        user_agent: "Mozilla/5.0 Firefox/145.0".to_owned(),
        staff: true,
        previous_session: None,
    }
}

/// Somebody at the desk, with an app that they set up in this login.
async fn at_the_desk(house: &House, email: &str) -> LoggedIn {
    let attempt = attempt(email);
    let outcome = house.identity.log_in(&attempt).await.unwrap();
    let LoginOutcome::Half(begun) = outcome else {
        panic!("{outcome:?}")
    };
    let half = house.identity.half_login(&begun.token).await.unwrap();
    let half = half.unwrap();
    let app = house.identity.enrolment(&half).await.unwrap();
    let code = app
        .unwrap()
        .secret
        .code(step_of(house.clock.now()))
        .unwrap();
    let input = json!({ "code": code.expose() });
    let oneself = half.enroller();
    let enrolled = house.run_json(&oneself, "user.enrol_totp", input).await;
    enrolled.unwrap();
    let step = Step {
        token: begun.token,
        address: attempt.address,
        user_agent: attempt.user_agent,
    };
    match house.identity.pass_enrolled(&step).await.unwrap() {
        Stepped::LoggedIn(inside) => *inside,
        other => panic!("{other:?}"),
    }
}

/// Whose a ticket is, as the desk sees it.
async fn owner(house: &House, reader: UserId, ticket: &str) -> Option<UserId> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &acts(house, reader)).await.unwrap();
    let found = queue::load(&mut tx, &scope, ticket.parse().unwrap()).await;
    tx.rollback().await.unwrap();
    found.unwrap().owner
}

/// How many looks at its pages a customer is told of.
async fn looks(house: &House, tenant: &Tenant) -> usize {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = grant::of_customer(&mut tx, tenant.id, house.clock.now()).await;
    tx.rollback().await.unwrap();
    found.unwrap().len()
}

/// Looks at the customer's pages, who agreed to that in this ticket.
async fn look(house: &House, (who, tenant): (UserId, &Tenant), ticket: &str) {
    let why = json!({ "id": ticket, "reason": "Um zu sehen." });
    let consent = run(house, who, "consent.ask", why).await.unwrap()["id"].clone();
    let given = json!({ "id": consent });
    let given = house.run_json(&tenant.owner, "consent.give", given).await;
    given.unwrap();
    let look = json!({ "id": ticket, "consent": consent });
    run(house, who, "access.open", look).await.unwrap();
}

async fn whoever_leaves_has_nothing_any_more(house: House) {
    let boss = hired(&house, "Karin", &["management"]).await;
    let mira = hired(&house, "Mira", &["support"]).await;
    let ole = hired(&house, "Ole", &["operator"]).await;
    let tenant = house.tenant("Sonne").await;
    let ticket = json!({ "subject": "Postfach voll", "body": "Bitte" });
    let made = house
        .run_json(&tenant.owner, "ticket.create", ticket)
        .await
        .unwrap();
    let answer = json!({ "id": made.object, "body": "Gern." });
    let desk = Actor::staff(mira, house.clock.now());
    house
        .run_json(&desk, "ticket.answer", answer)
        .await
        .unwrap();
    look(&house, (mira, &tenant), &made.object).await;
    assert_eq!(looks(&house, &tenant).await, 1);
    let (_, token) = program(&house, mira).await;
    let inside = at_the_desk(&house, "mira@hoster.test").await;
    let cookie = inside.token.expose();
    assert!(house.identity.find_session(cookie).await.unwrap().is_some());
    assert!(works(&house, &token).await);
    assert_eq!(owner(&house, ole, &made.object).await, Some(mira));
    // Open work goes to somebody who can do it, and not to nobody.
    for (successor, problem) in [
        (Value::Null, "required"),
        (json!(boss), "no-colleague"),
        (json!(mira), "no-colleague"),
    ] {
        let refused = run(
            &house,
            boss,
            "staff.leave",
            json!({ "id": mira, "successor": successor }),
        );
        let Err(Refusal::Invalid(errors)) = refused.await else {
            panic!("{problem}");
        };
        assert_eq!(errors.0["successor"].code, problem);
    }
    assert_eq!(
        code(run(&house, boss, "staff.leave", json!({ "id": boss })).await),
        "yourself"
    );
    let leave = json!({ "id": mira, "successor": ole });
    let left = run(&house, boss, "staff.leave", leave).await.unwrap();
    let counted = ["sessions", "tokens", "tickets"].map(|what| left[what].as_i64());
    assert_eq!(counted, [Some(1), Some(1), Some(1)]);
    assert_eq!(left["disabled"], true);
    assert!(roles(&house, mira).await.is_empty());
    assert_eq!(owner(&house, ole, &made.object).await, Some(ole));
    assert!(house.identity.find_session(cookie).await.unwrap().is_none());
    assert!(!house.identity.is_alive(inside.session.id).await.unwrap());
    let devices = house.identity.list_devices(mira).await.unwrap();
    assert!(devices.is_empty(), "{devices:?}");
    assert!(!works(&house, &token).await);
    assert_eq!(looks(&house, &tenant).await, 0);
    let after = attempt("mira@hoster.test");
    let after = house.identity.log_in(&after).await.unwrap();
    assert!(matches!(after, LoginOutcome::Refused), "{after:?}");
    let again = run(&house, boss, "staff.leave", json!({ "id": mira })).await;
    assert!(matches!(again, Err(Refusal::NotFound)), "{again:?}");
    a_customer_stays_one(&house, boss, tenant.owner.user.unwrap()).await;
}

/// Whoever is a customer as well keeps their login.
async fn a_customer_stays_one(house: &House, boss: UserId, owner: UserId) {
    let mut tx = house.db.store.write().await.unwrap();
    member::insert_staff(&mut tx, owner, StaffRole::Auditor, house.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let left = run(house, boss, "staff.leave", json!({ "id": owner }))
        .await
        .unwrap();
    assert_eq!(left["disabled"], false);
}

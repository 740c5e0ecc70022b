//! Who gets in, and what everybody else learns.

use super::world::{CHEAP, DAY, MARIA, PASSWORD, World, attempt, with_cookie};
use crate::identity::GRID_MICROS;
use crate::login::outcome::LoginOutcome;
use crate::outbox::MailKind;
use crate::password::phc::Cost;
use crate::profile::{DE_LEGACY, STANDARD_2026};
use crate::staff::create::CreateStaff;
use crate::user::disable::DisableUser;
use crate::user::store as users;
use serde_json::json;
use wabe_access::Actor;
use wabe_access::actor::HOUSE;

#[tokio::test]
async fn the_right_password_opens_a_session_in_the_first_customer() {
    let world = World::new(&STANDARD_2026).await;
    let known = world
        .login(attempt(" Maria@SONNE.test ", PASSWORD))
        .await
        .unwrap();
    assert_eq!(known.user.id, world.maria);
    let session = world
        .identity
        .find_session(known.token.expose())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.customer, Some(world.customer));
    assert_eq!(
        (session.address.as_str(), session.user_agent.as_str()),
        ("192.0.2.0/24", "Firefox, Linux")
    );
    assert!(known.new_device && !session.must_change_password);
}

// 3.3 T1, 3.2 T5: one answer for every state, released on the grid (3.3 T4).
#[tokio::test]
async fn every_reason_to_refuse_has_the_same_answer() {
    let world = World::new(&STANDARD_2026).await;
    let staff = Actor::system(HOUSE);
    let input = json!({ "name": "Ole", "email": "ole@house.test", "roles": ["operator"] });
    let ole = world
        .run::<CreateStaff>(&staff, input)
        .await
        .unwrap()
        .output;
    let initial = ole.initial_password.unwrap();
    let input = json!({ "name": "Ida", "email": "ida@house.test", "roles": ["support"], "password": PASSWORD });
    let ida = world
        .run::<CreateStaff>(&staff, input)
        .await
        .unwrap()
        .output;
    world
        .run::<DisableUser>(&staff, json!({ "id": ida.user }))
        .await
        .unwrap();
    let input = json!({ "name": "Jo", "email": "jo@house.test", "roles": ["support"], "setup_by_mail": true });
    world.run::<CreateStaff>(&staff, input).await.unwrap();
    world.clock.advance(DAY);
    let mut attempts = vec![
        ("unknown", attempt("nobody@sonne.test", PASSWORD)),
        ("no address", attempt("'; --", PASSWORD)),
        ("wrong", attempt(MARIA, "wrong")),
        ("disabled", attempt("ida@house.test", PASSWORD)),
        (
            "expired initial password",
            attempt("ole@house.test", &initial),
        ),
        ("no password yet", attempt("jo@house.test", PASSWORD)),
        ("not staff", attempt(MARIA, PASSWORD)),
    ];
    attempts.last_mut().unwrap().1.staff = true;
    for (why, attempt) in &attempts {
        let outcome = world.identity.log_in(attempt).await.unwrap();
        assert!(matches!(outcome, LoginOutcome::Refused), "{why}");
    }
    for wrong in 0..5 {
        world.login(attempt(MARIA, &format!("guess {wrong}"))).await;
    }
    assert!(world.maria_logs_in().await.is_none(), "locked");
    let waits = world.pause.0.lock().unwrap();
    assert_eq!(waits.len(), attempts.len() + 6);
    assert!(waits.iter().all(|wait| *wait == GRID_MICROS));
}

#[tokio::test]
async fn an_initial_password_works_for_a_day_and_must_be_changed() {
    let world = World::new(&DE_LEGACY).await;
    let input = json!({ "name": "Ole", "email": "ole@house.test", "roles": ["operator"] });
    let made = world
        .run::<CreateStaff>(&Actor::system(HOUSE), input)
        .await
        .unwrap()
        .output;
    let initial = made.initial_password.unwrap();
    assert!(initial.len() >= 20);
    world.clock.advance(DAY - 1);
    let mut ole = attempt("ole@house.test", &initial);
    ole.staff = true;
    let known = world.login(ole).await.unwrap();
    assert!(known.session.staff && known.session.must_change_password);
}

// 3.1 T2.
#[tokio::test]
async fn a_weaker_hash_is_replaced_at_the_next_login() {
    let world = World::new(&STANDARD_2026).await;
    let dearer = Cost { passes: 2, ..CHEAP };
    let world = world.restarted(dearer).await;
    world.maria_logs_in().await.unwrap();
    let mut tx = world.store.read().await.unwrap();
    let credential = users::credential(&mut tx, world.maria)
        .await
        .unwrap()
        .unwrap();
    assert!(
        credential
            .hash
            .unwrap()
            .starts_with("$argon2id$v=19$m=8,t=2,p=1$")
    );
    drop(tx);
    world.maria_logs_in().await.unwrap();
}

// 3.2 T4: revocable, forgery-proof, and no key to anything.
#[tokio::test]
async fn a_device_cookie_logs_nobody_in_and_cannot_be_made_up() {
    let world = World::new(&DE_LEGACY).await;
    let known = world.maria_logs_in().await.unwrap();
    assert!(
        world
            .login(with_cookie(attempt(MARIA, "wrong"), &known))
            .await
            .is_none()
    );
    for wrong in 0..3 {
        world.login(attempt(MARIA, &format!("guess {wrong}"))).await;
    }
    let mut forged = with_cookie(attempt(MARIA, PASSWORD), &known);
    forged.device_cookie = forged.device_cookie.map(|cookie| {
        let (start, _) = cookie.rsplit_once('.').unwrap();
        format!("{start}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    });
    assert!(world.login(forged).await.is_none());
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_some()
    );
    assert_eq!(
        world
            .identity
            .list_devices(world.maria)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        world
            .identity
            .forget_device(world.maria, None)
            .await
            .unwrap()
    );
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_none()
    );
}

#[tokio::test]
async fn an_unknown_device_is_reported_and_a_known_one_is_not() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    assert_eq!(
        world.mails.count(MailKind::NewLogin),
        0,
        "the very first login"
    );
    world
        .login(with_cookie(attempt(MARIA, PASSWORD), &known))
        .await
        .unwrap();
    assert_eq!(world.mails.count(MailKind::NewLogin), 0);
    world.maria_logs_in().await.unwrap();
    assert_eq!(world.mails.count(MailKind::NewLogin), 1);
}

// 3.5 T2: a token that the browser brought is never accepted again.
#[tokio::test]
async fn a_login_ends_the_session_the_browser_had_before() {
    let world = World::new(&STANDARD_2026).await;
    let first = world.maria_logs_in().await.unwrap();
    let mut again = attempt(MARIA, PASSWORD);
    again.previous_session = Some(first.token.expose().to_owned());
    let second = world.login(again).await.unwrap();
    assert_ne!(first.token.expose(), second.token.expose());
    assert!(
        world
            .identity
            .find_session(first.token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .identity
            .find_session(second.token.expose())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn failures_are_in_the_security_log_without_names_and_addresses() {
    let world = World::new(&STANDARD_2026).await;
    world.login(attempt(MARIA, "wrong")).await;
    world.login(attempt("nobody@sonne.test", "wrong")).await;
    let failed = world
        .number("SELECT count(*) AS n FROM security_log WHERE event = 'login.failed'")
        .await;
    assert_eq!(failed, 2);
    let leaks = world
        .number(
            "SELECT count(*) AS n FROM security_log WHERE subject_hash LIKE '%@%' \
             OR address LIKE '%.7%' OR detail LIKE '%@%'",
        )
        .await;
    assert_eq!(leaks, 0);
}

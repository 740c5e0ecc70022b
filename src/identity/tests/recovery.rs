//! Links by mail.

use super::world::{MARIA, PASSWORD, World, attempt, code, with_cookie};
use crate::identity::GRID_MICROS;
use crate::outbox::MailKind;
use crate::profile::{DE_LEGACY, STANDARD_2026};
use crate::token::create::CreateToken;
use crate::user::set_password::SetPassword;
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use wabe_access::Refusal;
use wabe_kernel::Secret;

const NEW: &str = "zwei Hunde im Regen-7";

async fn ask(world: &World, email: &str, address: &str) {
    let address: IpAddr = address.parse().unwrap();
    world.identity.request_reset(email, address).await.unwrap();
}

// 3.4 T3.
#[tokio::test]
async fn a_reset_ends_everything_and_logs_nobody_in() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let input = json!({ "name": "ci", "scopes": ["domain:read"], "days": 30 });
    let api = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap()
        .output;
    assert!(
        world
            .identity
            .authenticate_token(&api.token)
            .await
            .unwrap()
            .is_some()
    );
    ask(&world, MARIA, "192.0.2.1").await;
    assert!(
        world.maria_logs_in().await.is_some(),
        "asking changes nothing"
    );
    let token = world.mails.token(MailKind::Reset);
    assert!(world.identity.link_works(&token).await.unwrap());
    world
        .identity
        .redeem(&token, &Secret::new(NEW))
        .await
        .unwrap();
    assert!(
        world
            .identity
            .find_session(known.token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .identity
            .authenticate_token(&api.token)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .identity
            .list_sessions(world.maria)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        world
            .identity
            .list_devices(world.maria)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.mails.count(MailKind::PasswordChanged), 1);
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_none()
    );
    assert!(world.login(attempt(MARIA, NEW)).await.is_some());
    assert!(!world.identity.link_works(&token).await.unwrap());
}

// 3.4 T1: 50 at once, one gets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_parallel_redeems_one_succeeds() {
    let world = Arc::new(World::new(&STANDARD_2026).await);
    ask(&world, MARIA, "192.0.2.1").await;
    let token = world.mails.token(MailKind::Reset);
    let redeems: Vec<_> = (0..50)
        .map(|n| {
            let (world, token) = (world.clone(), token.clone());
            let new = Secret::new(format!("{NEW} {n}"));
            tokio::spawn(async move { world.identity.redeem(&token, &new).await })
        })
        .collect();
    let mut won = 0;
    for redeem in redeems {
        match redeem.await.unwrap() {
            Ok(()) => won += 1,
            Err(refusal) => assert!(matches!(refusal, Refusal::NotFound), "{refusal:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(world.mails.count(MailKind::PasswordChanged), 1);
}

// 3.4 T1.
#[tokio::test]
async fn a_link_dies_of_age_of_a_newer_one_and_of_a_new_password() {
    let world = World::new(&STANDARD_2026).await;
    ask(&world, MARIA, "192.0.2.1").await;
    let first = world.mails.token(MailKind::Reset);
    ask(&world, MARIA, "192.0.2.1").await;
    let second = world.mails.token(MailKind::Reset);
    assert!(!world.identity.link_works(&first).await.unwrap());
    world.clock.advance(30 * 60 - 1);
    assert!(world.identity.link_works(&second).await.unwrap());
    world.clock.advance(1);
    assert!(!world.identity.link_works(&second).await.unwrap());
    ask(&world, MARIA, "192.0.2.1").await;
    let third = world.mails.token(MailKind::Reset);
    let input = json!({ "new_password": NEW });
    world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .unwrap();
    let refused = world
        .identity
        .redeem(&third, &Secret::new("drei Hunde im Regen"))
        .await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

#[tokio::test]
async fn a_bad_password_does_not_use_the_link_up() {
    let world = World::new(&DE_LEGACY).await;
    ask(&world, MARIA, "192.0.2.1").await;
    let token = world.mails.token(MailKind::Reset);
    for (new, why) in [
        ("short", "new_password:password-too-short"),
        (PASSWORD, "new_password:password-reused"),
        ("Maria-2026", "new_password:password-context"),
    ] {
        assert_eq!(
            code(world.identity.redeem(&token, &Secret::new(new)).await),
            why
        );
    }
    // The minimum age does not bind whoever recovers. Bar 1.3 no. 4.
    world
        .identity
        .redeem(&token, &Secret::new(NEW))
        .await
        .unwrap();
}

// 3.4 T2, 3.3 T1 and T3: the same answer on the grid, mail only to whom it concerns.
#[tokio::test]
async fn requests_are_bounded_by_account_and_by_net_and_look_alike() {
    let world = World::new(&STANDARD_2026).await;
    for _ in 0..5 {
        ask(&world, MARIA, "192.0.2.1").await;
        ask(&world, "nobody@sonne.test", "198.51.100.1").await;
    }
    assert_eq!(world.mails.count(MailKind::Reset), 3);
    world.clock.advance(3_600);
    for n in 0..10 {
        ask(&world, &format!("user{n}@sonne.test"), "203.0.113.1").await;
    }
    ask(&world, MARIA, "203.0.113.99").await;
    assert_eq!(
        world.mails.count(MailKind::Reset),
        3,
        "that net asked too often"
    );
    ask(&world, MARIA, "192.0.2.1").await;
    assert_eq!(world.mails.count(MailKind::Reset), 4);
    let waits = world.pause.0.lock().unwrap();
    assert!(waits.iter().all(|wait| *wait == GRID_MICROS));
}

#[tokio::test]
async fn a_link_for_one_purpose_is_no_good_for_another() {
    let world = World::new(&DE_LEGACY).await;
    for n in 0..3 {
        world.login(attempt(MARIA, &format!("guess {n}"))).await;
    }
    let unlock = world.mails.token(MailKind::Unlock);
    let refused = world.identity.redeem(&unlock, &Secret::new(NEW)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    ask(&world, MARIA, "192.0.2.1").await;
    let reset = world.mails.token(MailKind::Reset);
    assert!(matches!(
        world.identity.unlock(&reset).await,
        Err(Refusal::NotFound)
    ));
    world.identity.unlock(&unlock).await.unwrap();
    assert!(world.maria_logs_in().await.is_some());
}

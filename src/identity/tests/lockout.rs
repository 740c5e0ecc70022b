//! Guessing.

use super::world::{CHEAP, DAY, MARIA, PASSWORD, World, attempt, with_cookie};
use crate::lockout::store::Count;
use crate::lockout::throttle::{self, Subject};
use crate::login::attempt::Attempt;
use crate::outbox::MailKind;
use crate::profile::{DE_LEGACY, STANDARD_2026};
use std::sync::Arc;
use wabe_kernel::{Clock as _, Secret};

async fn guess(world: &World, n: i64) {
    assert!(
        world
            .login(attempt(MARIA, &format!("guess {n}")))
            .await
            .is_none()
    );
}

fn from(address: &str, attempt: Attempt) -> Attempt {
    Attempt {
        address: address.parse().unwrap(),
        ..attempt
    }
}

// 3.2 T1, bar 1.2: the third failure locks the untrusted way in, and only that.
#[tokio::test]
async fn the_third_failure_locks_strangers_out_and_not_the_known_device() {
    let world = World::new(&DE_LEGACY).await;
    let known = world.maria_logs_in().await.unwrap();
    guess(&world, 1).await;
    guess(&world, 2).await;
    guess(&world, 3).await;
    assert!(world.maria_logs_in().await.is_none());
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_some()
    );
    world.clock.advance(15 * 60 - 1);
    assert!(world.maria_logs_in().await.is_none());
    world.clock.advance(1);
    assert!(world.maria_logs_in().await.is_some());
}

#[tokio::test]
async fn a_clock_that_is_set_back_an_hour_locks_nobody_out_for_longer_than_that() {
    let world = World::new(&DE_LEGACY).await;
    for n in 0..3 {
        guess(&world, n).await;
    }
    world.clock.advance(-3_600);
    assert!(world.maria_logs_in().await.is_none());
    world.clock.advance(3_600 + 15 * 60);
    assert!(world.maria_logs_in().await.is_some());
}

// Bar 1.2.
#[tokio::test]
async fn two_failures_and_a_success_begin_anew() {
    let world = World::new(&DE_LEGACY).await;
    for round in 0..3 {
        guess(&world, round * 2).await;
        guess(&world, round * 2 + 1).await;
        assert!(world.maria_logs_in().await.is_some());
    }
}

#[tokio::test]
async fn the_same_wrong_secret_counts_once() {
    let world = World::new(&DE_LEGACY).await;
    for _ in 0..20 {
        guess(&world, 1).await;
    }
    assert!(world.maria_logs_in().await.is_some());
}

// 3.2 T1: a crowd cannot keep a known device out.
#[tokio::test]
async fn failures_from_everywhere_do_not_reach_a_known_device() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    for n in 0..200 {
        let address = format!("198.51.{n}.9");
        world
            .login(from(&address, attempt(MARIA, &format!("guess {n}"))))
            .await;
    }
    assert!(world.maria_logs_in().await.is_none());
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_some()
    );
}

#[tokio::test]
async fn a_device_that_guesses_loses_its_privilege() {
    let world = World::new(&DE_LEGACY).await;
    let known = world.maria_logs_in().await.unwrap();
    for n in 0..6 {
        world
            .login(with_cookie(attempt(MARIA, &format!("guess {n}")), &known))
            .await;
    }
    assert!(
        world
            .login(with_cookie(attempt(MARIA, PASSWORD), &known))
            .await
            .is_none()
    );
}

// 3.2 T2.
#[tokio::test]
async fn after_a_hundred_guesses_in_a_month_only_mail_helps() {
    let world = World::new(&STANDARD_2026).await;
    for n in 0..100 {
        guess(&world, n).await;
        world.clock.advance(901);
    }
    assert!(world.maria_logs_in().await.is_none());
    world.clock.advance(10 * DAY);
    assert!(world.maria_logs_in().await.is_none());
    let token = world.mails.token(MailKind::Unlock);
    world.identity.unlock(&token).await.unwrap();
    assert!(world.maria_logs_in().await.is_some());
    assert!(
        world.identity.unlock(&token).await.is_err(),
        "a link works once"
    );
}

#[tokio::test]
async fn a_spent_budget_is_new_after_thirty_days() {
    let world = World::new(&STANDARD_2026).await;
    for n in 0..100 {
        guess(&world, n).await;
        world.clock.advance(901);
    }
    world.clock.advance(31 * DAY);
    assert!(world.maria_logs_in().await.is_some());
}

// 3.2 T3.
#[tokio::test]
async fn a_net_that_fails_for_many_users_waits() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    for n in 0..21 {
        let stranger = attempt(&format!("user{n}@sonne.test"), "stuffed");
        world.login(from(&format!("203.0.113.{n}"), stranger)).await;
    }
    let inside = from("203.0.113.200", attempt(MARIA, PASSWORD));
    assert!(world.login(inside.clone()).await.is_none());
    assert!(
        world
            .login(with_cookie(inside.clone(), &known))
            .await
            .is_some()
    );
    assert!(world.maria_logs_in().await.is_some(), "another net");
    world.clock.advance(600);
    assert!(world.login(inside).await.is_some());
}

// 3.2 T3: twenty are not too many, and a /64 is one net as a /24 is.
#[tokio::test]
async fn the_twenty_first_user_is_one_too_many_for_every_kind_of_net() {
    for (net, inside, beside) in [
        ("203.0.113.", "203.0.113.200", "203.0.114.1"),
        ("2001:db8:1:2::", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"),
    ] {
        let world = World::new(&STANDARD_2026).await;
        let fails = async |n: i64| {
            let stranger = attempt(&format!("user{n}@sonne.test"), "stuffed");
            world.login(from(&format!("{net}{n}"), stranger)).await;
        };
        for n in 0..20 {
            fails(n).await;
            fails(n).await;
        }
        let maria = |address| world.login(from(address, attempt(MARIA, PASSWORD)));
        assert!(maria(inside).await.is_some(), "{net} twenty");
        fails(20).await;
        assert!(maria(inside).await.is_none(), "{net} twenty-one");
        assert!(maria(beside).await.is_some(), "{net} and the next net");
    }
}

// 3.2 T6: counting is one statement.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_parallel_guesses_count_fifty() {
    let world = Arc::new(World::new(&STANDARD_2026).await);
    let guesses = (0..50).map(|n| {
        let world = world.clone();
        tokio::spawn(async move { guess(&world, n).await })
    });
    for guess in guesses.collect::<Vec<_>>() {
        guess.await.unwrap();
    }
    let counted = world
        .number("SELECT failures + refused AS n FROM login_throttle WHERE subject LIKE 'user:%'")
        .await;
    assert_eq!(counted, 50);
    let checked = world
        .number("SELECT budget AS n FROM login_throttle WHERE subject LIKE 'user:%'")
        .await;
    assert_eq!(checked, 5, "no more were checked than the profile allows");
}

// 3.2 T6.
#[tokio::test]
async fn counters_survive_a_restart() {
    let world = World::new(&DE_LEGACY).await;
    guess(&world, 1).await;
    guess(&world, 2).await;
    let world = world.restarted(CHEAP).await;
    guess(&world, 3).await;
    assert!(world.maria_logs_in().await.is_none());
    let world = world.restarted(CHEAP).await;
    assert!(world.maria_logs_in().await.is_none());
}

#[tokio::test]
async fn an_idle_half_day_forgives_failures_and_not_the_budget() {
    let world = World::new(&DE_LEGACY).await;
    let subject = Subject::user(world.maria);
    let mut last = None;
    for n in 0..3 {
        let mut tx = world.store.write().await.unwrap();
        let rules = (world.identity.profile(), world.identity.pepper());
        let secret = Secret::new(format!("guess {n}"));
        let now = world.clock.now();
        last = Some(
            throttle::count(&mut tx, rules, &subject, &secret, now)
                .await
                .unwrap(),
        );
        tx.commit().await.unwrap();
        world.clock.advance(12 * 3_600 + 1);
    }
    let wanted = Count {
        failures: 1,
        budget: 3,
        admitted: true,
        refused: 0,
    };
    assert_eq!(last, Some(wanted));
}

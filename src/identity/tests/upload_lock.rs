//! Guessing at SFTP logins. Bar 3.2 T2, T6, T7.

use super::world::{DAY, MARIA, World};
use crate::outbox::MailKind;
use crate::profile::{DE_LEGACY, STANDARD_2026};
use crate::recovery::unlock::Unlocked;
use std::sync::Arc;
use wabe_kernel::content::{LoginGuard as _, UploadAttempt};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Clock as _, Secret};

const HASH: &str = "the hash of the first password";
const CHECKED: &str = "SELECT budget AS n FROM login_throttle WHERE subject LIKE 'sftp:%'";

/// One webspace of Maria's customer, as the SFTP server knows it.
#[derive(Clone, Copy)]
struct Site {
    id: WebspaceId,
    login: &'static str,
    hash: &'static str,
}

impl Site {
    async fn new(world: &World, login: &'static str) -> Self {
        let statement = wabe_store::Statement {
            name: "test",
            sql: "INSERT INTO resource (id, customer_id, kind, name, state, desired_revision, \
                  applied_revision, created_at, updated_at) \
                  VALUES ($1, $2, 'webspace', $3, 'live', 1, 1, 0, 0)",
        };
        let id = WebspaceId::new(world.clock.now(), world.identity.rng());
        let mut tx = world.store.write().await.unwrap();
        let query = statement.bind(id).bind(world.customer).bind(login);
        query.execute_one(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            id,
            login,
            hash: HASH,
        }
    }

    fn attempt<'a>(&self, secret: &'a Secret) -> UploadAttempt<'a> {
        UploadAttempt {
            login: self.login,
            webspace: Some(self.id),
            hash: Some(self.hash),
            address: "192.0.2.9".parse().unwrap(),
            secret,
        }
    }

    /// As the server does it; whether the guess was checked.
    async fn guesses(&self, world: &World, text: &str) -> bool {
        let secret = Secret::new(text);
        let admitted = world.identity.may_check(self.attempt(&secret)).await;
        if admitted {
            world.identity.ended(self.attempt(&secret), false).await;
        }
        admitted
    }

    /// The same with the right password.
    async fn logs_in(&self, world: &World) -> bool {
        let secret = Secret::new("right");
        let admitted = world.identity.may_check(self.attempt(&secret)).await;
        if admitted {
            world.identity.ended(self.attempt(&secret), true).await;
        }
        admitted
    }

    async fn is_locked_by_three(&self, world: &World) {
        for n in 0..3 {
            assert!(self.guesses(world, &format!("guess {n}")).await);
        }
        assert!(!self.logs_in(world).await);
    }
}

#[tokio::test]
async fn sftp_logins_are_guarded_alike() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    let mond = Site::new(&world, "mond").await;
    sonne.is_locked_by_three(&world).await;
    assert!(mond.logs_in(&world).await, "another login");
    world.clock.advance(900);
    assert!(sonne.logs_in(&world).await);
    assert!(sonne.guesses(&world, "guess 9").await);
    assert!(
        sonne.logs_in(&world).await,
        "the row of failures began anew"
    );
}

#[tokio::test]
async fn the_same_wrong_secret_over_sftp_counts_once() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    for _ in 0..20 {
        assert!(sonne.guesses(&world, "a password from before").await);
    }
    assert!(sonne.logs_in(&world).await);
    assert_eq!(world.number(CHECKED).await, 1);
}

// Counted before they are checked: of many that come at once no more are checked than one after another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_over_sftp_are_checked_no_oftener_than_the_profile_allows() {
    let world = Arc::new(World::new(&STANDARD_2026).await);
    let sonne = Site::new(&world, "sonne").await;
    let guesses = (0..50).map(|n| {
        let world = world.clone();
        tokio::spawn(async move {
            let secret = Secret::new(format!("guess {n}"));
            world.identity.may_check(sonne.attempt(&secret)).await
        })
    });
    let mut checked = 0;
    for guess in guesses.collect::<Vec<_>>() {
        checked += i64::from(guess.await.unwrap());
    }
    assert_eq!(checked, 5);
    assert_eq!(world.number(CHECKED).await, 5);
    let counted = "SELECT failures + refused AS n FROM login_throttle WHERE subject LIKE 'sftp:%'";
    assert_eq!(world.number(counted).await, 50);
}

// 3.2 T2: whatever comes at once, a hundred guesses in thirty days.
#[tokio::test]
async fn a_hundred_guesses_over_sftp_are_a_month() {
    let world = World::new(&STANDARD_2026).await;
    let sonne = Site::new(&world, "sonne").await;
    let mut checked = 0;
    for round in 0..120 {
        for n in 0..4 {
            let secret = Secret::new(format!("guess {round} {n}"));
            checked += i64::from(world.identity.may_check(sonne.attempt(&secret)).await);
        }
        world.clock.advance(901);
    }
    assert_eq!(checked, 100);
    assert!(!sonne.logs_in(&world).await);
    world.clock.advance(31 * DAY);
    assert!(sonne.logs_in(&world).await);
}

// A client that logs in over many connections must not make room for others' guesses.
#[tokio::test]
async fn the_right_password_over_many_connections_gives_back_one_guess() {
    let world = World::new(&STANDARD_2026).await;
    let sonne = Site::new(&world, "sonne").await;
    for n in 0..4 {
        assert!(sonne.guesses(&world, &format!("guess {n}")).await);
    }
    world.clock.advance(12 * 3_600 + 1);
    let secret = Secret::new("right");
    for _ in 0..6 {
        assert!(world.identity.may_check(sonne.attempt(&secret)).await);
    }
    for _ in 0..6 {
        world.identity.ended(sonne.attempt(&secret), true).await;
    }
    assert_eq!(world.number(CHECKED).await, 4);
}

#[tokio::test]
async fn a_mailed_link_opens_this_sftp_login_and_no_other() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    let mond = Site::new(&world, "mond").await;
    sonne.is_locked_by_three(&world).await;
    let token = world.mails.token(MailKind::UploadUnlock);
    mond.is_locked_by_three(&world).await;
    let opened = world.identity.unlock(&token).await.unwrap();
    assert_eq!(opened, Unlocked::Upload);
    assert!(sonne.logs_in(&world).await);
    assert!(!mond.logs_in(&world).await);
    assert!(
        world.maria_logs_in().await.is_some(),
        "no portal login is concerned"
    );
    assert!(
        world.identity.unlock(&token).await.is_err(),
        "a link works once"
    );
    let again = world.mails.token(MailKind::UploadUnlock);
    world.clock.advance(30 * 60 + 1);
    assert!(
        world.identity.unlock(&again).await.is_err(),
        "and half an hour"
    );
}

#[tokio::test]
async fn the_letter_names_what_is_locked_and_goes_to_whoever_runs_the_webspace() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    sonne.is_locked_by_three(&world).await;
    let mails = world.mails.0.lock().unwrap().clone();
    let letters: Vec<_> = mails
        .iter()
        .filter(|mail| mail.kind == MailKind::UploadUnlock)
        .collect();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to.to_string(), MARIA);
    assert_eq!(letters[0].args["object"], "sonne");
    assert_eq!(letters[0].args["name"], "sonne");
}

#[tokio::test]
async fn nobody_who_may_not_write_webspaces_gets_the_letter() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    let statement = wabe_store::Statement {
        name: "test",
        sql: "UPDATE member SET role = 'mail_manager' WHERE user_id = $1",
    };
    let mut tx = world.store.write().await.unwrap();
    statement
        .bind(world.maria)
        .execute_one(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    sonne.is_locked_by_three(&world).await;
    assert_eq!(world.mails.count(MailKind::UploadUnlock), 0);
}

#[tokio::test]
async fn who_is_flooded_is_written_to_when_the_last_link_is_no_longer_enough() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    sonne.is_locked_by_three(&world).await;
    for n in 0..20 {
        assert!(!sonne.guesses(&world, &format!("more {n}")).await);
    }
    assert_eq!(world.mails.count(MailKind::UploadUnlock), 1);
    for step in 1..=10 {
        world.clock.advance(5 * 60);
        sonne.guesses(&world, &format!("later {step}")).await;
    }
    assert_eq!(
        world.mails.count(MailKind::UploadUnlock),
        3,
        "three an hour"
    );
    let token = world.mails.token(MailKind::UploadUnlock);
    world.identity.unlock(&token).await.unwrap();
    assert!(sonne.logs_in(&world).await);
}

#[tokio::test]
async fn a_new_password_is_another_way_in() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    sonne.is_locked_by_three(&world).await;
    let renewed = Site {
        hash: "the hash of the second password",
        ..sonne
    };
    assert!(renewed.logs_in(&world).await);
    assert!(!sonne.logs_in(&world).await);
}

#[tokio::test]
async fn a_login_that_opens_nothing_is_counted_and_nobody_is_written_to() {
    let world = World::new(&DE_LEGACY).await;
    let secrets: Vec<Secret> = (0..4).map(|n| Secret::new(format!("guess {n}"))).collect();
    let mut admitted = Vec::new();
    for secret in &secrets {
        let attempt = UploadAttempt {
            login: "nobody",
            webspace: None,
            hash: None,
            address: "192.0.2.9".parse().unwrap(),
            secret,
        };
        admitted.push(world.identity.may_check(attempt).await);
    }
    assert_eq!(admitted, [true, true, true, false]);
    assert_eq!(world.mails.0.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn refused_attempts_over_sftp_are_failed_logins_too() {
    let world = World::new(&DE_LEGACY).await;
    let sonne = Site::new(&world, "sonne").await;
    sonne.is_locked_by_three(&world).await;
    let noted =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM security_log WHERE event = 'login.failed'";
    assert_eq!(world.number(noted).await, 4);
}

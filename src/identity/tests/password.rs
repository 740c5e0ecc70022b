//! How passwords are kept and changed.

use super::world::{CHEAP, DAY, MARIA, PASSWORD, World, attempt, code};
use crate::factor::remove_totp::RemoveTotp;
use crate::login::outcome::LoginOutcome;
use crate::outbox::MailKind;
use crate::password::hashing::{Passwords, PoolSettings};
use crate::password::pepper::Pepper;
use crate::password::phc::{Cost, Phc};
use crate::profile::{BSI_NIST, DE_LEGACY, STANDARD_2026};
use crate::user::set_password::SetPassword;
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use wabe_access::Refusal;
use wabe_access::command::{HashFor, Hashing as _};
use wabe_kernel::{Rng, Secret};

#[derive(Default)]
struct Counting(AtomicU8);

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.0.fetch_add(1, Ordering::SeqCst));
    }
}

fn pool(cost: Cost, cores: usize) -> Passwords {
    let settings = PoolSettings {
        cost,
        cores,
        memory_mib: 1_024,
    };
    let pepper = Arc::new(Pepper::from_bytes([7; 32]));
    Passwords::new(
        &STANDARD_2026,
        settings,
        pepper,
        Arc::new(Counting::default()),
    )
}

// 3.1 T1: ^\$argon2id\$v=19\$m=65536,t=3,p=1\$, 16 bytes of salt, 32 of tag.
#[tokio::test]
async fn stored_hashes_have_the_form_and_cost_of_the_policy() {
    let pool = pool(PoolSettings::policy(1, 64).cost, 1);
    let secret = Secret::new(PASSWORD);
    for (purpose, pepper) in [(HashFor::Panel, Some(1)), (HashFor::Service, None)] {
        let stored = pool.hash(&secret, purpose).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"),
            "{stored}"
        );
        let phc = Phc::parse(&stored).unwrap();
        assert_eq!(
            (phc.salt.len(), phc.tag.len(), phc.pepper),
            (16, 32, pepper)
        );
        assert!(pool.verify(&secret, &stored, false).await.unwrap().ok);
        assert!(
            !pool
                .verify(&Secret::new("other"), &stored, false)
                .await
                .unwrap()
                .ok
        );
    }
}

// 3.1 T5.
#[tokio::test]
async fn long_passwords_that_differ_in_the_last_character_are_different() {
    let pool = pool(CHEAP, 1);
    let first = Secret::new(format!("{}a", "x".repeat(199)));
    let second = Secret::new(format!("{}b", "x".repeat(199)));
    for purpose in [HashFor::Panel, HashFor::Service] {
        let stored = pool.hash(&first, purpose).await.unwrap();
        assert!(pool.verify(&first, &stored, false).await.unwrap().ok);
        assert!(!pool.verify(&second, &stored, false).await.unwrap().ok);
    }
}

// 3.1 T3: 64 wait, the next is turned away; a known device is neither counted nor turned away.
#[tokio::test]
async fn a_full_queue_says_busy_and_keeps_a_place_for_known_devices() {
    let pool = Arc::new(pool(CHEAP, 1));
    let held = pool
        .enter(false)
        .await
        .unwrap_or_else(|_| panic!("the pool is empty"));
    let waiting: Vec<_> = (0..64)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.enter(false).await.is_ok() })
        })
        .collect();
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(pool.enter(false).await, Err(Refusal::Busy(_))));
    let known = pool.enter(true).await;
    assert!(known.is_ok());
    drop((held, known));
    for place in waiting {
        assert!(place.await.unwrap());
    }
}

#[test]
fn the_pepper_file_is_private_and_stays_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let rng = Counting::default();
    let first = Pepper::open_or_create(dir.path(), &rng).unwrap();
    let again = Pepper::open_or_create(dir.path(), &rng).unwrap();
    assert_eq!(first.keyed("test", &[b"x"]), again.keyed("test", &[b"x"]));
    let mode = std::fs::metadata(dir.path().join("pepper.key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn generated_passwords_follow_every_profile() {
    let rng = Counting::default();
    for _ in 0..200 {
        let made = crate::password::initial::generate(&rng);
        for profile in crate::profile::Profile::ALL {
            crate::password::rules::check(profile, false, &made, &[]).unwrap();
        }
    }
}

async fn change(world: &World, n: i64) -> Result<(), Refusal> {
    let input = json!({ "new_password": format!("Kq7-zvt{n:02}xw") });
    world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .map(|_done| ())
}

// Bar 1.2: the 10th old password is refused, the 11th is accepted.
#[tokio::test]
async fn the_last_ten_passwords_do_not_come_back() {
    let world = World::new(&DE_LEGACY).await;
    for n in 0..=11 {
        world.clock.advance(DAY);
        change(&world, n).await.unwrap();
    }
    world.clock.advance(DAY);
    // In use is 11; the ten before it are 1 to 10.
    for n in [11, 10, 1] {
        assert_eq!(
            code(change(&world, n).await),
            "new_password:password-reused"
        );
    }
    change(&world, 0).await.unwrap();
}

// Bar 1.3 no. 4.
#[tokio::test]
async fn a_password_is_not_changed_twice_within_a_day() {
    let world = World::new(&DE_LEGACY).await;
    world.clock.advance(DAY - 1);
    assert_eq!(
        code(change(&world, 1).await),
        "new_password:password-too-young"
    );
    world.clock.advance(1);
    change(&world, 1).await.unwrap();
}

// Bar 1.2: day 90 is fine, day 91 demands a new one.
#[tokio::test]
async fn a_password_lasts_ninety_days() {
    let world = World::new(&DE_LEGACY).await;
    world.clock.advance(91 * DAY - 1);
    let known = world.maria_logs_in().await.unwrap();
    assert!(!known.session.must_change_password);
    world.clock.advance(1);
    let session = world
        .identity
        .find_session(known.token.expose())
        .await
        .unwrap()
        .unwrap();
    assert!(session.must_change_password);
    assert!(
        world
            .maria_logs_in()
            .await
            .unwrap()
            .session
            .must_change_password
    );
}

#[tokio::test]
async fn a_change_ends_the_other_sessions_and_leaves_no_trace_of_the_password() {
    let world = World::new(&STANDARD_2026).await;
    let other = world.maria_logs_in().await.unwrap();
    let mine = world.maria_logs_in().await.unwrap();
    let input = json!({
        "old_password": PASSWORD, "new_password": "zwei Hunde im Regen", "keep_session": mine.session.id,
    });
    let wrong = json!({ "old_password": "wrong", "new_password": "zwei Hunde im Regen" });
    let refused = world.run::<SetPassword>(&world.actor(), wrong).await;
    assert_eq!(code(refused), "old_password:password-wrong");
    let done = world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .unwrap();
    assert!(!format!("{:?}{:?}", done.before, done.after).contains("argon2"));
    assert!(
        world
            .identity
            .find_session(other.token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .identity
            .find_session(mine.token.expose())
            .await
            .unwrap()
            .is_some()
    );
    assert!(world.maria_logs_in().await.is_none());
    assert!(
        world
            .login(attempt(MARIA, "zwei Hunde im Regen"))
            .await
            .is_some()
    );
}

#[tokio::test]
async fn an_old_proof_does_not_change_a_password() {
    let world = World::new(&STANDARD_2026).await;
    let actor = world.actor();
    world.clock.advance(601);
    let input = json!({ "new_password": "zwei Hunde im Regen" });
    let refused = world.run::<SetPassword>(&actor, input).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
}

/// Twelve characters.
const TWELVE: &str = "Kq7-zvt halb";

async fn set(world: &World, text: &str) -> Result<(), Refusal> {
    let input = json!({ "new_password": text });
    let done = world.run::<SetPassword>(&world.actor(), input).await;
    done.map(|_done| ())
}

// Bar 1.4: fewer characters are enough beside a second factor, and not once it is gone.
#[tokio::test]
async fn a_shorter_password_does_beside_a_second_factor_and_not_alone() {
    let world = World::new(&STANDARD_2026).await;
    let short = "new_password:password-too-short";
    assert!(
        !world
            .identity
            .stands_beside_factor(world.maria)
            .await
            .unwrap()
    );
    assert_eq!(code(set(&world, TWELVE).await), short);
    world.maria_enrols().await;
    assert!(
        world
            .identity
            .stands_beside_factor(world.maria)
            .await
            .unwrap()
    );
    assert_eq!(code(set(&world, &TWELVE[1..]).await), short);
    set(&world, TWELVE).await.unwrap();
    let half = world
        .identity
        .log_in(&attempt(MARIA, TWELVE))
        .await
        .unwrap();
    assert!(matches!(half, LoginOutcome::Half(_)));
    world
        .run::<RemoveTotp>(&world.actor(), json!({}))
        .await
        .unwrap();
    let inside = world.login(attempt(MARIA, TWELVE)).await.unwrap();
    assert!(inside.user.must_change_password);
    assert!(inside.session.must_change_password);
    set(&world, PASSWORD).await.unwrap();
    let inside = world.maria_logs_in().await.unwrap();
    assert!(!inside.user.must_change_password);
}

#[tokio::test]
async fn a_new_password_by_mail_is_as_long_as_the_person_needs() {
    let world = World::new(&STANDARD_2026).await;
    let address = "192.0.2.7".parse().unwrap();
    world.identity.request_reset(MARIA, address).await.unwrap();
    let token = world.mails.token(MailKind::Reset);
    assert!(!world.identity.link_beside_factor(&token).await.unwrap());
    let twelve = Secret::new(TWELVE);
    assert!(world.identity.redeem(&token, &twelve).await.is_err());
    world.maria_enrols().await;
    assert!(world.identity.link_beside_factor(&token).await.unwrap());
    world.identity.redeem(&token, &twelve).await.unwrap();
}

// Bar 1.4: where everybody has a second factor, eight are enough for everybody.
#[tokio::test]
async fn eight_characters_do_where_everybody_has_a_second_factor() {
    let world = World::new(&BSI_NIST).await;
    let short = "new_password:password-too-short";
    assert_eq!(code(set(&world, "Kq7-zvt").await), short);
    set(&world, "Kq7-zvt8").await.unwrap();
    let inside = world.login(attempt(MARIA, "Kq7-zvt8")).await.unwrap();
    assert!(!inside.user.must_change_password);
}

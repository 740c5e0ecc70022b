//! How long sessions live, and what ends them.

use super::world::{DAY, PASSWORD, World, code};
use crate::factor::code::step_of;
use crate::invitation::accept::AcceptInvitation;
use crate::invitation::invite::InviteMember;
use crate::member::remove::RemoveMember;
use crate::outbox::MailKind;
use crate::profile::STANDARD_2026;
use crate::session::model::Session;
use crate::user::disable::DisableUser;
use crate::user::enable::EnableUser;
use serde_json::json;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, ActorKind, Refusal, StaffRole, member};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Clock as _, Language, Secret};

async fn alive(world: &World, token: &Secret) -> Option<Session> {
    world.identity.find_session(token.expose()).await.unwrap()
}

// 3.5 T3.
#[tokio::test]
async fn a_session_ends_idle_and_ends_absolutely() {
    let world = World::new(&STANDARD_2026).await;
    let idle = world.maria_logs_in().await.unwrap();
    world.clock.advance(30 * 60 - 1);
    assert!(alive(&world, &idle.token).await.is_some());
    world.clock.advance(30 * 60);
    assert!(alive(&world, &idle.token).await.is_none());
    let busy = world.maria_logs_in().await.unwrap();
    for _ in 0..(12 * 60 / 20 - 1) {
        world.clock.advance(20 * 60);
        assert!(alive(&world, &busy.token).await.is_some());
    }
    world.clock.advance(20 * 60 - 1);
    assert!(alive(&world, &busy.token).await.is_some());
    world.clock.advance(1);
    assert!(alive(&world, &busy.token).await.is_none());
}

#[tokio::test]
async fn a_session_from_a_time_that_is_still_to_come_is_over_and_a_new_one_is_not() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    world.clock.advance(-3_600);
    // Nobody knows how old it is.
    assert!(alive(&world, &known.token).await.is_none());
    let new = world.maria_logs_in().await.unwrap();
    assert!(alive(&world, &new.token).await.is_some());
}

#[tokio::test]
async fn the_last_use_is_written_once_a_minute() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let opened = known.session.last_seen_at;
    world.clock.advance(59);
    assert_eq!(
        alive(&world, &known.token).await.unwrap().last_seen_at,
        opened
    );
    world.clock.advance(1);
    let seen = alive(&world, &known.token).await.unwrap().last_seen_at;
    assert_eq!(seen, world.clock.now());
}

// 3.5 T4.
#[tokio::test]
async fn the_eleventh_session_ends_the_oldest() {
    let world = World::new(&STANDARD_2026).await;
    let mut opened = Vec::new();
    for _ in 0..11 {
        world.clock.advance(1);
        opened.push(world.maria_logs_in().await.unwrap());
    }
    assert!(alive(&world, &opened[0].token).await.is_none());
    assert!(alive(&world, &opened[1].token).await.is_some());
    let listed = world.identity.list_sessions(world.maria).await.unwrap();
    assert_eq!(listed.len(), 10);
    assert!(
        world
            .identity
            .end_session(world.maria, opened[1].session.id)
            .await
            .unwrap()
    );
    assert!(alive(&world, &opened[1].token).await.is_none());
    let keep = Some(opened[10].session.id);
    assert_eq!(
        world
            .identity
            .end_sessions(world.maria, keep)
            .await
            .unwrap(),
        8
    );
    assert!(alive(&world, &opened[10].token).await.is_some());
}

// 3.5 T2.
#[tokio::test]
async fn a_rotated_token_is_dead_at_once() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let before = alive(&world, &known.token).await.unwrap();
    let token = world
        .identity
        .rotate_session(&before)
        .await
        .unwrap()
        .unwrap();
    assert!(alive(&world, &known.token).await.is_none());
    let after = alive(&world, &token).await.unwrap();
    assert_eq!(after.id, before.id);
    assert!(!after.accepts_csrf(&before.csrf_token()));
    assert!(after.accepts_csrf(&after.csrf_token()));
}

// 3.5 T1: a stolen table opens nothing.
#[tokio::test]
async fn only_the_hash_of_a_token_is_kept() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    assert_eq!(known.token.expose().len(), 43);
    let stored = world
        .number("SELECT length(token_hash) AS n FROM session")
        .await;
    assert_eq!(stored, 64);
    let hash = crate::secret_token::digest(known.token.expose());
    assert!(alive(&world, &Secret::new(hash)).await.is_none());
}

// 3.5 T5.
#[tokio::test]
async fn a_disabled_users_next_request_fails() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let (house, id) = (Actor::system(HOUSE), json!({ "id": world.maria }));
    assert!(world.identity.is_alive(known.session.id).await.unwrap());
    world.run::<DisableUser>(&house, id.clone()).await.unwrap();
    assert!(alive(&world, &known.token).await.is_none());
    assert!(!world.identity.is_alive(known.session.id).await.unwrap());
    world.run::<EnableUser>(&house, id).await.unwrap();
    assert!(
        alive(&world, &known.token).await.is_none(),
        "sessions do not come back"
    );
    assert!(world.maria_logs_in().await.is_some());
}

// 3.7 T6.
#[tokio::test]
async fn a_removed_members_next_request_fails() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({ "email": "jo@mond.test", "role": "administrator" });
    world
        .run::<InviteMember>(&world.actor(), input)
        .await
        .unwrap();
    let token = Secret::new(world.mails.token(MailKind::Invitation));
    let name = "Jo".parse().unwrap();
    let accept = AcceptInvitation::new(token, name, Secret::new(PASSWORD), Language::En);
    let jo = world
        .identity
        .accept_invitation(&world.gate, accept)
        .await
        .unwrap();
    let known = world
        .login(super::world::attempt("jo@mond.test", PASSWORD))
        .await
        .unwrap();
    assert!(alive(&world, &known.token).await.is_some());
    world
        .run::<RemoveMember>(&world.actor(), json!({ "id": jo.id }))
        .await
        .unwrap();
    assert!(alive(&world, &known.token).await.is_none());
}

// 3.6 T5: the proof is renewed, the token with it; guessing ends the session.
#[tokio::test]
async fn proving_oneself_again_renews_the_session_and_guessing_ends_it() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    world.clock.advance(1_000);
    let session = alive(&world, &known.token).await.unwrap();
    let wrong = world.identity.prove(&session, &Secret::new("wrong")).await;
    assert_eq!(code(wrong), "password:password-wrong");
    let token = world
        .identity
        .prove(&session, &Secret::new(PASSWORD))
        .await
        .unwrap();
    let session = alive(&world, &token).await.unwrap();
    assert_eq!(session.authenticated_at, world.clock.now());
    assert!(alive(&world, &known.token).await.is_none());
    for n in 0..5 {
        let guess = Secret::new(format!("guess {n}"));
        let refused = world.identity.prove(&session, &guess).await;
        assert_eq!(matches!(refused, Err(Refusal::NotFound)), n == 4);
    }
    assert!(alive(&world, &token).await.is_none());
}

#[tokio::test]
async fn a_session_turns_only_to_ones_own_customers() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let session = alive(&world, &known.token).await.unwrap();
    let foreign = CustomerId::from_uuid(wabe_kernel::macros::uuid::Uuid::max());
    let refused = world.identity.switch_customer(&session, foreign).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let token = world
        .identity
        .switch_customer(&session, world.customer)
        .await
        .unwrap();
    assert!(alive(&world, &known.token).await.is_none());
    assert_eq!(
        alive(&world, &token).await.unwrap().customer,
        Some(world.customer)
    );
}

// 3.6 T5, 3.5 T4
#[tokio::test]
async fn whoever_works_here_too_changes_sides_with_a_fresh_proof() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let session = alive(&world, &known.token).await.unwrap();
    assert!(!session.works_here);
    let refused = world.identity.switch_side(&session).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let mut tx = world.store.write().await.unwrap();
    let now = world.clock.now();
    member::insert_staff(&mut tx, session.user, StaffRole::Support, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let session = alive(&world, &known.token).await.unwrap();
    assert!(session.works_here && !session.staff);
    let refused = world.identity.switch_side(&session).await;
    assert!(matches!(refused, Err(Refusal::Conflict("factor-first"))));
    let (app, _) = world.maria_enrols().await;
    world.clock.advance(601);
    let session = alive(&world, &known.token).await.unwrap();
    let refused = world.identity.switch_side(&session).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    // The password is not enough for the desk.
    let proof = world.identity.prove(&session, &Secret::new(PASSWORD)).await;
    let session = alive(&world, &proof.unwrap()).await.unwrap();
    let refused = world.identity.switch_side(&session).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    let code = app.code(step_of(world.clock.now())).unwrap();
    let proof = world.identity.prove_code(&session, &code).await;
    let proved = alive(&world, &proof.unwrap()).await.unwrap();
    let desk = world.identity.switch_side(&proved).await.unwrap();
    let at_desk = alive(&world, &desk).await.unwrap();
    assert!(at_desk.staff && at_desk.customer.is_none());
    assert_eq!(at_desk.created_at, world.clock.now());
    assert_eq!(at_desk.actor().kind, ActorKind::Staff);
    let portal = world.identity.switch_side(&at_desk).await.unwrap();
    assert!(alive(&world, &desk).await.is_none());
    let back = alive(&world, &portal).await.unwrap();
    assert_eq!((back.staff, back.customer), (false, Some(world.customer)));
    assert_eq!(world.number("SELECT count(*) AS n FROM session").await, 1);
}

// 3.5 T8.
#[tokio::test]
async fn odd_tokens_are_nobodys() {
    let world = World::new(&STANDARD_2026).await;
    for token in ["", "\r\n", "a\0b", "=\\", &"x".repeat(8_192), "' OR 1=1 --"] {
        assert!(world.identity.find_session(token).await.unwrap().is_none());
        assert!(
            world
                .identity
                .authenticate_token(token)
                .await
                .unwrap()
                .is_none()
        );
        assert!(!world.identity.link_works(token).await.unwrap());
    }
}

#[tokio::test]
async fn pruning_removes_what_ran_out() {
    let world = World::new(&STANDARD_2026).await;
    world.maria_logs_in().await.unwrap();
    world
        .identity
        .request_reset(super::world::MARIA, "192.0.2.1".parse().unwrap())
        .await
        .unwrap();
    world
        .login(super::world::attempt("nobody@sonne.test", "wrong"))
        .await;
    world.clock.advance(200 * DAY);
    world.identity.prune().await.unwrap();
    let left = world
        .number(
            "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM device) \
             + (SELECT count(*) FROM mailed_token) + (SELECT count(*) FROM login_throttle) \
             + (SELECT count(*) FROM login_net) + (SELECT count(*) FROM request_rate) AS n",
        )
        .await;
    assert_eq!(left, 0);
    let mut tx = world.store.read().await.unwrap();
    assert_eq!(member::owners(&mut tx, world.customer).await.unwrap(), 1);
}

//! Another address to log in with. Bar 3.4 T1, T4.

use super::world::{MARIA, PASSWORD, World, attempt, code};
use crate::address_change::follow::Followed;
use crate::customer::create::CreateCustomer;
use crate::outbox::{MailKind, OutgoingMail};
use crate::profile::STANDARD_2026;
use crate::token::create::CreateToken;
use crate::user::set_email::SetEmail;
use crate::user::set_password::SetPassword;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal};
use wabe_kernel::Secret;

pub(super) const NEW: &str = "maria@neu.test";
const OTHER: &str = "otto@mond.test";
pub(super) const CHOSEN: &str = "zwei Hunde im Regen-7";

pub(super) async fn ask(world: &World, input: Value) -> Result<Value, Refusal> {
    let done = world.run::<SetEmail>(&world.actor(), input).await?;
    Ok(serde_json::to_value(done.output).unwrap())
}

pub(super) async fn confirm(world: &World, token: &str) -> Result<usize, Refusal> {
    let token = Secret::new(token);
    let done = world.identity.confirm_email(&world.gate, &token).await?;
    Ok(done.open.len())
}

pub(super) async fn undo(world: &World, token: &str) -> Result<Secret, Refusal> {
    world
        .identity
        .undo_email(&world.gate, &Secret::new(token))
        .await
}

/// Maria has the address [`NEW`]; the secret of the way back.
pub(super) async fn moved(world: &World) -> String {
    ask(world, json!({ "email": NEW })).await.unwrap();
    confirm(world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    world.mails.token(MailKind::LoginEmailChanged)
}

pub(super) async fn enters(world: &World, email: &str, password: &str) -> bool {
    world.login(attempt(email, password)).await.is_some()
}

pub(super) fn void<T>(result: &Result<T, Refusal>) -> bool {
    matches!(result, Err(Refusal::NotFound))
}

/// Somebody else who has the address [`OTHER`].
async fn otto(world: &World) {
    let input = json!({
        "name": "Mond", "plan": "Basis", "contact_email": "post@elsewhere.test",
        "owner_name": "Otto", "owner_email": OTHER, "owner_password": PASSWORD,
    });
    world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input)
        .await
        .unwrap();
}

pub(super) fn letters(world: &World, kind: MailKind) -> Vec<OutgoingMail> {
    let mails = world.mails.0.lock().unwrap();
    mails
        .iter()
        .filter(|mail| mail.kind == kind)
        .cloned()
        .collect()
}

#[tokio::test]
async fn a_new_address_is_in_force_once_its_link_was_followed_and_not_before() {
    let world = World::new(&STANDARD_2026).await;
    let known = world.maria_logs_in().await.unwrap();
    let asked = ask(&world, json!({ "email": NEW })).await.unwrap();
    assert_eq!(asked["email"], NEW);
    assert!(enters(&world, MARIA, PASSWORD).await && !enters(&world, NEW, PASSWORD).await);
    let pending = world
        .identity
        .pending_email(world.maria)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pending.open, [NEW.parse().unwrap()]);
    let token = world.mails.token(MailKind::ConfirmEmail);
    let found = world
        .identity
        .email_link(&Secret::new(&*token))
        .await
        .unwrap();
    assert!(matches!(
        found,
        Some(Followed::Confirms { second: false, .. })
    ));
    assert_eq!(confirm(&world, &token).await.unwrap(), 0);
    assert!(!enters(&world, MARIA, PASSWORD).await && enters(&world, NEW, PASSWORD).await);
    assert!(void(&confirm(&world, &token).await), "a link works once");
    assert!(
        world
            .identity
            .pending_email(world.maria)
            .await
            .unwrap()
            .is_none()
    );
    let session = world
        .identity
        .find_session(known.token.expose())
        .await
        .unwrap();
    assert!(session.is_some(), "whoever is in stays in");
    let [told] = &letters(&world, MailKind::LoginEmailChanged)[..] else {
        panic!("the old address is told once");
    };
    assert_eq!(told.to, MARIA.parse().unwrap());
    assert_eq!(told.args["address"], "m…@neu.test");
}

#[tokio::test]
async fn a_confirming_link_dies_of_age_of_a_newer_one_and_of_a_new_password() {
    let world = World::new(&STANDARD_2026).await;
    let token = || world.mails.token(MailKind::ConfirmEmail);
    ask(&world, json!({ "email": NEW })).await.unwrap();
    let first = token();
    ask(&world, json!({ "email": "maria@dritte.test" }))
        .await
        .unwrap();
    assert!(void(&confirm(&world, &first).await));
    world.clock.advance(30 * 60);
    assert!(void(&confirm(&world, &token()).await));
    ask(&world, json!({ "email": NEW })).await.unwrap();
    let input = json!({ "new_password": CHOSEN });
    world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .unwrap();
    assert!(void(&confirm(&world, &token()).await));
    assert!(enters(&world, MARIA, CHOSEN).await);
}

#[tokio::test]
async fn a_reset_link_dies_of_a_new_address() {
    let world = World::new(&STANDARD_2026).await;
    let from = "192.0.2.1".parse().unwrap();
    world.identity.request_reset(MARIA, from).await.unwrap();
    let reset = world.mails.token(MailKind::Reset);
    moved(&world).await;
    assert!(!world.identity.link_works(&reset).await.unwrap());
}

#[tokio::test]
async fn links_of_addresses_set_no_password_and_the_other_way_round() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    ask(&world, json!({ "email": "maria@dritte.test" }))
        .await
        .unwrap();
    let confirming = world.mails.token(MailKind::ConfirmEmail);
    for token in [&back, &confirming] {
        assert!(!world.identity.link_works(token).await.unwrap());
        assert!(void(
            &world.identity.redeem(token, &Secret::new(CHOSEN)).await
        ));
        assert!(void(&world.identity.unlock(token).await));
    }
    assert!(void(&undo(&world, &confirming).await) && void(&confirm(&world, &back).await));
    let from = "192.0.2.1".parse().unwrap();
    world.identity.request_reset(NEW, from).await.unwrap();
    let reset = world.mails.token(MailKind::Reset);
    assert!(void(&undo(&world, &reset).await) && void(&confirm(&world, &reset).await));
}

// 3.3 T1: one answer for every state.
#[tokio::test]
async fn an_address_of_somebody_else_shows_in_no_answer_and_its_owner_learns_of_it() {
    let world = World::new(&STANDARD_2026).await;
    otto(&world).await;
    let mut free = ask(&world, json!({ "email": NEW })).await.unwrap();
    let seen = world
        .identity
        .pending_email(world.maria)
        .await
        .unwrap()
        .unwrap();
    let mut taken = ask(&world, json!({ "email": OTHER })).await.unwrap();
    let same = world
        .identity
        .pending_email(world.maria)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.open.len(), seen.until), (same.open.len(), same.until));
    for answer in [&mut free, &mut taken] {
        answer.as_object_mut().unwrap().remove("email");
    }
    assert_eq!(free, taken);
    let [told] = &letters(&world, MailKind::EmailTaken)[..] else {
        panic!("one letter");
    };
    assert!(told.to == OTHER.parse().unwrap() && told.path.is_none());
    assert_eq!(world.mails.count(MailKind::ConfirmEmail), 1);
    let links = world
        .number("SELECT CAST(count(*) AS BIGINT) AS n FROM mailed_token")
        .await;
    assert_eq!(links, 2, "the same was written");
}

#[tokio::test]
async fn an_address_that_somebody_takes_meanwhile_stays_theirs() {
    let world = World::new(&STANDARD_2026).await;
    ask(&world, json!({ "email": OTHER })).await.unwrap();
    otto(&world).await;
    let token = world.mails.token(MailKind::ConfirmEmail);
    assert!(void(&confirm(&world, &token).await));
    assert!(enters(&world, MARIA, PASSWORD).await && enters(&world, OTHER, PASSWORD).await);
}

#[tokio::test]
async fn an_address_that_depends_on_us_needs_a_second_one_elsewhere() {
    let world = World::new(&STANDARD_2026).await;
    for (second, why) in [
        (None, "second_email:contact-needs-second"),
        (
            Some("b@mail.hosted.test"),
            "second_email:contact-second-hosted-here",
        ),
    ] {
        let input = json!({ "email": "a@hosted.test", "second_email": second });
        assert_eq!(code(ask(&world, input).await), why);
    }
    let input = json!({ "email": "a@hosted.test", "second_email": "b@mond.test" });
    ask(&world, input).await.unwrap();
    let links = letters(&world, MailKind::ConfirmEmail);
    let [first, second] = &links[..] else {
        panic!("both addresses are asked");
    };
    let secret = |mail: &OutgoingMail| {
        let path = mail.path.as_ref().unwrap().expose();
        path.rsplit('/').next().unwrap().to_owned()
    };
    assert_eq!(
        confirm(&world, &secret(second)).await.unwrap(),
        1,
        "one is still open"
    );
    assert!(enters(&world, MARIA, PASSWORD).await);
    assert_eq!(confirm(&world, &secret(first)).await.unwrap(), 0);
    assert!(enters(&world, "a@hosted.test", PASSWORD).await);
    let only = json!({ "email": "a@hosted.test" });
    assert_eq!(
        code(ask(&world, only).await),
        "second_email:contact-needs-second"
    );
    let other = json!({ "email": "c@elsewhere.test", "second_email": "b@mond.test" });
    ask(&world, other).await.unwrap();
    assert_eq!(
        world.mails.count(MailKind::ConfirmEmail),
        3,
        "what stays is not asked again"
    );
}

#[tokio::test]
async fn what_can_be_mended_is_said_and_too_many_letters_are_not_sent() {
    let world = World::new(&STANDARD_2026).await;
    for (input, why) in [
        (json!({ "email": MARIA }), "email:email-unchanged"),
        (
            json!({ "email": NEW, "second_email": NEW }),
            "second_email:email-second-same",
        ),
    ] {
        assert_eq!(code(ask(&world, input).await), why);
    }
    for n in 0..3 {
        ask(&world, json!({ "email": format!("maria{n}@neu.test") }))
            .await
            .unwrap();
    }
    assert_eq!(
        code(ask(&world, json!({ "email": NEW })).await),
        "email:email-too-often"
    );
    world.clock.advance(3_600);
    ask(&world, json!({ "email": NEW })).await.unwrap();
    assert_eq!(world.mails.count(MailKind::ConfirmEmail), 4);
}

// 3.6 T5.
#[tokio::test]
async fn asking_needs_a_fresh_proof_and_by_token_the_owners_password() {
    let world = World::new(&STANDARD_2026).await;
    let stale = world.actor();
    world.clock.advance(601);
    let refused = world.run::<SetEmail>(&stale, json!({ "email": NEW })).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    let input = json!({ "name": "ci", "scopes": ["self:write"], "days": 30, "sensitive": true });
    let api = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap()
        .output;
    let token = world
        .identity
        .authenticate_token(&api.token)
        .await
        .unwrap()
        .unwrap();
    for (password, why) in [
        (None, "password:required"),
        (Some("guess 1"), "password:password-wrong"),
    ] {
        let input = json!({ "email": NEW, "password": password });
        assert_eq!(code(world.run::<SetEmail>(&token, input).await), why);
    }
    let right = json!({ "email": NEW, "password": PASSWORD });
    world.run::<SetEmail>(&token, right.clone()).await.unwrap();
    for n in 0..5 {
        let input = json!({ "email": NEW, "password": format!("guess {n}") });
        assert!(world.run::<SetEmail>(&token, input).await.is_err());
    }
    let locked = world.run::<SetEmail>(&token, right).await;
    assert_eq!(
        code(locked),
        "password:password-wrong",
        "guessing closes this way as well"
    );
}

// 3.4 T1: 50 at once, one gets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_follow_a_link_at_once_one_succeeds() {
    let world = Arc::new(World::new(&STANDARD_2026).await);
    ask(&world, json!({ "email": NEW })).await.unwrap();
    let token = world.mails.token(MailKind::ConfirmEmail);
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (world, token) = (world.clone(), token.clone());
            tokio::spawn(async move { confirm(&world, &token).await })
        })
        .collect();
    let mut won = 0;
    for one in all {
        match one.await.unwrap() {
            Ok(_) => won += 1,
            refused => assert!(void(&refused), "{refused:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(world.mails.count(MailKind::LoginEmailChanged), 1);
}

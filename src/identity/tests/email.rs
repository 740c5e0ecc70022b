//! Another address to log in with. Bar 3.4 T1, T4.

use super::world::{MARIA, PASSWORD, World, attempt, code};
use crate::address_change::follow::Followed;
use crate::customer::create::CreateCustomer;
use crate::outbox::{MailKind, OutgoingMail};
use crate::profile::{DE_LEGACY, STANDARD_2026};
use crate::token::create::CreateToken;
use crate::user::set_email::SetEmail;
use crate::user::set_password::SetPassword;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal};
use wabe_kernel::Secret;

const NEW: &str = "maria@neu.test";
const OTHER: &str = "otto@mond.test";
const CHOSEN: &str = "zwei Hunde im Regen-7";

async fn ask(world: &World, input: Value) -> Result<Value, Refusal> {
    let done = world.run::<SetEmail>(&world.actor(), input).await?;
    Ok(serde_json::to_value(done.output).unwrap())
}

async fn confirm(world: &World, token: &str) -> Result<usize, Refusal> {
    let token = Secret::new(token);
    let done = world.identity.confirm_email(&world.gate, &token).await?;
    Ok(done.open.len())
}

async fn undo(world: &World, token: &str) -> Result<Secret, Refusal> {
    world
        .identity
        .undo_email(&world.gate, &Secret::new(token))
        .await
}

/// Maria has the address [`NEW`]; the secret of the way back.
async fn moved(world: &World) -> String {
    ask(world, json!({ "email": NEW })).await.unwrap();
    confirm(world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    world.mails.token(MailKind::LoginEmailChanged)
}

async fn enters(world: &World, email: &str, password: &str) -> bool {
    world.login(attempt(email, password)).await.is_some()
}

fn void<T>(result: &Result<T, Refusal>) -> bool {
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

fn letters(world: &World, kind: MailKind) -> Vec<OutgoingMail> {
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
async fn the_way_back_restores_the_address_and_only_a_new_password_opens_it() {
    let world = World::new(&DE_LEGACY).await;
    let known = world.maria_logs_in().await.unwrap();
    let back = moved(&world).await;
    let input = json!({ "name": "ci", "scopes": ["domain:read"], "days": 30 });
    let api = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap()
        .output;
    let way = undo(&world, &back).await.unwrap();
    assert!(void(&undo(&world, &back).await), "a link works once");
    for email in [MARIA, NEW] {
        assert!(!enters(&world, email, PASSWORD).await, "{email}");
    }
    let identity = &world.identity;
    assert!(
        identity
            .find_session(known.token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(identity.list_devices(world.maria).await.unwrap().is_empty());
    assert!(
        identity
            .authenticate_token(&api.token)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(world.mails.count(MailKind::LoginEmailRestored), 2);
    let again = identity.redeem(way.expose(), &Secret::new(PASSWORD)).await;
    assert_eq!(code(again), "new_password:password-reused");
    identity
        .redeem(way.expose(), &Secret::new(CHOSEN))
        .await
        .unwrap();
    assert!(enters(&world, MARIA, CHOSEN).await && !enters(&world, NEW, CHOSEN).await);
}

#[tokio::test]
async fn the_way_back_is_open_for_three_days() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    world.clock.advance(72 * 3_600 - 1);
    world.identity.prune().await.unwrap();
    assert!(
        world
            .identity
            .email_link(&Secret::new(&*back))
            .await
            .unwrap()
            .is_some()
    );
    world.clock.advance(1);
    assert!(void(&undo(&world, &back).await));
    assert!(enters(&world, NEW, PASSWORD).await);
}

// Whoever took the login over must not be able to close the way back.
#[tokio::test]
async fn neither_a_new_password_nor_a_further_change_voids_the_way_back() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    let input = json!({ "new_password": CHOSEN });
    world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .unwrap();
    ask(&world, json!({ "email": "dieb@dritte.test" }))
        .await
        .unwrap();
    confirm(&world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    let later = world.mails.token(MailKind::LoginEmailChanged);
    undo(&world, &back).await.unwrap();
    assert!(
        void(&undo(&world, &later).await),
        "what came after fell with it"
    );
    world
        .identity
        .request_reset("dieb@dritte.test", "192.0.2.1".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(world.mails.count(MailKind::Reset), 0);
}

#[tokio::test]
async fn nobody_else_gets_an_address_while_it_can_be_taken_back() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    let input = json!({
        "name": "Mond", "plan": "Basis", "contact_email": "post@elsewhere.test",
        "owner_name": "Otto", "owner_email": MARIA, "owner_password": PASSWORD,
    });
    let refused = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input.clone())
        .await;
    assert_eq!(code(refused), "changed-meanwhile");
    undo(&world, &back).await.unwrap();
    let made = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input)
        .await
        .unwrap();
    assert_eq!(made.output.owner, world.maria, "it is Maria's again");
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
async fn a_second_address_that_goes_is_told_and_nothing_needs_to_be_confirmed() {
    let world = World::new(&STANDARD_2026).await;
    let both = json!({ "email": MARIA, "second_email": "b@mond.test" });
    ask(&world, both).await.unwrap();
    confirm(&world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    let asked = ask(&world, json!({ "email": MARIA })).await.unwrap();
    assert!(asked["confirm_until"].is_null());
    let told: Vec<String> = letters(&world, MailKind::LoginEmailChanged)
        .iter()
        .map(|mail| mail.to.to_string())
        .collect();
    assert_eq!(told, [MARIA, MARIA, "b@mond.test"]);
    undo(&world, &world.mails.token(MailKind::LoginEmailChanged))
        .await
        .unwrap();
    let again = json!({ "email": MARIA, "second_email": "b@mond.test" });
    assert_eq!(code(ask(&world, again).await), "email:email-unchanged");
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

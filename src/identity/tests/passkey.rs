//! Passkeys: an authenticator in software against everything that must hold. Bar 3.6 T2.

use super::authenticator::{Authenticator, base64};
use super::world::{PASSWORD, World, attempt, code};
use crate::customer::create::CreateCustomer;
use crate::factor::demand::Demand;
use crate::factor::remove_totp::RemoveTotp;
use crate::factor::require::SetFactorRequired;
use crate::login::half::{Stage, Stepped};
use crate::login::outcome::{LoggedIn, LoginOutcome};
use crate::outbox::MailKind;
use crate::passkey::add::AddPasskey;
use crate::passkey::assertion::Assertion;
use crate::passkey::challenge::{Purpose, SECONDS};
use crate::passkey::remove::RemovePasskey;
use crate::passkey::rename::RenamePasskey;
use crate::profile::STANDARD_2026;
use crate::session::model::Session;
use crate::staff::create::CreateStaff;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::gate::STEP_UP_SECONDS;
use wabe_access::{Actor, Refusal};
use wabe_kernel::id::UserId;
use wabe_kernel::{Clock as _, Secret};

const ORIGIN: &str = "https://portal.test";

async fn add_challenge(world: &World, user: UserId) -> String {
    let about = user.to_string();
    let asking = world.identity.ask_passkey(user, (Purpose::Add, &about));
    asking.await.unwrap().challenge
}

/// Adds what was answered; answers its id, or the refusal in a word.
async fn add(world: &World, actor: &Actor, input: Value) -> String {
    match world.run::<AddPasskey>(actor, input).await {
        Ok(done) => done.output.id.to_string(),
        Err(refusal) => code(Err::<(), _>(refusal)),
    }
}

/// Maria with a passkey and no app, and her ten codes.
async fn world() -> (World, Authenticator) {
    let world = World::new(&STANDARD_2026).await;
    let key = Authenticator::new(ORIGIN, 7);
    let input = key.create("Phone", &add_challenge(&world, world.maria).await);
    let done = world.run::<AddPasskey>(&world.actor(), input).await;
    assert_eq!(done.unwrap().output.recovery_codes.len(), 10);
    (world, key)
}

async fn second_challenge(world: &World, token: &Secret) -> String {
    let half = world.identity.half_login(token).await.unwrap().unwrap();
    let asking = world.identity.ask_second(&half, token).await.unwrap();
    assert!(!asking.keys.is_empty());
    asking.challenge
}

fn written(answer: &Value) -> Assertion {
    Assertion::written(&Secret::new(answer.to_string())).unwrap()
}

async fn pass(world: &World, token: &Secret, answer: &Value) -> Stepped {
    let step = World::step(token);
    let passed = world.identity.pass_passkey(&step, &written(answer)).await;
    passed.unwrap()
}

/// Maria's next login, with whatever this key answers to its challenge.
async fn log_in(world: &World, answer: impl FnOnce(&str) -> Value) -> Stepped {
    let token = world.maria_half().await;
    let challenge = second_challenge(world, &token).await;
    pass(world, &token, &answer(&challenge)).await
}

fn inside(stepped: Stepped) -> Box<LoggedIn> {
    match stepped {
        Stepped::LoggedIn(inside) => inside,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_passkey_is_a_second_factor_in_a_login() {
    let (world, mut key) = world().await;
    assert_eq!(world.mails.count(MailKind::FactorAdded), 1);
    let token = world.maria_half().await;
    let answer = key.sign(&second_challenge(&world, &token).await);
    let inside = inside(pass(&world, &token, &answer).await);
    assert_eq!(inside.user.id, world.maria);
    assert_eq!(
        inside.session.second_factor_at,
        Some(inside.session.created_at)
    );
    let keys = world.identity.passkeys(world.maria).await.unwrap();
    assert_eq!(keys[0].last_used_at, Some(world.clock.now()));
    // The login is used up, and its answer is none in another one.
    assert!(matches!(pass(&world, &token, &answer).await, Stepped::Over));
    let again = log_in(&world, |_challenge| answer).await;
    assert!(matches!(again, Stepped::Refused), "{again:?}");
}

#[tokio::test]
async fn the_same_answer_twice_in_one_login_is_refused() {
    let (world, mut key) = world().await;
    let token = world.maria_half().await;
    let mut answer = key.sign(&second_challenge(&world, &token).await);
    let good = answer.clone();
    answer["signature"] = json!(base64([0; 64]));
    let tampered = pass(&world, &token, &answer).await;
    assert!(matches!(tampered, Stepped::Refused), "{tampered:?}");
    // The challenge went with the first answer, wrong as it was.
    let replayed = pass(&world, &token, &good).await;
    assert!(matches!(replayed, Stepped::Refused), "{replayed:?}");
    let fresh = key.sign(&second_challenge(&world, &token).await);
    inside(pass(&world, &token, &fresh).await);
}

#[tokio::test]
async fn nothing_that_does_not_fit_wholly_passes() {
    let (world, _) = world().await;
    let at = |origin: &str, host: &str, flags: u8| {
        let mut other = Authenticator::new(ORIGIN, 7);
        (other.origin, other.host) = (origin.to_owned(), host.to_owned());
        (other.flags, other.count) = (flags, 9);
        other
    };
    let token = world.maria_half().await;
    let fine = at(ORIGIN, "portal.test", 5);
    let mut cases = Vec::new();
    for (what, other, kind) in [
        (
            "another site",
            at("https://evil.test", "portal.test", 5),
            "get",
        ),
        (
            "another port",
            at("https://portal.test:1", "portal.test", 5),
            "get",
        ),
        ("no TLS", at("http://portal.test", "portal.test", 5), "get"),
        (
            "below",
            at("https://a.portal.test", "portal.test", 5),
            "get",
        ),
        ("another host", at(ORIGIN, "evil.test", 5), "get"),
        ("nobody there", at(ORIGIN, "portal.test", 4), "get"),
        ("a copy of none", at(ORIGIN, "portal.test", 5 | 16), "get"),
        ("made for a key", at(ORIGIN, "portal.test", 5), "create"),
    ] {
        let challenge = second_challenge(&world, &token).await;
        cases.push((what, other.sign_as(&format!("webauthn.{kind}"), &challenge)));
    }
    let forged = fine.sign_as("webauthn.get", &base64([7; 32]));
    cases.push(("a forged challenge", forged));
    for (part, text) in [
        ("signature", base64([0; 64])),
        ("credential", base64(b"another key")),
        ("said", base64(b"short")),
        ("client_data", base64(b"{}")),
        ("client_data", "%".to_owned()),
        ("signature", "A".repeat(20_000)),
    ] {
        let challenge = second_challenge(&world, &token).await;
        let mut answer = fine.sign_as("webauthn.get", &challenge);
        answer[part] = json!(text);
        cases.push((part, answer));
    }
    for (what, answer) in &cases {
        let passed = pass(&world, &token, answer).await;
        assert!(matches!(passed, Stepped::Refused), "{what}: {passed:?}");
    }
    let noted =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM security_log WHERE event = 'factor.failed'";
    assert_eq!(world.number(noted).await, 15);
    let answer = fine.sign_as("webauthn.get", &second_challenge(&world, &token).await);
    inside(pass(&world, &token, &answer).await);
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_one_purpose() {
    let (world, mut key) = world().await;
    let token = world.maria_half().await;
    let late = second_challenge(&world, &token).await;
    world.clock.advance(SECONDS);
    let passed = pass(&world, &token, &key.sign(&late)).await;
    assert!(matches!(passed, Stepped::Refused), "late: {passed:?}");
    let in_time = second_challenge(&world, &token).await;
    world.clock.advance(SECONDS - 1);
    inside(pass(&world, &token, &key.sign(&in_time)).await);
    // Neither a challenge for another login nor one for something else.
    let (one, other) = (world.maria_half().await, world.maria_half().await);
    let elsewhere = second_challenge(&world, &other).await;
    let passed = pass(&world, &one, &key.sign(&elsewhere)).await;
    assert!(matches!(passed, Stepped::Refused), "{passed:?}");
    let for_adding = add_challenge(&world, world.maria).await;
    let passed = pass(&world, &one, &key.sign(&for_adding)).await;
    assert!(matches!(passed, Stepped::Refused), "{passed:?}");
}

#[tokio::test]
async fn somebody_elses_passkey_opens_nothing() {
    let (world, _) = world().await;
    let input = json!({
        "name": "Mond GmbH", "plan": "Basis", "contact_email": "post@mond.test",
        "owner_name": "Nora", "owner_email": "nora@mond.test", "owner_password": PASSWORD,
    });
    let system = Actor::system(HOUSE);
    let made = world.run::<CreateCustomer>(&system, input).await.unwrap();
    let nora = made.output.owner;
    let actor = Actor::member(nora, made.output.id, world.clock.now());
    let mut hers = Authenticator::new(ORIGIN, 8);
    let input = hers.create("Nora's", &add_challenge(&world, nora).await);
    assert!(add(&world, &actor, input).await.starts_with("psk_"));
    let passed = log_in(&world, |challenge| hers.sign(challenge)).await;
    assert!(matches!(passed, Stepped::Refused), "{passed:?}");
    // Nor does she take Maria's, by its name or by a wish that was made for Maria.
    let mut copy = Authenticator::new(ORIGIN, 8);
    copy.id = vec![7; 16];
    let input = copy.create("Mine", &add_challenge(&world, nora).await);
    assert_eq!(add(&world, &actor, input).await, "passkey:passkey-wrong");
    copy.id = vec![9; 16];
    let input = copy.create("Mine", &add_challenge(&world, world.maria).await);
    assert_eq!(add(&world, &actor, input).await, "passkey:passkey-wrong");
    let marias = world.identity.passkeys(world.maria).await.unwrap()[0].id;
    let renamed = json!({ "id": marias, "label": "Mine" });
    let renamed = world.run::<RenamePasskey>(&actor, renamed).await;
    assert_eq!(code(renamed), "NotFound");
    let removed = world.run::<RemovePasskey>(&actor, json!({ "id": marias }));
    assert_eq!(code(removed.await), "NotFound");
}

#[tokio::test]
async fn a_counter_that_does_not_grow_is_refused_and_told() {
    let (world, mut key) = world().await;
    for (count, passes) in [
        (5, true),
        (6, true),
        (6, false),
        (3, false),
        (0, false),
        (7, true),
    ] {
        key.count = count;
        let passed = log_in(&world, |challenge| key.sign_as("webauthn.get", challenge)).await;
        assert_eq!(matches!(passed, Stepped::LoggedIn(_)), passes, "{count}");
    }
    assert_eq!(world.mails.count(MailKind::PasskeyCopied), 3);
    let noted =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM security_log WHERE event = 'passkey.counter'";
    assert_eq!(world.number(noted).await, 3);
}

#[tokio::test]
async fn an_authenticator_that_does_not_count_says_zero_for_ever() {
    let (world, key) = world().await;
    for _ in 0..2 {
        inside(log_in(&world, |challenge| key.sign_as("webauthn.get", challenge)).await);
    }
    assert_eq!(world.mails.count(MailKind::PasskeyCopied), 0);
}

/// Ida at the desk, who has an app.
async fn staff(world: &World) -> Box<LoggedIn> {
    let input = json!({ "name": "Ida", "email": "ida@house.test", "roles": ["operator"], "password": PASSWORD });
    let system = Actor::system(HOUSE);
    world.run::<CreateStaff>(&system, input).await.unwrap();
    let mut ida = attempt("ida@house.test", PASSWORD);
    ida.staff = true;
    let LoginOutcome::Half(half) = world.identity.log_in(&ida).await.unwrap() else {
        panic!("a password alone opens the desk");
    };
    world.enrolled(&half.token).await.0
}

// 3.6 T2: user verification is required of staff
#[tokio::test]
async fn staff_are_recognised_by_their_authenticator_and_members_need_not_be() {
    let (world, mut key) = world().await;
    key.flags = 1;
    inside(log_in(&world, |challenge| key.sign(challenge)).await);

    let ida = staff(&world).await;
    let (actor, user) = (ida.session.actor(), ida.user.id);
    let asking = world.identity.ask_passkey(user, (Purpose::Add, ""));
    assert!(asking.await.unwrap().verified);
    let mut key = Authenticator::new(ORIGIN, 8);
    key.flags = 1;
    let input = key.create("Stick", &add_challenge(&world, user).await);
    assert_eq!(add(&world, &actor, input).await, "passkey:passkey-wrong");
    key.flags = 5;
    let input = key.create("Stick", &add_challenge(&world, user).await);
    assert!(add(&world, &actor, input).await.starts_with("psk_"));

    let mut ida = attempt("ida@house.test", PASSWORD);
    ida.staff = true;
    let LoginOutcome::Half(half) = world.identity.log_in(&ida).await.unwrap() else {
        panic!("a password alone opens the desk");
    };
    assert_eq!(half.stage, Stage::Code);
    key.flags = 1;
    let answer = key.sign(&second_challenge(&world, &half.token).await);
    let passed = pass(&world, &half.token, &answer).await;
    assert!(matches!(passed, Stepped::Refused), "{passed:?}");
    key.flags = 5;
    let answer = key.sign(&second_challenge(&world, &half.token).await);
    let inside = inside(pass(&world, &half.token, &answer).await);
    assert!(inside.session.staff && inside.session.second_factor_at.is_some());
    // It does their duty: the app may go, the passkey then stays.
    let actor = inside.session.actor();
    world.run::<RemoveTotp>(&actor, json!({})).await.unwrap();
    let id = world.identity.passkeys(user).await.unwrap()[0].id;
    let removed = world
        .run::<RemovePasskey>(&actor, json!({ "id": id }))
        .await;
    assert_eq!(code(removed), "last-factor");
}

async fn session(world: &World, token: &Secret) -> Session {
    let found = world.identity.find_session(token.expose()).await;
    found.unwrap().unwrap()
}

// 3.6 T5
#[tokio::test]
async fn a_passkey_is_a_fresh_proof() {
    let (world, mut key) = world().await;
    let inside = inside(log_in(&world, |challenge| key.sign(challenge)).await);
    world.clock.advance(STEP_UP_SECONDS + 1);
    let before = session(&world, &inside.token).await;
    assert!(before.has_factor && before.has_passkey && !before.has_app);
    let id = world.identity.passkeys(world.maria).await.unwrap()[0].id;
    let actor = before.actor();
    let late = world.run::<RemovePasskey>(&actor, json!({ "id": id }));
    assert!(matches!(late.await, Err(Refusal::StepUp)));
    // The password proves nobody who has one.
    let password = Secret::new(PASSWORD);
    let proved = world.identity.prove(&before, &password).await.unwrap();
    let still = session(&world, &proved).await;
    let actor = still.actor();
    let late = world.run::<RemovePasskey>(&actor, json!({ "id": id }));
    assert!(matches!(late.await, Err(Refusal::StepUp)));

    let asking = world.identity.ask_proof(&still).await.unwrap();
    let answer = written(&key.sign(&asking.challenge));
    let token = world.identity.prove_passkey(&still, &answer).await.unwrap();
    let fresh = session(&world, &token).await;
    assert_eq!(fresh.second_factor_at, Some(world.clock.now()));
    let again = world.identity.prove_passkey(&fresh, &answer).await;
    assert_eq!(code(again), "passkey:passkey-wrong");
    world
        .run::<RemovePasskey>(&fresh.actor(), json!({ "id": id }))
        .await
        .unwrap();
    assert_eq!(world.mails.count(MailKind::FactorRemoved), 1);
    let (standing, _) = world.identity.factors(world.maria).await.unwrap();
    assert!(!standing.any() && standing.codes == 0);
}

#[tokio::test]
async fn as_many_failures_as_lock_an_account_end_the_session() {
    let (world, mut key) = world().await;
    let inside = inside(log_in(&world, |challenge| key.sign(challenge)).await);
    let known = session(&world, &inside.token).await;
    let forged = |n: u8| {
        let key = Authenticator::new(ORIGIN, 7);
        written(&key.sign_as("webauthn.get", &base64([n; 32])))
    };
    for n in 1..=u8::try_from(STANDARD_2026.lock_after).unwrap() {
        let proved = world.identity.prove_passkey(&known, &forged(n)).await;
        assert!(proved.is_err());
    }
    let found = world.identity.find_session(inside.token.expose()).await;
    assert!(found.unwrap().is_none());
}

#[tokio::test]
async fn a_passkey_fulfils_what_a_customer_requires() {
    let (world, _) = world().await;
    let required = json!({ "factor_required": true });
    world
        .run::<SetFactorRequired>(&world.actor(), required)
        .await
        .unwrap();
    let (standing, demand) = world.identity.factors(world.maria).await.unwrap();
    assert_eq!((standing.passkeys, standing.single()), (1, true));
    assert!(matches!(demand, Some(Demand::Customer(_))));
    let half = world.maria_half().await;
    let half = world.identity.half_login(&half).await.unwrap().unwrap();
    assert_eq!(half.stage, Stage::Code);
    let id = world.identity.passkeys(world.maria).await.unwrap()[0].id;
    let gone = json!({ "id": id });
    let actor = world.actor();
    let removed = world.run::<RemovePasskey>(&actor, gone.clone());
    assert_eq!(code(removed.await), "last-factor");
    world.maria_enrols().await;
    world.run::<RemovePasskey>(&actor, gone).await.unwrap();
}

#[tokio::test]
async fn only_whole_answers_of_this_house_become_passkeys_and_ten_at_most() {
    let (world, _) = world().await;
    let actor = world.actor();
    let mut other = Authenticator::new(ORIGIN, 8);
    let at = |origin: &str, host: &str, flags| {
        let mut other = Authenticator::new(ORIGIN, 8);
        (other.origin, other.host) = (origin.to_owned(), host.to_owned());
        other.flags = flags;
        other
    };
    let wrong = [
        at("https://evil.test", "portal.test", 5),
        at(ORIGIN, "evil.test", 5),
        at(ORIGIN, "portal.test", 4),
        Authenticator::new(ORIGIN, 7),
    ];
    for wrong in wrong {
        let input = wrong.create("Wrong", &add_challenge(&world, world.maria).await);
        assert_eq!(add(&world, &actor, input).await, "passkey:passkey-wrong");
    }
    let challenge = add_challenge(&world, world.maria).await;
    let mut cut = other.create("Cut", &challenge);
    cut["attestation"] = json!(base64(b"\xa0"));
    assert_eq!(add(&world, &actor, cut).await, "passkey:passkey-wrong");
    let id = add(&world, &actor, other.create("Stick", &challenge)).await;
    other.id = vec![100];
    let used = add(&world, &actor, other.create("Again", &challenge)).await;
    assert_eq!(used, "passkey:passkey-wrong");
    let renamed = json!({ "id": id, "label": "Key ring" });
    let renamed = world.run::<RenamePasskey>(&actor, renamed).await;
    renamed.unwrap();
    let keys = world.identity.passkeys(world.maria).await.unwrap();
    let named = keys.iter().find(|key| key.id.to_string() == id).unwrap();
    assert_eq!(named.name.as_str(), "Key ring");
    for n in 0..9 {
        other.id = vec![101 + n];
        let input = other.create("More", &add_challenge(&world, world.maria).await);
        let added = add(&world, &actor, input).await;
        assert_eq!(added == "too-many-passkeys", n == 8, "{n}: {added}");
    }
}

#[tokio::test]
async fn a_login_that_asks_for_a_second_factor_takes_a_new_passkey() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({ "name": "Ida", "email": "ida@house.test", "roles": ["operator"], "password": PASSWORD });
    let system = Actor::system(HOUSE);
    world.run::<CreateStaff>(&system, input).await.unwrap();
    let mut ida = attempt("ida@house.test", PASSWORD);
    ida.staff = true;
    let LoginOutcome::Half(half) = world.identity.log_in(&ida).await.unwrap() else {
        panic!("a password alone opens the desk");
    };
    let known = world.identity.half_login(&half.token).await.unwrap();
    let known = known.unwrap();
    assert_eq!(known.stage, Stage::Enrol);
    let step = World::step(&half.token);
    let early = world.identity.pass_enrolled(&step).await.unwrap();
    assert!(matches!(early, Stepped::Refused), "{early:?}");
    let key = Authenticator::new(ORIGIN, 8);
    let input = key.create("Stick", &add_challenge(&world, known.user).await);
    let added = world.run::<AddPasskey>(&known.enroller(), input).await;
    assert_eq!(added.unwrap().output.recovery_codes.len(), 10);
    let inside = inside(world.identity.pass_enrolled(&step).await.unwrap());
    assert!(inside.session.staff && inside.session.has_passkey);
    assert!(inside.session.second_factor_at.is_some());
}

//! Second factors: what they open, once each, and what they never do. Bar 3.6.

use super::world::{MARIA, PASSWORD, World, attempt, code};
use crate::factor::code::{STEP_SECONDS, TotpSecret, step_of};
use crate::factor::demand::Demand;
use crate::factor::enrol_totp::EnrolTotp;
use crate::factor::remove_totp::RemoveTotp;
use crate::factor::renew_codes::RenewCodes;
use crate::factor::require::SetFactorRequired;
use crate::login::half::{Stage, Stepped};
use crate::login::outcome::LoginOutcome;
use crate::outbox::MailKind;
use crate::profile::{BSI_NIST, HIGH, STANDARD_2026};
use crate::session::model::Session;
use crate::staff::create::CreateStaff;
use crate::user::set_password::SetPassword;
use serde_json::json;
use std::sync::Arc;
use wabe_access::actor::HOUSE;
use wabe_access::gate::STEP_UP_SECONDS;
use wabe_access::{Actor, Refusal};
use wabe_kernel::{Clock as _, Secret};

fn present(world: &World, app: &TotpSecret) -> Secret {
    app.code(step_of(world.clock.now())).unwrap()
}

async fn pass(world: &World, token: &Secret, code: &Secret) -> Stepped {
    let step = World::step(token);
    world.identity.pass_code(&step, code).await.unwrap()
}

/// An employee who set up an app at the first login.
async fn staff(world: &World) -> (Actor, TotpSecret) {
    let input = json!({ "name": "Ida", "email": "ida@house.test", "roles": ["operator"], "password": PASSWORD });
    let system = Actor::system(HOUSE);
    world.run::<CreateStaff>(&system, input).await.unwrap();
    let mut ida = attempt("ida@house.test", PASSWORD);
    ida.staff = true;
    let LoginOutcome::Half(half) = world.identity.log_in(&ida).await.unwrap() else {
        panic!("a password alone opens the desk");
    };
    assert_eq!(half.stage, Stage::Enrol);
    let (inside, app, codes) = world.enrolled(&half.token).await;
    assert_eq!(codes.len(), 10);
    assert!(inside.session.staff && inside.session.second_factor_at.is_some());
    (inside.session.actor(), app)
}

#[tokio::test]
async fn staff_set_up_a_factor_before_anything_else_and_need_it_ever_after() {
    let world = World::new(&STANDARD_2026).await;
    let (actor, app) = staff(&world).await;
    let user = actor.user.unwrap();
    let (_, demand) = world.identity.factors(user).await.unwrap();
    assert_eq!(demand, Some(Demand::Staff));
    let removed = world.run::<RemoveTotp>(&actor, json!({})).await;
    assert_eq!(code(removed), "last-factor");
    world.clock.advance(STEP_SECONDS);
    let mut ida = attempt("ida@house.test", PASSWORD);
    ida.staff = true;
    let LoginOutcome::Half(half) = world.identity.log_in(&ida).await.unwrap() else {
        panic!("a password alone opens the desk");
    };
    let half_row = world.identity.half_login(&half.token).await.unwrap();
    assert_eq!(half_row.unwrap().stage, Stage::Code);
    // The half is no session, and sets nothing up.
    let session = world.identity.find_session(half.token.expose()).await;
    assert!(session.unwrap().is_none());
    let enrolled = world
        .identity
        .pass_enrolled(&World::step(&half.token))
        .await;
    assert!(matches!(enrolled.unwrap(), Stepped::Over));
    let passed = pass(&world, &half.token, &present(&world, &app)).await;
    let Stepped::LoggedIn(inside) = passed else {
        panic!("{passed:?}")
    };
    assert!(inside.session.staff);
    // The half is used up.
    let again = pass(&world, &half.token, &present(&world, &app)).await;
    assert!(matches!(again, Stepped::Over));
}

// 3.6 T1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_bring_the_same_code_one_gets_in() {
    let world = Arc::new(World::new(&STANDARD_2026).await);
    let (app, _) = world.maria_enrols().await;
    world.clock.advance(STEP_SECONDS);
    let right = present(&world, &app);
    let mut tokens = Vec::new();
    for _ in 0..50 {
        tokens.push(world.maria_half().await);
    }
    let mut tries = tokio::task::JoinSet::new();
    for token in tokens {
        let (world, right) = (world.clone(), right.clone());
        tries.spawn(
            async move { matches!(pass(&world, &token, &right).await, Stepped::LoggedIn(_)) },
        );
    }
    let inside = tries.join_all().await.into_iter().filter(|inside| *inside);
    assert_eq!(inside.count(), 1);
}

// 3.6 T1, 3.18 T5
#[tokio::test]
async fn a_clock_that_runs_backwards_brings_no_code_back() {
    let world = World::new(&STANDARD_2026).await;
    let (app, _) = world.maria_enrols().await;
    world.clock.advance(STEP_SECONDS);
    let token = world.maria_half().await;
    let first = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(first, Stepped::LoggedIn(_)));
    for seconds in [0, -STEP_SECONDS, -3_600, 3_600 + STEP_SECONDS] {
        world.clock.advance(seconds);
        let token = world.maria_half().await;
        let passed = pass(&world, &token, &present(&world, &app)).await;
        assert!(matches!(passed, Stepped::Refused), "{seconds}: {passed:?}");
    }
    world.clock.advance(STEP_SECONDS);
    let token = world.maria_half().await;
    let passed = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(passed, Stepped::LoggedIn(_)), "{passed:?}");
}

// 3.6 T1
#[tokio::test]
async fn three_guesses_a_step_and_twenty_an_hour_are_checked() {
    let world = World::new(&STANDARD_2026).await;
    let (app, _) = world.maria_enrols().await;
    world.clock.advance(STEP_SECONDS);
    let token = world.maria_half().await;
    for _ in 0..3 {
        let passed = pass(&world, &token, &Secret::new("000000")).await;
        assert!(matches!(passed, Stepped::Refused));
    }
    let passed = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(passed, Stepped::Refused), "the fourth was checked");
    for _ in 0..6 {
        world.clock.advance(STEP_SECONDS);
        for _ in 0..3 {
            pass(&world, &token, &Secret::new("000000")).await;
        }
    }
    world.clock.advance(STEP_SECONDS);
    let passed = pass(&world, &token, &present(&world, &app)).await;
    assert!(
        matches!(passed, Stepped::Refused),
        "the hour's budget is spent"
    );
    world.clock.advance(3_600);
    let token = world.maria_half().await;
    let passed = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(passed, Stepped::LoggedIn(_)), "{passed:?}");
    let noted =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM security_log WHERE event = 'factor.failed'";
    assert_eq!(world.number(noted).await, 3 + 1 + 18 + 1);
    let failures = "SELECT CAST(sum(failures) AS BIGINT) AS n FROM login_failures";
    assert_eq!(world.number(failures).await, 23);
}

// 3.6 T1: one step of drift, and none in HIGH.
#[tokio::test]
async fn the_step_before_passes_unless_the_profile_is_high() {
    for (profile, passes) in [(&STANDARD_2026, true), (&HIGH, false)] {
        let world = World::new(profile).await;
        let (app, _) = world.maria_enrols().await;
        world.clock.advance(2 * STEP_SECONDS);
        let before = app.code(step_of(world.clock.now()) - 1).unwrap();
        let token = world.maria_half().await;
        let passed = pass(&world, &token, &before).await;
        assert_eq!(
            matches!(passed, Stepped::LoggedIn(_)),
            passes,
            "{}",
            profile.name
        );
    }
}

// 3.6 T3
#[tokio::test]
async fn a_recovery_code_opens_one_login_and_proves_nothing() {
    let world = World::new(&STANDARD_2026).await;
    let (app, codes) = world.maria_enrols().await;
    let recovery = Secret::new(codes[0].to_lowercase().replace('-', " "));
    let recover = async |token: &Secret, code: &Secret| {
        let step = World::step(token);
        world.identity.pass_recovery(&step, code).await.unwrap()
    };
    let token = world.maria_half().await;
    let Stepped::Goes(half) = recover(&token, &recovery).await else {
        panic!("a recovery code is refused")
    };
    assert_eq!(half.stage, Stage::Recovered);
    assert!(matches!(recover(&token, &recovery).await, Stepped::Over));
    assert_eq!(world.mails.count(MailKind::RecoveryCodeUsed), 1);
    let later = world.identity.pass_for_now(&World::step(&half.token)).await;
    let Stepped::LoggedIn(inside) = later.unwrap() else {
        panic!("nobody is in")
    };
    // Neither the password nor a recovery code stands for the app.
    let session = inside.session;
    let refused = world.run::<RenewCodes>(&session.actor(), json!({})).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    let proved = world
        .identity
        .prove_code(&session, &Secret::new(codes[1].clone()))
        .await;
    assert_eq!(code(proved), "code:code-wrong");
    let token = world
        .identity
        .prove(&session, &Secret::new(PASSWORD))
        .await
        .unwrap();
    let session = world
        .identity
        .find_session(token.expose())
        .await
        .unwrap()
        .unwrap();
    let refused = world.run::<RenewCodes>(&session.actor(), json!({})).await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    // Each is good once, others still are, and a new app takes the place of the old one.
    let token = world.maria_half().await;
    assert!(matches!(recover(&token, &recovery).await, Stepped::Refused));
    let Stepped::Goes(half) = recover(&token, &Secret::new(codes[9].clone())).await else {
        panic!("another recovery code is refused")
    };
    let (_, new, none) = world.enrolled(&half.token).await;
    assert!(none.is_empty(), "codes that are left stay");
    world.clock.advance(STEP_SECONDS);
    let token = world.maria_half().await;
    let old = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(old, Stepped::Refused));
    let passed = pass(&world, &token, &present(&world, &new)).await;
    assert!(matches!(passed, Stepped::LoggedIn(_)));
}

#[tokio::test]
async fn new_recovery_codes_void_the_old_and_nothing_of_them_is_kept() {
    let world = World::new(&STANDARD_2026).await;
    let (_, codes) = world.maria_enrols().await;
    let made = world
        .run::<RenewCodes>(&world.actor(), json!({}))
        .await
        .unwrap();
    assert_eq!(made.output.recovery_codes.len(), 10);
    assert!(codes.iter().all(|code| code.len() == 29));
    let token = world.maria_half().await;
    let step = World::step(&token);
    let old = world
        .identity
        .pass_recovery(&step, &Secret::new(codes[3].clone()))
        .await;
    assert!(matches!(old.unwrap(), Stepped::Refused));
    let kept =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM recovery_code WHERE length(code_hash) = 64";
    assert_eq!(world.number(kept).await, 10);
}

/// The session of a token.
async fn alive(world: &World, token: &Secret) -> Session {
    let found = world.identity.find_session(token.expose()).await;
    found.unwrap().unwrap()
}

// 3.6 T5
#[tokio::test]
async fn the_first_factor_needs_the_password_again() {
    let world = World::new(&STANDARD_2026).await;
    let session = world.maria_logs_in().await.unwrap().session;
    world.identity.begin_totp(world.maria).await.unwrap();
    let app = world.identity.pending_totp(world.maria).await.unwrap();
    let app = app.unwrap();
    world.clock.advance(STEP_UP_SECONDS + 1);
    let enrol = json!({ "code": present(&world, &app).expose() });
    let refused = world
        .run::<EnrolTotp>(&session.actor(), enrol.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    let password = Secret::new(PASSWORD);
    let token = world.identity.prove(&session, &password).await.unwrap();
    let session = alive(&world, &token).await;
    let wrong = json!({ "code": "000000" });
    let wrong = world.run::<EnrolTotp>(&session.actor(), wrong).await;
    assert_eq!(code(wrong), "code:code-wrong");
    let done = world.run::<EnrolTotp>(&session.actor(), enrol).await;
    assert_eq!(done.unwrap().output.recovery_codes.len(), 10);
    assert_eq!(world.mails.count(MailKind::FactorAdded), 1);
    assert!(alive(&world, &token).await.has_factor);
}

// 3.6 T5
#[tokio::test]
async fn where_there_is_a_factor_the_password_proves_nothing() {
    let world = World::new(&STANDARD_2026).await;
    let inside = world.maria_logs_in().await.unwrap();
    let (app, _) = world.maria_enrols().await;
    let session = alive(&world, &inside.token).await;
    let input = json!({ "new_password": "Wq8-abendrot zwei Zelte" });
    let refused = world
        .run::<SetPassword>(&session.actor(), input.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
    world.clock.advance(STEP_SECONDS);
    let code_now = present(&world, &app);
    let token = world.identity.prove_code(&session, &code_now).await;
    let session = alive(&world, &token.unwrap()).await;
    // The same code again proves nothing.
    let again = world.identity.prove_code(&session, &code_now).await;
    assert_eq!(code(again), "code:code-wrong");
    let done = world.run::<SetPassword>(&session.actor(), input).await;
    done.unwrap();
    world.clock.advance(STEP_UP_SECONDS + 1);
    let late = world.run::<RemoveTotp>(&session.actor(), json!({})).await;
    assert!(matches!(late, Err(Refusal::StepUp)));
}

// 3.4 T3
#[tokio::test]
async fn a_new_password_by_mail_never_goes_past_the_factor() {
    let world = World::new(&STANDARD_2026).await;
    let (app, _) = world.maria_enrols().await;
    let token = world.maria_half().await;
    let from = "192.0.2.7".parse().unwrap();
    world.identity.request_reset(MARIA, from).await.unwrap();
    let link = world.mails.token(MailKind::Reset);
    let new = "Wq8-abendrot zwei Zelte";
    world
        .identity
        .redeem(&link, &Secret::new(new))
        .await
        .unwrap();
    // A login that had begun with the old password is over.
    world.clock.advance(STEP_SECONDS);
    let old = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(old, Stepped::Over));
    let outcome = world.identity.log_in(&attempt(MARIA, new)).await.unwrap();
    assert!(matches!(outcome, LoginOutcome::Half(half) if half.stage == Stage::Code));
}

#[tokio::test]
async fn where_no_password_is_enough_everybody_sets_a_factor_up() {
    for profile in [&HIGH, &BSI_NIST] {
        let world = World::new(profile).await;
        let outcome = world
            .identity
            .log_in(&attempt(MARIA, PASSWORD))
            .await
            .unwrap();
        let LoginOutcome::Half(half) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(half.stage, Stage::Enrol);
        let (inside, ..) = world.enrolled(&half.token).await;
        let removed = world
            .run::<RemoveTotp>(&inside.session.actor(), json!({}))
            .await;
        assert_eq!(code(removed), "last-factor");
    }
}

#[tokio::test]
async fn an_owner_wants_a_factor_of_everybody() {
    let world = World::new(&STANDARD_2026).await;
    let wanted = json!({ "factor_required": true });
    let first = world
        .run::<SetFactorRequired>(&world.actor(), wanted.clone())
        .await;
    assert_eq!(code(first), "factor-first");
    let inside = world.maria_logs_in().await.unwrap();
    world.maria_enrols().await;
    let run = world.run::<SetFactorRequired>(&world.actor(), wanted).await;
    run.unwrap();
    // Who has one stays in, and cannot do without any more.
    let alive = world
        .identity
        .find_session(inside.token.expose())
        .await
        .unwrap();
    assert!(alive.unwrap().has_factor);
    let removed = world.run::<RemoveTotp>(&world.actor(), json!({})).await;
    assert_eq!(code(removed), "last-factor");
    let (_, demand) = world.identity.factors(world.maria).await.unwrap();
    assert_eq!(demand, Some(Demand::Customer("Sonne GmbH".to_owned())));
    let wanted = json!({ "factor_required": false });
    let run = world.run::<SetFactorRequired>(&world.actor(), wanted).await;
    run.unwrap();
    world
        .run::<RemoveTotp>(&world.actor(), json!({}))
        .await
        .unwrap();
    let codes = "SELECT CAST(count(*) AS BIGINT) AS n FROM recovery_code";
    assert_eq!(world.number(codes).await, 0);
    assert!(world.maria_logs_in().await.is_some());
}

// 3.11 T3
#[tokio::test]
async fn the_secret_of_an_app_lies_sealed() {
    let world = World::new(&STANDARD_2026).await;
    let (app, _) = world.maria_enrols().await;
    let text = app.text();
    let file = std::fs::read(world.dir.path().join("wabe.db")).unwrap();
    let log = std::fs::read(world.dir.path().join("wabe.db-wal")).unwrap_or_default();
    for bytes in [file, log] {
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!has(text.expose().as_bytes()) && !has(app.bytes()));
    }
    assert!(!format!("{:?}", app.text()).contains(text.expose()));
}

#[tokio::test]
async fn a_login_that_is_half_done_waits_ten_minutes_and_no_longer() {
    let world = World::new(&STANDARD_2026).await;
    let (app, _) = world.maria_enrols().await;
    let token = world.maria_half().await;
    world.clock.advance(599);
    assert!(world.identity.half_login(&token).await.unwrap().is_some());
    world.clock.advance(1);
    assert!(world.identity.half_login(&token).await.unwrap().is_none());
    let passed = pass(&world, &token, &present(&world, &app)).await;
    assert!(matches!(passed, Stepped::Over));
    world.identity.prune().await.unwrap();
    let rows = "SELECT CAST(count(*) AS BIGINT) AS n FROM half_login";
    assert_eq!(world.number(rows).await, 0);
}

//! The alarm over everybody's logins. Bar 3.2 T3.

use super::world::{CHEAP, World, attempt};
use crate::login::attempt::Attempt;
use crate::outbox::MailKind;
use crate::profile::STANDARD_2026;
use crate::staff::create::CreateStaff;
use crate::user::disable::DisableUser;
use serde_json::json;
use wabe_access::Actor;
use wabe_access::actor::HOUSE;
use wabe_kernel::Secret;
use wabe_kernel::content::{LoginGuard as _, UploadAttempt};
use wabe_kernel::id::UserId;

const ALARMS: &str =
    "SELECT CAST(count(*) AS BIGINT) AS n FROM security_log WHERE event = 'login.alarm'";
const HOUR: i64 = 3_600;

/// So many logins of different people from different nets fail.
async fn fail(world: &World, times: i64) {
    for n in 0..times {
        let stranger = attempt(&format!("user{n}@sonne.test"), "stuffed");
        let address = format!("198.51.{n}.7").parse().unwrap();
        world
            .login(Attempt {
                address,
                ..stranger
            })
            .await;
    }
}

async fn staff(world: &World, email: &str, role: &str) -> UserId {
    let input = json!({ "name": "Otto", "email": email, "roles": [role], "setup_by_mail": true });
    let made = world.run::<CreateStaff>(&Actor::system(HOUSE), input).await;
    made.unwrap().output.user
}

fn told(world: &World) -> Vec<String> {
    let mails = world.mails.0.lock().unwrap();
    let alarms = mails
        .iter()
        .filter(|mail| mail.kind == MailKind::LoginAlarm);
    alarms.map(|mail| mail.to.to_string()).collect()
}

#[tokio::test]
async fn far_more_failures_than_usual_are_told_to_operators_once_an_hour() {
    let world = World::new(&STANDARD_2026).await;
    staff(&world, "operator@wabe.test", "operator").await;
    staff(&world, "support@wabe.test", "support").await;
    let gone = staff(&world, "gone@wabe.test", "operator").await;
    let house = Actor::system(HOUSE);
    world
        .run::<DisableUser>(&house, json!({ "id": gone }))
        .await
        .unwrap();
    fail(&world, 49).await;
    assert_eq!(world.number(ALARMS).await, 0);
    fail(&world, 30).await;
    assert_eq!(world.number(ALARMS).await, 1);
    assert_eq!(told(&world), ["operator@wabe.test"]);
    world.clock.advance(HOUR);
    fail(&world, 60).await;
    assert_eq!(world.number(ALARMS).await, 2, "it goes on in the next hour");
    assert_eq!(told(&world).len(), 2);
}

#[tokio::test]
async fn what_is_usual_is_learnt_from_the_days_before() {
    let world = World::new(&STANDARD_2026).await;
    for _ in 0..24 {
        fail(&world, 12).await;
        world.clock.advance(HOUR);
    }
    fail(&world, 59).await;
    assert_eq!(world.number(ALARMS).await, 0, "five times twelve is sixty");
    fail(&world, 1).await;
    assert_eq!(world.number(ALARMS).await, 1);
    // The hour of the alarm is not what is usual.
    world.clock.advance(HOUR);
    fail(&world, 60).await;
    assert_eq!(world.number(ALARMS).await, 2);
}

// 3.2 T6.
#[tokio::test]
async fn failures_are_counted_across_a_restart_and_over_sftp() {
    let world = World::new(&STANDARD_2026).await;
    fail(&world, 40).await;
    let world = world.restarted(CHEAP).await;
    let address = "192.0.2.9".parse().unwrap();
    for n in 0..9 {
        let secret = Secret::new(format!("guess {n}"));
        let attempt = UploadAttempt {
            login: "sonne",
            webspace: None,
            hash: None,
            address,
            secret: &secret,
        };
        world.identity.ended(attempt, false).await;
    }
    assert_eq!(world.number(ALARMS).await, 0);
    fail(&world, 1).await;
    assert_eq!(world.number(ALARMS).await, 1);
}

#[tokio::test]
async fn old_hours_are_forgotten() {
    let world = World::new(&STANDARD_2026).await;
    fail(&world, 1).await;
    world.clock.advance(7 * 24 * HOUR);
    world.identity.prune().await.unwrap();
    let hours = "SELECT CAST(count(*) AS BIGINT) AS n FROM login_failures";
    assert_eq!(world.number(hours).await, 1, "it still says what is usual");
    world.clock.advance(HOUR);
    world.identity.prune().await.unwrap();
    assert_eq!(world.number(hours).await, 0);
}

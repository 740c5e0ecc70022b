//! The ways back in for who has no session: letters that are sent again, and a second factor that is
//! lost with every recovery code. Bar 3.3, 3.4 T5.

use crate::browser::{Browser, csrf_of};
use crate::client::Answer;
use crate::on_both_engines;
use crate::process::{Panel, unique};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal, StaffRole};
use wabe_identity::factor::code::{STEP_SECONDS, TotpSecret, step_of};
use wabe_identity::login::half::Half;
use wabe_identity::recovery::help::Help;
use wabe_identity::user::store as users;
use wabe_identity::{Attempt, LoginOutcome, MailKind, Step, Stepped};
use wabe_kernel::id::UserId;
use wabe_kernel::{Clock as _, Secret};
use wabe_store::Statement;
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(
    the_letter_that_is_lost_comes_again,
    a_lock_is_lifted_by_the_letter_and_nothing_else_changes,
    a_lost_factor_waits_72_hours_and_then_for_somebody_else,
    every_address_can_stop_it_and_no_newer_link_voids_that,
    using_the_factor_or_a_recovery_code_ends_it,
    nobody_decides_about_themselves,
);

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
pub(crate) const WAIT: u32 = 72 * 3_600;
const DECIDE: &str = "user.approve_factor_loss";

fn attempt(email: &str, secret: &str) -> Attempt {
    Attempt {
        email: email.to_owned(),
        secret: Secret::new(secret),
        address: HOME,
        device_cookie: None,
        user_agent: "Mozilla/5.0 Firefox/145.0".to_owned(),
        staff: false,
        previous_session: None,
    }
}

async fn execute(house: &House, sql: &'static str) -> Result<(), wabe_kernel::Fault> {
    let mut tx = house.db.store.write().await?;
    Statement { name: "test", sql }
        .query()
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.db.store.read().await.unwrap();
    let row = Statement { name: "test", sql }.query().one(&mut tx).await;
    let found = row.unwrap().int("n").unwrap();
    tx.rollback().await.unwrap();
    found
}

/// Somebody with an app, which they set up just now.
pub(crate) async fn enrolled(house: &House, owner: &Actor) -> (TotpSecret, Vec<String>) {
    let user = owner.user.unwrap();
    house.identity.begin_totp(user).await.unwrap();
    let app = house.identity.pending_totp(user).await.unwrap().unwrap();
    let code = app.code(step_of(house.clock.now())).unwrap();
    let fresh = Actor::member(user, owner.customer, house.clock.now());
    let input = json!({ "code": code.expose() });
    let done = house.run_json(&fresh, "user.enrol_totp", input).await;
    let codes = done.unwrap().output["recovery_codes"].clone();
    house.clock.advance(u32::try_from(STEP_SECONDS).unwrap());
    (app, serde_json::from_value(codes).unwrap())
}

/// A login of this user's whose password was right, and its token.
async fn half(house: &House, user: UserId, password: &str) -> (Half, Secret) {
    let mut tx = house.db.store.read().await.unwrap();
    let found = users::find(&mut tx, user).await.unwrap().unwrap();
    tx.rollback().await.unwrap();
    let attempt = attempt(&found.email.to_string(), password);
    let outcome = house.identity.log_in(&attempt).await.unwrap();
    let LoginOutcome::Half(begun) = outcome else {
        panic!("{outcome:?}")
    };
    let half = house.identity.half_login(&begun.token).await.unwrap();
    (half.unwrap(), begun.token)
}

/// Reports the factor of a tenant's owner lost.
pub(crate) async fn reported(house: &House, tenant: &Tenant) {
    let (half, _) = half(house, tenant.owner.user.unwrap(), PASSWORD).await;
    house.identity.report_loss(&half, HOME).await.unwrap();
}

/// An operator who logs in and gets letters.
pub(crate) async fn otto(house: &House) -> UserId {
    let otto = json!({
        "name": "Otto Wirt", "email": "otto@wabe.test", "roles": ["operator"],
        "password": PASSWORD, "setup_by_mail": false,
    });
    let system = Actor::system(HOUSE);
    let made = house.run_json(&system, "staff.create", otto).await.unwrap();
    made.output["user"].as_str().unwrap().parse().unwrap()
}

/// An operator with a factor that was just proved.
pub(crate) async fn operator(house: &House) -> Actor {
    let operator = house.staff(StaffRole::Operator).await;
    operator.for_purpose("Ausweis gesehen, zurückgerufen".parse().unwrap())
}

pub(crate) async fn decide(
    house: &House,
    by: &Actor,
    verb: &str,
    whose: UserId,
) -> Result<(), Refusal> {
    let name = format!("user.{verb}_factor_loss");
    let done = house.run_json(by, &name, json!({ "id": whose })).await;
    done.map(|_done| ())
}

/// Both decisions, in a customer of their own.
pub(crate) async fn decisions(house: &House) {
    let tenant = house.tenant("Verlust").await;
    enrolled(house, &tenant.owner).await;
    let user = tenant.owner.user.unwrap();
    reported(house, &tenant).await;
    let by = operator(house).await;
    decide(house, &by, "refuse", user).await.unwrap();
    reported(house, &tenant).await;
    house.clock.advance(WAIT);
    let by = operator(house).await;
    decide(house, &by, "approve", user).await.unwrap();
}

pub(crate) fn conflict(result: Result<(), Refusal>) -> &'static str {
    match result {
        Err(Refusal::Conflict(code)) => code,
        other => panic!("{other:?}"),
    }
}

async fn the_letter_that_is_lost_comes_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let ask = async |email: &str| {
        let whom = (email, HOME);
        house
            .identity
            .request_help(&house.gate, Help::Letter, whom)
            .await
            .unwrap();
    };
    // An invitation, also one that lapsed; the link before is void.
    let input = json!({ "email": "anna@wabe.test", "role": "viewer" });
    let invited = house.run_json(&tenant.owner, "member.invite", input).await;
    assert!(invited.is_ok());
    let first = house.mails.token(MailKind::Invitation).unwrap();
    house.clock.advance(15 * 86_400);
    let open = house
        .identity
        .invitation(&Secret::new(first.as_str()))
        .await;
    assert!(open.unwrap().is_none());
    ask("anna@wabe.test").await;
    let again = house.mails.token(MailKind::Invitation).unwrap();
    assert_ne!(first, again);
    let open = house.identity.invitation(&Secret::new(again)).await;
    assert!(open.unwrap().is_some());
    // Long after, only whoever invited sends it again.
    house.clock.advance(45 * 86_400);
    ask("anna@wabe.test").await;
    assert_eq!(house.mails.of(MailKind::Invitation).len(), 2);
    // A login without a password gets the way to its first, with one the way to another.
    execute(&house, "UPDATE wabe_user SET password_hash = NULL")
        .await
        .unwrap();
    ask("owner0@wabe.test").await;
    assert_eq!(house.mails.of(MailKind::Setup).len(), 1);
    let token = house.mails.token(MailKind::Setup).unwrap();
    let chosen = Secret::new("Wq8-abendrot zwei Zelte");
    house.identity.redeem(&token, &chosen).await.unwrap();
    ask("OWNER0@wabe.test ").await;
    assert_eq!(house.mails.of(MailKind::Reset).len(), 1);
    // Nobody, and somebody who is shut out, get nothing; three an hour are enough. 3.4 T2
    ask("nobody@wabe.test").await;
    ask("not an address").await;
    ask("owner0@wabe.test").await;
    ask("owner0@wabe.test").await;
    assert_eq!(house.mails.of(MailKind::Reset).len(), 2);
    house.clock.advance(3_601);
    execute(&house, "UPDATE wabe_user SET disabled_at = 1")
        .await
        .unwrap();
    ask("owner0@wabe.test").await;
    assert_eq!(house.mails.of(MailKind::Reset).len(), 2);
}

async fn a_lock_is_lifted_by_the_letter_and_nothing_else_changes(house: House) {
    house.tenant("Sonne").await;
    let ask = async || {
        let whom = ("owner0@wabe.test", HOME);
        let done = house
            .identity
            .request_help(&house.gate, Help::Unlock, whom)
            .await;
        done.unwrap();
    };
    ask().await;
    assert_eq!(house.mails.of(MailKind::Unlock).len(), 0);
    assert_eq!(house.mails.of(MailKind::Reset).len(), 1);
    for number in 0..8 {
        let wrong = attempt("owner0@wabe.test", &format!("wrong {number}"));
        house.identity.log_in(&wrong).await.unwrap();
    }
    let by_itself = house.mails.of(MailKind::Unlock).len();
    let right = attempt("owner0@wabe.test", PASSWORD);
    let locked = house.identity.log_in(&right).await.unwrap();
    assert!(matches!(locked, LoginOutcome::Refused), "{locked:?}");
    ask().await;
    assert!(house.mails.of(MailKind::Unlock).len() > by_itself);
    let token = house.mails.token(MailKind::Unlock).unwrap();
    house.identity.unlock(&token).await.unwrap();
    let inside = house.identity.log_in(&right).await.unwrap();
    assert!(matches!(inside, LoginOutcome::LoggedIn(_)), "{inside:?}");
}

// 3.4 T5, 3.8 T7
async fn a_lost_factor_waits_72_hours_and_then_for_somebody_else(house: House) {
    let tenant = house.tenant("Sonne").await;
    enrolled(&house, &tenant.owner).await;
    let user = tenant.owner.user.unwrap();
    execute(
        &house,
        "UPDATE wabe_user SET second_email = 'zwei@elsewhere.test' WHERE email = 'owner0@wabe.test'",
    )
    .await
    .unwrap();
    otto(&house).await;
    // Once, however often it is said.
    for _ in 0..3 {
        reported(&house, &tenant).await;
    }
    let told = house.mails.of(MailKind::FactorLossAsked);
    let told: Vec<String> = told.iter().map(|mail| mail.to.to_string()).collect();
    assert_eq!(told, ["owner0@wabe.test", "zwei@elsewhere.test"]);
    // Nothing is open before its time, whoever asks, and nothing by itself after it.
    house.clock.advance(WAIT - 1);
    let by = operator(&house).await;
    assert_eq!(
        conflict(decide(&house, &by, "approve", user).await),
        "factor-loss-waits"
    );
    let early = "UPDATE factor_loss SET ended_at = due_at - 1, ending = 'approved', decided_by = 'usr_x', \
                 reason = 'x'";
    assert!(
        execute(&house, early).await.is_err(),
        "the database lets it through early"
    );
    house.identity.prune().await.unwrap();
    assert_eq!(house.mails.of(MailKind::FactorLossDue).len(), 0);
    house.clock.advance(1);
    for _ in 0..2 {
        house.identity.prune().await.unwrap();
    }
    let due = house.mails.of(MailKind::FactorLossDue);
    assert_eq!(due.len(), 1, "{due:?}");
    assert_eq!(due[0].to.to_string(), "otto@wabe.test");
    let (standing, _) = house.identity.factors(user).await.unwrap();
    assert!(standing.totp && standing.codes == 10);
    the_decision(&house, &tenant).await;
}

/// Who decides once the wait is over, and what is left then.
async fn the_decision(house: &House, tenant: &Tenant) {
    let user = tenant.owner.user.unwrap();
    // A stale proof, no purpose, another role, a program, the customer: none of them decides.
    let support = house.staff(StaffRole::Support).await;
    let support = support.for_purpose("x".parse().unwrap());
    let program = Actor {
        kind: wabe_access::ActorKind::System,
        ..operator(house).await
    };
    for (other, why) in [
        (house.staff(StaffRole::Operator).await, "PurposeMissing"),
        (support, "Forbidden"),
        (program, "Forbidden"),
        (tenant.owner.clone(), "Forbidden"),
    ] {
        let refused = decide(house, &other, "approve", user).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), why);
    }
    let by = operator(house).await;
    house.clock.advance(601);
    let stale = decide(house, &by, "approve", user).await;
    assert!(matches!(stale, Err(Refusal::StepUp)), "{stale:?}");
    let by = operator(house).await;
    decide(house, &by, "approve", user).await.unwrap();
    assert!(matches!(
        decide(house, &by, "approve", user).await,
        Err(Refusal::NotFound)
    ));
    // The password alone, because nothing else is there; the old codes are void.
    let inside = house
        .identity
        .log_in(&attempt("owner0@wabe.test", PASSWORD))
        .await
        .unwrap();
    assert!(matches!(inside, LoginOutcome::LoggedIn(_)), "{inside:?}");
    assert_eq!(
        count(house, "SELECT count(*) AS n FROM recovery_code").await,
        0
    );
    assert_eq!(house.mails.of(MailKind::FactorLossApproved).len(), 2);
    // The customer reads who decided, and how the person was recognised.
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let filter = wabe_audit::ChangeFilter::default();
    let page = wabe_kernel::PageRequest::first(10);
    let record = house.recorder.list(&mut tx, tenant.id, &filter, &page);
    let record = record.await.unwrap();
    tx.rollback().await.unwrap();
    let change = record.items.iter().find(|change| change.command == DECIDE);
    let change = change.unwrap();
    assert_eq!(change.actor_kind, "staff");
    assert_eq!(
        change.purpose.as_deref(),
        Some("Ausweis gesehen, zurückgerufen")
    );
}

// 3.4 T5
async fn every_address_can_stop_it_and_no_newer_link_voids_that(house: House) {
    let tenant = house.tenant("Sonne").await;
    enrolled(&house, &tenant.owner).await;
    let user = tenant.owner.user.unwrap();
    execute(
        &house,
        "UPDATE wabe_user SET second_email = 'zwei@elsewhere.test' WHERE email = 'owner0@wabe.test'",
    )
    .await
    .unwrap();
    for place in [0, 1] {
        house.clock.advance(3_601);
        reported(&house, &tenant).await;
        let told = house.mails.of(MailKind::FactorLossAsked);
        let link = told[told.len() - 2 + place].path.clone().unwrap();
        let (way, token) = link.expose().rsplit_once('/').unwrap();
        assert_eq!(way, "/factor-keep");
        let token = Secret::new(token);
        // Whoever knows the password asks for other links and sets another one: this one stays.
        let whom = ("owner0@wabe.test", HOME);
        let asked = house.identity.request_reset(whom.0, whom.1).await;
        asked.unwrap();
        let reset = house.mails.token(MailKind::Reset).unwrap();
        house
            .identity
            .redeem(&reset, &Secret::new("Wq8-abendrot zwei Zelte"))
            .await
            .unwrap();
        house.clock.advance(WAIT + 86_400);
        assert!(house.identity.keeps_factor(&token).await.unwrap());
        house.identity.keep_factor(&token).await.unwrap();
        assert!(!house.identity.keeps_factor(&token).await.unwrap());
        assert!(house.identity.keep_factor(&token).await.is_err());
        let by = operator(&house).await;
        let late = decide(&house, &by, "approve", user).await;
        assert!(matches!(late, Err(Refusal::NotFound)), "{late:?}");
        assert_eq!(
            house.mails.of(MailKind::FactorLossStopped).len(),
            2 * (place + 1)
        );
        let reset = house.identity.request_reset(whom.0, whom.1).await;
        reset.unwrap();
        let token = house.mails.token(MailKind::Reset).unwrap();
        house
            .identity
            .redeem(&token, &Secret::new(PASSWORD))
            .await
            .unwrap();
    }
    // A link of another kind stops nothing.
    house.clock.advance(3_601);
    reported(&house, &tenant).await;
    house
        .identity
        .request_reset("owner0@wabe.test", HOME)
        .await
        .unwrap();
    let reset = Secret::new(house.mails.token(MailKind::Reset).unwrap());
    assert!(house.identity.keep_factor(&reset).await.is_err());
    assert!(!house.identity.keeps_factor(&reset).await.unwrap());
    // What nobody decides ends by itself, and not with the factor's end.
    house.clock.advance(31 * 86_400);
    house.identity.prune().await.unwrap();
    let by = operator(&house).await;
    assert!(decide(&house, &by, "approve", user).await.is_err());
    assert!(house.identity.factors(user).await.unwrap().0.totp);
}

async fn using_the_factor_or_a_recovery_code_ends_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    let (app, codes) = enrolled(&house, &tenant.owner).await;
    let user = tenant.owner.user.unwrap();
    let step = |token: Secret| Step {
        token,
        address: HOME,
        user_agent: "Mozilla/5.0 Firefox/145.0".to_owned(),
    };
    for recovered in [false, true] {
        house.clock.advance(3_601);
        reported(&house, &tenant).await;
        let (_, token) = half(&house, user, PASSWORD).await;
        let passed = if recovered {
            let code = Secret::new(codes[0].as_str());
            house.identity.pass_recovery(&step(token), &code).await
        } else {
            let code = app.code(step_of(house.clock.now())).unwrap();
            house.identity.pass_code(&step(token), &code).await
        };
        let passed = passed.unwrap();
        let went = matches!(passed, Stepped::LoggedIn(_) | Stepped::Goes(_));
        assert!(went, "{passed:?}");
        house.clock.advance(WAIT);
        let by = operator(&house).await;
        let late = decide(&house, &by, "approve", user).await;
        assert!(matches!(late, Err(Refusal::NotFound)), "{late:?}");
    }
    let ended = "SELECT count(*) AS n FROM factor_loss WHERE ending = 'found'";
    assert_eq!(count(&house, ended).await, 2);
}

// 3.8 T7
async fn nobody_decides_about_themselves(house: House) {
    let user = otto(&house).await;
    let oneself = Actor::member(user, HOUSE, house.clock.now());
    enrolled(&house, &oneself).await;
    let (begun, _) = half(&house, user, PASSWORD).await;
    house.identity.report_loss(&begun, HOME).await.unwrap();
    house.clock.advance(WAIT);
    // In another session that is still open, with a fresh factor.
    let oneself = Actor::staff(user, house.clock.now()).for_purpose("x".parse().unwrap());
    for verb in ["approve", "refuse"] {
        assert_eq!(
            conflict(decide(&house, &oneself, verb, user).await),
            "yourself"
        );
    }
    let raw = "UPDATE factor_loss SET ended_at = due_at, ending = 'approved', decided_by = user_id, \
               reason = 'x'";
    assert!(
        execute(&house, raw).await.is_err(),
        "the database lets one person be two"
    );
    let raw = "UPDATE factor_loss SET ended_at = due_at, ending = 'approved'";
    assert!(
        execute(&house, raw).await.is_err(),
        "the database lets nobody decide"
    );
    house.identity.prune().await.unwrap();
    assert_eq!(
        house.mails.of(MailKind::FactorLossDue).len(),
        0,
        "told oneself"
    );
    let by = operator(&house).await;
    decide(&house, &by, "approve", user).await.unwrap();
    // Whoever works here sets another one up before anything else.
    let (begun, _) = half(&house, user, PASSWORD).await;
    assert_eq!(begun.stage, wabe_identity::Stage::Enrol);
}

/// What an answer is without what differs each time.
fn bare(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let mut shown = format!(
        "{} {}\n{}",
        answer.status,
        headers.join("\n"),
        answer.text()
    );
    while let Some(token) = csrf_of(&shown) {
        shown = shown.replace(&token, "");
    }
    shown.replace(answer.header("x-request-id"), "")
}

// 3.3 T1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_the_same_for_every_state_of_an_account() {
    let panel = Panel::demo();
    let customer = panel.customer();
    let invited = format!("anna{}@people.example", unique());
    let asked = json!({ "email": invited, "role": "viewer" });
    customer.api.made("/invitations", asked).await;
    let (known, _) = panel.account("owner");
    let (staff, _) = panel.account("operator");
    let states = [
        "unknown@nowhere.example",
        &known,
        &staff,
        &customer.owner,
        &invited,
    ];
    let guest = Browser::guest(&panel);
    for path in ["/access-help/letter", "/access-help/unlock"] {
        let mut answers = Vec::new();
        // One of them is locked by now.
        for number in 0..6 {
            let wrong = format!("wrong {path} {number}");
            let fields = [("email", customer.owner.as_str()), ("password", &wrong)];
            assert_eq!(guest.post("/login", &fields).await.status, 422);
        }
        for email in states {
            let answer = guest.post(path, &[("email", email)]).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert!(!answer.text().contains(email), "the address comes back");
            answers.push((email, bare(&answer)));
        }
        for (email, answer) in &answers {
            assert_eq!(answer, &answers[0].1, "{path}: {email}");
        }
    }
    // Beyond the limit of a net, too. 3.4 T2
    let over = guest
        .post("/access-help/letter", &[("email", &known)])
        .await;
    let again = guest
        .post(
            "/access-help/letter",
            &[("email", "unknown@nowhere.example")],
        )
        .await;
    assert_eq!(bare(&over), bare(&again));
    // Without a login nothing is lost, and no link that was made up stops anything.
    for path in ["/login/lost", "/factor-keep/AAAA"] {
        let page = guest.get(path).await;
        assert!(matches!(page.status, 200 | 404), "{path}: {}", page.status);
    }
    let nothing = guest.post("/login/lost", &[]).await;
    assert_eq!((nothing.status, nothing.header("location")), (200, ""));
}

// 3.4 T5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_reports_one_is_kept() {
    let house = std::sync::Arc::new(House::on(wabe_testkit::Engine::Sqlite).await);
    let tenant = house.tenant("Sonne").await;
    enrolled(&house, &tenant.owner).await;
    let (begun, _) = half(&house, tenant.owner.user.unwrap(), PASSWORD).await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (house, begun) = (house.clone(), begun.clone());
        all.spawn(async move { house.identity.report_loss(&begun, HOME).await.unwrap() });
    }
    all.join_all().await;
    assert_eq!(house.mails.of(MailKind::FactorLossAsked).len(), 1);
    assert_eq!(
        count(&house, "SELECT count(*) AS n FROM factor_loss").await,
        1
    );
}

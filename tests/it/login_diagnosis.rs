//! Why somebody cannot log in: what is wrong is named, with the way to mend it, to whoever may see the
//! member and to nobody else; and nothing of another customer of theirs.

use crate::browser::Browser;
use crate::client::text;
use crate::on_both_engines;
use crate::process::Panel;
use serde_json::json;
use wabe_access::actor::HOUSE;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Refusal, Role, Scope};
use wabe_hosting::diagnosis::UploadQuestion;
use wabe_identity::diagnosis::{LoginQuestion, upload_closed_until};
use wabe_identity::{Attempt, LoginOutcome};
use wabe_kernel::content::{LoginGuard as _, UploadAttempt};
use wabe_kernel::finding::{Diagnosis, Level, Way};
use wabe_kernel::id::{CustomerId, MemberId, WebspaceId};
use wabe_kernel::{Clock as _, Secret};
use wabe_store::Statement;
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(
    a_locked_login_is_found_with_its_end_and_the_way_past_it,
    a_login_that_was_never_set_up_waits_for_its_letter,
    nothing_of_another_customer_is_said,
    who_may_not_see_the_member_is_told_nothing,
    an_upload_password_is_locked_and_opens_again,
);

async fn place_of(house: &House, customer: CustomerId, actor: &Actor) -> MemberId {
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let all = member::list(&mut tx, customer).await.unwrap();
    tx.rollback().await.unwrap();
    let own = all.into_iter().find(|one| Some(one.user) == actor.user);
    own.unwrap().id
}

async fn asked(house: &House, by: &Actor, about: MemberId) -> Result<Diagnosis, Refusal> {
    let mut tx = house.db.store.read_for(by.customer).await.unwrap();
    let scope = Scope::of(&mut tx, by).await?;
    let around = (house.gate.tools(), house.streams.as_ref());
    let found = LoginQuestion::load(&mut tx, &scope, around, about).await;
    tx.rollback().await.unwrap();
    found.map(|asked| asked.answer())
}

fn codes(found: &Diagnosis, level: Level) -> Vec<&'static str> {
    let findings = found.findings.iter();
    let these = findings.filter(|finding| finding.level == level);
    these.map(|finding| finding.code).collect()
}

async fn log_in(house: &House, email: &str, secret: &str, address: &str) -> bool {
    let attempt = Attempt {
        email: email.to_owned(),
        secret: Secret::new(secret),
        address: address.parse().unwrap(),
        device_cookie: None,
        user_agent: String::new(),
        staff: false,
        previous_session: None,
    };
    let outcome = house.identity.log_in(&attempt).await.unwrap();
    matches!(outcome, LoginOutcome::LoggedIn(_))
}

/// Makes somebody a member of another customer too, and answers them there.
async fn joins(house: &House, tenant: &Tenant, actor: &Actor, role: Role) -> Actor {
    let now = house.clock.now();
    let place = Member {
        id: MemberId::new(now, house.rng.as_ref()),
        user: actor.user.unwrap(),
        role,
        created_at: now,
    };
    let mut tx = house.write().await;
    member::insert(&mut tx, tenant.id, &place).await.unwrap();
    tx.commit().await.unwrap();
    actor.clone().in_customer(tenant.id)
}

async fn a_locked_login_is_found_with_its_end_and_the_way_past_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = place_of(&house, tenant.id, &tenant.owner).await;
    let found = asked(&house, &tenant.owner, id).await.unwrap();
    assert_eq!(codes(&found, Level::Note), ["login-never"]);
    for n in 0..5 {
        let from = format!("198.51.{n}.9");
        assert!(!log_in(&house, "owner0@wabe.test", &format!("guess {n}"), &from).await);
    }
    let found = asked(&house, &tenant.owner, id).await.unwrap();
    assert_eq!(codes(&found, Level::Bad), ["login-locked"]);
    let locked = &found.findings[0];
    assert!(locked.at.unwrap() > house.clock.now());
    let fix = locked.fix.as_ref().unwrap();
    assert_eq!((fix.way, &fix.object), (Way::Unlock, &id.to_string()));
    let mut all = found.findings.iter();
    let tries = all.find(|one| one.code == "login-tries-strange");
    let values = &tries.unwrap().values;
    assert_eq!(
        (values["count"].as_str(), values["networks"].as_str()),
        ("5", "5")
    );

    house.clock.advance(900);
    assert!(log_in(&house, "owner0@wabe.test", PASSWORD, "192.0.2.1").await);
    let found = asked(&house, &tenant.owner, id).await.unwrap();
    assert_eq!(found.level, Level::Good, "{found:?}");
    assert_eq!(codes(&found, Level::Good), ["login-open", "login-last"]);
}

async fn a_login_that_was_never_set_up_waits_for_its_letter(house: House) {
    // The plan that tenants book comes with the first one.
    house.tenant("Sonne").await;
    let input = json!({
        "name": "Neu", "plan": "Plenty", "contact_email": "info@wabe.test", "owner_name": "Neele",
        "owner_email": "neele@wabe.test", "setup_by_mail": true,
    });
    let made = house
        .run_json(&Actor::system(HOUSE), "customer.create", input)
        .await;
    let made = made.unwrap().output;
    let customer: CustomerId = text(&made, "id").parse().unwrap();
    let owner = text(&made, "owner").parse().unwrap();
    let owner = Actor::member(owner, customer, house.clock.now());
    let id = place_of(&house, customer, &owner).await;
    let found = asked(&house, &owner, id).await.unwrap();
    assert_eq!(codes(&found, Level::Bad), ["login-setup-waits"]);
    let until = found.findings[0].at.unwrap();
    house.clock.advance(14 * 86_400);
    assert!(until <= house.clock.now());
    let found = asked(&house, &owner, id).await.unwrap();
    assert_eq!(codes(&found, Level::Bad), ["login-setup-over"]);
    assert_eq!(found.findings[0].fix.as_ref().unwrap().way, Way::Letter);
}

async fn nothing_of_another_customer_is_said(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    // An owner sets one up before everybody must have one; this one lost theirs since.
    let sql = "UPDATE customer SET factor_required = 1 WHERE id = $1";
    let required = Statement { name: "test", sql }.bind(mond.id);
    let mut tx = house.write().await;
    required.execute_one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let input = json!({ "customer": mond.id, "reason": "unpaid since May" });
    let suspended = house
        .run_json(&Actor::system(HOUSE), "customer.suspend", input)
        .await;
    suspended.unwrap();
    let guest = joins(&house, &sonne, &mond.owner, Role::Webmaster).await;
    let id = place_of(&house, sonne.id, &guest).await;
    let seen = asked(&house, &sonne.owner, id).await.unwrap();
    let said = serde_json::to_string(&seen).unwrap();
    assert!(!said.contains("Mond") && !said.contains("unpaid"), "{said}");
    assert!(!said.contains("factor"), "{said}");
    // They themselves are told.
    let own = asked(&house, &guest, id).await.unwrap();
    assert!(codes(&own, Level::Note).contains(&"login-factor-wanted"));
    let there = place_of(&house, mond.id, &mond.owner).await;
    let own = asked(&house, &mond.owner, there).await.unwrap();
    assert!(codes(&own, Level::Note).contains(&"login-suspended"));
}

async fn who_may_not_see_the_member_is_told_nothing(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let foreign = place_of(&house, mond.id, &mond.owner).await;
    let refused = asked(&house, &sonne.owner, foreign).await;
    assert!(matches!(refused, Err(Refusal::NotFound)), "{refused:?}");
    let viewer = joins(&house, &sonne, &mond.owner, Role::Viewer).await;
    let owner = place_of(&house, sonne.id, &sonne.owner).await;
    for about in [owner, foreign] {
        let refused = asked(&house, &viewer, about).await;
        assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    }
    let own = place_of(&house, sonne.id, &viewer).await;
    assert!(asked(&house, &viewer, own).await.is_ok());
    assert!(asked(&house, &sonne.owner, own).await.is_ok());
}

async fn an_upload_password_is_locked_and_opens_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let input = json!({ "name": "shop" });
    let made = house
        .run_json(&tenant.owner, "webspace.create", input)
        .await;
    let made = made.unwrap().output;
    house.settle().await;
    let id: WebspaceId = text(&made, "id").parse().unwrap();
    let look = async || {
        let facts = &house.gate.tools().house;
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
        let asked = UploadQuestion::load(&mut tx, &scope, id, facts).await;
        let asked = asked.unwrap();
        let hash = asked.password_hash();
        let way = (asked.webspace().sftp_login.as_str(), hash);
        let closed = upload_closed_until(&mut tx, house.gate.tools(), way).await;
        tx.rollback().await.unwrap();
        let hash = hash.unwrap().expose().to_owned();
        (asked.answer(closed.unwrap()), hash)
    };
    let (found, hash) = look().await;
    assert_eq!(found.level, Level::Good);
    let login = text(&made, "sftp_login");
    for n in 0..5 {
        let secret = Secret::new(format!("guess {n}"));
        let attempt = UploadAttempt {
            login: &login,
            webspace: Some(id),
            hash: Some(&hash),
            address: "192.0.2.1".parse().unwrap(),
            secret: &secret,
        };
        assert!(house.identity.may_check(attempt).await);
        house.identity.ended(attempt, false).await;
    }
    let (found, _) = look().await;
    assert_eq!(codes(&found, Level::Bad), ["upload-locked"]);
    assert!(found.findings[0].at.unwrap() > house.clock.now());
    house.clock.advance(900);
    assert_eq!(look().await.0.level, Level::Good);
}

#[tokio::test]
async fn a_login_is_looked_at_over_the_api_and_on_the_pages() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    let api = panel.api(&panel.token(&email, &[]));
    let all = api.all("/members").await;
    let own = all.iter().find(|one| text(one, "email") == email).unwrap();
    let path = format!("/members/{}/diagnosis", text(own, "id"));
    let found = api.get(&path).await.expect(200);
    let said = found["findings"].as_array().unwrap();
    assert!(
        said.iter().any(|one| one["code"] == "login-last"),
        "{found}"
    );
    let list = browser.get("/members").await.text();
    assert!(list.contains(&path), "{list}");
    for page in [path.as_str(), "/account/diagnosis"] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.text().contains("/tickets/new?page=/members/mem_"));
    }
}

//! What staff see of a customer's pages: with a consent, in its ticket, for an hour, and nothing without
//! one. Source: controls MWK-4-03, MWK-4-04, bar 3.8 T1 to T4, T6.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::grant::{self, Grant, Looking};
use wabe_access::{Actor, ActorKind, Permission as P, Refusal, Role, Scope, StaffRole};
use wabe_audit::{Access, AccessBy};
use wabe_kernel::id::{ConsentId, TicketId, TokenId};
use wabe_kernel::{PageRequest, Timestamp};
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    staff_see_pages_only_while_a_consent_holds,
    a_look_ends_with_whatever_carries_it,
    a_look_changes_nothing_and_sees_no_content,
    whoever_runs_the_customer_answers_and_nobody_else,
    whoever_asked_does_not_answer_as_a_customer,
    a_person_gives_consent_and_a_program_takes_it_back,
    what_staff_see_and_change_stands_in_the_customers_log,
    the_database_refuses_pages_without_a_grant_and_looks_of_more_than_an_hour,
    a_consent_lasts_thirty_days_at_most,
);

/// A customer with a ticket, and somebody who helps.
pub(crate) struct Scene {
    pub(crate) tenant: Tenant,
    pub(crate) support: Actor,
    pub(crate) ticket: TicketId,
}

pub(crate) async fn said(house: &House, actor: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(actor, name, input).await;
    done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .output
}

pub(crate) async fn refused(house: &House, actor: &Actor, name: &str, input: Value) -> Refusal {
    match house.run_json(actor, name, input).await {
        Ok(_) => panic!("{name} was carried out"),
        Err(refusal) => refusal,
    }
}

pub(crate) async fn scene(house: &House, name: &str) -> Scene {
    let tenant = house.tenant(name).await;
    let input = json!({ "subject": "Seite leer", "body": "Seit heute." });
    let opened = said(house, &tenant.owner, "ticket.create", input).await;
    let ticket = opened["id"].as_str().unwrap().parse().unwrap();
    let support = house.staff(StaffRole::Support).await;
    Scene {
        tenant,
        support,
        ticket,
    }
}

async fn ask(house: &House, scene: &Scene) -> ConsentId {
    let input = json!({ "id": scene.ticket, "reason": "Um zu sehen, warum." });
    let asked = said(house, &scene.support, "consent.ask", input).await;
    asked["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) async fn begin(
    house: &House,
    scene: &Scene,
    consent: ConsentId,
) -> Result<Grant, Refusal> {
    let input = json!({ "id": scene.ticket, "consent": consent });
    let done = house.run_json(&scene.support, "access.open", input).await?;
    let id = done.output["id"].as_str().unwrap().parse().unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let found = grant::find(&mut tx, scene.tenant.id, id).await;
    tx.rollback().await.unwrap();
    found
}

/// A consent that was asked for and given, and a look on it.
async fn looking(house: &House, scene: &Scene) -> (ConsentId, Grant) {
    let consent = ask(house, scene).await;
    said(
        house,
        &scene.tenant.owner,
        "consent.give",
        json!({ "id": consent }),
    )
    .await;
    let grant = begin(house, scene, consent).await.unwrap();
    (consent, grant)
}

fn now(house: &House) -> Timestamp {
    wabe_kernel::Clock::now(house.clock.as_ref())
}

/// What an employee sees on a look now, in a transaction of the customer's.
pub(crate) async fn seen(house: &House, scene: &Scene, grant: &Grant) -> Result<Scope, Refusal> {
    let looking = Looking {
        grant: grant.id,
        since: grant.started_at,
        now: now(house),
    };
    let actor = scene.support.clone().looking_at(scene.tenant.id, looking);
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &actor).await;
    tx.rollback().await.unwrap();
    scope
}

async fn staff_see_pages_only_while_a_consent_holds(house: House) {
    let scene = scene(&house, "Sonne").await;
    let consent = ask(&house, &scene).await;
    let early = begin(&house, &scene, consent).await;
    assert!(
        matches!(early, Err(Refusal::Conflict("not-consented"))),
        "{early:?}"
    );
    let again = json!({ "id": scene.ticket, "reason": "Noch einmal." });
    let again = refused(&house, &scene.support, "consent.ask", again).await;
    assert!(
        matches!(again, Refusal::Conflict("consent-asked")),
        "{again:?}"
    );
    said(
        &house,
        &scene.tenant.owner,
        "consent.give",
        json!({ "id": consent }),
    )
    .await;
    let grant = begin(&house, &scene, consent).await.unwrap();
    assert_eq!(grant.until, grant.started_at.plus_seconds(3_600));
    assert_eq!(
        *seen(&house, &scene, &grant).await.unwrap().permissions(),
        grant::shown()
    );
    // The consent holds for 7 days, each look for an hour.
    house.clock.advance(3_600);
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
    let second = begin(&house, &scene, consent).await.unwrap();
    assert!(seen(&house, &scene, &second).await.is_ok());
    house.clock.advance(7 * 86_400);
    let late = begin(&house, &scene, consent).await;
    assert!(
        matches!(late, Err(Refusal::Conflict("not-consented"))),
        "{late:?}"
    );
}

async fn a_look_ends_with_whatever_carries_it(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = scene.tenant.owner.clone();
    // Withdrawn: at the next statement.
    let (consent, grant) = looking(&house, &scene).await;
    assert!(seen(&house, &scene, &grant).await.is_ok());
    said(&house, &owner, "consent.withdraw", json!({ "id": consent })).await;
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
    // Ended by the customer, while the consent stays.
    let (consent, grant) = looking(&house, &scene).await;
    said(&house, &owner, "access.end", json!({ "id": grant.id })).await;
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
    let over = refused(&house, &owner, "access.end", json!({ "id": grant.id })).await;
    assert!(matches!(over, Refusal::Conflict("access-over")), "{over:?}");
    // Ended by who looks.
    let grant = begin(&house, &scene, consent).await.unwrap();
    let close = json!({ "id": scene.ticket, "access": grant.id });
    said(&house, &scene.support, "access.close", close).await;
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
    // Of a session that began later.
    let grant = begin(&house, &scene, consent).await.unwrap();
    let user = scene.support.user.unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let later = grant.started_at.plus_seconds(1);
    assert!(
        grant::live(&mut tx, user, later, now(&house))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        grant::live(&mut tx, user, grant.started_at, now(&house))
            .await
            .unwrap()
            .is_some()
    );
    tx.rollback().await.unwrap();
    // With its ticket.
    said(
        &house,
        &owner,
        "ticket.solve",
        json!({ "id": scene.ticket }),
    )
    .await;
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
    let closed = begin(&house, &scene, consent).await;
    assert!(
        matches!(closed, Err(Refusal::Conflict("not-consented"))),
        "{closed:?}"
    );
}

async fn a_look_changes_nothing_and_sees_no_content(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (_, grant) = looking(&house, &scene).await;
    let looking = Looking {
        grant: grant.id,
        since: grant.started_at,
        now: now(&house),
    };
    let actor = scene.support.clone().looking_at(scene.tenant.id, looking);
    for command in house.gate.commands() {
        let input = serde_json::Map::new();
        let done = (command.run)(&house.gate, &actor, input, wabe_access::Mode::Commit, None).await;
        assert!(done.is_err(), "{}", command.name);
    }
    let create = json!({ "name": "neu.test" });
    let done = refused(&house, &actor, "domain.create", create).await;
    assert!(matches!(done, Refusal::Forbidden), "{done:?}");
    let scope = seen(&house, &scene, &grant).await.unwrap();
    for permission in P::ALL {
        let read = permission.word().ends_with(":read");
        let content = matches!(permission, P::FileRead | P::MailRead | P::SqlUse);
        assert!(
            !scope.has(*permission) || (read && !content),
            "{permission}"
        );
    }
    // Of one customer, never of another.
    let other = house.tenant("Mond").await;
    let actor = scene.support.clone().looking_at(other.id, looking);
    let mut tx = house.db.store.read_for(other.id).await.unwrap();
    let scope = Scope::of(&mut tx, &actor).await;
    assert!(matches!(scope, Err(Refusal::NotFound)), "{scope:?}");
    tx.rollback().await.unwrap();
}

async fn a_person_gives_consent_and_a_program_takes_it_back(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let program = Actor {
        kind: ActorKind::Token(TokenId::new(now(&house), house.rng.as_ref())),
        sensitive: true,
        ..owner.clone()
    };
    let consent = ask(&house, &scene).await;
    let about = json!({ "id": consent });
    let opens = refused(&house, &program, "consent.give", about.clone()).await;
    assert!(matches!(opens, Refusal::InPerson), "{opens:?}");
    said(&house, owner, "consent.give", about.clone()).await;
    let grant = begin(&house, &scene, consent).await.unwrap();
    said(&house, &program, "consent.withdraw", about).await;
    assert!(seen(&house, &scene, &grant).await.is_err());
    let consent = ask(&house, &scene).await;
    let about = json!({ "id": consent });
    said(&house, &program, "consent.refuse", about).await;
}

async fn whoever_runs_the_customer_answers_and_nobody_else(house: House) {
    let scene = scene(&house, "Sonne").await;
    let consent = ask(&house, &scene).await;
    let other = house.tenant("Mond").await;
    let give = json!({ "id": consent });
    let foreign = refused(&house, &other.owner, "consent.give", give.clone()).await;
    assert!(matches!(foreign, Refusal::NotFound), "{foreign:?}");
    for role in [Role::Viewer, Role::Webmaster, Role::MailManager] {
        let member = house.member(scene.tenant.id, role).await;
        let done = refused(&house, &member, "consent.give", give.clone()).await;
        assert!(matches!(done, Refusal::Forbidden), "{role}: {done:?}");
    }
    for actor in [&scene.support, &Actor::system(scene.tenant.id)] {
        let done = refused(&house, actor, "consent.give", give.clone()).await;
        assert!(
            matches!(done, Refusal::Forbidden | Refusal::NotFound),
            "{done:?}"
        );
    }
    let admin = house.member(scene.tenant.id, Role::Administrator).await;
    said(&house, &admin, "consent.refuse", give.clone()).await;
    let late = refused(&house, &scene.tenant.owner, "consent.give", give).await;
    assert!(
        matches!(late, Refusal::Conflict("consent-answered")),
        "{late:?}"
    );
    // A no is an answer: staff may ask again, with another reason.
    let consent = ask(&house, &scene).await;
    said(
        &house,
        &admin,
        "consent.give",
        json!({ "id": consent, "days": 1 }),
    )
    .await;
    let grant = begin(&house, &scene, consent).await.unwrap();
    assert!(seen(&house, &scene, &grant).await.is_ok());
    // Whoever let staff in must still run the customer.
    let mut tx = house.db.store.read().await.unwrap();
    let members = wabe_access::member::list(&mut tx, scene.tenant.id)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let place = members
        .iter()
        .find(|member| Some(member.user) == admin.user)
        .unwrap();
    let role = json!({ "id": place.id, "role": "viewer" });
    said(&house, &scene.tenant.owner, "member.set_role", role).await;
    assert!(matches!(
        seen(&house, &scene, &grant).await,
        Err(Refusal::NotFound)
    ));
}

async fn whoever_asked_does_not_answer_as_a_customer(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let mut tx = house.write().await;
    let role = StaffRole::Support;
    let hired = wabe_access::member::insert_staff(&mut tx, owner.user.unwrap(), role, now(&house));
    hired.await.unwrap();
    tx.commit().await.unwrap();
    let desk = Actor::staff(owner.user.unwrap(), now(&house));
    let wish = json!({ "id": scene.ticket, "reason": "Um zu sehen, warum." });
    let asked = said(&house, &desk, "consent.ask", wish).await;
    let give = json!({ "id": asked["id"] });
    let own = refused(&house, owner, "consent.give", give.clone()).await;
    assert!(matches!(own, Refusal::Conflict("own-request")), "{own:?}");
    let admin = house.member(scene.tenant.id, Role::Administrator).await;
    said(&house, &admin, "consent.give", give).await;
}

async fn what_staff_see_and_change_stands_in_the_customers_log(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (_, grant) = looking(&house, &scene).await;
    let mut tx = house.db.store.write().await.unwrap();
    let access = Access {
        customer: scene.tenant.id,
        user: scene.support.user,
        by: AccessBy::Staff(Some(scene.ticket), Some(grant.id)),
        area: "page.mailboxes",
        object_id: None,
        address: None,
    };
    house.streams.note_access(&mut tx, &access).await.unwrap();
    let own = Access {
        user: scene.tenant.owner.user,
        by: AccessBy::Member,
        area: "mail.read",
        ..access
    };
    house.streams.note_access(&mut tx, &own).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let (mut all, mut page) = (Vec::new(), PageRequest::first(1));
    loop {
        let found = house
            .streams
            .list_seen(&mut tx, scene.tenant.id, &page)
            .await
            .unwrap();
        all.extend(found.items);
        let Some(next) = found.next else { break };
        page.after = wabe_kernel::Cursor::parse(&next);
    }
    tx.rollback().await.unwrap();
    let words: Vec<&str> = all.iter().map(|seen| seen.word.as_str()).collect();
    assert!(words.contains(&"page.mailboxes"), "{words:?}");
    assert!(
        words.contains(&"access.open") && words.contains(&"consent.ask"),
        "{words:?}"
    );
    assert!(
        !words.contains(&"mail.read") && !words.contains(&"consent.give"),
        "{words:?}"
    );
    let sign = house.streams.sign_of(scene.support.user.unwrap());
    assert_eq!(sign.len(), 6);
    for seen in &all {
        assert_eq!(seen.by.as_ref(), Some(&sign), "{seen:?}");
    }
    let look = all
        .iter()
        .find(|seen| seen.word == "page.mailboxes")
        .unwrap();
    assert_eq!(
        (look.ticket, look.access),
        (Some(scene.ticket), Some(grant.id))
    );
    let opened = all.iter().find(|seen| seen.word == "access.open").unwrap();
    assert_eq!(opened.ticket, Some(scene.ticket));
    assert!(all.is_sorted_by(|a, b| a.at >= b.at));
}

const RAW_LOOK: Statement = Statement {
    name: "test.raw_look",
    sql: "INSERT INTO access_log (id, customer_id, at, user_id, area, actor_kind) \
          VALUES ($1, $2, 1, $3, 'page.home', 'staff')",
};
const RAW_GRANT: Statement = Statement {
    name: "test.raw_grant",
    sql: "INSERT INTO access_grant (id, customer_id, ticket_id, consent_id, staff_user, started_at, until) \
          VALUES ('acc_raw', $1, $2, $3, $4, 0, $5)",
};
const RAW_CONSENT: Statement = Statement {
    name: "test.raw_consent",
    sql: "UPDATE consent SET answer = 'given', answered_by = 'somebody', answered_at = 0, until = $1, \
          agreed_until = $1 WHERE id = $2",
};

// 3.8 T6
async fn the_database_refuses_pages_without_a_grant_and_looks_of_more_than_an_hour(house: House) {
    let scene = scene(&house, "Sonne").await;
    let consent = ask(&house, &scene).await;
    let user = scene.support.user.unwrap();
    let hour = Timestamp(0).plus_seconds(3_600);
    for (until, fits) in [
        (hour, true),
        (Timestamp(hour.0 + 1), false),
        (Timestamp(0), false),
    ] {
        let mut tx = house.db.store.write().await.unwrap();
        let query = RAW_GRANT.bind(scene.tenant.id).bind(scene.ticket);
        let query = query.bind(consent).bind(user).bind(until);
        assert_eq!(query.execute(&mut tx).await.is_ok(), fits, "{until:?}");
        drop(tx.rollback().await);
    }
    let month = Timestamp(0).plus_days(30);
    for (until, fits) in [(month, true), (Timestamp(month.0 + 1), false)] {
        let mut tx = house.db.store.write().await.unwrap();
        let query = RAW_CONSENT.bind(until).bind(consent);
        assert_eq!(query.execute(&mut tx).await.is_ok(), fits, "{until:?}");
        drop(tx.rollback().await);
    }
    let mut tx = house.db.store.write().await.unwrap();
    let query = RAW_LOOK.bind("x").bind(scene.tenant.id).bind(user);
    assert!(query.execute(&mut tx).await.is_err());
    drop(tx.rollback().await);
}

async fn a_consent_lasts_thirty_days_at_most(house: House) {
    let scene = scene(&house, "Sonne").await;
    let consent = ask(&house, &scene).await;
    for days in [0, 31, -1] {
        let input = json!({ "id": consent, "days": days });
        let wrong = refused(&house, &scene.tenant.owner, "consent.give", input).await;
        let Refusal::Invalid(errors) = wrong else {
            panic!("{days}: {wrong:?}");
        };
        assert!(errors.0.contains_key("days"));
    }
    let input = json!({ "id": consent, "days": 30 });
    let given = said(&house, &scene.tenant.owner, "consent.give", input).await;
    let until: Timestamp = given["until"].as_str().unwrap().parse().unwrap();
    assert_eq!(until, now(&house).plus_days(30));
}

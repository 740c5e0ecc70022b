//! Reading content for longer than a day: as long as the customer said, and only when a second person agrees who
//! neither asked nor looks.

use crate::four_eyes::{DAY, asked_for_help, code, decide, ended, over, place_of};
use crate::on_both_engines;
use crate::staff_role::{execute, hired, run, told};
use serde_json::{Value, json};
use wabe_access::member::{self, Member};
use wabe_access::{Actor, ActorKind, Refusal, Role};
use wabe_identity::MailKind;
use wabe_identity::approval::read;
use wabe_kernel::id::{MemberId, TokenId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock as _, PageRequest, Timestamp};
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    content_is_read_for_a_day_and_for_longer_by_two_people,
    whoever_asked_or_looked_does_not_agree_and_whoever_agreed_does_not_look,
    what_changed_meanwhile_extends_nothing,
    the_customer_stops_it_and_keeps_the_day,
    what_holds_as_it_was_given_cannot_be_extended,
    the_database_keeps_no_long_reading_that_nobody_approved,
    a_long_reading_that_is_cut_into_days_stays_one,
    what_is_left_of_a_day_is_the_next_consents,
);

/// A customer with a ticket, and people of the hoster.
struct Scene {
    tenant: Tenant,
    ticket: String,
    /// Support, who asks.
    mira: UserId,
    /// Operations, who decides.
    ole: UserId,
}

async fn scene(house: &House) -> Scene {
    let mira = hired(house, "Mira", &["support"]).await;
    let ole = hired(house, "Ole", &["operator"]).await;
    let tenant = house.tenant("Sonne").await;
    let ticket = asked_for_help(house, &tenant).await;
    Scene {
        tenant,
        ticket,
        mira,
        ole,
    }
}

/// A consent that `by` asked for and the owner gave so far and for so many days.
async fn given(
    house: &House,
    (tenant, ticket): (&Tenant, &str),
    by: UserId,
    (reach, days): (&Value, i64),
) -> Value {
    let mut wish = reach.clone();
    wish["id"] = json!(ticket);
    wish["reason"] = json!("Um zu sehen, warum.");
    let asked = run(house, by, "consent.ask", wish).await.unwrap();
    let mut yes = reach.clone();
    yes["id"] = asked["id"].clone();
    yes["days"] = json!(days);
    let given = house.run_json(&tenant.owner, "consent.give", yes).await;
    given.unwrap().output
}

/// The id of a consent to read files that Mira asked for, given for a week.
async fn week(house: &House, scene: &Scene) -> Value {
    let (place, files) = ((&scene.tenant, scene.ticket.as_str()), files());
    let consent = given(house, place, scene.mira, (&files, 7)).await;
    consent["id"].clone()
}

fn files() -> Value {
    json!({ "reads_files": true })
}

async fn extend(
    house: &House,
    by: UserId,
    ticket: &str,
    consent: &Value,
) -> Result<String, Refusal> {
    let input = json!({ "ticket": ticket, "consent": consent, "reason": "Es dauert länger." });
    let asked = run(house, by, "consent.request_extension", input).await?;
    Ok(asked["approval"].as_str().unwrap().to_owned())
}

async fn look(house: &House, by: UserId, ticket: &str, consent: &Value) -> Result<Value, Refusal> {
    let input = json!({ "id": ticket, "consent": consent });
    run(house, by, "access.open", input).await
}

/// Asks for longer, in a ticket of this customer, whose owner is asked first.
pub(crate) async fn asked_for_longer(house: &House, tenant: &Tenant, (by, ticket): (UserId, &str)) {
    let consent = given(house, (tenant, ticket), by, (&files(), 7)).await;
    extend(house, by, ticket, &consent["id"]).await.unwrap();
}

async fn content_is_read_for_a_day_and_for_longer_by_two_people(house: House) {
    let scene = scene(&house).await;
    hired(&house, "Petra", &["privacy_officer"]).await;
    let (mira, ticket) = (scene.mira, scene.ticket.as_str());
    let now = house.clock.now();
    let place = (&scene.tenant, ticket);
    let consent = given(&house, place, mira, (&files(), 7)).await;
    assert_eq!(consent["until"], json!(now.plus_days(1)));
    assert_eq!(consent["agreed_until"], json!(now.plus_days(7)));
    let id = &consent["id"];
    look(&house, mira, ticket, id).await.unwrap();
    let approval = extend(&house, mira, ticket, id).await.unwrap();
    let waiting = told(&house, MailKind::ApprovalWaiting);
    assert_eq!(waiting, ["ole@hoster.test", "petra@hoster.test"]);
    let again = extend(&house, mira, ticket, id).await;
    assert_eq!(code(again), "extension-open");
    seen_by_the_customer(&house, &scene).await;
    // The day is over to the second, whatever waits.
    house.clock.advance(DAY - 1);
    look(&house, mira, ticket, id).await.unwrap();
    house.clock.advance(1);
    let rests = look(&house, mira, ticket, id).await;
    assert_eq!(code(rests), "not-consented");
    decide(&house, scene.ole, "approve", &approval)
        .await
        .unwrap();
    over(&decide(&house, scene.ole, "approve", &approval).await);
    look(&house, mira, ticket, id).await.unwrap();
    assert_eq!(
        told(&house, MailKind::ConsentExtended),
        ["owner0@wabe.test"]
    );
    assert_eq!(
        told(&house, MailKind::ApprovalApproved),
        ["mira@hoster.test"]
    );
    assert_eq!(
        told(&house, MailKind::OwnerChangeAsked),
        Vec::<String>::new()
    );
    recorded(&house, &scene).await;
    // And so is the week.
    house.clock.advance(6 * DAY);
    let late = look(&house, mira, ticket, id).await;
    assert_eq!(code(late), "not-consented");
}

/// The customer reads in their ticket what waits, and nobody else does.
async fn seen_by_the_customer(house: &House, scene: &Scene) {
    let other = house.tenant("Mond").await;
    let ticket = scene.ticket.parse().unwrap();
    for (whose, count) in [(scene.tenant.id, 1), (other.id, 0)] {
        let mut tx = house.db.store.read_for(whose).await.unwrap();
        let found = read::of_ticket(&mut tx, whose, ticket).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(found.len(), count);
        let until = house.clock.now().plus_days(7);
        assert!(
            found.iter().all(|one| one.deed.until() == Some(until)),
            "{found:?}"
        );
    }
}

/// The customer reads until when it held and holds by whose word.
async fn recorded(house: &House, scene: &Scene) {
    let customer = scene.tenant.id;
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let (filter, page) = (wabe_audit::ChangeFilter::default(), PageRequest::first(20));
    let record = house.recorder.list(&mut tx, customer, &filter, &page).await;
    let record = record.unwrap();
    let change = record
        .items
        .iter()
        .find(|one| one.command == "approval.approve");
    let change = change.unwrap();
    assert_eq!(change.actor_kind, "staff");
    let whole = house.recorder.load(&mut tx, customer, change.id).await;
    let whole = whole.unwrap().unwrap();
    tx.rollback().await.unwrap();
    let now = house.clock.now();
    assert_eq!(whole.before["until"], json!(now));
    assert_eq!(whole.after["until"], json!(now.plus_days(6)));
    assert_eq!(whole.after["approval"], "approved");
}

/// Until when a consent holds that waits from the beginning.
fn at_once(now: Timestamp) -> Value {
    json!(Timestamp(now.0 + 1))
}

async fn a_long_reading_that_is_cut_into_days_stays_one(house: House) {
    let scene = scene(&house).await;
    let (mira, ole, ticket) = (scene.mira, scene.ole, scene.ticket.as_str());
    let place = (&scene.tenant, ticket);
    let first = given(&house, place, mira, (&files(), 1)).await;
    assert_eq!(first["until"], first["agreed_until"]);
    look(&house, mira, ticket, &first["id"]).await.unwrap();
    house.clock.advance(DAY);
    // The next day waits, in this ticket and in another one.
    let now = house.clock.now();
    let next = given(&house, place, mira, (&files(), 1)).await;
    assert_eq!(next["until"], at_once(now));
    assert_eq!(next["agreed_until"], json!(now.plus_days(1)));
    let waits = look(&house, mira, ticket, &next["id"]).await;
    assert_eq!(code(waits), "not-consented");
    let other = asked_for_help(&house, &scene.tenant).await;
    let elsewhere = (&scene.tenant, other.as_str());
    let both = json!({ "reads_files": true, "reads_mail": true });
    let wider = given(&house, elsewhere, mira, (&both, 3)).await;
    assert_eq!(wider["until"], at_once(now));
    // Other content, what reads none, and another customer's are as they were.
    let mail = given(&house, elsewhere, mira, (&json!({ "reads_mail": true }), 1)).await;
    assert_eq!(mail["until"], json!(now.plus_days(1)));
    let acts = given(&house, place, mira, (&json!({ "acts": true }), 7)).await;
    assert_eq!(acts["until"], json!(now.plus_days(7)));
    let moon = house.tenant("Mond").await;
    let theirs = asked_for_help(&house, &moon).await;
    let theirs = given(&house, (&moon, theirs.as_str()), mira, (&files(), 1)).await;
    assert_eq!(theirs["until"], json!(now.plus_days(1)));
    // Two people open it, as any long reading.
    let approval = extend(&house, mira, ticket, &next["id"]).await.unwrap();
    decide(&house, ole, "approve", &approval).await.unwrap();
    look(&house, mira, ticket, &next["id"]).await.unwrap();
    // What two people agreed to counts; what only waited does not.
    house.clock.advance(7 * DAY);
    let late = given(&house, elsewhere, mira, (&files(), 1)).await;
    assert_eq!(late["until"], at_once(house.clock.now()));
    house.clock.advance(DAY);
    let anew = given(&house, elsewhere, mira, (&files(), 1)).await;
    assert_eq!(anew["until"], anew["agreed_until"]);
    look(&house, mira, &other, &anew["id"]).await.unwrap();
}

async fn what_is_left_of_a_day_is_the_next_consents(house: House) {
    let scene = scene(&house).await;
    let (mira, ticket) = (scene.mira, scene.ticket.as_str());
    let (owner, place) = (&scene.tenant.owner, (&scene.tenant, ticket));
    let now = house.clock.now();
    let first = given(&house, place, mira, (&files(), 7)).await;
    house.clock.advance(DAY / 4);
    let withdraw = house.run_json(owner, "consent.withdraw", json!({ "id": first["id"] }));
    withdraw.await.unwrap();
    let second = given(&house, place, mira, (&files(), 7)).await;
    assert_eq!(second["until"], json!(now.plus_days(1)));
    house.clock.advance(DAY - DAY / 4);
    let over = look(&house, mira, ticket, &second["id"]).await;
    assert_eq!(code(over), "not-consented");
    // A ticket that is solved ends what was given in it, however long that was.
    let approval = extend(&house, mira, ticket, &second["id"]).await.unwrap();
    decide(&house, scene.ole, "approve", &approval)
        .await
        .unwrap();
    let solve = house.run_json(owner, "ticket.solve", json!({ "id": ticket }));
    solve.await.unwrap();
    house.clock.advance(7 * DAY);
    let other = asked_for_help(&house, &scene.tenant).await;
    let anew = given(&house, (&scene.tenant, other.as_str()), mira, (&files(), 1)).await;
    assert_eq!(anew["until"], anew["agreed_until"]);
}

async fn whoever_asked_or_looked_does_not_agree_and_whoever_agreed_does_not_look(house: House) {
    let scene = scene(&house).await;
    let emil = hired(&house, "Emil", &["operator"]).await;
    let (mira, ole, ticket) = (scene.mira, scene.ole, scene.ticket.as_str());
    let id = week(&house, &scene).await;
    look(&house, emil, ticket, &id).await.unwrap();
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    for verb in ["approve", "refuse"] {
        let support = decide(&house, mira, verb, &approval).await;
        assert!(matches!(support, Err(Refusal::Forbidden)), "{support:?}");
        let looked = decide(&house, emil, verb, &approval).await;
        assert_eq!(code(looked), "own-look");
    }
    decide(&house, ole, "approve", &approval).await.unwrap();
    house.clock.advance(DAY);
    let agreed = look(&house, ole, ticket, &id).await;
    assert_eq!(code(agreed), "own-approval");
    look(&house, emil, ticket, &id).await.unwrap();
    // Nor who belongs to the customer: the yes of the customer and the second person's would be one.
    let paula = hired(&house, "Paula", &["operator"]).await;
    let place = Member {
        id: MemberId::new(house.clock.now(), house.rng.as_ref()),
        user: paula,
        role: Role::Owner,
        created_at: house.clock.now(),
    };
    let mut tx = house.db.store.write().await.unwrap();
    let added = member::insert(&mut tx, scene.tenant.id, &place).await;
    assert!(added.unwrap());
    tx.commit().await.unwrap();
    let third = asked_for_help(&house, &scene.tenant).await;
    let rows = json!({ "reads_rows": true });
    let consent = given(&house, (&scene.tenant, third.as_str()), mira, (&rows, 2)).await;
    let approval = extend(&house, mira, &third, &consent["id"]).await.unwrap();
    for verb in ["approve", "refuse"] {
        let both = decide(&house, paula, verb, &approval).await;
        assert_eq!(code(both), "own-customer");
    }
    decide(&house, mira, "retract", &approval).await.unwrap();
    // Whoever asked the customer, or for longer, in any tab.
    let other = asked_for_help(&house, &scene.tenant).await;
    let consent = given(&house, (&scene.tenant, other.as_str()), ole, (&files(), 2)).await;
    for asker in [mira, ole] {
        let approval = extend(&house, asker, &other, &consent["id"]).await.unwrap();
        for verb in ["approve", "refuse"] {
            let own = decide(&house, ole, verb, &approval).await;
            assert_eq!(code(own), "own-request");
        }
        decide(&house, asker, "retract", &approval).await.unwrap();
    }
    assert_eq!(ended(&house, "approved").await, 1);
}

async fn what_changed_meanwhile_extends_nothing(house: House) {
    let scene = scene(&house).await;
    let (mira, ole, ticket) = (scene.mira, scene.ole, scene.ticket.as_str());
    let owner = &scene.tenant.owner;
    // Withdrawn.
    let id = week(&house, &scene).await;
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    let withdraw = house.run_json(owner, "consent.withdraw", json!({ "id": id }));
    withdraw.await.unwrap();
    let late = decide(&house, ole, "approve", &approval).await;
    assert_eq!(code(late), "consent-withdrawn");
    let again = extend(&house, mira, ticket, &id).await;
    assert_eq!(code(again), "consent-withdrawn");
    decide(&house, ole, "refuse", &approval).await.unwrap();
    let refused = house.mails.of(MailKind::ApprovalRefused);
    assert_eq!(refused[0].args["message"], "Vertretung im Team");
    // Over: what waits is no older than what the customer agreed to.
    let place = (&scene.tenant, ticket);
    let consent = given(&house, place, mira, (&files(), 2)).await;
    let approval = extend(&house, mira, ticket, &consent["id"]).await.unwrap();
    house.clock.advance(2 * DAY);
    over(&decide(&house, ole, "approve", &approval).await);
    house.identity.prune().await.unwrap();
    assert_eq!(ended(&house, "lapsed").await, 1);
    let again = extend(&house, mira, ticket, &consent["id"]).await;
    assert_eq!(code(again), "consent-over");
    // With whoever gave it.
    let id = week(&house, &scene).await;
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    let system = Actor::system(scene.tenant.id);
    house.member(scene.tenant.id, Role::Owner).await;
    let giver = place_of(&house, &scene.tenant).await;
    for (role, then) in [("viewer", "consent-over"), ("owner", "")] {
        let set = json!({ "id": giver, "role": role });
        let set = house.run_json(&system, "member.set_role", set).await;
        set.unwrap();
        if !then.is_empty() {
            let gone = decide(&house, ole, "approve", &approval).await;
            assert_eq!(code(gone), then);
        }
    }
    decide(&house, ole, "refuse", &approval).await.unwrap();
    // With its ticket.
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    let solve = house.run_json(owner, "ticket.solve", json!({ "id": ticket }));
    solve.await.unwrap();
    let closed = decide(&house, ole, "approve", &approval).await;
    assert_eq!(code(closed), "ticket-not-open");
    // Nothing of it is the owners' to hear by letter.
    for kind in [MailKind::OwnerChangeOff, MailKind::ConsentExtended] {
        assert_eq!(told(&house, kind), Vec::<String>::new());
    }
}

async fn the_customer_stops_it_and_keeps_the_day(house: House) {
    let scene = scene(&house).await;
    let (mira, ticket) = (scene.mira, scene.ticket.as_str());
    let id = week(&house, &scene).await;
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    let input = json!({ "id": approval });
    let viewer = house.member(scene.tenant.id, Role::Viewer).await;
    let admin = house.member(scene.tenant.id, Role::Administrator).await;
    let other = house.tenant("Mond").await.owner;
    let program = Actor {
        kind: ActorKind::Token(TokenId::from_uuid(Uuid::from_u128(1))),
        ..admin.clone()
    };
    for (somebody, why) in [
        (viewer, "Forbidden"),
        (other, "NotFound"),
        (program, "Forbidden"),
    ] {
        let refused = house.run_json(&somebody, "approval.stop", input.clone());
        assert_eq!(format!("{:?}", refused.await.unwrap_err()), why);
    }
    let stopped = house.run_json(&admin, "approval.stop", input).await;
    stopped.unwrap();
    over(&decide(&house, scene.ole, "approve", &approval).await);
    assert_eq!(ended(&house, "stopped").await, 1);
    assert_eq!(
        told(&house, MailKind::ApprovalStopped),
        ["mira@hoster.test"]
    );
    look(&house, mira, ticket, &id).await.unwrap();
    house.clock.advance(DAY);
    assert_eq!(code(look(&house, mira, ticket, &id).await), "not-consented");
}

async fn what_holds_as_it_was_given_cannot_be_extended(house: House) {
    let scene = scene(&house).await;
    let (mira, ticket) = (scene.mira, scene.ticket.as_str());
    let elsewhere = asked_for_help(&house, &scene.tenant).await;
    let long = week(&house, &scene).await;
    let place = (&scene.tenant, elsewhere.as_str());
    let acts = given(&house, place, mira, (&json!({ "acts": true }), 30)).await;
    assert_eq!(acts["until"], acts["agreed_until"]);
    let day = given(&house, place, mira, (&files(), 1)).await;
    assert_eq!(day["until"], day["agreed_until"]);
    for (place, consent) in [
        (elsewhere.as_str(), &acts["id"]),
        (elsewhere.as_str(), &day["id"]),
        (elsewhere.as_str(), &long),
    ] {
        let refused = extend(&house, mira, place, consent).await;
        let Err(Refusal::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors.0["consent"].code, "not-a-choice");
    }
    // Once for all.
    let approval = extend(&house, mira, ticket, &long).await.unwrap();
    decide(&house, scene.ole, "approve", &approval)
        .await
        .unwrap();
    let again = extend(&house, mira, ticket, &long).await;
    assert!(matches!(again, Err(Refusal::Invalid(_))), "{again:?}");
}

/// An extension by an approval, with these words in place of what it names.
const EXTENSION: Statement = Statement {
    name: "test.raw_extension",
    sql: "INSERT INTO consent_extension (id, customer_id, approval_id, ending, agreed_by) \
          SELECT COALESCE($1, object_id), customer_id, COALESCE($2, id), $3, $4 FROM approval \
          WHERE id = $5",
};
/// As if there had been none before.
const NONE_BEFORE: [&str; 2] = [
    "UPDATE consent SET until = answered_at + 1, extension_id = NULL",
    "DELETE FROM consent_extension",
];

/// Whether the database takes it; it is rolled back.
async fn extends(
    house: &House,
    approval: &str,
    [consent, named]: [Option<&str>; 2],
    (ending, by): (&str, &str),
) -> bool {
    let mut tx = house.db.store.write().await.unwrap();
    for sql in NONE_BEFORE {
        let done = Statement { name: "test", sql }.query().execute(&mut tx);
        done.await.unwrap();
    }
    let query = EXTENSION.bind(consent).bind(named).bind(ending);
    let done = query.bind(by).bind(approval).execute(&mut tx).await.is_ok();
    drop(tx.rollback().await);
    done
}

const LONGER: &str = "UPDATE consent SET until = agreed_until WHERE reads_files = 1";
const NAMED: &str =
    "UPDATE consent SET until = agreed_until, extension_id = id WHERE reads_files = 1";

// 3.8 T3, T6
async fn the_database_keeps_no_long_reading_that_nobody_approved(house: House) {
    let scene = scene(&house).await;
    let (mira, ole, ticket) = (scene.mira, scene.ole, scene.ticket.as_str());
    let id = week(&house, &scene).await;
    for sql in [
        LONGER,
        NAMED,
        "UPDATE consent SET until = until + 1",
        "UPDATE consent SET agreed_until = NULL",
        "UPDATE consent SET agreed_until = until - 1",
        "UPDATE consent SET agreed_until = answered_at + 2592000000001",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
    let decider = ole.to_string();
    // While it waits, and once it was refused.
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    assert!(
        !extends(
            &house,
            &approval,
            [None, None],
            ("approved", decider.as_str())
        )
        .await
    );
    decide(&house, ole, "refuse", &approval).await.unwrap();
    for ending in ["approved", "refused"] {
        assert!(!extends(&house, &approval, [None, None], (ending, decider.as_str())).await);
    }
    assert!(!execute(&house, LONGER).await && !execute(&house, NAMED).await);
    let approval = extend(&house, mira, ticket, &id).await.unwrap();
    decide(&house, ole, "approve", &approval).await.unwrap();
    // What it holds by stays, and stays about this consent and by this person.
    for sql in [
        "UPDATE consent SET extension_id = NULL",
        "UPDATE consent SET until = agreed_until + 1",
        "UPDATE consent_extension SET agreed_by = 'usr_x'",
        "UPDATE consent_extension SET approval_id = 'apv_x'",
        "UPDATE approval SET ending = 'refused' WHERE ending = 'approved'",
        "UPDATE approval SET decided_by = 'usr_x' WHERE ending = 'approved'",
        "UPDATE approval SET object_id = 'cns_x' WHERE ending = 'approved'",
        "DELETE FROM approval WHERE ending = 'approved'",
    ] {
        assert!(!execute(&house, sql).await, "{sql}");
    }
    let as_it_is = ("approved", decider.as_str());
    assert!(extends(&house, &approval, [None, None], as_it_is).await);
    let another = Some("cns_00000000000000000000000000");
    for (wrong, by) in [
        ([another, None], as_it_is),
        ([None, Some("apv_x")], as_it_is),
        ([None, None], ("approved", "usr_x")),
        ([None, None], ("refused", decider.as_str())),
    ] {
        let taken = extends(&house, &approval, wrong, by).await;
        assert!(!taken, "{wrong:?} {by:?}");
    }
    // Years later the approval is still there: the consent names it.
    house.clock.advance(1_097 * DAY);
    house.identity.prune().await.unwrap();
    assert_eq!(ended(&house, "approved").await, 1);
    assert_eq!(ended(&house, "refused").await, 0);
}

//! Letters about what staff saw and changed: to who asked for them, what happened since the last one, and
//! nothing where nothing happened. Source: controls MWK-4-03, bar 3.8 T4.

use crate::client::text;
use crate::on_both_engines;
use serde_json::json;
use wabe_access::{Actor, ActorKind, Permission, Refusal, Role, StaffRole};
use wabe_audit::{Access, AccessBy};
use wabe_kernel::id::{TicketId, TokenId};
use wabe_panel::access_digest::send;
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_letter_tells_what_happened_since_the_last_one,
    nothing_is_sent_where_nothing_happened_or_nobody_asked,
    every_access_is_in_one_letter,
    a_letter_tells_of_one_customer_alone,
    whoever_is_no_member_any_more_gets_none,
    only_a_member_who_sees_the_log_chooses,
);

const DAY: u32 = 86_400;
/// When a day is told, later than its end.
const LATE: u32 = 60;

async fn choose(house: &House, who: &Actor, cadence: &str) -> Result<(), Refusal> {
    let input = json!({ "cadence": cadence });
    let done = house.run_json(who, "notice.set_access_digest", input).await;
    done.map(drop)
}

async fn ticket(house: &House, tenant: &Tenant) -> TicketId {
    let input = json!({ "subject": "Geht nicht", "body": "Seit heute." });
    let opened = house.run_json(&tenant.owner, "ticket.create", input).await;
    text(&opened.unwrap().output, "id").parse().unwrap()
}

async fn seen(house: &House, tenant: &Tenant, (by, area): (&Actor, &str), ticket: TicketId) {
    let access = Access {
        customer: tenant.id,
        user: by.user,
        by: AccessBy::Staff(Some(ticket), None),
        area,
        object_id: None,
        address: None,
    };
    let mut tx = house.write().await;
    house.streams.note_access(&mut tx, &access).await.unwrap();
    tx.commit().await.unwrap();
}

async fn sent(house: &House) -> usize {
    send(&house.gate, &house.streams).await.unwrap()
}

/// What letters of this kind say, oldest first, as their arguments.
async fn letters(house: &House, to: &Actor) -> Vec<String> {
    let sql =
        "SELECT args FROM outgoing_mail WHERE kind = 'access-digest' AND user_id = $1 ORDER BY id";
    let mut tx = house.db.store.read().await.unwrap();
    let query = Statement { name: "test", sql }.bind(to.user);
    let rows = query.all(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    rows.iter().map(|row| row.text("args").unwrap()).collect()
}

async fn a_letter_tells_what_happened_since_the_last_one(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let about = ticket(&house, &tenant).await;
    seen(&house, &tenant, (&support, "recording.read"), about).await;
    choose(&house, &tenant.owner, "daily").await.unwrap();
    house.clock.advance(600);
    seen(&house, &tenant, (&support, "ticket.read"), about).await;
    assert_eq!(sent(&house).await, 0);
    house.clock.advance(DAY - 600 + LATE);
    assert_eq!(sent(&house).await, 1);
    let all = letters(&house, &tenant.owner).await;
    let sign = house.streams.sign_of(support.user.unwrap());
    let [letter] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert!(
        letter.contains(&sign) && letter.contains("Sonne"),
        "{letter}"
    );
    assert!(
        letter.contains("Anfrage T") || letter.contains("Ticket T"),
        "{letter}"
    );
    assert!(letter.contains("Anfrage gelesen") || letter.contains("Read the ticket"));
    // Before anybody asked for letters is before the first one.
    assert!(
        !letter.contains("Aufzeichnung") && !letter.contains("recording"),
        "{letter}"
    );
    assert_eq!(sent(&house).await, 0);

    house.clock.advance(DAY);
    assert_eq!(sent(&house).await, 0);
    seen(&house, &tenant, (&support, "contract.read"), about).await;
    house.clock.advance(DAY);
    assert_eq!(sent(&house).await, 1);
    let all = letters(&house, &tenant.owner).await;
    assert!(!all[1].contains("Anfrage gelesen") && !all[1].contains("Read the ticket"));
}

async fn nothing_is_sent_where_nothing_happened_or_nobody_asked(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let about = ticket(&house, &tenant).await;
    seen(&house, &tenant, (&support, "ticket.read"), about).await;
    house.clock.advance(8 * DAY);
    assert_eq!(sent(&house).await, 0);
    choose(&house, &tenant.owner, "weekly").await.unwrap();
    house.clock.advance(8 * DAY);
    assert_eq!(sent(&house).await, 0);
    seen(&house, &tenant, (&support, "ticket.read"), about).await;
    house.clock.advance(DAY + LATE);
    assert_eq!(sent(&house).await, 0);
    house.clock.advance(6 * DAY);
    assert_eq!(sent(&house).await, 1);
    seen(&house, &tenant, (&support, "ticket.read"), about).await;
    choose(&house, &tenant.owner, "never").await.unwrap();
    house.clock.advance(8 * DAY);
    assert_eq!(sent(&house).await, 0);
    assert_eq!(letters(&house, &tenant.owner).await.len(), 1);
}

async fn every_access_is_in_one_letter(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let about = ticket(&house, &tenant).await;
    choose(&house, &tenant.owner, "daily").await.unwrap();
    // At the very end of a day, and while its letter is not yet due.
    house.clock.advance(DAY);
    seen(&house, &tenant, (&support, "contract.read"), about).await;
    house.clock.advance(LATE - 1);
    seen(&house, &tenant, (&support, "recording.read"), about).await;
    assert_eq!(sent(&house).await, 0);
    house.clock.advance(1);
    assert_eq!(sent(&house).await, 1);
    // A schedule that slept for days tells all of them at once.
    house.clock.advance(3 * DAY);
    assert_eq!(sent(&house).await, 1);
    let all = letters(&house, &tenant.owner).await;
    let of = |word: &str| -> Vec<bool> { all.iter().map(|one| one.contains(word)).collect() };
    let first = [of("Vertragsdaten"), of("contract data")];
    assert!(first.contains(&vec![true, false]), "{all:?}");
    let second = [of("Aufzeichnung"), of("recording")];
    assert!(second.contains(&vec![false, true]), "{all:?}");
}

async fn a_letter_tells_of_one_customer_alone(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let support = house.staff(StaffRole::Support).await;
    let (here, there) = (ticket(&house, &sonne).await, ticket(&house, &mond).await);
    choose(&house, &sonne.owner, "daily").await.unwrap();
    seen(&house, &mond, (&support, "contract.read"), there).await;
    house.clock.advance(DAY + LATE);
    assert_eq!(sent(&house).await, 0);
    seen(&house, &mond, (&support, "contract.read"), there).await;
    seen(&house, &sonne, (&support, "recording.read"), here).await;
    house.clock.advance(DAY);
    assert_eq!(sent(&house).await, 1);
    let all = letters(&house, &sonne.owner).await;
    assert!(
        !all[0].contains("Vertragsdaten") && !all[0].contains("contract data"),
        "{all:?}"
    );
    assert!(letters(&house, &mond.owner).await.is_empty());
}

async fn whoever_is_no_member_any_more_gets_none(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let support = house.staff(StaffRole::Support).await;
    let now = wabe_kernel::Clock::now(house.clock.as_ref());
    let place = wabe_access::member::Member {
        id: wabe_kernel::id::MemberId::new(now, house.rng.as_ref()),
        user: mond.owner.user.unwrap(),
        role: Role::Viewer,
        created_at: now,
    };
    let mut tx = house.write().await;
    let joined = wabe_access::member::insert(&mut tx, sonne.id, &place).await;
    joined.unwrap();
    tx.commit().await.unwrap();
    let viewer = mond.owner.clone().in_customer(sonne.id);
    choose(&house, &viewer, "daily").await.unwrap();
    house.clock.advance(LATE);
    let about = ticket(&house, &sonne).await;
    seen(&house, &sonne, (&support, "ticket.read"), about).await;
    // The login of a member is for who sees members, and for themselves.
    let mut tx = house.write().await;
    let members = wabe_access::member::list(&mut tx, sonne.id).await.unwrap();
    for member in &members {
        let object = member.id.to_string();
        let access = Access {
            customer: sonne.id,
            user: support.user,
            by: AccessBy::Staff(Some(about), None),
            area: "ticket.diagnosis",
            object_id: Some(&object),
            address: None,
        };
        house.streams.note_access(&mut tx, &access).await.unwrap();
    }
    tx.commit().await.unwrap();
    house.clock.advance(DAY);
    assert_eq!(sent(&house).await, 1);
    let told = letters(&house, &viewer).await.concat();
    let address = async |actor: &Actor| {
        let mut tx = house.db.store.read().await.unwrap();
        let user = actor.user.unwrap();
        let found = wabe_identity::user::store::find(&mut tx, user)
            .await
            .unwrap();
        found.unwrap().email.to_string()
    };
    assert!(!told.contains(&address(&sonne.owner).await), "{told}");
    assert!(told.contains(&address(&viewer).await), "{told}");
    // A ticket that they do not see has no number for them.
    let all = letters(&house, &viewer).await;
    assert!(
        !all[0].contains("Anfrage T") && !all[0].contains("Ticket T"),
        "{all:?}"
    );
    seen(&house, &sonne, (&support, "ticket.read"), about).await;
    let mut tx = house.write().await;
    let gone = wabe_access::member::delete(&mut tx, sonne.id, place.id).await;
    gone.unwrap();
    tx.commit().await.unwrap();
    house.clock.advance(DAY);
    assert_eq!(sent(&house).await, 0);
    assert_eq!(letters(&house, &viewer).await.len(), 1);
}

async fn only_a_member_who_sees_the_log_chooses(house: House) {
    let tenant = house.tenant("Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let refused = choose(&house, &support, "daily").await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    let mut token = tenant.owner.clone();
    let id = TokenId::new(token.authenticated_at.unwrap(), house.rng.as_ref());
    token.kind = ActorKind::Token(id);
    token.scopes = Some([Permission::SelfWrite].into());
    let refused = choose(&house, &token, "daily").await;
    assert!(matches!(refused, Err(Refusal::Forbidden)), "{refused:?}");
    let wrong = choose(&house, &tenant.owner, "hourly").await;
    assert!(matches!(wrong, Err(Refusal::Invalid(_))), "{wrong:?}");
}

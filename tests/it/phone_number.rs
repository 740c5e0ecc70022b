//! Telephone numbers: set by who is called on them, found by whoever answers, shown to nobody. Bar 3.8, control
//! MWK-4-03.

use crate::browser::Browser;
use crate::on_both_engines;
use crate::process::Panel;
use serde_json::{Value, json};
use wabe_access::{Actor, Refusal, customer};
use wabe_identity::user::store as users;
use wabe_kernel::id::UserId;
use wabe_kernel::{CallingCode, PhoneSpelling};
use wabe_testkit::House;

on_both_engines!(
    a_number_is_found_by_every_spelling_and_by_its_end,
    what_is_no_number_is_refused_and_the_record_keeps_none,
    the_number_of_a_customer_stays_with_callers_who_do_not_know_it,
);

async fn set(house: &House, actor: &Actor, phone: Value) -> Result<Value, Refusal> {
    let done = house
        .run_json(actor, "user.set_phone", json!({ "phone": phone }))
        .await;
    done.map(|done| json!([done.before["phone"], done.after["phone"]]))
}

async fn found(house: &House, typed: &str) -> Vec<UserId> {
    let spelled: PhoneSpelling = typed.parse().unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let mut all = Vec::new();
    for ending in spelled.endings(&CallingCode::default()) {
        all.extend(users::by_phone(&mut tx, &ending, 10).await.unwrap());
    }
    tx.rollback().await.unwrap();
    all
}

async fn a_number_is_found_by_every_spelling_and_by_its_end(house: House) {
    let sonne = house.tenant("Sonne").await;
    let mond = house.tenant("Mond").await;
    set(&house, &sonne.owner, json!("030 / 123 45-67"))
        .await
        .unwrap();
    set(&house, &mond.owner, json!("+43 1 1234567"))
        .await
        .unwrap();
    // A customer has one besides its people; its own role writes it, and it is found the same way.
    let contact = json!({ "contact_email": "info@sonne.example", "contact_phone": "0171 1234567" });
    let now = wabe_kernel::Clock::now(house.clock.as_ref());
    let fresh = Actor::member(sonne.owner.user.unwrap(), sonne.id, now);
    let done = house
        .run_json(&fresh, "customer.set_contact", contact)
        .await;
    assert_eq!(done.unwrap().after["contact_phone"], "+491711234567");
    let spelled: PhoneSpelling = "0171/1234567".parse().unwrap();
    let endings = spelled.endings(&CallingCode::default());
    let mut tx = house.db.store.read().await.unwrap();
    let customers = customer::by_phone(&mut tx, &endings[0], 10).await;
    tx.rollback().await.unwrap();
    assert_eq!(customers.unwrap(), [sonne.id]);
    let (sun, moon) = (sonne.owner.user.unwrap(), mond.owner.user.unwrap());
    for typed in [
        "030 1234567",
        "+49 (0)30 1234567",
        "0049301234567",
        "301234567",
    ] {
        assert_eq!(found(&house, typed).await, [sun], "{typed}");
    }
    // The end alone can be anybody's, and what is too short is nobody's.
    let mut both = found(&house, "234567").await;
    both.sort();
    let mut wanted = [sun, moon];
    wanted.sort();
    assert_eq!(both, wanted);
    assert!(found(&house, "34567").await.is_empty());
    assert!(found(&house, "030 1234568").await.is_empty());
    set(&house, &sonne.owner, Value::Null).await.unwrap();
    assert_eq!(found(&house, "234567").await, [moon]);
}

async fn what_is_no_number_is_refused_and_the_record_keeps_none(house: House) {
    let owner = house.tenant("Sonne").await.owner;
    for (typed, code) in [
        ("1234567", "phone-no-area"),
        ("030 x", "phone-sign"),
        ("+49", "phone-too-short"),
    ] {
        let refused = set(&house, &owner, json!(typed)).await;
        let Err(Refusal::Invalid(errors)) = refused else {
            panic!("{typed}: {refused:?}");
        };
        assert_eq!(errors.0["phone"].code, code, "{typed}");
    }
    let done = set(&house, &owner, json!("0171 2345678")).await.unwrap();
    assert_eq!(done, json!([null, "…78"]));
    let done = set(&house, &owner, json!("0171 2345699")).await.unwrap();
    assert_eq!(done, json!(["…78", "…99"]));
    let nobody = Actor {
        user: None,
        ..owner
    };
    let refused = set(&house, &nobody, json!("0171 2345678")).await;
    assert!(matches!(refused, Err(Refusal::NotFound)), "{refused:?}");
}

async fn the_number_of_a_customer_stays_with_callers_who_do_not_know_it(house: House) {
    let sonne = house.tenant("Sonne").await;
    let now = wabe_kernel::Clock::now(house.clock.as_ref());
    let fresh = Actor::member(sonne.owner.user.unwrap(), sonne.id, now);
    let number = "+491711234567";
    let email = "info@sonne.example";
    for (input, wanted) in [
        (
            json!({ "contact_email": email, "contact_phone": "0171 1234567" }),
            json!([null, number]),
        ),
        (json!({ "contact_email": email }), json!([number, number])),
        (
            json!({ "contact_email": email, "contact_phone": "" }),
            json!([number, null]),
        ),
        (json!({ "contact_email": email }), json!([null, null])),
        (
            json!({ "contact_email": email, "contact_phone": number }),
            json!([null, number]),
        ),
        (
            json!({ "contact_email": email, "contact_phone": null }),
            json!([number, null]),
        ),
    ] {
        let said = input.to_string();
        let done = house.run_json(&fresh, "customer.set_contact", input).await;
        let done = done.unwrap();
        let phones = json!([done.before["contact_phone"], done.after["contact_phone"]]);
        assert_eq!(phones, wanted, "{said}");
        let mut tx = house.db.store.read_for(sonne.id).await.unwrap();
        let kept = customer::find(&mut tx, sonne.id).await.unwrap().unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(json!(kept.contact_phone), wanted[1], "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_found_by_their_number_and_nobody_reads_it() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let owner = Browser::logged_in(&panel, (&email, &password)).await;
    let token = owner.token("/account").await;
    let send = async |phone: &str| {
        let fields = [("csrf", token.as_str()), ("phone", phone)];
        owner.post("/account/phone", &fields).await
    };
    let wrong = send("123456").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("value=\"123456\""));
    let done = send("030 / 765 43 21").await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(owner.get("/account").await.text().contains("+49307654321"));
    let (email, password) = panel.account("support");
    let support = Browser::logged_in(&panel, (&email, &password)).await;
    let token = support.token("/staff/calls").await;
    for typed in ["+49 (0)30 7654321", "654321"] {
        let list = support
            .get(&format!(
                "/staff?q={}",
                typed.replace('+', "%2B").replace(' ', "+")
            ))
            .await;
        let list = list.text();
        assert!(list.contains(">Telefonnummer</td>"), "{typed}");
        assert!(!list.contains("+49307654321"), "{typed}");
        let fields = [("csrf", token.as_str()), ("who", typed)];
        let call = support.post("/staff/calls", &fields).await;
        assert_eq!(call.status, 303, "{typed}: {}", call.text());
        let ticket = call.header("location");
        assert!(ticket.starts_with("/staff/tickets/tkt_"), "{ticket}");
        let ticket = support.get(ticket).await.text();
        assert!(!ticket.contains("7654321"), "{typed}");
    }
    let seen = owner.get("/accesses").await.text();
    assert!(
        seen.contains("in einer Suche gefunden"),
        "the search is not told"
    );
}

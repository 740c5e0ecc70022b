//! Why something does not work, asked by staff: about what somebody of the customer asked about, in that
//! ticket, and about nothing else; the customer sees every such look.
//! Source: controls MWK-4-03, MWK-4-04, bar 3.8.

use crate::browser::Browser;
use crate::client::text;
use crate::on_both_engines;
use crate::process::Panel;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Permission, Refusal, Role, Scope, StaffRole, reading};
use wabe_kernel::Clock as _;
use wabe_kernel::id::{CustomerId, MemberId, TicketId};
use wabe_support::diagnosis::askable;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_thing_is_looked_into_when_somebody_asked_about_it_in_that_ticket,
    a_look_ends_with_whatever_carries_it,
    a_consent_opens_the_thing_of_its_ticket_while_it_holds,
    a_login_is_looked_into_on_an_instruction_alone,
    only_who_works_on_tickets_looks,
);

/// A customer with two domains.
struct Scene {
    tenant: Tenant,
    domains: [String; 2],
}

async fn said(house: &House, actor: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(actor, name, input).await;
    done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .output
}

async fn scene(house: &House, name: &str) -> Scene {
    let tenant = house.tenant(name).await;
    let mut domains = Vec::new();
    for top in ["test", "example"] {
        let input = json!({ "name": format!("{}.{top}", name.to_lowercase()) });
        let made = said(house, &tenant.owner, "domain.create", input).await;
        domains.push(text(&made, "id"));
    }
    let domains = domains.try_into().unwrap();
    Scene { tenant, domains }
}

async fn open(house: &House, actor: &Actor, object: Option<&str>) -> TicketId {
    let input = json!({ "subject": "Geht nicht", "body": "Seit heute.", "object": object });
    let opened = said(house, actor, "ticket.create", input).await;
    text(&opened, "id").parse().unwrap()
}

/// What somebody of the hoster sees of a thing in a ticket.
async fn look(
    house: &House,
    by: &Actor,
    (customer, ticket): (CustomerId, TicketId),
    object: &str,
) -> Result<Scope, Refusal> {
    let actor = by.clone().at_ticket(customer, ticket);
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let scope = reading::scope(&mut tx, &actor, (ticket, object), house.clock.now()).await;
    tx.rollback().await.unwrap();
    scope
}

fn unasked(found: &Result<Scope, Refusal>) -> bool {
    matches!(found, Err(Refusal::Conflict("not-asked-about")))
}

/// What the desk offers to look into.
async fn offered(house: &House, by: &Actor, ticket: TicketId) -> Vec<String> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, by).await.unwrap();
    let found = askable(&mut tx, &scope, ticket, house.clock.now()).await;
    tx.rollback().await.unwrap();
    found.unwrap().into_iter().map(|thing| thing.id).collect()
}

async fn a_thing_is_looked_into_when_somebody_asked_about_it_in_that_ticket(house: House) {
    let (sonne, mond) = (scene(&house, "Sonne").await, scene(&house, "Mond").await);
    let support = house.staff(StaffRole::Support).await;
    let [asked, other] = &sonne.domains;
    let ticket = open(&house, &sonne.tenant.owner, Some(asked)).await;
    let here = (sonne.tenant.id, ticket);
    let scope = look(&house, &support, here, asked).await.unwrap();
    assert!(scope.has(Permission::DomainRead));
    for never in [
        Permission::DomainWrite,
        Permission::FileRead,
        Permission::MailRead,
        Permission::MemberRead,
    ] {
        assert!(!scope.has(never), "{never}");
    }
    let list = offered(&house, &support, ticket).await;
    assert_eq!(list, std::slice::from_ref(asked));
    // Another thing, another customer's, in another ticket: nobody asked for that.
    let foreign = &mond.domains[0];
    for object in [other, foreign, "dom_1", ""] {
        let found = look(&house, &support, here, object).await;
        assert!(unasked(&found), "{object}: {found:?}");
    }
    let general = open(&house, &sonne.tenant.owner, None).await;
    let found = look(&house, &support, (sonne.tenant.id, general), asked).await;
    assert!(unasked(&found), "{found:?}");
    assert!(offered(&house, &support, general).await.is_empty());
    let theirs = open(&house, &mond.tenant.owner, Some(foreign)).await;
    let found = look(&house, &support, (mond.tenant.id, theirs), asked).await;
    assert!(unasked(&found), "{found:?}");
    let found = look(&house, &support, (sonne.tenant.id, theirs), foreign).await;
    assert!(matches!(found, Err(Refusal::NotFound)), "{found:?}");
}

async fn a_look_ends_with_whatever_carries_it(house: House) {
    let Scene { tenant, domains } = scene(&house, "Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let about = domains[0].as_str();
    // Somebody ends the instruction.
    let ticket = open(&house, &tenant.owner, Some(about)).await;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let given = wabe_access::instruction::of_ticket(&mut tx, tenant.id, ticket).await;
    tx.rollback().await.unwrap();
    let given = given.unwrap()[0].id;
    assert!(
        look(&house, &support, (tenant.id, ticket), about)
            .await
            .is_ok()
    );
    said(
        &house,
        &tenant.owner,
        "instruction.end",
        json!({ "id": given }),
    )
    .await;
    let found = look(&house, &support, (tenant.id, ticket), about).await;
    assert!(unasked(&found), "{found:?}");
    // The ticket is solved.
    let ticket = open(&house, &tenant.owner, Some(about)).await;
    said(
        &house,
        &tenant.owner,
        "ticket.solve",
        json!({ "id": ticket }),
    )
    .await;
    let found = look(&house, &support, (tenant.id, ticket), about).await;
    let closed = matches!(found, Err(Refusal::Conflict("ticket-not-open")));
    assert!(closed, "{found:?}");
    assert!(offered(&house, &support, ticket).await.is_empty());
    // Whoever asked is no member any more.
    let webmaster = house.member(tenant.id, Role::Webmaster).await;
    let ticket = open(&house, &webmaster, Some(about)).await;
    assert!(
        look(&house, &support, (tenant.id, ticket), about)
            .await
            .is_ok()
    );
    let place = place_of(&house, &webmaster).await;
    let mut tx = house.write().await;
    member::delete(&mut tx, tenant.id, place).await.unwrap();
    tx.commit().await.unwrap();
    let found = look(&house, &support, (tenant.id, ticket), about).await;
    assert!(unasked(&found), "{found:?}");
}

async fn place_of(house: &House, actor: &Actor) -> MemberId {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let all = member::list(&mut tx, actor.customer).await.unwrap();
    tx.rollback().await.unwrap();
    let own = all.into_iter().find(|one| Some(one.user) == actor.user);
    own.unwrap().id
}

/// A ticket of the hoster's about a thing, for which the customer gave consent.
async fn consented(house: &House, scene: &Scene, support: &Actor) -> (TicketId, String) {
    let input = json!({
        "customer": scene.tenant.id, "subject": "Anruf", "object": scene.domains[0],
    });
    let opened = said(house, support, "ticket.call", input).await;
    let ticket: TicketId = text(&opened, "id").parse().unwrap();
    let input = json!({ "id": ticket, "reason": "Um zu sehen, warum." });
    let asked = text(&said(house, support, "consent.ask", input).await, "id");
    (ticket, asked)
}

async fn a_consent_opens_the_thing_of_its_ticket_while_it_holds(house: House) {
    let scene = scene(&house, "Sonne").await;
    let support = house.staff(StaffRole::Support).await;
    let (customer, owner) = (scene.tenant.id, &scene.tenant.owner);
    let [about, other] = &scene.domains;
    let (ticket, consent) = consented(&house, &scene, &support).await;
    let here = (customer, ticket);
    assert!(unasked(&look(&house, &support, here, about).await));
    said(
        &house,
        owner,
        "consent.give",
        json!({ "id": consent, "days": 1 }),
    )
    .await;
    assert!(look(&house, &support, here, about).await.is_ok());
    let list = offered(&house, &support, ticket).await;
    assert_eq!(list, std::slice::from_ref(about));
    assert!(unasked(&look(&house, &support, here, other).await));
    said(&house, owner, "consent.withdraw", json!({ "id": consent })).await;
    assert!(unasked(&look(&house, &support, here, about).await));
    // One that is over.
    let (ticket, consent) = consented(&house, &scene, &support).await;
    said(
        &house,
        owner,
        "consent.give",
        json!({ "id": consent, "days": 1 }),
    )
    .await;
    assert!(
        look(&house, &support, (customer, ticket), about)
            .await
            .is_ok()
    );
    house.clock.advance(86_400);
    assert!(unasked(
        &look(&house, &support, (customer, ticket), about).await
    ));
}

async fn a_login_is_looked_into_on_an_instruction_alone(house: House) {
    let (sonne, mond) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let support = house.staff(StaffRole::Support).await;
    let now = house.clock.now();
    let place = Member {
        id: MemberId::new(now, house.rng.as_ref()),
        user: mond.owner.user.unwrap(),
        role: Role::Viewer,
        created_at: now,
    };
    let mut tx = house.write().await;
    member::insert(&mut tx, sonne.id, &place).await.unwrap();
    tx.commit().await.unwrap();
    let viewer = mond.owner.clone().in_customer(sonne.id);
    let (own, owners) = (place.id.to_string(), place_of(&house, &sonne.owner).await);
    // Whoever sees no members names their own login and nobody else's.
    let ticket = open(&house, &viewer, Some(&own)).await;
    let scope = look(&house, &support, (sonne.id, ticket), &own)
        .await
        .unwrap();
    assert!(scope.has(Permission::MemberRead) && !scope.has(Permission::CustomerRead));
    let input = json!({ "subject": "x", "body": "x", "object": owners });
    let refused = house
        .run_json(&viewer, "ticket.create", input.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    // Nor a login of another customer's, whoever asks.
    let refused = house.run_json(&mond.owner, "ticket.create", input).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    // A consent opens no login.
    let input = json!({ "customer": sonne.id, "subject": "Anruf", "object": owners });
    let call = text(&said(&house, &support, "ticket.call", input).await, "id");
    let call: TicketId = call.parse().unwrap();
    let input = json!({ "id": call, "reason": "Um zu sehen, warum." });
    let consent = text(&said(&house, &support, "consent.ask", input).await, "id");
    let input = json!({ "id": consent, "days": 1 });
    said(&house, &sonne.owner, "consent.give", input).await;
    let found = look(&house, &support, (sonne.id, call), &owners.to_string()).await;
    assert!(unasked(&found), "{found:?}");
}

async fn only_who_works_on_tickets_looks(house: House) {
    let scene = scene(&house, "Sonne").await;
    let ticket = open(&house, &scene.tenant.owner, Some(&scene.domains[0])).await;
    let here = (scene.tenant.id, ticket);
    for role in StaffRole::ALL {
        let by = house.staff(*role).await;
        let found = look(&house, &by, here, &scene.domains[0]).await;
        let works = role.permissions().contains(&Permission::TicketWork);
        match found {
            Ok(_) => assert!(works, "{role}"),
            Err(Refusal::Forbidden) => assert!(!works, "{role}"),
            Err(refusal) => panic!("{role}: {refusal:?}"),
        }
    }
    // Nor a member, nor the panel's own work.
    for nobody in [scene.tenant.owner.clone(), Actor::system(HOUSE)] {
        let found = look(&house, &nobody, here, &scene.domains[0]).await;
        assert!(found.is_err(), "{found:?}");
    }
}

#[tokio::test]
async fn the_desk_sees_what_is_wrong_with_the_action_and_the_customer_sees_the_look() {
    let panel = Panel::demo();
    let (email, _) = panel.account("owner");
    let owner = panel.api(&panel.token(&email, &[]));
    let (email, password) = panel.account("support");
    let desk = panel.api(&panel.token(&email, &[]));
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    let made = owner.live("/webspaces", json!({ "name": "lost" })).await;
    let web = text(&made, "id");
    let asked = json!({ "subject": "Seite weg", "body": "Bitte helfen.", "object": web });
    let ticket = text(&owner.made("/tickets", asked).await, "id");
    owner
        .bare("DELETE", &format!("/webspaces/{web}"))
        .await
        .expect(204);

    let path = format!("/staff/tickets/{ticket}/diagnosis");
    let found = desk.get(&path).await.expect(200);
    assert_eq!(found["findings"][0]["code"], "in-trash");
    let seen = owner.all("/accesses").await;
    let look = seen.iter().find(|one| one["word"] == "ticket.diagnosis");
    let look = look.unwrap_or_else(|| panic!("{seen:?}"));
    assert_eq!(
        (&look["object"], &look["ticket"]),
        (&json!(web), &json!(ticket))
    );
    assert!(look["by"].is_string() && look["token"].is_string());
    assert!(look["token_name"].is_string(), "{look}");

    let list = browser
        .get(&format!("/staff/tickets/{ticket}"))
        .await
        .text();
    let here = format!("{path}?object={web}");
    assert!(list.contains(&here), "{list}");
    let page = browser.get(&here).await;
    assert_eq!(page.status, 200);
    let action = format!("/staff/tickets/{ticket}/actions/webspace.restore?object={web}");
    assert!(page.text().contains(&action), "{}", page.text());
    let seen = owner.all("/accesses").await;
    let looks = seen.iter().filter(|one| one["word"] == "ticket.diagnosis");
    assert_eq!(looks.count(), 2);

    // What nobody asked about is not there, and its look is not noted.
    let other = text(
        &owner.live("/webspaces", json!({ "name": "other" })).await,
        "id",
    );
    let refused = desk.get(&format!("{path}?object={other}")).await;
    assert_eq!(refused.status, 409);
    let led = browser.get(&format!("{path}?object={other}")).await;
    assert_eq!(led.status, 303);
    let seen = owner.all("/accesses").await;
    assert!(!seen.iter().any(|one| one["object"] == json!(other)));
}

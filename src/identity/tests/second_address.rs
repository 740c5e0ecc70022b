//! Addresses that are kept here ask for a second one elsewhere, whenever that shows.

use super::email::letters;
use super::world::{PASSWORD, World, attempt, code};
use crate::customer::create::CreateCustomer;
use crate::invitation::accept::AcceptInvitation;
use crate::invitation::invite::InviteMember;
use crate::outbox::MailKind;
use crate::profile::STANDARD_2026;
use crate::second_address::missing::Missing;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal};
use wabe_kernel::{Language, MailAddress, Secret};

const HERE: &str = "info@hosted.test";
const ELSEWHERE: &str = "info@elsewhere.test";

async fn write(world: &World, sql: &'static str, values: [&str; 2]) {
    let statement = wabe_store::Statement { name: "test", sql };
    let mut tx = world.store.write().await.unwrap();
    let query = statement.bind(values[0]).bind(values[1]);
    query.execute_one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Maria's address becomes one that is kept here, as when its domain is proved later.
async fn marias_domain_is_proved(world: &World) {
    let sql = "UPDATE wabe_user SET email = $1 WHERE id = $2";
    write(world, sql, [HERE, &world.maria.to_string()]).await;
}

async fn contacts_domain_is_proved(world: &World) {
    let sql = "UPDATE customer SET contact_email = $1 WHERE id = $2";
    write(world, sql, [HERE, &world.customer.to_string()]).await;
}

async fn missing(world: &World) -> Missing {
    let of = Some(world.customer);
    world
        .identity
        .missing_addresses(world.maria, of)
        .await
        .unwrap()
}

async fn ask(world: &World) {
    let customers = [world.customer];
    world
        .identity
        .ask_second_addresses(&customers)
        .await
        .unwrap();
}

fn address(text: &str) -> MailAddress {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_login_on_a_domain_that_is_proved_later_asks_for_a_second_address_until_it_is_there() {
    let world = World::new(&STANDARD_2026).await;
    assert_eq!(missing(&world).await, Missing::default());
    ask(&world).await;
    assert_eq!(letters(&world, MailKind::SecondEmailMissing).len(), 0);
    marias_domain_is_proved(&world).await;
    assert_eq!(missing(&world).await.login, Some(address(HERE)));
    ask(&world).await;
    ask(&world).await;
    let asked = letters(&world, MailKind::SecondEmailMissing);
    assert_eq!(asked.len(), 1, "once");
    assert_eq!(asked[0].to, address(HERE));
    let second = "UPDATE wabe_user SET second_email = $1 WHERE id = $2";
    let maria = world.maria.to_string();
    write(&world, second, ["maria@mail.hosted.test", &maria]).await;
    assert_eq!(
        missing(&world).await.login,
        Some(address(HERE)),
        "that one is here too"
    );
    write(&world, second, [ELSEWHERE, &maria]).await;
    assert_eq!(missing(&world).await, Missing::default());
    ask(&world).await;
    assert_eq!(letters(&world, MailKind::SecondEmailMissing).len(), 1);
    // Its domain is proved here, too.
    write(&world, second, ["maria@hosted.test", &maria]).await;
    ask(&world).await;
    assert_eq!(letters(&world, MailKind::SecondEmailMissing).len(), 2);
    assert_eq!(letters(&world, MailKind::SecondContactMissing).len(), 0);
}

#[tokio::test]
async fn a_contact_on_a_domain_that_is_proved_later_asks_for_a_second_one() {
    let world = World::new(&STANDARD_2026).await;
    contacts_domain_is_proved(&world).await;
    let found = missing(&world).await;
    assert_eq!((found.login, found.contact), (None, Some(address(HERE))));
    let own = world.identity.missing_addresses(world.maria, None).await;
    assert_eq!(
        own.unwrap(),
        Missing::default(),
        "the customer was not asked about"
    );
    ask(&world).await;
    ask(&world).await;
    let asked = letters(&world, MailKind::SecondContactMissing);
    assert_eq!(asked.len(), 1, "once");
    assert_eq!(asked[0].to, address(HERE));
    assert_eq!(asked[0].args["customer"], "Sonne GmbH");
    let second = "UPDATE customer SET second_contact_email = $1 WHERE id = $2";
    write(&world, second, [ELSEWHERE, &world.customer.to_string()]).await;
    assert_eq!(missing(&world).await, Missing::default());
}

async fn take_in(world: &World, owner: &str, second: Option<&str>) -> Result<(), Refusal> {
    let input = json!({
        "name": "Mond GmbH", "plan": "Basis", "contact_email": ELSEWHERE,
        "owner_name": "Ole", "owner_email": owner, "owner_second_email": second,
        "owner_password": PASSWORD,
    });
    let house = Actor::system(HOUSE);
    let made = world.run::<CreateCustomer>(&house, input).await;
    made.map(|_made| ())
}

#[tokio::test]
async fn a_new_owner_whose_address_is_kept_here_needs_a_second_one() {
    let world = World::new(&STANDARD_2026).await;
    for (second, why) in [
        (None, "owner_second_email:contact-needs-second"),
        (
            Some("ole@mail.hosted.test"),
            "owner_second_email:contact-second-hosted-here",
        ),
        (Some(HERE), "owner_second_email:email-second-same"),
    ] {
        assert_eq!(code(take_in(&world, HERE, second).await), why);
    }
    take_in(&world, HERE, Some(ELSEWHERE)).await.unwrap();
    let ole = world.login(attempt(HERE, PASSWORD)).await.unwrap();
    assert_eq!(ole.user.second_email, Some(address(ELSEWHERE)));
    // Whoever is a user already says that themselves.
    marias_second_customer(&world).await;
}

async fn marias_second_customer(world: &World) {
    let sql = "UPDATE wabe_user SET email = $1 WHERE id = $2";
    let maria = "maria@hosted.test";
    write(world, sql, [maria, &world.maria.to_string()]).await;
    take_in(world, maria, None).await.unwrap();
}

/// Invites this address, and answers the link's secret.
async fn invited(world: &World, email: &str) -> Secret {
    let input = json!({ "email": email, "role": "viewer" });
    world
        .run::<InviteMember>(&world.actor(), input)
        .await
        .unwrap();
    Secret::new(world.mails.token(MailKind::Invitation))
}

async fn accept(world: &World, token: &Secret, second: Option<&str>) -> Result<Value, Refusal> {
    let name = "Ole".parse().unwrap();
    let new = AcceptInvitation::new(token.clone(), name, Secret::new(PASSWORD), Language::De);
    let new = new.with_second(second.map(address));
    let accepted = world.identity.accept_invitation(&world.gate, new).await;
    accepted.map(|accepted| json!(accepted))
}

#[tokio::test]
async fn an_invitation_to_an_address_that_is_kept_here_asks_for_a_second_one() {
    let world = World::new(&STANDARD_2026).await;
    let token = invited(&world, HERE).await;
    let view = world.identity.invitation(&token).await.unwrap().unwrap();
    assert!(view.needs_second);
    for (second, why) in [
        (None, "second_email:contact-needs-second"),
        (
            Some("ole@mail.hosted.test"),
            "second_email:contact-second-hosted-here",
        ),
        (Some(HERE), "second_email:email-second-same"),
    ] {
        assert_eq!(code(accept(&world, &token, second).await), why);
    }
    accept(&world, &token, Some(ELSEWHERE)).await.unwrap();
    let ole = world.login(attempt(HERE, PASSWORD)).await.unwrap().user;
    let found = world
        .identity
        .missing_addresses(ole.id, None)
        .await
        .unwrap();
    assert_eq!(
        found.login,
        Some(address(HERE)),
        "not before it was confirmed"
    );
    let confirms = letters(&world, MailKind::ConfirmEmail);
    assert_eq!(confirms.len(), 1);
    assert_eq!(confirms[0].to, address(ELSEWHERE));
    let link = Secret::new(world.mails.token(MailKind::ConfirmEmail));
    world
        .identity
        .confirm_email(&world.gate, &link)
        .await
        .unwrap();
    let found = world
        .identity
        .missing_addresses(ole.id, None)
        .await
        .unwrap();
    assert_eq!(found, Missing::default());
}

#[tokio::test]
async fn an_invitation_to_an_address_elsewhere_asks_for_no_second_one() {
    let world = World::new(&STANDARD_2026).await;
    let token = invited(&world, ELSEWHERE).await;
    let view = world.identity.invitation(&token).await.unwrap().unwrap();
    assert!(!view.needs_second);
    accept(&world, &token, None).await.unwrap();
    assert_eq!(letters(&world, MailKind::ConfirmEmail).len(), 0);
}

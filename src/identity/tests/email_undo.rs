//! The way back from another address to log in with. Bar 3.4 T4.

use super::email::{CHOSEN, NEW, ask, confirm, enters, letters, moved, undo, void};
use super::world::{MARIA, PASSWORD, World, code};
use crate::customer::create::CreateCustomer;
use crate::outbox::MailKind;
use crate::profile::{DE_LEGACY, STANDARD_2026};
use crate::token::create::CreateToken;
use crate::user::set_password::SetPassword;
use serde_json::json;
use wabe_access::Actor;
use wabe_access::actor::HOUSE;
use wabe_kernel::Secret;

#[tokio::test]
async fn the_way_back_restores_the_address_and_only_a_new_password_opens_it() {
    let world = World::new(&DE_LEGACY).await;
    let known = world.maria_logs_in().await.unwrap();
    let back = moved(&world).await;
    let input = json!({ "name": "ci", "scopes": ["domain:read"], "days": 30 });
    let api = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap()
        .output;
    let way = undo(&world, &back).await.unwrap();
    assert!(void(&undo(&world, &back).await), "a link works once");
    for email in [MARIA, NEW] {
        assert!(!enters(&world, email, PASSWORD).await, "{email}");
    }
    let identity = &world.identity;
    assert!(
        identity
            .find_session(known.token.expose())
            .await
            .unwrap()
            .is_none()
    );
    assert!(identity.list_devices(world.maria).await.unwrap().is_empty());
    assert!(
        identity
            .authenticate_token(&api.token)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(world.mails.count(MailKind::LoginEmailRestored), 2);
    let again = identity.redeem(way.expose(), &Secret::new(PASSWORD)).await;
    assert_eq!(code(again), "new_password:password-reused");
    identity
        .redeem(way.expose(), &Secret::new(CHOSEN))
        .await
        .unwrap();
    assert!(enters(&world, MARIA, CHOSEN).await && !enters(&world, NEW, CHOSEN).await);
}

#[tokio::test]
async fn the_way_back_is_open_for_three_days() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    world.clock.advance(72 * 3_600 - 1);
    world.identity.prune().await.unwrap();
    assert!(
        world
            .identity
            .email_link(&Secret::new(&*back))
            .await
            .unwrap()
            .is_some()
    );
    world.clock.advance(1);
    assert!(void(&undo(&world, &back).await));
    assert!(enters(&world, NEW, PASSWORD).await);
}

// Whoever took the login over must not be able to close the way back.
#[tokio::test]
async fn neither_a_new_password_nor_a_further_change_voids_the_way_back() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    let input = json!({ "new_password": CHOSEN });
    world
        .run::<SetPassword>(&world.actor(), input)
        .await
        .unwrap();
    ask(&world, json!({ "email": "dieb@dritte.test" }))
        .await
        .unwrap();
    confirm(&world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    let later = world.mails.token(MailKind::LoginEmailChanged);
    undo(&world, &back).await.unwrap();
    assert!(
        void(&undo(&world, &later).await),
        "what came after fell with it"
    );
    world
        .identity
        .request_reset("dieb@dritte.test", "192.0.2.1".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(world.mails.count(MailKind::Reset), 0);
}

#[tokio::test]
async fn nobody_else_gets_an_address_while_it_can_be_taken_back() {
    let world = World::new(&STANDARD_2026).await;
    let back = moved(&world).await;
    let input = json!({
        "name": "Mond", "plan": "Basis", "contact_email": "post@elsewhere.test",
        "owner_name": "Otto", "owner_email": MARIA, "owner_password": PASSWORD,
    });
    let refused = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input.clone())
        .await;
    assert_eq!(code(refused), "changed-meanwhile");
    undo(&world, &back).await.unwrap();
    let made = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input)
        .await
        .unwrap();
    assert_eq!(made.output.owner, world.maria, "it is Maria's again");
}

#[tokio::test]
async fn a_second_address_that_goes_is_told_and_nothing_needs_to_be_confirmed() {
    let world = World::new(&STANDARD_2026).await;
    let both = json!({ "email": MARIA, "second_email": "b@mond.test" });
    ask(&world, both).await.unwrap();
    confirm(&world, &world.mails.token(MailKind::ConfirmEmail))
        .await
        .unwrap();
    let asked = ask(&world, json!({ "email": MARIA })).await.unwrap();
    assert!(asked["confirm_until"].is_null());
    let told: Vec<String> = letters(&world, MailKind::LoginEmailChanged)
        .iter()
        .map(|mail| mail.to.to_string())
        .collect();
    assert_eq!(told, [MARIA, MARIA, "b@mond.test"]);
    undo(&world, &world.mails.token(MailKind::LoginEmailChanged))
        .await
        .unwrap();
    let again = json!({ "email": MARIA, "second_email": "b@mond.test" });
    assert_eq!(code(ask(&world, again).await), "email:email-unchanged");
}

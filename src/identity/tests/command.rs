//! Members, customers, plans, staff.

use super::world::{MARIA, PASSWORD, World, attempt, code};
use crate::customer::create::CreateCustomer;
use crate::customer::resume::ResumeCustomer;
use crate::customer::set_contact::SetContact;
use crate::customer::set_plan::SetPlan;
use crate::customer::suspend::SuspendCustomer;
use crate::invitation::accept::{AcceptInvitation, Accepted};
use crate::invitation::invite::InviteMember;
use crate::invitation::renew::RenewInvitation;
use crate::invitation::revoke::RevokeInvitation;
use crate::member::remove::RemoveMember;
use crate::member::set_role::SetRole;
use crate::outbox::MailKind;
use crate::profile::STANDARD_2026;
use crate::staff::create::CreateStaff;
use crate::user::read::{members, staff};
use crate::user::set_profile::SetProfile;
use serde_json::json;
use std::collections::BTreeSet;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Refusal, Scope, member};
use wabe_kernel::{Clock as _, Language, Secret};

async fn join(world: &World, email: &str, role: &str) -> Accepted {
    let input = json!({ "email": email, "role": role });
    world
        .run::<InviteMember>(&world.actor(), input)
        .await
        .unwrap();
    let token = Secret::new(world.mails.token(MailKind::Invitation));
    let name = "Jo".parse().unwrap();
    let accept = AcceptInvitation::new(token, name, Secret::new(PASSWORD), Language::En);
    world
        .identity
        .accept_invitation(&world.gate, accept)
        .await
        .unwrap()
}

#[test]
fn names_are_unique_in_this_room() {
    let commands: BTreeSet<_> = crate::COMMANDS.iter().map(|spec| spec.name).collect();
    assert_eq!(commands.len(), crate::COMMANDS.len());
    let statements = crate::statements();
    let names: BTreeSet<_> = statements.iter().map(|statement| statement.name).collect();
    assert_eq!(names.len(), statements.len());
}

#[tokio::test]
async fn an_invitation_leads_a_new_user_in_once() {
    let world = World::new(&STANDARD_2026).await;
    let jo = join(&world, "jo@mond.test", "webmaster").await;
    assert!(
        world
            .login(attempt("jo@mond.test", PASSWORD))
            .await
            .is_some()
    );
    let token = Secret::new(world.mails.token(MailKind::Invitation));
    assert!(world.identity.invitation(&token).await.unwrap().is_none());
    let again = world
        .identity
        .accept_invitation(&world.gate, AcceptInvitation::of(token))
        .await;
    assert!(matches!(again, Err(Refusal::NotFound)));
    let mut tx = world.store.read().await.unwrap();
    let listed = members(&mut tx, &Scope::system(world.customer))
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        listed
            .iter()
            .any(|found| found.user == jo.user && found.email.to_string() == "jo@mond.test")
    );
}

#[tokio::test]
async fn a_known_user_accepts_without_a_new_password() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({
        "name": "Mond AG", "plan": "Basis", "contact_email": "post@elsewhere.test",
        "owner_name": "Ole", "owner_email": "ole@mond.test", "setup_by_mail": true,
    });
    let made = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input)
        .await
        .unwrap()
        .output;
    assert!(made.initial_password.is_none());
    let setup = world.mails.token(MailKind::Setup);
    world
        .identity
        .redeem(&setup, &Secret::new("drei Katzen auf dem Dach"))
        .await
        .unwrap();
    let ole = Actor::member(made.owner, made.id, world.clock.now());
    let input = json!({ "email": MARIA, "role": "viewer" });
    world.run::<InviteMember>(&ole, input).await.unwrap();
    let token = Secret::new(world.mails.token(MailKind::Invitation));
    let view = world.identity.invitation(&token).await.unwrap().unwrap();
    assert!(view.known_user && view.customer_name == "Mond AG");
    let accept = AcceptInvitation::of(token);
    let maria = world
        .identity
        .accept_invitation(&world.gate, accept)
        .await
        .unwrap();
    assert_eq!(maria.user, world.maria);
    assert!(world.maria_logs_in().await.is_some());
}

#[tokio::test]
async fn a_new_user_needs_a_name_and_a_good_password() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({ "email": "jo@mond.test", "role": "viewer" });
    world
        .run::<InviteMember>(&world.actor(), input)
        .await
        .unwrap();
    let token = Secret::new(world.mails.token(MailKind::Invitation));
    let accept = AcceptInvitation::of(token.clone());
    let refused = world.identity.accept_invitation(&world.gate, accept).await;
    assert_eq!(code(refused), "name:required");
    let accept = AcceptInvitation::new(
        token,
        "Jo".parse().unwrap(),
        Secret::new("short"),
        Language::De,
    );
    let refused = world.identity.accept_invitation(&world.gate, accept).await;
    assert_eq!(code(refused), "password:password-too-short");
}

#[tokio::test]
async fn invitations_take_places_and_give_them_back() {
    let world = World::new(&STANDARD_2026).await;
    let invite = |email: &str| json!({ "email": email, "role": "viewer" });
    let first = world
        .run::<InviteMember>(&world.actor(), invite("a@mond.test"))
        .await
        .unwrap();
    let again = world
        .run::<InviteMember>(&world.actor(), invite("a@mond.test"))
        .await;
    assert_eq!(code(again), "email:already-invited");
    let own = world
        .run::<InviteMember>(&world.actor(), invite(MARIA))
        .await;
    assert_eq!(code(own), "email:already-member");
    world
        .run::<InviteMember>(&world.actor(), invite("b@mond.test"))
        .await
        .unwrap();
    let third = world
        .run::<InviteMember>(&world.actor(), invite("c@mond.test"))
        .await;
    assert!(matches!(third, Err(Refusal::Limit { max: 2, .. })));
    let old = Secret::new(world.mails.token(MailKind::Invitation));
    let id = json!({ "id": first.output.id });
    world
        .run::<RenewInvitation>(&world.actor(), id.clone())
        .await
        .unwrap();
    assert_ne!(world.mails.token(MailKind::Invitation), old.expose());
    world
        .run::<RevokeInvitation>(&world.actor(), id)
        .await
        .unwrap();
    let revoked = Secret::new(world.mails.token(MailKind::Invitation));
    assert!(world.identity.invitation(&revoked).await.unwrap().is_none());
    world
        .run::<InviteMember>(&world.actor(), invite("c@mond.test"))
        .await
        .unwrap();
}

// 3.7: only owners deal with owners, and one stays.
#[tokio::test]
async fn only_owners_deal_with_owners_and_the_last_one_stays() {
    let world = World::new(&STANDARD_2026).await;
    let jo = join(&world, "jo@mond.test", "administrator").await;
    let admin = Actor::member(jo.user, world.customer, world.clock.now());
    let mut tx = world.store.read().await.unwrap();
    let places = member::list(&mut tx, world.customer).await.unwrap();
    drop(tx);
    let maria = places
        .iter()
        .find(|place| place.user == world.maria)
        .unwrap()
        .id;
    let owner = json!({ "email": "x@mond.test", "role": "owner" });
    assert!(matches!(
        world.run::<InviteMember>(&admin, owner).await,
        Err(Refusal::Forbidden)
    ));
    let up = json!({ "id": jo.id, "role": "owner" });
    assert!(matches!(
        world.run::<SetRole>(&admin, up.clone()).await,
        Err(Refusal::Forbidden)
    ));
    let gone = world
        .run::<RemoveMember>(&admin, json!({ "id": maria }))
        .await;
    assert!(matches!(gone, Err(Refusal::Forbidden)));
    let down = json!({ "id": maria, "role": "viewer" });
    assert_eq!(
        code(world.run::<SetRole>(&world.actor(), down.clone()).await),
        "last-owner"
    );
    let gone = world
        .run::<RemoveMember>(&world.actor(), json!({ "id": maria }))
        .await;
    assert_eq!(code(gone), "last-owner");
    world.run::<SetRole>(&world.actor(), up).await.unwrap();
    world.run::<SetRole>(&world.actor(), down).await.unwrap();
    let viewer = world
        .run::<RemoveMember>(&world.actor(), json!({ "id": jo.id }))
        .await;
    assert!(matches!(viewer, Err(Refusal::Forbidden)));
}

// 3.7 T3: what is somebody else's is not there.
#[tokio::test]
async fn a_foreign_members_place_is_not_found() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({
        "name": "Mond AG", "plan": "Basis", "contact_email": "post@elsewhere.test",
        "owner_name": "Ole", "owner_email": "ole@mond.test",
    });
    let made = world
        .run::<CreateCustomer>(&Actor::system(HOUSE), input)
        .await
        .unwrap()
        .output;
    assert_eq!(made.number, "K10002");
    let mut tx = world.store.read().await.unwrap();
    let ole = member::list(&mut tx, made.id).await.unwrap()[0].id;
    drop(tx);
    let refused = world
        .run::<RemoveMember>(&world.actor(), json!({ "id": ole }))
        .await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let initial = made.initial_password.unwrap();
    let known = world
        .login(attempt("ole@mond.test", &initial))
        .await
        .unwrap();
    assert!(known.session.must_change_password);
}

#[tokio::test]
async fn staff_act_for_a_purpose_and_within_their_roles() {
    let world = World::new(&STANDARD_2026).await;
    let house = Actor::system(HOUSE);
    let input = json!({ "name": "Ida", "email": "ida@house.test", "roles": ["operator", "auditor"], "password": PASSWORD });
    let ida = world
        .run::<CreateStaff>(&house, input)
        .await
        .unwrap()
        .output;
    let input = json!({ "name": "Sam", "email": "sam@house.test", "roles": ["support"], "password": PASSWORD });
    let sam = world
        .run::<CreateStaff>(&house, input)
        .await
        .unwrap()
        .output;
    let suspend = json!({ "customer": "K10001", "reason": "abuse" });
    let now = world.clock.now();
    let refused = world
        .run::<SuspendCustomer>(&Actor::staff(sam.user, now), suspend.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    let operator = Actor::staff(ida.user, now);
    let refused = world
        .run::<SuspendCustomer>(&operator, suspend.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::PurposeMissing)));
    let operator = operator.for_purpose("abuse report".parse().unwrap());
    world
        .run::<SuspendCustomer>(&operator, suspend)
        .await
        .unwrap();
    let profile = json!({ "name": "Maria", "language": "en", "theme": "dark" });
    let refused = world
        .run::<SetProfile>(&world.actor(), profile.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::CustomerSuspended)));
    let id = json!({ "customer": world.customer });
    let resumed = world
        .run::<ResumeCustomer>(&operator, id.clone())
        .await
        .unwrap();
    assert_eq!(resumed.before["suspended_reason"], "abuse");
    assert_eq!(
        code(world.run::<ResumeCustomer>(&operator, id).await),
        "not-suspended"
    );
    let done = world
        .run::<SetProfile>(&world.actor(), profile)
        .await
        .unwrap();
    let undone = world
        .gate
        .undo(&world.actor(), done.change, Mode::Commit)
        .await
        .unwrap();
    assert_eq!(undone.after["theme"], "auto");
    let mut tx = world.store.read().await.unwrap();
    let listed = staff(&mut tx, &Scope::system(HOUSE)).await.unwrap();
    assert_eq!(listed.len(), 2);
}

#[tokio::test]
async fn plans_and_customers_that_do_not_exist_are_refused() {
    let world = World::new(&STANDARD_2026).await;
    let house = Actor::system(HOUSE);
    for (customer, plan, why) in [
        ("K10001", "Gold", "plan:no-such-plan"),
        ("K10001", "house", "plan:no-such-plan"),
        ("K99999", "Basis", "NotFound"),
        ("K00000", "Basis", "NotFound"),
    ] {
        let input = json!({ "customer": customer, "plan": plan });
        assert_eq!(code(world.run::<SetPlan>(&house, input).await), why);
    }
}

#[tokio::test]
async fn a_contact_that_depends_on_us_needs_a_second_one_elsewhere() {
    let world = World::new(&STANDARD_2026).await;
    for (second, why) in [
        (None, "second_contact_email:contact-needs-second"),
        (
            Some("b@mail.hosted.test"),
            "second_contact_email:contact-second-hosted-here",
        ),
    ] {
        let input = json!({ "contact_email": "a@hosted.test", "second_contact_email": second });
        assert_eq!(
            code(world.run::<SetContact>(&world.actor(), input).await),
            why
        );
    }
    let input = json!({ "contact_email": "a@hosted.test", "second_contact_email": "b@mond.test" });
    world
        .run::<SetContact>(&world.actor(), input)
        .await
        .unwrap();
    assert_eq!(
        world.mails.count(MailKind::EmailChanged),
        1,
        "the old address learns of it"
    );
}

//! API tokens.

use super::world::{DAY, World, code};
use crate::profile::STANDARD_2026;
use crate::token::create::CreateToken;
use crate::token::revoke::RevokeToken;
use crate::token::store::list;
use serde_json::json;
use wabe_access::{Permission, Refusal, Scope};

#[tokio::test]
async fn a_token_speaks_for_its_owner_within_its_scopes_until_its_day() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({ "name": "ci", "scopes": ["domain:read", "domain:write"], "days": 365 });
    let made = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap();
    assert!(!made.after.to_string().contains(&made.output.token));
    let token = made.output.token;
    assert_eq!((token.get(..5), token.len()), (Some("wabe_"), 48));
    let actor = world
        .identity
        .authenticate_token(&token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (actor.user, actor.customer),
        (Some(world.maria), world.customer)
    );
    let mut tx = world.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &actor).await.unwrap();
    assert!(scope.has(Permission::DomainWrite) && !scope.has(Permission::MailboxRead));
    drop(tx);
    // It was not granted sensitive commands, and its scope does not make tokens.
    let input = json!({ "name": "more", "scopes": ["domain:read"], "days": 1 });
    let refused = world.run::<CreateToken>(&actor, input).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    world.clock.advance(365 * DAY - 1);
    assert!(
        world
            .identity
            .authenticate_token(&token)
            .await
            .unwrap()
            .is_some()
    );
    world.clock.advance(1);
    assert!(
        world
            .identity
            .authenticate_token(&token)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_token_never_gets_what_its_maker_lacks() {
    let world = World::new(&STANDARD_2026).await;
    for (scopes, days, why) in [
        (json!(["hoster:write"]), 1, "scopes:scope-not-own"),
        (json!([]), 1, "scopes:required"),
        (json!(["domain:read"]), 0, "days:out-of-range"),
        (json!(["domain:read"]), 366, "days:out-of-range"),
    ] {
        let input = json!({ "name": "ci", "scopes": scopes, "days": days });
        assert_eq!(
            code(world.run::<CreateToken>(&world.actor(), input).await),
            why
        );
    }
}

#[tokio::test]
async fn a_revoked_token_is_nobody() {
    let world = World::new(&STANDARD_2026).await;
    let input = json!({ "name": "ci", "scopes": ["domain:read"], "days": 30, "sensitive": true });
    let made = world
        .run::<CreateToken>(&world.actor(), input)
        .await
        .unwrap()
        .output;
    let actor = world
        .identity
        .authenticate_token(&made.token)
        .await
        .unwrap()
        .unwrap();
    assert!(actor.sensitive);
    let mut tx = world.store.read().await.unwrap();
    let scope = Scope::system(world.customer);
    let listed = list(&mut tx, &scope, world.maria).await.unwrap();
    assert!(listed.len() == 1 && listed[0].last_used_at.is_some());
    drop(tx);
    world
        .run::<RevokeToken>(&world.actor(), json!({ "id": made.id }))
        .await
        .unwrap();
    assert!(
        world
            .identity
            .authenticate_token(&made.token)
            .await
            .unwrap()
            .is_none()
    );
    let again = world
        .run::<RevokeToken>(&world.actor(), json!({ "id": made.id }))
        .await;
    assert!(matches!(again, Err(Refusal::NotFound)));
}

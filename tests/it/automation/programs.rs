//! Programs that act for the hoster: seen at the desk, and ended there one by one.

use super::desk::{desk, get, post};
use crate::on_both_engines;
use serde_json::json;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Permission, StaffRole};
use wabe_testkit::House;

on_both_engines!(one_token_of_the_hosters_ends_and_the_others_go_on);

/// Somebody who works here, as whoever makes tokens on the command line.
async fn colleague(house: &House) -> Actor {
    let system = Actor::system(HOUSE).for_purpose("tests".parse().unwrap());
    let input = json!({
        "name": "Ada Berg", "email": "ada@hoster.example", "roles": [StaffRole::Operator],
    });
    let made = house.run_json(&system, "staff.create", input).await;
    let made = made.unwrap().output;
    Actor {
        user: Some(made["user"].as_str().unwrap().parse().unwrap()),
        ..Actor::system(HOUSE)
    }
}

/// A token of this person's at the hoster: its id and itself.
async fn token(house: &House, maker: &Actor, name: &str) -> (String, String) {
    let input = json!({
        "name": name, "scopes": ["plugin:read", "plugin:write"], "days": 30, "sensitive": true,
    });
    let made = house.run_json(maker, "token.create", input).await.unwrap();
    let said = made.output["token"].as_str().unwrap().to_owned();
    (made.object, said)
}

async fn one_token_of_the_hosters_ends_and_the_others_go_on(house: House) {
    let desk = desk(&house).await;
    let person = colleague(&house).await;
    let (id, leaked) = token(&house, &person, "ci at the office").await;
    let (_, other) = token(&house, &person, "ci at home").await;
    let known = async |token: &str| house.identity.authenticate_token(token).await.unwrap();
    let actor = known(&leaked).await.unwrap();
    assert!(actor.customer == HOUSE && actor.scopes.unwrap().contains(&Permission::PluginWrite));
    let list = get(&desk, "operator", "/staff/tokens").await.page;
    assert!(list.contains("ci at the office") && list.contains("plugin:write"));
    // Who does not look after colleagues does not see their programs.
    let refused = get(&desk, "officer", "/staff/tokens").await.status;
    assert_eq!(refused, 403);
    let path = format!("/staff/tokens/{id}/end");
    let asked = get(&desk, "operator", &path).await;
    assert!(asked.status == 200 && asked.page.contains("ci at the office"));
    let empty = post(&desk, "operator", &path, &[]).await;
    assert!(empty.status == 422 && empty.page.contains("#purpose"));
    let ended = post(&desk, "operator", &path, &[("purpose", "It was in a log")]).await;
    assert_eq!(ended.location, "/staff/tokens?done=ended", "{}", ended.page);
    assert!(known(&leaked).await.is_none() && known(&other).await.is_some());
    let list = get(&desk, "operator", "/staff/tokens?done=ended")
        .await
        .page;
    assert!(!list.contains("ci at the office") && list.contains("ci at home"));
    let twice = post(&desk, "operator", &path, &[("purpose", "Again")]).await;
    assert_eq!(twice.status, 404);
    // A customer's token is nobody else's.
    let tenant = house.tenant("Sonne").await;
    let input = json!({
        "name": "mine", "scopes": ["domain:read"], "days": 30, "sensitive": false,
    });
    let own = house.run_json(&tenant.owner, "token.create", input).await;
    let path = format!("/staff/tokens/{}/end", own.unwrap().object);
    assert_eq!(get(&desk, "operator", &path).await.status, 404);
    let tried = post(&desk, "operator", &path, &[("purpose", "Mine now")]).await;
    assert_eq!(tried.status, 404);
}

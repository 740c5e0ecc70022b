//! Content, lists, and who reaches them.

use super::world::{Said, World};
use http::{StatusCode, header};
use wabe_access::Permission;

fn without_request_id(said: &Said) -> String {
    let mut document = said.json();
    let id = document.as_object_mut().unwrap().remove("request_id");
    assert!(id.unwrap().as_str().unwrap().starts_with("req_"));
    document.to_string()
}

#[tokio::test]
async fn a_file_for_a_pending_webspace_waits_until_it_is_live() {
    let world = World::new().await;
    let id = world.make("/webspaces", r#"{"name":"shop"}"#).await;
    let file = format!("/webspaces/{id}/files/css/a%20b.css");
    let (put, _) = tokio::join!(world.ask("PUT", &file, "p{}"), world.house.settle());
    assert_eq!(put.status, StatusCode::CREATED, "{}", put.text);
    assert_eq!(
        put.json(),
        serde_json::json!({ "path": "css/a b.css", "size": 3 })
    );
    let got = world.ask("GET", &file, "").await;
    assert_eq!(
        (got.text.as_str(), &got.headers[header::CONTENT_TYPE]),
        ("p{}", &"text/css".parse().unwrap())
    );
    let list = world
        .ask("GET", &format!("/webspaces/{id}/files"), "")
        .await
        .json();
    assert_eq!(
        (&list["items"][0]["name"], &list["next"]),
        (&"a b.css".into(), &serde_json::Value::Null)
    );
    assert_eq!(
        world.ask("DELETE", &file, "").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        world.ask("GET", &file, "").await.status,
        StatusCode::NOT_FOUND
    );
    let climbing = format!("/webspaces/{id}/files/..%2F..%2Fetc");
    assert_eq!(
        world.ask("GET", &climbing, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn sql_answers_rows_or_the_engines_words() {
    let world = World::new().await;
    let id = world
        .make("/databases", r#"{"name":"shop","engine":"sqlite"}"#)
        .await;
    world.house.settle().await;
    let path = format!("/databases/{id}/query");
    let said = world
        .ask("POST", &path, r#"{"sql":"SELECT 1\nAS one"}"#)
        .await;
    assert_eq!(
        (said.status, &said.json()["rows"][0][0]),
        (StatusCode::OK, &1.into())
    );
    let said = world.ask("POST", &path, r#"{"sql":"SELEC"}"#).await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        said.json()["detail"]
            .as_str()
            .unwrap()
            .contains("syntax error")
    );
    let dump = world
        .ask("GET", &format!("/databases/{id}/export"), "")
        .await;
    assert_eq!(
        (dump.status, dump.text.as_str()),
        (StatusCode::OK, "BEGIN;")
    );
}

#[tokio::test]
async fn suspended_content_is_out_of_reach() {
    let world = World::new().await;
    let id = world.make("/webspaces", r#"{"name":"shop"}"#).await;
    world.house.settle().await;
    world
        .ask(
            "POST",
            &format!("/webspaces/{id}/suspend"),
            r#"{"reason":"Umbau"}"#,
        )
        .await;
    let said = world
        .ask("GET", &format!("/webspaces/{id}/files"), "")
        .await;
    assert_eq!(
        (said.status, &said.json()["code"]),
        (StatusCode::CONFLICT, &"resource-suspended".into())
    );
}

#[tokio::test]
async fn a_log_is_asked_for_by_its_name_and_filtered() {
    let world = World::new().await;
    let id = world.make("/webspaces", r#"{"name":"shop"}"#).await;
    world.house.settle().await;
    let ask = async |query: &str| {
        let path = format!("/webspaces/{id}/logs{query}");
        world.ask("GET", &path, "").await
    };
    for (query, found) in [
        ("", 1),
        ("?log=access&answered=2xx&q=get", 1),
        ("?answered=404", 0),
        ("?q=nothing", 0),
        ("?log=php&lines=5", 1),
    ] {
        let said = ask(query).await;
        assert_eq!(said.status, StatusCode::OK, "{query}");
        let items = said.json()["items"].as_array().unwrap().len();
        assert_eq!(items, found, "{query}");
    }
    for wrong in [
        "?log=passwd",
        "?log=..%2Faccess",
        "?answered=9xx",
        "?log=php&answered=404",
        "?lines=0",
        "?file=x",
    ] {
        let said = ask(wrong).await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    // As long as the document says.
    for (length, status) in [
        (200, StatusCode::OK),
        (201, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let said = ask(&format!("?q={}", "x".repeat(length))).await;
        assert_eq!(said.status, status, "{length}");
    }
}

// 3.7 T3
#[tokio::test]
async fn foreign_and_missing_are_the_same_answer_on_every_kind_of_route() {
    let world = World::new().await;
    let web = world.make("/webspaces", r#"{"name":"shop"}"#).await;
    let database = world.make("/databases", r#"{"name":"shop"}"#).await;
    world.house.settle().await;
    let other = world.house.tenant("Mond").await;
    world.token("wabe_other", &other.owner, Permission::ALL);
    let missing = |id: &str| format!("{}{}", &id[..4], "01kaj8xv00e0m9f8w2v3x4y5z6");
    let cases = [
        ("GET", "/webspaces/{}", &web, ""),
        ("PATCH", "/webspaces/{}", &web, r#"{"quota_bytes":1}"#),
        ("DELETE", "/webspaces/{}", &web, ""),
        ("POST", "/webspaces/{}/resume", &web, ""),
        ("GET", "/webspaces/{}/access_keys", &web, ""),
        ("GET", "/webspaces/{}/files", &web, ""),
        ("PUT", "/webspaces/{}/files/a", &web, "x"),
        ("POST", "/webspaces/{}/make_folder", &web, r#"{"path":"a"}"#),
        (
            "POST",
            "/webspaces/{}/rename_file",
            &web,
            r#"{"path":"a","to":"b"}"#,
        ),
        ("GET", "/webspaces/{}/logs", &web, ""),
        (
            "POST",
            "/databases/{}/query",
            &database,
            r#"{"sql":"SELECT 1"}"#,
        ),
        ("GET", "/databases/{}/export", &database, ""),
    ];
    for (method, path, id, body) in cases {
        let foreign = world
            .by("wabe_other", (method, &path.replace("{}", id)), &[], body)
            .await;
        let absent = path.replace("{}", &missing(id));
        let absent = world.by("wabe_other", (method, &absent), &[], body).await;
        let nonsense = world
            .by("wabe_other", (method, &path.replace("{}", "x")), &[], body)
            .await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{method} {path}");
        assert_eq!(
            without_request_id(&foreign),
            without_request_id(&absent),
            "{method} {path}"
        );
        assert_eq!(
            without_request_id(&foreign),
            without_request_id(&nonsense),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say() {
    let world = World::new().await;
    let owner = world
        .house
        .member(world.customer, wabe_access::Role::Owner)
        .await;
    world.token("wabe_write", &owner, &[Permission::WebspaceWrite]);
    let made = world
        .by(
            "wabe_write",
            ("POST", "/webspaces"),
            &[],
            r#"{"name":"shop"}"#,
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let item = format!("/webspaces/{}", made.json()["id"].as_str().unwrap());
    let read = world.by("wabe_write", ("GET", &item), &[], "").await;
    assert_eq!(
        (read.status, &read.json()["code"]),
        (StatusCode::FORBIDDEN, &"forbidden".into())
    );
    let gone = world.by("wabe_write", ("DELETE", &item), &[], "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let nobody = world.by("wabe_nobody", ("GET", &item), &[], "").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        nobody.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let sensitive = r#"{"name":"x","scopes":["webspace:read"],"days":1,"sensitive":false}"#;
    let refused = world.ask("POST", "/tokens", sensitive).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &"step-up".into())
    );
}

#[tokio::test]
async fn lists_come_in_pages_and_can_be_searched() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        world
            .make("/databases", &format!(r#"{{"name":"{name}"}}"#))
            .await;
    }
    let first = world.ask("GET", "/databases?limit=2", "").await.json();
    let next = first["next"].as_str().unwrap();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let rest = world
        .ask("GET", &format!("/databases?limit=2&after={next}"), "")
        .await
        .json();
    assert_eq!(
        (&rest["items"][0]["name"], &rest["next"]),
        (&"c".into(), &serde_json::Value::Null)
    );
    let found = world.ask("GET", "/databases?q=B", "").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    for wrong in ["limit=0", "limit=201", "limit=x", "after=!", "page=2"] {
        let said = world.ask("GET", &format!("/databases?{wrong}"), "").await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(said.json()["errors"][0]["parameter"].is_string());
    }
}

#[tokio::test]
async fn the_account_can_be_read() {
    let world = World::new().await;
    let id = world
        .make("/domains", r#"{"name":"sonne.localhost"}"#)
        .await;
    assert_eq!(
        world
            .ask("DELETE", &format!("/domains/{id}"), "")
            .await
            .status
            .as_u16(),
        204
    );
    for path in [
        "/customer",
        "/members",
        "/tokens",
        "/invitations",
        "/trash",
        "/aliases",
        "/user",
        "/notices",
        "/notices/preferences",
        "/search",
        "/search?q=sonne",
    ] {
        let said = world.ask("GET", path, "").await;
        assert_eq!(said.status, StatusCode::OK, "{path}: {}", said.text);
    }
    assert_eq!(
        world.ask("GET", "/trash", "").await.json()["items"][0]["id"],
        id
    );
    let document = world.by("", ("GET", "/openapi.json"), &[], "").await;
    assert_eq!(document.json()["openapi"], "3.1.0");
}

//! Commands through the whole room.

use super::world::World;
use http::{StatusCode, header};
use wabe_testkit::{CERTIFICATE_ENDS, ISSUER};

#[tokio::test]
async fn a_create_answers_the_resource_its_address_and_the_password_once() {
    let world = World::new().await;
    let said = world.ask("POST", "/webspaces", r#"{"name":"shop"}"#).await;
    assert_eq!(said.status, StatusCode::CREATED, "{}", said.text);
    let made = said.json();
    assert_eq!(
        (&made["name"], &made["state"]),
        (&"shop".into(), &"pending".into())
    );
    assert_eq!(made["sftp_password"].as_str().unwrap().len(), 24);
    let place = said.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(
        place,
        format!("/api/v1/webspaces/{}", made["id"].as_str().unwrap())
    );
    world.house.settle().await;
    let again = world
        .ask("GET", place.strip_prefix("/api/v1").unwrap(), "")
        .await
        .json();
    assert_eq!(
        (&again["state"], again.get("sftp_password")),
        (&"live".into(), None)
    );
}

#[tokio::test]
async fn a_webspace_says_whose_certificate_it_has_and_until_when() {
    let world = World::new().await;
    let id = world.make("/webspaces", r#"{"name":"shop"}"#).await;
    let path = format!("/webspaces/{id}");
    let before = world.ask("GET", &path, "").await.json();
    assert_eq!(before["certificate"], serde_json::Value::Null);
    world.house.settle().await;
    let after = world.ask("GET", &path, "").await.json();
    let expected = serde_json::json!({
        "names": [after["preview_host"]],
        "issuer": ISSUER,
        "valid_until": CERTIFICATE_ENDS,
    });
    assert_eq!(after["certificate"], expected);
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let world = World::new().await;
    let body = r#"{"address":"nobody","quota_bytes":"1","state":"live","password":"a\u0007b"}"#;
    let said = world.ask("POST", "/mailboxes", body).await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
    let document = said.json();
    let errors = document["errors"].as_array().unwrap();
    let names: Vec<&str> = errors
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["address", "password", "quota_bytes", "state"]);
    assert_eq!(document["title"], "Some values do not fit yet");
}

#[tokio::test]
async fn the_language_is_asked_for() {
    let world = World::new().await;
    let german = [("accept-language", "de-AT,en;q=0.5")];
    let said = world
        .by("wabe_own", ("POST", "/domains"), &german, "{}")
        .await;
    assert_eq!(said.json()["title"], "Einige Werte passen noch nicht");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let world = World::new().await;
    let cases = [
        (r#"{"name":"#, 400, "not-json"),
        (r#"{"name":"a","name":"b"}"#, 400, "duplicate-name"),
        ("[]", 422, "invalid"),
    ];
    for (body, status, code) in cases {
        let said = world.ask("POST", "/domains", body).await;
        assert_eq!(
            (said.status.as_u16(), said.json()["code"].as_str()),
            (status, Some(code))
        );
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let request = http::Request::post("/api/v1/domains").header("authorization", "Bearer wabe_own");
    let request = request
        .header(form[0].0, form[0].1)
        .body("name=a".into())
        .unwrap();
    assert_eq!(
        world.send(request).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let huge = format!(r#"{{"name":"{}"}}"#, "x".repeat(1 << 20));
    assert_eq!(
        world.ask("POST", "/domains", &huge).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_dry_run_shows_and_changes_nothing() {
    let world = World::new().await;
    let said = world
        .ask("POST", "/webspaces?dry_run=true", r#"{"name":"shop"}"#)
        .await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    let shown = said.json();
    assert_eq!(shown["dry_run"], true);
    assert_eq!(shown["change"]["after"]["name"], "shop");
    assert!(!shown["steps"].as_array().unwrap().is_empty());
    assert!(!said.text.contains("password"));
    let list = world.ask("GET", "/webspaces", "").await.json();
    assert_eq!(list, serde_json::json!({ "items": [], "next": null }));
    let misspelt = world
        .ask("POST", "/webspaces?dry-run=true", r#"{"name":"shop"}"#)
        .await;
    assert_eq!(misspelt.status, StatusCode::UNPROCESSABLE_ENTITY);
    let of_file = world
        .ask("PUT", "/webspaces/x/files/a?dry_run=true", "a")
        .await;
    assert_eq!(of_file.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_repeated_request_is_answered_again_without_the_secret() {
    let world = World::new().await;
    let key = [("idempotency-key", "a b")];
    let body = r#"{"name":"shop"}"#;
    let first = world
        .by("wabe_own", ("POST", "/webspaces"), &key, body)
        .await;
    let again = world
        .by("wabe_own", ("POST", "/webspaces"), &key, body)
        .await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert!(
        first.json()["sftp_password"].is_string() && again.json().get("sftp_password").is_none()
    );
    let other = world
        .by(
            "wabe_own",
            ("POST", "/webspaces"),
            &key,
            r#"{"name":"blog"}"#,
        )
        .await;
    assert_eq!(
        (other.status, &other.json()["code"]),
        (StatusCode::CONFLICT, &"key-reused".into())
    );
    let item = format!("/webspaces/{}", first.json()["id"].as_str().unwrap());
    for replayed in [false, true] {
        let key = [("idempotency-key", "c")];
        let gone = world.by("wabe_own", ("DELETE", &item), &key, "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(gone.headers.contains_key("idempotency-replayed"), replayed);
    }
}

#[tokio::test]
async fn a_patch_changes_all_fields_or_none() {
    let world = World::new().await;
    let item = format!(
        "/webspaces/{}",
        world.make("/webspaces", r#"{"name":"shop"}"#).await
    );
    let both = r#"{"https_redirect":false,"quota_bytes":5000}"#;
    let said = world.ask("PATCH", &item, both).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    assert_eq!(said.json()["quota_bytes"], 5000);
    let too_much = r#"{"https_redirect":true,"quota_bytes":1000000000000000}"#;
    let said = world.ask("PATCH", &item, too_much).await;
    assert_eq!(
        (said.status, &said.json()["code"]),
        (StatusCode::CONFLICT, &"limit".into())
    );
    assert_eq!(
        world.ask("GET", &item, "").await.json()["https_redirect"],
        false
    );
}

#[tokio::test]
async fn verbs_answer_the_resource_and_undo_takes_back() {
    let world = World::new().await;
    let item = format!(
        "/webspaces/{}",
        world.make("/webspaces", r#"{"name":"shop"}"#).await
    );
    let said = world
        .ask("POST", &format!("{item}/suspend"), r#"{"reason":"Umbau"}"#)
        .await;
    assert_eq!(
        (said.status, &said.json()["reason"]),
        (StatusCode::OK, &"Umbau".into())
    );
    let changes = world.ask("GET", "/changes?limit=1", "").await.json();
    assert!(changes["next"].is_string());
    let change = changes["items"][0]["id"].as_str().unwrap().to_owned();
    let undone = world
        .ask("POST", &format!("/changes/{change}/undo"), "")
        .await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
    assert!(world.ask("GET", &item, "").await.json()["reason"].is_null());
    let twice = world
        .ask("POST", &format!("/changes/{change}/undo"), "")
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let table = world
        .by(
            "wabe_own",
            ("GET", "/changes"),
            &[("accept", "text/csv")],
            "",
        )
        .await;
    assert!(table.text.starts_with("seq,at,id,") && table.text.lines().count() >= 4);
}

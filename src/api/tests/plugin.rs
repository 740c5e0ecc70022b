//! Packages of plugins over the room.

use super::world::{Said, World};
use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use wabe_access::{Permission, StaffRole};
use wabe_package::archive::PACKAGE_BYTES;
use wabe_testkit::{capability, manifest, package};

const TOKEN: &str = "wabe_house";

/// A world in which [`TOKEN`] is an operator's.
async fn world() -> World {
    let world = World::new().await;
    let operator = world.house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("tests".parse().unwrap());
    let scopes = [Permission::PluginRead, Permission::PluginWrite];
    world.token(TOKEN, &operator, &scopes);
    world
}

async fn upload(world: &World, token: &str, query: &str, bytes: Vec<u8>) -> Said {
    let request = Request::post(format!("/api/v1/plugins{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT_LANGUAGE, "de");
    world.send(request.body(Body::from(bytes)).unwrap()).await
}

fn good() -> Vec<u8> {
    package(&manifest("watch", "1.0.0", &capability("mail", true)))
}

async fn versions(world: &World) -> Value {
    let said = world.by(TOKEN, ("GET", "/plugin_versions"), &[], "").await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    said.json()["items"].clone()
}

#[tokio::test]
async fn a_package_comes_into_the_catalogue_and_twice_is_once() {
    let world = world().await;
    let first = upload(&world, TOKEN, "", good()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let made = first.json();
    assert_eq!(
        (&made["plugin"], &made["version"], &made["state"]),
        (&"watch".into(), &"1.0.0".into(), &"uploaded".into())
    );
    let again = upload(&world, TOKEN, "", good()).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.text);
    assert_eq!(again.json(), made);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(versions(&world).await.as_array().unwrap().len(), 1);
    let other = package(&manifest("watch", "1.0.0", ""));
    let other = upload(&world, TOKEN, "", other).await;
    assert_eq!(
        (other.status, &other.json()["code"]),
        (StatusCode::CONFLICT, &"version-exists".into())
    );
    let place = first.headers[header::LOCATION].to_str().unwrap();
    let place = place.strip_prefix("/api/v1").unwrap();
    let shown = world.by(TOKEN, ("GET", place), &[], "").await;
    assert_eq!(shown.json(), made);
}

#[tokio::test]
async fn every_flaw_is_told_with_its_place_and_the_next_step() {
    let world = world().await;
    let text = "id = \"Watch\"\nversion = \"one\"\napi = \"1.0\"\nauthor = \"Tests\"\n\
        component = \"plugin.wasm\"\nname = { de = \"A\", en = \"A\" }\nsummary = { de = \"A\" }\n";
    // A tar by hand: what writes packages refuses this one.
    let mut bytes = vec![0_u8; 512];
    bytes[..11].copy_from_slice(b"plugin.toml");
    let rest = ["0000644\0", "0000000\0", "0000000\0"].concat();
    bytes[100..124].copy_from_slice(rest.as_bytes());
    bytes[124..136].copy_from_slice(format!("{:011o}\0", text.len()).as_bytes());
    bytes[136..148].copy_from_slice(b"00000000000\0");
    bytes[148..156].copy_from_slice(b"        ");
    bytes[156] = b'0';
    bytes[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = bytes.iter().map(|byte| u32::from(*byte)).sum();
    bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.resize(bytes.len().div_ceil(512) * 512 + 1024, 0);
    let said = upload(&world, TOKEN, "", bytes).await;
    assert_eq!(
        said.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        said.text
    );
    let document = said.json();
    let errors = document["errors"].as_array().unwrap();
    let told: Vec<(&str, &str)> = errors
        .iter()
        .map(|one| {
            (
                one["place"].as_str().unwrap(),
                one["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("plugin.toml:1, id", "package-bad-name"),
            ("plugin.toml:2, version", "package-bad-version"),
            ("plugin.toml:7, summary.en", "package-missing"),
        ]
    );
    let detail = errors[1]["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("plugin.toml:2, version: „one“") && detail.contains("1.0.0"),
        "{detail}"
    );
    assert!(errors.iter().all(|one| one.get("pointer").is_none()));
    let junk = upload(&world, TOKEN, "", b"no tar at all".to_vec()).await;
    assert_eq!(junk.json()["errors"][0]["code"], "package-not-a-tar");
    assert_eq!(junk.json()["errors"][0]["place"], ".wabeplugin");
    assert_eq!(versions(&world).await, json!([]));
}

#[tokio::test]
async fn only_the_hosters_own_tokens_bring_plugins() {
    let world = world().await;
    // The scope alone makes nobody the hoster.
    let owner = upload(&world, "wabe_own", "", good()).await;
    assert_eq!(owner.status, StatusCode::FORBIDDEN);
    let reader = world.house.staff(StaffRole::Operator).await;
    world.token("wabe_reader", &reader, &[Permission::PluginRead]);
    let read = upload(&world, "wabe_reader", "", good()).await;
    assert_eq!(read.status, StatusCode::FORBIDDEN);
    let nobody = upload(&world, "wabe_unknown", "", good()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    for path in ["/plugin_versions", "/trusted_keys"] {
        let said = world.ask("GET", path, "").await;
        assert_eq!(said.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(versions(&world).await, json!([]));
}

#[tokio::test]
async fn a_dry_run_brings_nothing_and_a_flood_is_refused() {
    let world = world().await;
    let shown = upload(&world, TOKEN, "?dry_run=true", good()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert_eq!(shown.json()["change"]["after"]["plugin"], "watch");
    let huge = upload(&world, TOKEN, "", vec![0; PACKAGE_BYTES + 1]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(versions(&world).await, json!([]));
}

#[tokio::test]
async fn a_package_is_read_back_as_it_came() {
    let world = world().await;
    let made = upload(&world, TOKEN, "", good()).await.json();
    let path = format!("/plugin_versions/{}/package", made["id"].as_str().unwrap());
    let said = world.by(TOKEN, ("GET", &path), &[], "").await;
    assert_eq!(said.status, StatusCode::OK);
    let name = said.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.ends_with("watch-1.0.0.wabeplugin"), "{name}");
    // The component is no text: its first bytes are, and nothing else is lost either.
    assert_eq!(said.text.as_bytes(), good());
}

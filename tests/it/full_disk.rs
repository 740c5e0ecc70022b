//! A panel whose disk is full: what needs room is refused in words, the rest goes on, and everything comes by itself
//! once there is room again.

use crate::client::{Answer, page, text, visitor};
use crate::folder::Folder;
use crate::process::{Panel, unique};
use crate::small_disk::SmallDisk;
use crate::tools::Uploader;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use std::os::unix::fs::{DirBuilderExt as _, symlink};

fn webspace() -> Value {
    json!({ "name": format!("full{}", unique()), "quota_bytes": 20_000_000 })
}

#[tokio::test]
async fn uploads_to_a_full_disk_are_refused_and_all_else_goes_on() {
    let disk = SmallDisk::new(64);
    let folder = Folder::new();
    let data = folder.path().join("data");
    let mut builder = std::fs::DirBuilder::new();
    builder.mode(0o700).create(&data).unwrap();
    symlink(disk.path(), data.join("node")).unwrap();
    let panel = Panel::start("demo", &data);
    let api = panel.customer().api;
    let made = api.made("/webspaces", webspace()).await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    api.settled(&path, "live").await;
    let (kept, new) = (
        format!("{path}/files/kept.txt"),
        format!("{path}/files/new"),
    );
    api.put(&kept, b"kept").await.expect(201);
    disk.fill();
    let large = vec![7; 300_000];
    // Asked once: whoever is told to come again later would come again.
    let asked = api.request("PUT", &new).body(large.clone());
    let asked = asked.header(CONTENT_TYPE, "application/octet-stream");
    let refused = Answer::of(asked.send().await.unwrap()).await.unwrap();
    assert_eq!(refused.expect(503)["code"], "disk-full");
    assert!(!refused.header("retry-after").is_empty());
    let uploader = Uploader::new(&panel).await;
    let lines = format!("put {} by-sftp\n", uploader.local("up", &large).display());
    let (login, password) = (text(&made, "sftp_login"), text(&made, "sftp_password"));
    let ran = uploader.with_password(&login, &password, &lines).await;
    assert!(!ran.worked, "{ran:?}");
    // Nothing half, and nothing lost.
    assert_eq!(api.get(&new).await.status, 404);
    assert_eq!(api.get(&format!("{path}/files/by-sftp")).await.status, 404);
    assert_eq!(api.get(&kept).await.body, b"kept");
    let host = text(&made, "preview_host");
    let visited = visitor(&panel, &[&host]);
    let shown = visited.get(page(&panel, &host, "/kept.txt")).send().await;
    assert_eq!(shown.unwrap().text().await.unwrap(), "kept");
    // What needs room waits for it, and says so.
    let other = api.made("/webspaces", webspace()).await;
    let other = format!("/webspaces/{}", text(&other, "id"));
    let waits = api.settled(&other, "failed").await;
    assert!(waits["reason"].is_string(), "{waits}");
    disk.free();
    api.settled(&other, "live").await;
    api.put(&new, &large).await.expect(201);
    let ran = uploader.with_password(&login, &password, &lines).await;
    assert!(ran.worked, "{ran:?}");
}

#[tokio::test]
async fn a_panel_without_room_for_its_own_state_changes_nothing_and_goes_on_afterwards() {
    let disk = SmallDisk::new(48);
    let panel = Panel::start("demo", &disk.path().join("data"));
    let api = panel.customer().api;
    let made = api.live("/webspaces", webspace()).await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    disk.fill();
    // Its journal has some room of its own left at first.
    let (mut quota, mut refused) = (20_000_000, None);
    for _ in 0..2_000 {
        let asked = json!({ "quota_bytes": quota + 1 });
        let answer = api.json("PATCH", &path, &asked).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
        quota += 1;
    }
    let refused = refused.unwrap();
    assert_eq!(refused.expect(500)["code"], "fault");
    // What was acknowledged holds, and what was not did not happen.
    let found = api.get(&path).await.expect(200);
    assert_eq!(found["quota_bytes"], quota);
    disk.free();
    let asked = json!({ "quota_bytes": quota + 1 });
    api.json("PATCH", &path, &asked).await.expect(200);
    let found = api.settled(&path, "live").await;
    assert_eq!(found["quota_bytes"], quota + 1);
}

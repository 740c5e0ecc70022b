//! Uploads: OpenSSH's sftp against the built-in server, and the same files through the API and the
//! site.

use crate::address::link;
use crate::browser::Browser;
use crate::client::{Answer, page, text, until, visitor};
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::{Uploader, ran};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// A webspace with its password, of a new customer.
async fn webspace(customer: &Customer, quota: i64) -> Value {
    let asked = json!({ "name": format!("upload{}", unique()), "quota_bytes": quota });
    let made = customer.api.made("/webspaces", asked).await;
    customer
        .api
        .settled(&format!("/webspaces/{}", text(&made, "id")), "live")
        .await;
    made
}

const PACK: &str = "import sys, zipfile\n\
                    with zipfile.ZipFile(sys.argv[1], 'w') as a: a.writestr(*sys.argv[2:])";

/// A ZIP archive of one file, as Python packs it.
pub(crate) async fn archive(name: &str, content: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("packed.zip");
    let mut python = Command::new("python3");
    python.args(["-c", PACK]).arg(&file).args([name, content]);
    let packed = ran(python).await;
    assert!(packed.worked, "{}", packed.err);
    fs::read(&file).unwrap()
}

async fn add_key(customer: &Customer, webspace: &Value, uploader: &Uploader) -> Value {
    let path = format!("/webspaces/{}", text(webspace, "id"));
    let asked = json!({ "name": "Laptop", "public_key": uploader.public_key() });
    let key = customer
        .api
        .made(&format!("{path}/access_keys"), asked)
        .await;
    customer.api.settled(&path, "live").await;
    key
}

#[tokio::test]
async fn what_is_uploaded_with_a_password_is_what_the_site_shows() {
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 50_000_000).await;
    let (login, password) = (
        text(&webspace, "sftp_login"),
        text(&webspace, "sftp_password"),
    );
    let uploader = Uploader::new(&panel).await;
    let page_file = uploader.local("page", b"<p>by sftp</p>");
    let lines = format!("put {} index.html\nmkdir sub\nls\n", page_file.display());
    let ran = uploader.with_password(&login, &password, &lines).await;
    assert!(ran.worked, "{}", ran.err);
    let host = text(&webspace, "preview_host");
    let visitor = visitor(&panel, &[&host]);
    let shown = visitor.get(page(&panel, &host, "/")).send().await.unwrap();
    assert_eq!(shown.text().await.unwrap(), "<p>by sftp</p>");
    let wrong = uploader
        .with_password(&login, "not the password 1", "ls\n")
        .await;
    assert!(
        !wrong.worked && wrong.err.contains("Permission denied"),
        "{}",
        wrong.err
    );
}

#[tokio::test]
async fn a_key_opens_a_webspace_until_it_is_removed() {
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 50_000_000).await;
    let (id, login) = (text(&webspace, "id"), text(&webspace, "sftp_login"));
    let uploader = Uploader::new(&panel).await;
    assert!(
        !uploader.with_key(&login, "ls\n").await.worked,
        "an unknown key"
    );
    let key = add_key(&customer, &webspace, &uploader).await;
    let content: Vec<u8> = (0..2_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (up, down) = (uploader.local("up", &content), uploader.file("down"));
    let lines = format!(
        "put {} deep\nrename deep moved\nget moved {}\n",
        up.display(),
        down.display()
    );
    let ran = uploader.with_key(&login, &lines).await;
    assert!(ran.worked, "{}", ran.err);
    assert_eq!(fs::read(&down).unwrap(), content);
    let read = customer
        .api
        .get(&format!("/webspaces/{id}/files/moved"))
        .await;
    assert_eq!(read.body, content);
    let path = format!("/webspaces/{id}/access_keys/{}", text(&key, "id"));
    customer.api.bare("DELETE", &path).await.expect(204);
    let closed = async || (!uploader.with_key(&login, "ls\n").await.worked).then_some(());
    until("the key to be refused", closed).await;
}

#[tokio::test]
async fn an_upload_over_quota_fails_and_leaves_nothing_behind() {
    // 3.13 T6
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 100_000).await;
    let uploader = Uploader::new(&panel).await;
    add_key(&customer, &webspace, &uploader).await;
    let large = uploader.local("large", &vec![7; 200_000]);
    let lines = format!("put {} large\n", large.display());
    let ran = uploader
        .with_key(&text(&webspace, "sftp_login"), &lines)
        .await;
    assert!(!ran.worked);
    let files = format!("/webspaces/{}/files", text(&webspace, "id"));
    let listed = customer.api.get(&files).await.expect(200);
    let names: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "name"))
        .collect();
    assert!(!names.contains(&"large".to_owned()), "{names:?}");
    let refused = customer
        .api
        .put(&format!("{files}/large"), &vec![7; 200_000])
        .await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (409, Some("over-quota"))
    );
    assert_eq!(
        customer.api.get(&format!("{files}/large")).await.status,
        404
    );
}

#[tokio::test]
async fn a_suspended_webspace_takes_no_uploads() {
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 1_000_000).await;
    let uploader = Uploader::new(&panel).await;
    add_key(&customer, &webspace, &uploader).await;
    let path = format!("/webspaces/{}", text(&webspace, "id"));
    let login = text(&webspace, "sftp_login");
    assert!(uploader.with_key(&login, "ls\n").await.worked);
    let reason = json!({ "reason": "Invoice under review" });
    customer
        .api
        .json("POST", &format!("{path}/suspend"), &reason)
        .await
        .expect(200);
    customer.api.settled(&path, "suspended").await;
    assert!(!uploader.with_key(&login, "ls\n").await.worked);
}

#[tokio::test]
async fn names_that_lead_out_are_refused_and_odd_ones_come_back_as_they_were() {
    // 3.13 T4
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 1_000_000).await;
    let files = format!("/webspaces/{}/files", text(&webspace, "id"));
    for outside in [
        "%2e%2e/x",
        "a/%2e%2e/%2e%2e/x",
        "a%00b",
        "a%0ab",
        "%2e",
        "a%2f%2e%2e%2fb",
    ] {
        let answer = customer.api.put(&format!("{files}/{outside}"), b"x").await;
        assert!(
            (400..500).contains(&answer.status),
            "{outside}: {}",
            answer.status
        );
    }
    for odd in [
        "Gr%C3%BC%C3%9Fe%20%26%20mehr.txt",
        "a%27b%22c.txt",
        "%E2%82%AC.txt",
        "-rf",
    ] {
        customer
            .api
            .put(&format!("{files}/{odd}"), odd.as_bytes())
            .await
            .expect(201);
        let read = customer.api.get(&format!("{files}/{odd}")).await;
        assert_eq!(
            (read.status, read.body.as_slice()),
            (200, odd.as_bytes()),
            "{odd}"
        );
        assert!(
            read.header("content-disposition").starts_with("attachment"),
            "{odd}"
        );
    }
    let long = "n".repeat(256);
    let answer = customer.api.put(&format!("{files}/{long}"), b"x").await;
    assert!((400..500).contains(&answer.status), "{}", answer.text());
}

#[tokio::test]
async fn wrong_passwords_lock_the_stranger_and_never_the_key() {
    // 3.2 T1, T7. Under a profile that locks for a quarter of an hour: an attempt takes seconds.
    let panel = Panel::demo_under("DE-LEGACY");
    let customer = panel.customer();
    let webspace = webspace(&customer, 1_000_000).await;
    let (login, password) = (
        text(&webspace, "sftp_login"),
        text(&webspace, "sftp_password"),
    );
    let uploader = Uploader::new(&panel).await;
    add_key(&customer, &webspace, &uploader).await;
    for guess in 0..3 {
        let wrong = format!("a wrong guess {guess}");
        assert!(!uploader.with_password(&login, &wrong, "ls\n").await.worked);
    }
    let right = uploader.with_password(&login, &password, "ls\n").await;
    assert!(!right.worked, "the path is not locked");
    let key = uploader.with_key(&login, "ls\n").await;
    assert!(key.worked, "the key must go on working: {}", key.err);
    let other = Answer::of(
        visitor(&panel, &[&text(&webspace, "preview_host")])
            .get(page(&panel, &text(&webspace, "preview_host"), "/"))
            .send()
            .await
            .unwrap(),
    );
    assert_eq!(other.await.unwrap().status, 200);
}

// 3.2 T1, T7.
#[tokio::test]
async fn a_login_that_strangers_locked_is_opened_by_mail_or_with_a_new_password() {
    let panel = shared();
    let customer = panel.customer();
    let webspace = webspace(&customer, 50_000_000).await;
    let (id, login) = (text(&webspace, "id"), text(&webspace, "sftp_login"));
    let uploader = Uploader::new(&panel).await;
    add_key(&customer, &webspace, &uploader).await;
    for n in 0..6 {
        let guess = format!("not the password {n}");
        assert!(!uploader.with_password(&login, &guess, "ls\n").await.worked);
    }
    assert!(
        uploader.with_key(&login, "ls\n").await.worked,
        "a key opens"
    );
    let token = link(&panel, &customer.owner, "unlock").await;
    let guest = Browser::guest(&panel);
    let opened = guest.post("/unlock", &[("token", &token)]).await;
    let done = "/login?done=upload-unlocked";
    assert_eq!((opened.status, opened.header("location")), (303, done));
    assert_eq!(guest.get(done).await.status, 200);
    let again = guest.post("/unlock", &[("token", &token)]).await;
    assert_eq!(again.status, 404, "a link works once");
    let path = format!("/webspaces/{id}");
    let renew = format!("{path}/set_upload_password");
    let renewed = customer.api.json("POST", &renew, &json!({})).await;
    let password = text(&renewed.expect(200), "sftp_password");
    customer.api.settled(&path, "live").await;
    let opened = async || {
        let ran = uploader.with_password(&login, &password, "ls\n").await;
        ran.worked.then_some(())
    };
    until("the new password to open the webspace", opened).await;
}

#[tokio::test]
async fn the_api_makes_folders_renames_files_and_unpacks_archives() {
    let customer = shared().customer();
    let webspace = webspace(&customer, 50_000_000).await;
    let (api, path) = (
        &customer.api,
        format!("/webspaces/{}", text(&webspace, "id")),
    );
    let act =
        async |verb: &str, body: Value| api.json("POST", &format!("{path}/{verb}"), &body).await;
    let images = json!({ "path": "images" });
    act("make_folder", images.clone()).await.expect(204);
    act("make_folder", images).await.expect(409);
    api.put(&format!("{path}/files/a.html"), b"one")
        .await
        .expect(201);
    let moved = json!({ "path": "a.html", "to": "images/b.html" });
    act("rename_file", moved.clone()).await.expect(204);
    act("rename_file", moved).await.expect(404);
    let read = api.get(&format!("{path}/files/images/b.html")).await;
    assert_eq!((read.status, read.text().as_str()), (200, "one"));
    let packed = archive("c/d.html", "two").await;
    api.put(&format!("{path}/files/images/site.zip"), &packed)
        .await
        .expect(201);
    let unpacked = act("unzip_file", json!({ "path": "images/site.zip" })).await;
    assert_eq!(unpacked.expect(200)["files"], 1);
    let read = api.get(&format!("{path}/files/images/c/d.html")).await;
    assert_eq!((read.status, read.text().as_str()), (200, "two"));
    let climbing = json!({ "path": "../images", "to": "" });
    let refused = act("rename_file", climbing).await.expect(422);
    let errors = refused["errors"].as_array().unwrap();
    let named: Vec<_> = errors.iter().map(|error| &error["pointer"]).collect();
    assert_eq!(named, ["/path", "/to"], "{refused}");
}

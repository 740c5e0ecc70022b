//! Who gets in, and what the others learn: nothing.

use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::Ed25519Keypair;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use tokio::net::TcpListener;
use wabe_kernel::desired::Wish;

use crate::embedded::sftp::tests::{Server, hash};
use crate::embedded::sftp::{SftpParts, SftpServer, host_key};
use crate::embedded::web::tests::SeededRng;

#[tokio::test]
async fn the_right_password_opens_and_the_guard_hears_of_every_attempt() {
    // 3.2 T7
    let server = Server::new(1_000).await;
    assert!(server.try_password("anna", "right").await);
    assert!(!server.try_password("anna", "wrong").await);
    assert!(!server.try_password("nobody", "right").await);
    let noted = server.guard.ended.lock().unwrap().clone();
    let expected = [("anna", true), ("anna", false), ("nobody", false)];
    let noted: Vec<_> = noted
        .iter()
        .map(|(login, success)| (login.as_str(), *success))
        .collect();
    assert_eq!(noted, expected);
    let counted = server.guard.counted.lock().unwrap().clone();
    let known: Vec<bool> = counted.iter().map(|(_, known)| *known).collect();
    assert_eq!(
        known,
        [true, true, false],
        "the guard is told what a login opens"
    );
    server.stop().await;
}

#[tokio::test]
async fn an_attempt_is_counted_before_it_is_checked() {
    // 3.2 T6: of many that come at once no more are checked than the guard lets through.
    let server = Server::new(1_000).await;
    *server.guard.most.lock().unwrap() = Some(2);
    let tries = tokio::join!(
        server.try_password("anna", "guess 1"),
        server.try_password("anna", "guess 2"),
        server.try_password("anna", "guess 3"),
        server.try_password("anna", "guess 4"),
    );
    assert_eq!(tries, (false, false, false, false));
    assert_eq!(server.guard.ended.lock().unwrap().len(), 2);
    assert!(!server.try_password("anna", "right").await);
    assert_eq!(server.guard.counted.lock().unwrap().len(), 5);
    assert_eq!(server.guard.ended.lock().unwrap().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_closed_guard_keeps_passwords_out_and_keys_not() {
    // 3.2 T1
    let server = Server::new(1_000).await;
    *server.guard.closed.lock().unwrap() = true;
    assert!(!server.try_password("anna", "right").await);
    assert!(server.try_key("anna", &server.key).await);
    assert!(server.guard.ended.lock().unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_connection_ends_after_three_passwords() {
    let server = Server::new(1_000).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        assert!(
            !client
                .authenticate_password("anna", "wrong")
                .await
                .unwrap()
                .success()
        );
    }
    let fourth = client.authenticate_password("anna", "right").await;
    assert!(!fourth.is_ok_and(|answer| answer.success()));
    assert_eq!(server.guard.ended.lock().unwrap().len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn refusals_are_the_same_whatever_the_reason() {
    let server = Server::new(1_000).await;
    let mut answers = Vec::new();
    for (login, password) in [
        ("anna", "wrong"),
        ("nobody", "right"),
        ("anna", &"x".repeat(5_000)),
    ] {
        let mut client = server.connect().await;
        answers.push(client.authenticate_password(login, password).await.unwrap());
    }
    server.bench.index.set(&server.bench.site, Wish::Hidden);
    let mut client = server.connect().await;
    answers.push(client.authenticate_password("anna", "right").await.unwrap());
    assert!(!answers[0].success());
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn hidden_sites_and_removed_keys_open_nothing() {
    let mut server = Server::new(1_000).await;
    let other = Arc::new(PrivateKey::from(Ed25519Keypair::from_seed(&[8; 32])));
    assert!(server.try_key("anna", &server.key).await);
    assert!(!server.try_key("anna", &other).await);
    assert!(!server.try_key("nobody", &server.key).await);
    server.bench.index.set(&server.bench.site, Wish::Hidden);
    assert!(!server.try_key("anna", &server.key).await);
    server.bench.site.upload.keys.clear();
    server.bench.site.upload.password_hash = None;
    server.bench.index.set(&server.bench.site, Wish::Present);
    assert!(!server.try_key("anna", &server.key).await);
    assert!(!server.try_password("anna", "right").await);
    server.bench.site.upload.password_hash = Some(hash("new"));
    server.bench.index.set(&server.bench.site, Wish::Present);
    assert!(server.try_password("anna", "new").await);
    server.stop().await;
}

#[tokio::test]
async fn the_host_key_is_made_once_and_for_nobody_else() {
    let server = Server::new(1_000).await;
    let path = server.bench.dir.path().join("keys/sftp");
    let bind = async || {
        let parts = SftpParts {
            files: server.bench.files.clone(),
            index: server.bench.index.clone(),
            guard: server.guard.clone(),
            rng: SeededRng::new(),
        };
        SftpServer::bind(
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            &path,
            parts,
        )
    };
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = bind().await.unwrap().fingerprint().to_owned();
    assert!(first.starts_with("SHA256:"));
    assert_eq!(bind().await.unwrap().fingerprint(), first);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(host_key::load(&path, &*SeededRng::new()).is_err());
    server.stop().await;
}

//! Instances over a program that stands for Apache: it takes every configuration, or none.

use super::*;
use crate::needs_root::needs_root;
use crate::php::Owner;
use crate::samples;
use tempfile::TempDir;
use wabe_kernel::macros::uuid::Uuid;

#[test]
fn servers_of_a_range_have_addresses_of_their_own() {
    let at = |group| Backend::of(group, Secret::new("w")).http;
    let all: BTreeSet<SocketAddr> = (200_000..200_100).map(at).collect();
    assert_eq!(all.len(), 100);
    for address in all {
        assert!(address.ip().is_loopback() && address.port() == PORTS.0);
    }
}

/// Everybody is somebody, with a server of their own.
struct Known;

impl Owners for Known {
    fn of(&self, _webspace: WebspaceId) -> Option<Owner> {
        Some(Owner::numbered(299_930))
    }

    fn server_of(&self, _webspace: WebspaceId) -> Option<Account> {
        Some(Account::new(299_930, 299_931))
    }
}

/// What instances are made of whose program ends like this when it is asked to try a configuration.
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn parts(dir: &TempDir, ends: u8, owners: Arc<dyn Owners>) -> Parts {
    // A customer's user passes.
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let programs = dir.path().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let program = programs.join(NAME);
    let script = format!("#!/bin/sh\necho refused >&2\nexit {ends}\n");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    Parts {
        folders: vec![programs],
        owners,
        limits: Limits::default(),
        mark: Secret::new("a mark"),
        ports: (80, 443),
        clock: Arc::new(crate::system::SystemClock::default()),
    }
}

fn apaches(dir: &TempDir, ends: u8, owners: Arc<dyn Owners>) -> Arc<Apaches> {
    opened(dir, parts(dir, ends, owners))
}

fn opened(dir: &TempDir, parts: Parts) -> Arc<Apaches> {
    let node = dir.path().join("node");
    std::fs::create_dir_all(&node).unwrap();
    Apaches::open(&node, parts).unwrap()
}

fn served(root: &str) -> Served {
    Served {
        webspace: Webspace {
            document_root: root.parse().unwrap(),
            ..samples::webspace(1)
        },
        place: samples::place("/srv/node/web/a"),
        php: None,
    }
}

#[tokio::test]
async fn a_configuration_that_is_refused_leaves_what_was_there() {
    needs_root();
    let dir = tempfile::tempdir().unwrap();
    let refuses = apaches(&dir, 1, Arc::new(Known));
    let id = served("a").webspace.id;
    let failed = refuses.bring(vec![served("a")]).await;
    assert_eq!(failed[&id].code, "apache-failed");
    assert!(refuses.is_clear(id) && refuses.all().is_empty());
    // The program takes what comes from now on.
    let takes = apaches(&dir, 0, Arc::new(Known));
    assert!(takes.bring(vec![served("a")]).await.is_empty());
    assert!(takes.runs(&served("a")) && !takes.runs(&served("b")));
    let refuses = apaches(&dir, 1, Arc::new(Known));
    assert_eq!(refuses.bring(vec![served("b")]).await.len(), 1);
    assert!(takes.runs(&served("a")));
    assert!(!takes.file(id).with_extension("trial").exists());
    takes.leave_only(vec![(id, true)]).await;
    assert!(takes.runs(&served("a")));
    takes.leave_only(vec![(id, false)]).await;
    assert!(takes.is_clear(id) && takes.all().is_empty());
    // What stays behind is no clear ground.
    std::fs::create_dir(folder_in(&takes.folder, id)).unwrap();
    assert!(!takes.is_clear(id));
}

#[test]
fn a_word_is_one_webspaces_own_and_the_same_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let word = |apaches: &Arc<Apaches>, number: u128| {
        let id = WebspaceId::from_uuid(Uuid::from_u128(number));
        apaches.backend(id).unwrap().word.expose().to_owned()
    };
    let first = apaches(&dir, 0, Arc::new(Known));
    let mark = dir.path().join("node/apache/mark");
    let about = std::fs::metadata(&mark).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    let other = Parts {
        mark: Secret::new("another mark"),
        ..parts(&dir, 0, Arc::new(Known))
    };
    let again = opened(&dir, other);
    assert_eq!(word(&again, 1), word(&first, 1));
    assert_ne!(word(&again, 2), word(&again, 1));
}

#[tokio::test]
async fn without_a_user_of_its_own_a_webspace_has_no_apache() {
    let dir = tempfile::tempdir().unwrap();
    let apaches = apaches(&dir, 0, Arc::new(crate::php::NoOwners));
    let failed = apaches.bring(vec![served("a")]).await;
    let code = failed[&served("a").webspace.id].code;
    assert_eq!(code, "apache-without-user");
    assert!(apaches.all().is_empty());
}

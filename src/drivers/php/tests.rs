//! Pools over a program that stands for PHP-FPM: it takes every configuration, or none.

use super::*;
use crate::samples;
use std::time::UNIX_EPOCH;
use tempfile::TempDir;
use wabe_kernel::Timestamp;
use wabe_kernel::macros::uuid::Uuid;

const VERSION: &str = "8.2";

fn id(number: u128) -> WebspaceId {
    WebspaceId::from_uuid(Uuid::from_u128(number))
}

fn version() -> PhpVersion {
    VERSION.parse().unwrap()
}

fn place(dir: &TempDir, number: u128) -> Place {
    samples::place(dir.path().join("web").join(id(number).to_string()))
}

/// Pools whose program ends like this when it is asked to try a configuration.
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn pools(dir: &TempDir, ends: u8, owners: Arc<dyn Owners>) -> Arc<Pools> {
    // A customer's user passes.
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let programs = dir.path().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let program = programs.join(format!("php-fpm{VERSION}"));
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho refused >&2\nexit {ends}\n"),
    )
    .unwrap();
    std::fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let parts = Parts {
        folders: vec![programs],
        owners,
        web_group: Some("www-data".to_owned()),
        without_users: true,
        limits: Limits::default(),
    };
    Pools::open(&dir.path().join("node"), parts).unwrap()
}

/// Everybody is somebody.
struct Known;

impl Owners for Known {
    fn of(&self, webspace: WebspaceId) -> Option<Owner> {
        let number = u32::try_from(webspace.uuid().as_u128()).ok()?;
        Some(Owner::numbered(number.checked_add(299_900)?))
    }
}

fn wanted(dir: &TempDir, number: u128) -> Vec<Pooled> {
    std::fs::create_dir_all(place(dir, number).folder).unwrap();
    vec![Pooled {
        id: id(number),
        version: version(),
        values: PoolValues::default(),
        place: place(dir, number),
        reached_by: None,
    }]
}

#[tokio::test]
async fn a_pool_comes_with_what_it_needs_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let pools = pools(&dir, 0, Arc::new(Known));
    assert!(pools.bring(wanted(&dir, 1)).await.is_empty());
    let place = place(&dir, 1);
    let usual = (version(), PoolValues::default());
    assert!(pools.runs(id(1), Some(&usual), &place));
    let more = PoolValues {
        upload_bytes: 1,
        ..PoolValues::default()
    };
    assert!(!pools.runs(id(1), Some(&(version(), more)), &place));
    assert!(!pools.runs(id(1), None, &place) && pools.runs(id(2), None, &place));
    assert!(place.folder.join("tmp").is_dir());
    assert_eq!(pools.all(), BTreeSet::from([id(1)]));
    if pools.is_root {
        is_made_for_its_user(&dir, &place);
    }
    let left = Left {
        id: id(1),
        version: None,
        place: Some(place.clone()),
        reached_by: None,
    };
    pools.leave_only(vec![left]).await;
    assert!(pools.runs(id(1), None, &place) && pools.all().is_empty());
    assert!(!place.folder.join("tmp").exists());
    let php = dir.path().join("node/php");
    assert!(own::all_in(&php).is_empty());
    assert!(!php.join("run").join(id(1).to_string()).exists());
}

/// What a pool with a user of its own is made of, each for whom it is.
fn is_made_for_its_user(dir: &TempDir, place: &Place) {
    use std::os::unix::fs::MetadataExt as _;
    let php = dir.path().join("node/php");
    let own = own::folder_in(&php, id(1), version());
    let user = 299_901;
    for (path, wanted) in [
        (own.clone(), (0, user, 0o710)),
        (own.join("fpm.conf"), (0, user, 0o640)),
        (own.join("fpm.log"), (user, user, 0o600)),
        (place.logs.join("php.log"), (user, user, 0o600)),
        (place.folder.join("tmp"), (user, user, 0o700)),
    ] {
        let about = std::fs::symlink_metadata(&path).unwrap();
        let is = (about.uid(), about.gid(), about.mode() & 0o7777);
        assert_eq!(is, wanted, "{}", path.display());
    }
    // The sockets' folder is made for each start.
    assert!(!php.join("run").join(id(1).to_string()).exists());
}

#[tokio::test]
async fn a_webspace_that_gets_a_user_loses_the_pool_it_shared_a_master_with() {
    let dir = tempfile::tempdir().unwrap();
    let shared = pools(&dir, 0, Arc::new(NoOwners));
    if !shared.is_root {
        return;
    }
    let usual = (version(), PoolValues::default());
    assert!(shared.bring(wanted(&dir, 1)).await.is_empty());
    assert!(shared.runs(id(1), Some(&usual), &place(&dir, 1)));
    let owned = pools(&dir, 0, Arc::new(Known));
    assert!(!owned.runs(id(1), Some(&usual), &place(&dir, 1)));
    assert!(owned.bring(wanted(&dir, 1)).await.is_empty());
    let left = Left {
        id: id(1),
        version: Some(version()),
        place: Some(place(&dir, 1)),
        reached_by: None,
    };
    owned.leave_only(vec![left.clone()]).await;
    assert!(owned.runs(id(1), Some(&usual), &place(&dir, 1)));
    assert!(!owned.masters[&version()].pool(id(1)).exists());
    // And back.
    let shared = pools(&dir, 0, Arc::new(NoOwners));
    assert!(shared.bring(wanted(&dir, 1)).await.is_empty());
    shared.leave_only(vec![left]).await;
    assert!(shared.runs(id(1), Some(&usual), &place(&dir, 1)));
    assert!(own::all_in(&dir.path().join("node/php")).is_empty());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
fn what_lies_in_the_temporary_folder_for_too_long_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(&dir, 1);
    aged::sweep(&place, Timestamp(0)).unwrap();
    let folder = place.folder.join("tmp");
    std::fs::create_dir_all(folder.join("cache")).unwrap();
    std::fs::write(folder.join("sess_a"), "a|i:1;").unwrap();
    let written = std::fs::metadata(folder.join("sess_a")).unwrap();
    let written = written.modified().unwrap().duration_since(UNIX_EPOCH);
    let written = Timestamp(i64::try_from(written.unwrap().as_micros()).unwrap());
    aged::sweep(&place, written.plus_days(7)).unwrap();
    assert!(folder.join("sess_a").exists());
    aged::sweep(&place, written.plus_days(8)).unwrap();
    assert!(!folder.join("sess_a").exists() && folder.join("cache").is_dir());
}

#[tokio::test]
async fn a_pool_that_is_refused_is_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let pools = pools(&dir, 1, Arc::new(Known));
    let failed = pools.bring(wanted(&dir, 1)).await;
    assert_eq!(failed[&id(1)].code, "php-failed");
    assert!(failed[&id(1)].detail.contains("refused"));
    assert!(pools.all().is_empty());
}

#[tokio::test]
async fn a_version_that_is_not_installed_is_no_pool() {
    let dir = tempfile::tempdir().unwrap();
    let pools = pools(&dir, 0, Arc::new(Known));
    assert_eq!(pools.versions(), BTreeSet::from([version()]));
    let mut old = wanted(&dir, 1);
    old[0].version = "5.6".parse().unwrap();
    let failed = pools.bring(old).await;
    assert_eq!(failed[&id(1)].code, "php-not-installed");
}

#[tokio::test]
async fn pools_of_a_master_that_does_not_stay_up_hold_up_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let pools = pools(&dir, 0, Arc::new(Known));
    let stop = CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&pools).run(stop.clone()));
    tokio::task::yield_now().await;
    let many = (1..=20).flat_map(|number| wanted(&dir, number));
    // They are made, as far as that goes, and take no requests.
    assert!(pools.bring(many.collect()).await.is_empty());
    assert_eq!(pools.all().len(), 20);
    assert!(!pools.answers(id(1), version()).await);
    stop.cancel();
    running.await.unwrap();
}

#[test]
fn a_webspace_without_a_user_has_no_php_unless_that_was_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let pools = Arc::into_inner(pools(&dir, 0, Arc::new(NoOwners))).unwrap();
    let usual = PoolValues::default();
    let shared = pools.pool(id(1), version(), (&place(&dir, 1), &usual));
    assert!(shared.is_ok());
    let rooted = Pools {
        is_root: true,
        without_users: false,
        ..pools
    };
    let refused = rooted.pool(id(1), version(), (&place(&dir, 1), &usual));
    assert_eq!(refused.unwrap_err().code, "php-without-user");
    let owned = Pools {
        owners: Arc::new(Known),
        ..rooted
    };
    let pool = owned.pool(id(7), version(), (&place(&dir, 7), &usual));
    let pool = pool.unwrap();
    assert!(pool.text.starts_with("[global]\n"), "{}", pool.text);
    assert!(!pool.text.contains("\nuser = "), "{}", pool.text);
}

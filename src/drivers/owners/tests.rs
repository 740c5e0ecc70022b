//! Users over a folder of a test's own. Root gives files away; nobody else can.

#![expect(clippy::disallowed_methods, reason = "a test's own files")]

use super::*;
use crate::needs_root::needs_root;
use crate::owners::walk::Passed;
use crate::samples;
use crate::slices::{Share, Standing};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use tempfile::TempDir;
use wabe_kernel::RelPath;
use wabe_kernel::macros::uuid::Uuid;

fn parts() -> Parts {
    Parts {
        range: Range::default(),
        web_user: Some("www-data".to_owned()),
        // The tests' own group and whoever else is in it stay where they are.
        slices: Slices::over(Err(Standing::NotThere), (Share::default(), "/none".into())),
    }
}

fn place(dir: &TempDir, number: u128) -> Place {
    let id = WebspaceId::from_uuid(Uuid::from_u128(number));
    let folder = dir.path().join("node/web").join(id.to_string());
    Place {
        challenges: dir.path().join("node/challenges"),
        ..samples::place(folder)
    }
}

fn webspace(number: u128, customer: Option<u128>) -> Webspace {
    Webspace {
        document_root: "public".parse().unwrap(),
        customer: customer.map(|number| CustomerId::from_uuid(Uuid::from_u128(number))),
        ..samples::webspace(number)
    }
}

/// A folder that everybody passes, as a node's is.
fn ground() -> TempDir {
    needs_root();
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    dir
}

/// The files of a webspace as root makes them.
fn made(place: &Place) {
    std::fs::create_dir_all(place.files.join("public/deep")).unwrap();
    std::fs::write(place.files.join("public/index.php"), "<?php").unwrap();
    std::fs::write(&place.key, "key").unwrap();
    std::fs::write(place.folder.join("site.json"), "{}").unwrap();
}

/// Has a customer's webspace be theirs.
fn given(users: &Users, site: &Webspace, place: &Place) -> Result<(), StepFailure> {
    if let Some(customer) = site.customer {
        users.assign(customer, site.id)?;
    }
    users.settle(site, place)
}

/// User, group and mode of a path, a link not followed.
fn about(path: &Path) -> (u32, u32, u32) {
    let about = std::fs::symlink_metadata(path).unwrap();
    (about.uid(), about.gid(), about.mode() & 0o7777)
}

#[test]
fn only_root_gives_customers_users() {
    let dir = tempfile::tempdir().unwrap();
    let closed = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(dir.path(), closed).unwrap();
    let opened = Users::open(&dir.path().join("node"), parts());
    if rustix::process::geteuid().is_root() {
        // Nobody else passes the folder.
        assert!(matches!(opened, Err(OpenFault::Barred(_))));
    } else {
        assert!(matches!(opened, Err(OpenFault::NotRoot)));
    }
}

#[test]
fn a_webspace_is_its_customers_and_what_tells_us_what_to_do_is_not() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let (site, place, web) = (webspace(1, Some(7)), place(&dir, 1), users.web());
    made(&place);
    given(&users, &site, &place).unwrap();
    let user = 200_000;
    let owner = users.of(site.id).unwrap();
    assert_eq!(owner, Owner::numbered(user));
    for (path, wanted) in [
        (dir.path().join("node"), (0, 0, 0o711)),
        (dir.path().join("node/web"), (0, 0, 0o711)),
        (dir.path().join("node/php"), (0, 0, 0o711)),
        (dir.path().join("node/nginx"), (0, web.group(), 0o750)),
        (place.folder.clone(), (0, 0, 0o711)),
        (place.files.clone(), (user, web.group(), 0o750)),
        (place.logs.clone(), (web.user(), user, 0o2750)),
        (place.key.clone(), (0, web.group(), 0o640)),
        (dir.path().join("node/owners.json"), (0, 0, 0o600)),
    ] {
        assert_eq!(about(&path), wanted, "{}", path.display());
    }
    for path in ["public", "public/deep", "public/index.php"] {
        let (uid, gid, _) = about(&place.files.join(path));
        assert_eq!((uid, gid), (user, user), "{path}");
    }
    assert_eq!(about(&place.folder.join("site.json")).0, 0);
}

#[test]
fn what_root_made_since_is_given_the_next_time_and_a_restore_is_given_as_a_whole() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let (site, place) = (webspace(1, Some(7)), place(&dir, 1));
    std::fs::create_dir_all(&place.files).unwrap();
    given(&users, &site, &place).unwrap();
    std::fs::create_dir(place.files.join("public")).unwrap();
    std::fs::write(place.files.join("restored"), "").unwrap();
    given(&users, &site, &place).unwrap();
    assert_eq!(about(&place.files.join("public")).0, 200_000);
    assert_eq!(about(&place.files.join("restored")).0, 0);
    users.settle_again(&site, &place).unwrap();
    assert_eq!(about(&place.files.join("restored")).0, 200_000);
    assert_eq!(about(&place.files).2, 0o750);
}

#[test]
fn a_link_is_given_and_what_it_leads_to_keeps_its_owner() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let (site, place) = (webspace(1, Some(7)), place(&dir, 1));
    made(&place);
    let secret = dir.path().join("secret");
    std::fs::create_dir(&secret).unwrap();
    std::fs::write(secret.join("file"), "").unwrap();
    symlink(secret.join("file"), place.files.join("to-file")).unwrap();
    symlink(&secret, place.files.join("to-folder")).unwrap();
    symlink("/etc/shadow", place.files.join("to-shadow")).unwrap();
    // A second name of a file that is ours.
    std::fs::hard_link(secret.join("file"), place.files.join("twice")).unwrap();
    let shadow = about(Path::new("/etc/shadow"));
    given(&users, &site, &place).unwrap();
    for link in ["to-file", "to-folder", "to-shadow"] {
        assert_eq!(about(&place.files.join(link)).0, 200_000, "{link}");
    }
    assert_eq!(about(&secret).0, 0);
    assert_eq!(about(&secret.join("file")).0, 0);
    assert_eq!(about(Path::new("/etc/shadow")), shadow);
}

#[test]
fn a_document_root_that_became_a_link_is_left_alone() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let (site, place) = (webspace(1, Some(7)), place(&dir, 1));
    std::fs::create_dir_all(&place.files).unwrap();
    given(&users, &site, &place).unwrap();
    let secret = dir.path().join("secret");
    std::fs::create_dir(&secret).unwrap();
    symlink(&secret, place.files.join("public")).unwrap();
    given(&users, &site, &place).unwrap();
    assert_eq!(about(&secret).0, 0);
}

#[test]
fn folders_that_a_customer_locked_are_open_to_them_again_and_links_lead_nowhere() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let (site, place) = (webspace(1, Some(7)), place(&dir, 1));
    made(&place);
    given(&users, &site, &place).unwrap();
    let elsewhere = dir.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, place.files.join("public/deep/link")).unwrap();
    let lock = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    lock(&elsewhere, 0o500);
    lock(&place.files.join("public/deep"), 0);
    lock(&place.files.join("public"), 0o555);
    lock(&place.files, 0);
    users.unlock(site.id, &place).unwrap();
    for path in ["", "public", "public/deep"] {
        let (user, _, mode) = about(&place.files.join(path));
        assert_eq!((user, mode), (200_000, 0o700), "{path}");
    }
    assert_eq!(about(&elsewhere).2, 0o500);
}

#[test]
fn what_a_stranger_left_goes_over_no_link_and_not_deeper_than_it_is_safe() {
    let dir = tempfile::tempdir().unwrap();
    let (tree, kept) = (dir.path().join("tree"), dir.path().join("kept"));
    ground::remove_tree(&tree).unwrap();
    std::fs::create_dir_all(tree.join("a/b/c")).unwrap();
    std::fs::create_dir(tree.join("a/empty")).unwrap();
    std::fs::create_dir(&kept).unwrap();
    std::fs::write(kept.join("file"), "").unwrap();
    std::fs::write(tree.join("a/b/file"), "").unwrap();
    symlink(&kept, tree.join("a/to-folder")).unwrap();
    symlink(kept.join("file"), tree.join("to-file")).unwrap();
    symlink("nowhere", tree.join("to-nothing")).unwrap();
    ground::remove_tree(&tree).unwrap();
    assert!(!tree.exists() && kept.join("file").exists());
    std::fs::create_dir_all(tree.join("d/".repeat(400))).unwrap();
    let deep = ground::remove_tree(&tree).unwrap_err();
    assert_eq!(deep.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_pass_that_broke_off_goes_on_and_one_that_is_done_gives_nothing() {
    let dir = ground();
    let place = place(&dir, 1);
    made(&place);
    let user = Account::new(200_000, 200_000);
    let files = || std::fs::File::open(&place.files).unwrap().into();
    std::os::unix::fs::chown(place.files.join("public"), Some(200_000), Some(200_000)).unwrap();
    let rest = Passed { given: 2, left: 0 };
    assert_eq!(walk::give_all(&files(), user).unwrap(), rest);
    let nothing = Passed::default();
    assert_eq!(walk::give_all(&files(), user).unwrap(), nothing);
    let root = RelPath::root();
    assert_eq!(
        ground::settle(&place, user, Account::new(0, 0), &root).unwrap(),
        nothing
    );
}

#[test]
fn a_customer_who_leaves_leaves_no_line_and_no_number() {
    let dir = ground();
    let node = dir.path().join("node");
    let users = Users::open(&node, parts()).unwrap();
    for (number, customer) in [(1, 7), (2, 7), (3, 8)] {
        made(&place(&dir, number));
        let site = webspace(number, Some(customer));
        given(&users, &site, &place(&dir, number)).unwrap();
    }
    let id = |number| WebspaceId::from_uuid(Uuid::from_u128(number));
    assert_eq!(users.of(id(1)), users.of(id(2)));
    users.strike(id(1)).unwrap();
    assert!(users.of(id(1)).is_none() && users.of(id(2)).is_some());
    users.strike(id(2)).unwrap();
    users.strike(id(2)).unwrap();
    drop(users);
    let users = Users::open(&node, parts()).unwrap();
    assert!(users.of(id(2)).is_none());
    let back = webspace(4, Some(7));
    made(&place(&dir, 4));
    given(&users, &back, &place(&dir, 4)).unwrap();
    assert_eq!(users.of(id(4)), Some(Owner::numbered(200_002)));
}

#[test]
fn a_webspace_that_is_nobodys_or_anothers_is_refused() {
    let dir = ground();
    let users = Users::open(&dir.path().join("node"), parts()).unwrap();
    let place = place(&dir, 1);
    made(&place);
    let nobodys = given(&users, &webspace(1, None), &place).unwrap_err();
    assert_eq!(nobodys.code, "owner-failed");
    given(&users, &webspace(1, Some(7)), &place).unwrap();
    let anothers = given(&users, &webspace(1, Some(8)), &place).unwrap_err();
    assert_eq!(anothers.code, "owner-failed");
    assert_eq!(about(&place.files).0, 200_000);
}

#[test]
fn a_group_is_found_by_its_whole_name() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("group"),
        "web:x:7:\nweb2:x:8:a,b\nbad:x:y:\n",
    )
    .unwrap();
    assert_eq!(group_of(dir.path(), "web2").unwrap(), Some(8));
    assert_eq!(group_of(dir.path(), "we").unwrap(), None);
    assert_eq!(group_of(dir.path(), "bad").unwrap(), None);
}

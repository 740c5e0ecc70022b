use crate::Keys;
use crate::tests::bench::Seeded;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn keys_are_made_once_for_their_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let made = Keys::open_or_create(dir.path(), &Seeded::new(1)).unwrap();
    let found = Keys::open_or_create(dir.path(), &Seeded::new(2)).unwrap();
    assert_eq!(made.public_key(), found.public_key());
    assert_eq!(made.pseudonym("anna"), found.pseudonym("Anna"));
    let mut names = Vec::new();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["checkpoint.key", "record.key"]);
}

#[test]
fn a_key_file_that_others_may_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    Keys::open_or_create(dir.path(), &Seeded::new(1)).unwrap();
    std::fs::set_permissions(dir.path().join("record.key"), Permissions::from_mode(0o640)).unwrap();
    assert!(Keys::open_or_create(dir.path(), &Seeded::new(1)).is_err());
}

//! The order of the rooms, and what they are built from.

use crate::repository::{nothing_found, root};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Lowest first: a room uses only rooms before it. Rooms on one line never use each other.
const ORDER: [&[&str]; 13] = [
    &["kernel", "verify", "sqlbox"],
    &["package"],
    &["store", "plan", "drivers", "setup"],
    &["audit"],
    &["access"],
    &["jobs"],
    &["identity", "hosting", "support", "automation"],
    &["reconcile"],
    &["web"],
    &["portal", "staff", "api"],
    &["testkit"],
    &["panel"],
    &["sandbox", "agent"],
];

/// Rooms that use these rooms of ours and no others.
const ONLY: [(&str, &[&str]); 10] = [
    ("kernel", &[]),
    ("verify", &[]),
    ("sqlbox", &[]),
    ("store", &["kernel"]),
    ("plan", &["kernel"]),
    ("setup", &["kernel"]),
    ("drivers", &["kernel", "package"]),
    ("package", &["kernel"]),
    ("sandbox", &["kernel", "package"]),
    ("agent", &["kernel", "drivers"]),
];

/// Crates that the whole house shares in one version.
const ONE_VERSION: [&str; 6] = ["sqlx", "axum", "rustls", "hyper", "aws-lc-rs", "tokio"];

/// Crates that must not be linked, each with the reason.
const ABSENT: [(&str, &str); 3] = [
    ("ring", "aws-lc-rs is the provider"),
    ("openssl-sys", "rustls is the TLS"),
    ("native-tls", "rustls is the TLS"),
];

fn metadata() -> Metadata {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    MetadataCommand::new()
        .cargo_path(env!("CARGO"))
        .manifest_path(root().join("Cargo.toml"))
        .other_options([
            "--offline".to_owned(),
            "--filter-platform".to_owned(),
            platform,
        ])
        .exec()
        .unwrap()
}

fn room(package: &Package) -> &str {
    package.name.strip_prefix("wabe-").unwrap()
}

fn place(room: &str) -> usize {
    let found = ORDER.iter().position(|rooms| rooms.contains(&room));
    found.unwrap_or_else(|| panic!("{room} has no place in the house"))
}

/// The rooms that each room uses in the product.
fn uses(metadata: &Metadata) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let normal = package
            .dependencies
            .iter()
            .filter(|used| used.kind == DependencyKind::Normal);
        let ours = normal.filter_map(|used| used.name.strip_prefix("wabe-"));
        uses.insert(room(package), ours.collect());
    }
    uses
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let metadata = metadata();
    let mut findings = Vec::new();
    for (room, used) in uses(&metadata) {
        for other in used {
            if place(other) >= place(room) {
                findings.push(format!(
                    "{room} uses {other}, which does not come before it"
                ));
            }
            if other == "testkit" {
                findings.push(format!("{room} uses testkit in the product"));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn the_lowest_rooms_use_what_they_may() {
    let metadata = metadata();
    let uses = uses(&metadata);
    for (room, allowed) in ONLY {
        for other in uses.get(room).into_iter().flatten() {
            assert!(allowed.contains(other), "{room} uses {other}");
        }
    }
}

#[test]
fn a_room_lies_in_the_folder_of_its_name_under_one_licence() {
    let metadata = metadata();
    for package in metadata.workspace_packages() {
        let folder = package.manifest_path.parent().unwrap();
        assert_eq!(folder, root().join("src").join(room(package)));
        assert_eq!(
            package.license.as_deref(),
            Some("Apache-2.0"),
            "{}",
            package.name
        );
        assert_eq!(
            package.publish.as_deref(),
            Some(&[][..]),
            "{}",
            package.name
        );
    }
}

/// The packages that `rooms` are linked from on this platform, with their versions. Asked of the tree,
/// because the metadata also names what no feature in force brings in.
fn linked(rooms: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(root())
        .args(["tree", "--offline", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(rooms);
    let tree = tree.output().unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(tree.stdout).unwrap().lines() {
        let mut words = line.split_whitespace().map(str::to_owned);
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

#[test]
fn what_the_house_stands_on_is_there_once() {
    let versions = linked(&["--workspace"]);
    for name in ONE_VERSION {
        let found = versions.get(name).cloned().unwrap_or_default();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
    }
    for (name, reason) in ABSENT {
        assert!(
            !versions.contains_key(name),
            "{name} is linked, but {reason}"
        );
    }
}

#[test]
fn the_panel_links_no_engine_for_plugins() {
    let versions = linked(&["--package", "wabe-panel"]);
    assert!(versions.contains_key("wabe-access"));
    let engines = versions
        .keys()
        .filter(|name| name.starts_with("wasmtime") || name.starts_with("cranelift"));
    assert_eq!(engines.count(), 0);
}

use super::*;
use proptest::prelude::*;

const MANIFEST: &str = r#"
id = "little"
version = "1.0.0"
api = "1.0"
author = "Wabe"
component = "plugin.wasm"
name = { de = "Klein", en = "Little" }
summary = { de = "Tut nichts.", en = "Does nothing." }
"#;

fn parts(more: &[(&str, &[u8])]) -> Parts {
    let base = [
        ("plugin.toml", MANIFEST.as_bytes()),
        ("plugin.wasm", b"\0asm".as_slice()),
    ];
    let all = base.iter().chain(more);
    all.map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect()
}

fn codes(parts: Parts) -> Vec<&'static str> {
    let flaws = Package::of_parts(parts, COMPONENT_BYTES).unwrap_err();
    flaws.iter().map(|flaw| flaw.defect.code()).collect()
}

#[test]
fn a_package_round_trips() {
    let package = Package::of_parts(parts(&[("README.md", b"# Little")]), COMPONENT_BYTES).unwrap();
    let bytes = package.write();
    assert_eq!(Package::read(&bytes, COMPONENT_BYTES).unwrap(), package);
    assert_eq!(package.write(), bytes);
    assert_eq!(package.component(), b"\0asm");
}

#[test]
fn parts_are_those_that_the_manifest_names() {
    assert_eq!(codes(parts(&[("run.sh", b"#!")])), ["part-unknown"]);
    let mut without = parts(&[]);
    without.remove("plugin.wasm");
    assert_eq!(codes(without), ["part-missing"]);
    assert_eq!(codes(Parts::new()), ["part-missing"]);
    let large = vec![0; COMPONENT_BYTES + 1];
    assert_eq!(codes(parts(&[("plugin.wasm", &large)])), ["part-too-large"]);
}

#[test]
fn what_is_no_plain_tar_is_refused() {
    let good = tar::write(&parts(&[]));
    let refused = |bytes: &[u8]| Package::read(bytes, COMPONENT_BYTES).unwrap_err()[0].to_string();
    assert!(refused(b"PK\x03\x04").contains("ends in the middle"));
    assert!(refused(&[7; 2048]).contains("not a tar file"));
    assert!(refused(&good[..700]).contains("ends in the middle"));
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        refused(&bytes)
    };
    assert!(changed(0, b'q').contains("damaged"));
    assert!(changed(good.len() - 1, 1).contains("follows its end"));
    let link = header_of("plugin.toml", b'2');
    assert!(refused(&link).contains("not a plain file"));
    for name in ["../x", "a/b", "", "\u{1}", ".hidden"] {
        assert!(
            refused(&header_of(name, b'0')).contains("in a folder"),
            "{name}"
        );
    }
}

/// An archive of one empty file with this name and kind.
fn header_of(name: &str, kind: u8) -> Vec<u8> {
    let mut bytes = tar::write(&Parts::from([(name.to_owned(), Vec::new())]));
    let before = u32::from(bytes[156]);
    bytes[156] = kind;
    let text = std::str::from_utf8(&bytes[148..154]).unwrap();
    let sum = u32::from_str_radix(text, 8).unwrap() + u32::from(kind) - before;
    bytes[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    bytes
}

#[test]
fn the_digest_list_names_every_part_but_the_signature() {
    let list = digest_list(&parts(&[("SIGNATURE", b"x")]));
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines[0], "wabe-plugin-1");
    assert_eq!(lines.len(), 3);
    assert!(lines[1].ends_with("  plugin.toml") && lines[2].ends_with("  plugin.wasm"));
}

proptest! {
    #[test]
    fn every_archive_round_trips(
        parts in proptest::collection::btree_map(
            "[A-Za-z0-9][A-Za-z0-9._-]{0,20}", proptest::collection::vec(any::<u8>(), 0..1500), 0..PARTS_MAX,
        ),
    ) {
        prop_assert_eq!(tar::read(&tar::write(&parts)).unwrap(), parts);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        flips in proptest::collection::vec((0usize..3072, any::<u8>()), 0..6), end in 0usize..3072,
    ) {
        let mut bytes = tar::write(&parts(&[]));
        for (at, byte) in flips {
            bytes[at] = byte;
        }
        bytes.truncate(end.max(1));
        if let Ok(parts) = tar::read(&bytes) {
            prop_assert!(parts.len() <= PARTS_MAX);
        }
    }
}

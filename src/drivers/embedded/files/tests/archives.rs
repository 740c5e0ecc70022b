//! Security bar 3.13 T3: archives that want more than to be unpacked.

use proptest::prelude::{ProptestConfig, Strategy, any, prop};
use proptest::{prop_assert, prop_oneof, proptest};
use std::io::{Cursor, Write};
use wabe_kernel::content::{ContentError, Files};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::embedded::files::tests::{Bench, at, plant};

type Writer = ZipWriter<Cursor<Vec<u8>>>;

fn archive(fill: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut writer);
    writer.finish().unwrap().into_inner()
}

fn add(writer: &mut Writer, name: &str, content: &[u8]) {
    writer
        .start_file(name, SimpleFileOptions::default())
        .unwrap();
    writer.write_all(content).unwrap();
}

async fn unpack(bench: &Bench, archive: &[u8]) -> Result<u64, ContentError> {
    std::fs::create_dir_all(bench.disk("in")).unwrap();
    plant(bench.disk("in/a.zip"), archive);
    bench.files.recount(bench.web).await.unwrap();
    bench.files.unzip(bench.web, &at("in/a.zip")).await
}

/// Refused before anything was written.
async fn refuses(archive: &[u8], code: &'static str) {
    let bench = Bench::new(100_000_000);
    assert_eq!(
        unpack(&bench, archive).await,
        Err(ContentError::Refused(code))
    );
    assert_eq!(bench.names("").await, ["in"]);
    assert_eq!(bench.names("in").await, ["a.zip"]);
    bench.used().await;
    bench.nothing_staged().await;
}

/// Where the directory of a small archive begins.
fn directory(archive: &[u8]) -> usize {
    archive
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap()
}

#[tokio::test]
async fn an_archive_is_unpacked_beside_itself() {
    let bench = Bench::new(1_000_000);
    let packed = archive(|writer| {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.add_directory("empty/", stored).unwrap();
        add(writer, "page.html", b"<p>hello</p>");
        add(writer, "a/b/c.txt", &b"abc".repeat(1_000));
        writer.start_file("stored", stored).unwrap();
        writer.write_all(b"as it is").unwrap();
        add(writer, "inner.zip", b"PK stays packed");
    });
    plant(bench.disk("page.html"), b"untouched");
    assert_eq!(unpack(&bench, &packed).await, Ok(4));
    assert_eq!(
        bench.names("in").await,
        ["a", "empty", "a.zip", "inner.zip", "page.html", "stored"]
    );
    assert_eq!(
        bench.read("in/a/b/c.txt").await.unwrap(),
        b"abc".repeat(1_000)
    );
    assert_eq!(bench.read("in/stored").await.unwrap(), b"as it is");
    assert_eq!(bench.read("page.html").await.unwrap(), b"untouched");
    bench.used().await;
    bench.nothing_staged().await;
}

#[tokio::test]
async fn names_that_lead_out_are_refused() {
    for name in [
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "a/./b",
        "..\\evil",
        "a\u{202E}b",
        "a\nb",
    ] {
        let packed = archive(|writer| {
            add(writer, "good", b"x");
            add(writer, name, b"x");
        });
        refuses(&packed, "archive-path").await;
    }
}

#[tokio::test]
async fn links_are_refused() {
    let packed = archive(|writer| {
        writer
            .add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
    });
    refuses(&packed, "archive-link").await;
}

#[tokio::test]
async fn bombs_are_refused_by_what_they_claim() {
    let packed = archive(|writer| add(writer, "zeros", &vec![0; 10_000_000]));
    refuses(&packed, "archive-ratio").await;
}

#[tokio::test]
async fn bombs_that_lie_are_stopped_while_they_unpack() {
    let mut packed = archive(|writer| add(writer, "zeros", &vec![0; 10_000_000]));
    let size = directory(&packed) + 24;
    packed[size..size + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    refuses(&packed, "bad-archive").await;
}

#[tokio::test]
async fn entries_that_share_bytes_are_refused() {
    let mut packed = archive(|writer| {
        add(writer, "one", b"0123456789");
        add(writer, "two", b"0123456789");
    });
    let first = directory(&packed);
    let second = first + 4 + directory(&packed[first + 4..]);
    let offset = packed[first + 42..first + 46].to_vec();
    packed[second + 42..second + 46].copy_from_slice(&offset);
    refuses(&packed, "bad-archive").await;
}

#[tokio::test]
async fn damaged_archives_are_refused() {
    let packed = archive(|writer| add(writer, "file", b"0123456789"));
    refuses(b"not an archive", "bad-archive").await;
    refuses(&packed[..packed.len() - 5], "bad-archive").await;
    let mut wrong = packed.clone();
    let crc = directory(&wrong) + 16;
    wrong[crc] ^= 1;
    refuses(&wrong, "bad-archive").await;
    let mut encrypted = packed;
    let flags = directory(&encrypted) + 8;
    encrypted[flags] |= 1;
    refuses(&encrypted, "archive-encrypted").await;
}

#[tokio::test]
async fn an_archive_that_claims_endless_entries_takes_no_room() {
    let mut packed = archive(|writer| add(writer, "file", b"x"));
    let end = packed.len() - 22;
    packed[end + 8..end + 12].copy_from_slice(&[0xfe, 0xff, 0xfe, 0xff]);
    refuses(&packed, "bad-archive").await;
    let many = archive(|writer| {
        for number in 0..100_001 {
            writer
                .add_directory(format!("{number}/"), SimpleFileOptions::default())
                .unwrap();
        }
    });
    refuses(&many, "archive-too-many").await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_before_it_is_unpacked() {
    let packed = archive(|writer| {
        add(writer, "a", &b"abcdefghij".repeat(30));
        add(writer, "b", &b"abcdefghij".repeat(30));
    });
    let length = i64::try_from(packed.len()).unwrap();
    let bench = Bench::new(length + 599);
    let refused = unpack(&bench, &packed).await;
    assert_eq!(
        refused,
        Err(ContentError::OverQuota {
            quota: length + 599
        })
    );
    assert_eq!(bench.names("in").await, ["a.zip"]);
    let bench = Bench::new(length + 600);
    assert_eq!(unpack(&bench, &packed).await, Ok(2));
    bench.used().await;
}

#[tokio::test]
async fn an_archive_does_not_follow_links_that_lie_there() {
    let bench = Bench::new(1_000_000);
    bench.link("out", bench.outside());
    std::fs::create_dir(bench.disk("in")).unwrap();
    bench.link("in/out", bench.outside());
    let packed = archive(|writer| add(writer, "out/evil", b"x"));
    assert_eq!(unpack(&bench, &packed).await, Err(ContentError::NotPlain));
    assert_eq!(std::fs::read_dir(bench.outside()).unwrap().count(), 0);
}

/// Bytes, or an archive with some of its bytes changed, cut off or doubled.
fn doubtful() -> impl Strategy<Value = Vec<u8>> {
    let sound = archive(|writer| {
        writer
            .add_directory("a/", SimpleFileOptions::default())
            .unwrap();
        add(writer, "a/one", b"0123456789");
        add(writer, "two", &b"abc".repeat(400));
    });
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let damaged =
        (changes, any::<prop::sample::Index>(), 0_u8..6).prop_map(move |(changes, at, way)| {
            let mut bytes = sound.clone();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            match way {
                0 => bytes.truncate(at.index(bytes.len())),
                1 => bytes.extend_from_within(at.index(bytes.len())..),
                _ => {}
            }
            bytes
        });
    prop_oneof![1 => prop::collection::vec(any::<u8>(), 0..300), 5 => damaged]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_an_archive_stay_in_the_folder_and_in_the_count(bytes in doubtful()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new(100_000);
            drop(unpack(&bench, &bytes).await);
            prop_assert!(std::fs::read_dir(bench.outside()).unwrap().next().is_none());
            prop_assert!(bench.names("").await == ["in"]);
            prop_assert!(bench.used().await <= 100_000);
            bench.nothing_staged().await;
            Ok(())
        })?;
    }
}

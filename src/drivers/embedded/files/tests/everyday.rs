//! What customers do all day.

use sha2::{Digest, Sha256};
use wabe_kernel::content::{ContentError, EntryKind, Files, Mark};
use wabe_kernel::desired::Wish;
use wabe_kernel::{LogQuery, SiteLog};

use crate::embedded::files::Place;
use crate::embedded::files::tests::{Bench, Pieces, at, plant};

#[tokio::test]
async fn a_file_is_written_with_its_folders_read_renamed_and_deleted() {
    let bench = Bench::new(1_000);
    assert_eq!(bench.write("a/b/page.html", b"<p>hello</p>").await, Ok(12));
    assert_eq!(bench.read("a/b/page.html").await.unwrap(), b"<p>hello</p>");
    assert_eq!(bench.used().await, 12);
    bench.write("a/b/page.html", b"short").await.unwrap();
    assert_eq!(bench.used().await, 5);
    let (from, to) = (at("a/b"), at("c"));
    bench.files.rename(bench.web, &from, &to).await.unwrap();
    assert_eq!(bench.read("c/page.html").await.unwrap(), b"short");
    bench.files.delete(bench.web, &at("c")).await.unwrap();
    assert_eq!(bench.names("").await, ["a"]);
    assert_eq!(bench.used().await, 0);
    bench.nothing_staged().await;
}

#[tokio::test]
async fn folders_are_listed_first() {
    let bench = Bench::new(1_000);
    bench.write("b.txt", b"1").await.unwrap();
    bench.write("a.txt", b"22").await.unwrap();
    bench.files.make_folder(bench.web, &at("z")).await.unwrap();
    assert_eq!(bench.names("").await, ["z", "a.txt", "b.txt"]);
    let entry = bench.files.stat(bench.web, &at("a.txt")).await.unwrap();
    assert_eq!((entry.kind, entry.size), (EntryKind::File, 2));
    let root = bench.files.stat(bench.web, &at("")).await.unwrap();
    assert_eq!((root.kind, root.name.as_str()), (EntryKind::Folder, ""));
}

#[tokio::test]
async fn a_rename_replaces_nothing_and_a_posix_rename_only_files() {
    let bench = Bench::new(1_000);
    bench.write("a", b"aaaa").await.unwrap();
    bench.write("b", b"bb").await.unwrap();
    bench.write("folder/x", b"x").await.unwrap();
    let (a, b, folder) = (at("a"), at("b"), at("folder"));
    assert_eq!(
        bench.files.rename(bench.web, &a, &b).await,
        Err(ContentError::Exists)
    );
    assert_eq!(
        bench.files.rename_over(bench.web, &a, &folder).await,
        Err(ContentError::Exists)
    );
    bench.files.rename_over(bench.web, &a, &b).await.unwrap();
    assert_eq!(bench.read("b").await.unwrap(), b"aaaa");
    assert_eq!(bench.used().await, 5);
    assert_eq!(
        bench
            .files
            .rename(bench.web, &folder, &at("folder/deeper"))
            .await,
        Err(ContentError::Refused("folder-into-itself"))
    );
}

#[tokio::test]
async fn a_move_leaves_everything_reachable() {
    let bench = Bench::new(1_000);
    let deep = vec!["d"; 30].join("/");
    let wide = vec!["w"; 20].join("/");
    bench.write(&format!("{deep}/x"), b"x").await.unwrap();
    bench
        .files
        .make_folder(bench.web, &at("top"))
        .await
        .unwrap();
    bench.write(&format!("{wide}/y"), b"y").await.unwrap();
    let to = at(&format!("{wide}/d"));
    assert_eq!(
        bench.files.rename(bench.web, &at("d"), &to).await,
        Err(ContentError::Refused("path-too-long"))
    );
    bench
        .files
        .rename(bench.web, &at("d"), &at("top/d"))
        .await
        .unwrap();
    bench.used().await;
}

#[tokio::test]
async fn kinds_are_not_mixed_up() {
    let bench = Bench::new(1_000);
    bench.write("file", b"x").await.unwrap();
    bench
        .files
        .make_folder(bench.web, &at("folder"))
        .await
        .unwrap();
    let (web, files) = (bench.web, &bench.files);
    assert_eq!(
        bench.write("folder", b"x").await,
        Err(ContentError::WrongKind)
    );
    assert_eq!(
        bench.write("file/below", b"x").await,
        Err(ContentError::WrongKind)
    );
    assert_eq!(bench.read("folder").await, Err(ContentError::WrongKind));
    assert_eq!(
        files.list(web, &at("file")).await,
        Err(ContentError::WrongKind)
    );
    assert_eq!(
        files.make_folder(web, &at("file")).await,
        Err(ContentError::Exists)
    );
    assert_eq!(
        files.remove_file(web, &at("folder")).await,
        Err(ContentError::WrongKind)
    );
    assert_eq!(
        files.stat(web, &at("nothing")).await,
        Err(ContentError::NotFound)
    );
    assert_eq!(
        files.delete(web, &at("")).await,
        Err(ContentError::Refused("root-folder"))
    );
    bench.write("folder/x", b"x").await.unwrap();
    assert_eq!(
        files.remove_folder(web, &at("folder")).await,
        Err(ContentError::NotEmpty)
    );
}

#[tokio::test]
async fn a_suspended_customer_may_fetch_files_and_change_none() {
    let bench = Bench::new(1_000);
    bench.write("page", b"mine").await.unwrap();
    let mut upload = bench
        .files
        .upload(bench.web, &at("late"), false)
        .await
        .unwrap();
    bench.index.set(&bench.site, Wish::Hidden);
    let refused = ContentError::Refused("suspended");
    assert_eq!(bench.read("page").await.unwrap(), b"mine");
    assert_eq!(bench.write("page", b"new").await, Err(refused.clone()));
    assert_eq!(
        upload.write(Place::End, vec![1]).await,
        Err(refused.clone())
    );
    assert_eq!(
        bench.files.delete(bench.web, &at("page")).await,
        Err(refused)
    );
    bench.index.set(&bench.site, |_| Wish::Gone);
    assert_eq!(bench.read("page").await, Err(ContentError::NotFound));
}

#[tokio::test]
async fn an_open_file_is_changed_in_place() {
    let bench = Bench::new(100);
    bench.write("log", b"one\n").await.unwrap();
    let file = bench.files.open(bench.web, &at("log"), true).await.unwrap();
    file.write(Place::End, b"two\n".to_vec()).await.unwrap();
    file.write(Place::At(0), b"ONE".to_vec()).await.unwrap();
    assert_eq!(file.read(0, 100).await.unwrap(), b"ONE\ntwo\n");
    assert_eq!(bench.used().await, 8);
    file.set_len(3).await.unwrap();
    assert_eq!(bench.used().await, 3);
    bench
        .files
        .remove_file(bench.web, &at("log"))
        .await
        .unwrap();
    // Bytes of a file without a name would never be given back.
    assert_eq!(
        file.write(Place::End, vec![1]).await,
        Err(ContentError::NotFound)
    );
    assert_eq!(bench.used().await, 0);
}

#[tokio::test]
async fn the_access_log_ends_with_its_newest_line() {
    let bench = Bench::new(100);
    let log = |lines| {
        bench
            .files
            .log(bench.web, LogQuery::of(SiteLog::Access, lines))
    };
    assert_eq!(log(5).await, Ok(Vec::new()));
    let logs = bench.folder().join("logs");
    std::fs::create_dir(&logs).unwrap();
    plant(logs.join("access-2026-11-20.log"), b"1\n2\n");
    plant(logs.join("access-2026-11-21.log"), b"3\n4\n");
    plant(logs.join("error.log"), b"not this\n");
    assert_eq!(log(3).await.unwrap(), ["2", "3", "4"]);
    // The end of it lies behind more than one piece that is read at a time.
    let deep = format!("{}\n5\n", "x".repeat(200_000));
    plant(logs.join("access-2026-11-22.log"), deep.as_bytes());
    let lines = log(3).await.unwrap();
    assert_eq!((lines[0].as_str(), lines[2].as_str()), ("4", "5"));
    assert!(lines[1].starts_with("xxx") && lines[1].chars().count() == 2_000);
}

#[tokio::test]
async fn every_log_is_read_by_itself_and_only_what_is_asked_for() {
    let bench = Bench::new(100);
    let logs = bench.folder().join("logs");
    std::fs::create_dir(&logs).unwrap();
    let visits = "1.2.3.0 \"GET /a HTTP/2.0\" 200 1\n1.2.3.0 \"GET /b HTTP/2.0\" 404 1\n";
    plant(logs.join("access-2026-11-21.log"), visits.as_bytes());
    plant(logs.join("error-2026-11-21.log"), b"an error\n");
    plant(logs.join("php-2026-11-20.log"), b"PHP Notice: old\n");
    plant(
        logs.join("php.log"),
        b"PHP Warning: \x1b[31m\xe2\x80\xaenew\n",
    );
    std::os::unix::fs::symlink("/etc/passwd", logs.join("slow.log")).unwrap();
    let asked = |log, text: &str| bench.files.log(bench.web, LogQuery::of(log, 9).with(text));
    let missing = LogQuery::of(SiteLog::Access, 9).ended(Some("4xx".parse().unwrap()));
    let found = bench.files.log(bench.web, missing).await.unwrap();
    assert!(found.len() == 1 && found[0].contains("/b"), "{found:?}");
    assert_eq!(asked(SiteLog::Error, "").await.unwrap(), ["an error"]);
    assert_eq!(asked(SiteLog::Error, "nothing").await, Ok(Vec::new()));
    let php = asked(SiteLog::Php, "php").await.unwrap();
    assert_eq!(
        php,
        ["PHP Notice: old", "PHP Warning: \u{fffd}[31m\u{fffd}new"]
    );
    // A link is nobody's log.
    assert_eq!(asked(SiteLog::Slow, "").await, Ok(Vec::new()));
    let before = bench.files.log_mark(bench.web, SiteLog::Php).await.unwrap();
    plant(
        logs.join("php.log"),
        b"PHP Warning: another, and a longer one\n",
    );
    let after = bench.files.log_mark(bench.web, SiteLog::Php).await.unwrap();
    assert_ne!(before, after);
}

#[tokio::test]
async fn a_file_is_replaced_only_while_it_is_what_was_seen() {
    let bench = Bench::new(1_000);
    let mark = |text: &[u8]| Some(Mark(Sha256::digest(text).into()));
    let replace = async |path: &str, seen, text: &[u8]| {
        let (path, mut source) = (at(path), Pieces::of(text, 2));
        let replaced = bench.files.replace(bench.web, &path, seen, &mut source);
        replaced.await
    };
    let changed = Err(ContentError::Refused("changed-meanwhile"));
    assert_eq!(
        replace("a", mark(b"one"), b"two").await,
        Err(ContentError::NotFound)
    );
    assert_eq!(replace("a", None, b"one").await, Ok(3));
    assert_eq!(replace("a", None, b"two").await, Err(ContentError::Exists));
    assert_eq!(replace("a", mark(b"two"), b"three").await, changed);
    assert_eq!(bench.read("a").await.unwrap(), b"one");
    assert_eq!(replace("a", mark(b"one"), b"three").await, Ok(5));
    assert_eq!(bench.read("a").await.unwrap(), b"three");
    assert_eq!(bench.used().await, 5);
    bench.nothing_staged().await;
}

//! The quota holds while writing, for all writers together; what does not fit leaves nothing.

use std::sync::Arc;
use wabe_kernel::content::{ContentError, Files};
use wabe_kernel::desired::Wish;

use crate::embedded::files::space::{Change, Claim};
use crate::embedded::files::tests::{Bench, Pieces, at, plant};
use crate::embedded::files::{ENTRIES_MAX, Place};

const OVER: ContentError = ContentError::OverQuota { quota: 100 };

#[tokio::test]
async fn over_quota_leaves_nothing_visible_and_nothing_counted() {
    // 3.13 T6
    let bench = Bench::new(100);
    bench.write("old", &[0; 60]).await.unwrap();
    assert_eq!(bench.write("new/folder/file", &[0; 41]).await, Err(OVER));
    assert_eq!(bench.names("").await, ["old"]);
    assert_eq!(bench.used().await, 60);
    bench.nothing_staged().await;
    bench.write("new/folder/file", &[0; 40]).await.unwrap();
    assert_eq!(bench.used().await, 100);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let bench = Bench::new(100);
    let mut source = Pieces::failing(&[0; 50]);
    let lost = bench
        .files
        .write(bench.web, &at("folder/file"), &mut source)
        .await;
    assert_eq!(lost, Err(ContentError::Refused("connection-lost")));
    assert!(bench.names("").await.is_empty());
    bench.nothing_staged().await;
    bench.write("file", &[0; 100]).await.unwrap();
}

#[tokio::test]
async fn a_replaced_file_makes_room_for_the_new_one() {
    let bench = Bench::new(100);
    bench.write("file", &[1; 100]).await.unwrap();
    bench.write("file", &[2; 100]).await.unwrap();
    assert_eq!(bench.write("file", &[3; 101]).await, Err(OVER));
    assert_eq!(bench.read("file").await.unwrap(), vec![2; 100]);
    assert_eq!(bench.used().await, 100);
}

#[tokio::test]
async fn the_room_of_a_file_is_used_once_when_it_is_replaced_twice() {
    let bench = Bench::new(100);
    bench.write("file", &[1; 80]).await.unwrap();
    let mut first = bench
        .files
        .upload(bench.web, &at("file"), false)
        .await
        .unwrap();
    first.write(Place::End, vec![2; 60]).await.unwrap();
    // Unfinished files together stay within the quota, whatever they will replace.
    let mut second = bench
        .files
        .upload(bench.web, &at("file"), false)
        .await
        .unwrap();
    assert_eq!(second.write(Place::End, vec![3; 60]).await, Err(OVER));
    // The room that the file would leave is gone when somebody else took it.
    bench.files.delete(bench.web, &at("file")).await.unwrap();
    bench.write("other", &[4; 40]).await.unwrap();
    bench.write("more", &[4; 0]).await.unwrap();
    assert_eq!(first.publish().await, Ok(60));
    assert_eq!(bench.used().await, 100);
}

#[tokio::test]
async fn a_gap_counts_as_if_it_were_written() {
    let bench = Bench::new(100);
    let mut upload = bench
        .files
        .upload(bench.web, &at("sparse"), false)
        .await
        .unwrap();
    assert_eq!(upload.write(Place::At(1 << 40), vec![1]).await, Err(OVER));
    assert_eq!(
        upload.publish().await,
        Err(ContentError::Refused("upload-broken"))
    );
    bench.write("file", b"x").await.unwrap();
    let file = bench
        .files
        .open(bench.web, &at("file"), true)
        .await
        .unwrap();
    assert_eq!(file.write(Place::At(100), vec![1]).await, Err(OVER));
    assert_eq!(file.write(Place::At(u64::MAX), vec![1]).await, Err(OVER));
    assert_eq!(file.set_len(101).await, Err(OVER));
    file.write(Place::At(99), vec![1]).await.unwrap();
    assert_eq!(bench.used().await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writers_do_not_exceed_the_quota_together() {
    let bench = Arc::new(Bench::new(10_000));
    bench.write("shared", b"").await.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                for round in 0..10 {
                    let name = format!("{writer}/{}", round % 3);
                    drop(bench.write(&name, &vec![0; 700 + round * 100]).await);
                    let file = bench
                        .files
                        .open(bench.web, &at("shared"), true)
                        .await
                        .unwrap();
                    drop(file.write(Place::End, vec![0; 50]).await);
                    let (used, _) = bench.files.node.space(bench.web).unwrap().0.usage();
                    assert!(used <= 10_000);
                    if round % 4 == 3 {
                        drop(
                            bench
                                .files
                                .delete(bench.web, &at(&writer.to_string()))
                                .await,
                        );
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(bench.used().await <= 10_000);
    bench.nothing_staged().await;
}

#[tokio::test]
async fn the_number_of_files_has_an_end() {
    let bench = Bench::new(1_000);
    bench.write("a", b"a").await.unwrap();
    let space = bench.files.node.space(bench.web).unwrap().0;
    let by = Change {
        bytes: 0,
        entries: ENTRIES_MAX - 2,
    };
    space.change(&mut Claim::default(), by, 1_000).unwrap();
    bench.write("b", b"b").await.unwrap();
    let full = ContentError::Refused("too-many-files");
    assert_eq!(bench.write("c", b"c").await, Err(full.clone()));
    assert_eq!(
        bench.files.make_folder(bench.web, &at("c")).await,
        Err(full)
    );
    bench.write("b", b"again").await.unwrap();
    bench.files.recount(bench.web).await.unwrap();
    assert_eq!(bench.names("").await, ["a", "b"]);
}

#[tokio::test]
async fn what_a_crash_left_is_cleared_and_what_others_wrote_is_counted() {
    let bench = Bench::new(1_000);
    std::fs::create_dir(bench.folder().join("staging")).unwrap();
    plant(bench.folder().join("staging/0"), &[0; 500]);
    plant(bench.disk("found"), &[0; 30]);
    let files = bench.reopened();
    assert_eq!(files.usage(bench.web).await, Ok(30));
    bench.nothing_staged().await;
    plant(bench.disk("more"), &[0; 10]);
    assert_eq!(files.recount(bench.web).await.unwrap().used, 40);
}

#[tokio::test]
async fn what_applications_write_is_counted_soon_with_what_they_keep_beside() {
    let mut bench = Bench::new(1_000);
    bench.site.php = Some("8.2".parse().unwrap());
    bench.index.set(&bench.site, Wish::Present);
    assert_eq!(bench.files.usage(bench.web).await, Ok(0));
    std::fs::create_dir(bench.folder().join("tmp")).unwrap();
    plant(bench.folder().join("tmp/sess_a"), &[0; 500]);
    plant(bench.disk("cache"), &[0; 30]);
    bench.clock.move_seconds(900);
    assert_eq!(bench.files.usage(bench.web).await, Ok(530));
}

#[tokio::test]
async fn a_folder_that_was_made_anew_is_counted_anew() {
    let bench = Bench::new(1_000);
    bench.write("file", &[0; 900]).await.unwrap();
    std::fs::create_dir(bench.dir.path().join("fresh")).unwrap();
    let (fresh, files) = (bench.dir.path().join("fresh"), bench.disk(""));
    rustix::fs::renameat_with(
        rustix::fs::CWD,
        &fresh,
        rustix::fs::CWD,
        &files,
        rustix::fs::RenameFlags::EXCHANGE,
    )
    .unwrap();
    assert_eq!(bench.write("file", &[0; 950]).await, Ok(950));
    assert_eq!(bench.used().await, 950);
}

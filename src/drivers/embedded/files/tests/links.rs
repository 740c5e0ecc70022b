//! Security bar 3.13 T1 and T2, P2: nothing that lies in the way is followed.

use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use wabe_kernel::content::{ContentError, EntryKind, Files};

use crate::embedded::files::Place;
use crate::embedded::files::tests::{Bench, Pieces, at, plant};

const REFUSED: ContentError = ContentError::NotPlain;

#[tokio::test]
async fn a_link_out_of_the_folder_is_never_followed() {
    let bench = Bench::new(10_000);
    plant(bench.outside().join("secret"), b"not yours");
    bench.link("out", bench.outside());
    bench.link("file", bench.outside().join("secret"));
    bench.link("dangling", bench.outside().join("new"));
    let (web, files) = (bench.web, &bench.files);
    assert_eq!(bench.read("out/secret").await, Err(REFUSED));
    assert_eq!(bench.read("file").await, Err(REFUSED));
    assert_eq!(bench.write("out/new", b"x").await, Err(REFUSED));
    assert_eq!(bench.write("file", b"x").await, Err(REFUSED));
    assert_eq!(bench.write("dangling", b"x").await, Err(REFUSED));
    assert_eq!(files.list(web, &at("out")).await, Err(REFUSED));
    assert_eq!(files.stat(web, &at("out/secret")).await, Err(REFUSED));
    assert_eq!(
        files.make_folder(web, &at("out/folder")).await,
        Err(REFUSED)
    );
    assert_eq!(files.delete(web, &at("out/secret")).await, Err(REFUSED));
    assert_eq!(
        files.rename(web, &at("out/secret"), &at("mine")).await,
        Err(REFUSED)
    );
    assert_eq!(
        files.rename(web, &at("file"), &at("mine")).await,
        Err(REFUSED)
    );
    assert!(files.open(web, &at("file"), true).await.is_err());
    assert_eq!(
        files.stat(web, &at("file")).await.unwrap().kind,
        EntryKind::Link
    );
    bench.write("mine", b"x").await.unwrap();
    assert_eq!(
        files.rename(web, &at("mine"), &at("out/mine")).await,
        Err(REFUSED)
    );
    assert_eq!(
        files.rename_over(web, &at("mine"), &at("file")).await,
        Err(REFUSED)
    );
    // A link itself may be deleted, also with the folder that holds it.
    files.delete(web, &at("file")).await.unwrap();
    files.make_folder(web, &at("folder")).await.unwrap();
    bench.link("folder/out", bench.outside());
    files.delete(web, &at("folder")).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(bench.outside()).unwrap().collect();
    assert_eq!(left.len(), 1);
    assert_eq!(
        std::fs::read(bench.outside().join("secret")).unwrap(),
        b"not yours"
    );
}

#[tokio::test]
async fn a_link_in_place_of_the_webspace_itself_is_refused() {
    let bench = Bench::new(10_000);
    let own = bench.folder().join("files");
    std::fs::remove_dir(&own).unwrap();
    std::os::unix::fs::symlink(bench.outside(), own).unwrap();
    assert!(bench.write("x", b"x").await.is_err());
    assert_eq!(std::fs::read_dir(bench.outside()).unwrap().count(), 0);
}

#[tokio::test]
async fn hard_links_fifos_and_sockets_are_never_opened() {
    let bench = Bench::new(10_000);
    plant(bench.outside().join("theirs"), b"other tenant");
    std::fs::hard_link(bench.outside().join("theirs"), bench.disk("hard")).unwrap();
    let fifo = rustix::fs::FileType::Fifo;
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(CWD, bench.disk("fifo"), fifo, mode, 0).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(bench.disk("socket")).unwrap();
    for name in ["hard", "fifo", "socket"] {
        assert_eq!(bench.read(name).await, Err(REFUSED), "{name}");
        let opened = bench.files.open(bench.web, &at(name), true).await;
        assert_eq!(opened.map(drop), Err(REFUSED), "{name}");
    }
    // Replacing a name leaves the other tenant's file alone.
    bench.write("hard", b"mine").await.unwrap();
    assert_eq!(
        std::fs::read(bench.outside().join("theirs")).unwrap(),
        b"other tenant"
    );
    assert_eq!(bench.write("fifo", b"x").await, Err(REFUSED));
    bench.files.delete(bench.web, &at("fifo")).await.unwrap();
    drop(socket);
    bench.used().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swapping_a_folder_for_a_link_never_leads_outside() {
    let bench = Bench::new(1_000_000);
    bench.write("folder/own", b"x").await.unwrap();
    bench.link("link", bench.outside());
    let (stop, swaps) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let (folder, link) = (bench.disk("folder"), bench.disk("link"));
    let swapper = {
        let (stop, swaps) = (Arc::clone(&stop), Arc::clone(&swaps));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) || swaps.load(Ordering::Relaxed) < 2_000 {
                renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).unwrap();
                swaps.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let (web, files) = (bench.web, &bench.files);
    let mut written = 0_u32;
    for round in 0..400 {
        let file = at(&format!("folder/{round}"));
        let mut source = Pieces::of(b"attack", 7);
        written += u32::from(files.write(web, &file, &mut source).await.is_ok());
        if let Ok(open) = files.open(web, &file, true).await {
            open.write(Place::End, b"more".to_vec()).await.unwrap();
        }
        drop(
            files
                .make_folder(web, &at(&format!("folder/f{round}")))
                .await,
        );
        drop(files.list(web, &at("folder")).await.map(|entries| {
            assert!(!entries.iter().any(|entry| entry.name == "secret"));
        }));
        drop(
            files
                .rename(web, &file, &at(&format!("folder/r{round}")))
                .await,
        );
        drop(files.delete(web, &at(&format!("folder/f{round}"))).await);
    }
    stop.store(true, Ordering::Relaxed);
    swapper.join().unwrap();
    assert!(swaps.load(Ordering::Relaxed) >= 2_000);
    assert!(written > 0, "the race was never won by the rightful side");
    assert_eq!(std::fs::read_dir(bench.outside()).unwrap().count(), 0);
}

#[tokio::test]
async fn names_that_are_no_text_are_passed_over_and_deleted_with_their_folder() {
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new(10_000);
    bench
        .files
        .make_folder(bench.web, &at("folder"))
        .await
        .unwrap();
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    plant(bench.disk("folder").join(odd), b"x");
    plant(bench.disk("folder").join("line\nbreak"), b"x");
    assert!(bench.names("folder").await.is_empty());
    assert_eq!(bench.files.recount(bench.web).await.unwrap().entries, 3);
    bench.files.delete(bench.web, &at("folder")).await.unwrap();
    assert_eq!(bench.used().await, 0);
}

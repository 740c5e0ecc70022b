//! Security bar 3.13 T2: a customer who swaps folders for links while files are worked on gets nobody out.
//!
//! What is counted to a million are the swaps, by a thread that does nothing else; our own acts go on meanwhile, one
//! after another, as many as come about: each kind some hundred times at least. Unpacking an archive stands for
//! bringing anything back: it is the way by which many files are put beneath a webspace at once.

use crate::agent::node::{Agent, apply, at, life, webspace};
use crate::upload::archive;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::os::unix::fs::{MetadataExt as _, chown, symlink};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use wabe_drivers::embedded::files::{Place, WebFiles};
use wabe_kernel::content::{ContentError, Files as _};
use wabe_kernel::id::WebspaceId;

/// How often a folder and a link change places.
const SWAPS: u64 = 1_000_000;
/// How often each of our acts is tried at least.
const ROUNDS: u32 = 300;

/// Has a folder and a link change places, as often as that and until it is told to stop.
fn swap_until(stop: Arc<AtomicBool>, swaps: Arc<AtomicU64>, here: &Path) -> JoinHandle<()> {
    let (folder, link) = (here.join("folder"), here.join("link"));
    std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) || swaps.load(Ordering::Relaxed) < SWAPS {
            renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).unwrap();
            swaps.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// What is done meanwhile, and how it ended.
struct Race<'a> {
    files: &'a WebFiles,
    site: WebspaceId,
    written: u32,
    refused: u32,
    unpacked: u32,
}

impl Race<'_> {
    /// Uploads a file into the folder, and sometimes unpacks one there.
    async fn bring(&mut self, round: u32) {
        let file = at(&format!("folder/{}", round % 50));
        if let Ok(mut upload) = self.files.upload(self.site, &file, false).await {
            upload.write(Place::End, b"attack".to_vec()).await.unwrap();
            match upload.publish().await {
                Ok(_size) => self.written += 1,
                Err(_met) => self.refused += 1,
            }
        } else {
            self.refused += 1;
        }
        if round.is_multiple_of(4) {
            let brought = self.files.unzip(self.site, &at("packed.zip")).await;
            self.unpacked += u32::from(brought.is_ok());
            let gone = at("folder/unpacked");
            drop(self.files.delete(self.site, &gone).await);
        }
    }

    /// Makes, moves, deletes, opens, counts and lists by the way that may lead outside.
    async fn pry(&self) {
        let (files, site, secret) = (self.files, self.site, at("folder/secret"));
        drop(files.make_folder(site, &at("folder/inner")).await);
        drop(files.delete(site, &at("folder/inner")).await);
        drop(files.delete(site, &secret).await);
        drop(files.rename(site, &secret, &at("taken")).await);
        let opened = files.open(site, &secret, true).await;
        assert!(opened.is_err(), "a file outside was opened");
        if let Ok(fill) = files.recount(site).await {
            assert!(fill.used < 1_000_000, "a file outside was counted");
        }
        if let Ok(entries) = files.list(site, &at("folder")).await {
            assert!(!entries.iter().any(|entry| entry.name == "secret"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_million_swaps_lead_nobody_out() {
    let agent = Agent::new().await;
    let driver = agent.driver().await;
    let site = webspace("race");
    let acts = life(&site).into_iter().take(3).collect();
    apply(&driver, (&site, 1), acts).await.unwrap();
    let files = agent.files(&driver);
    files.make_folder(site.id, &at("folder")).await.unwrap();
    // A folder that the customer's own user could write into, so that only the layer keeps it clean.
    let outside = agent.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let here = agent.path(&format!("web/{}/files", site.id));
    let owner = std::fs::metadata(&here).unwrap().uid();
    chown(&outside, Some(owner), Some(owner)).unwrap();
    // Larger than anything inside, so that it shows when it is counted.
    let secret = vec![b'x'; 1_000_000];
    std::fs::write(outside.join("secret"), &secret).unwrap();
    symlink(&outside, here.join("link")).unwrap();
    let packed = archive("folder/unpacked", "unpacked").await;
    let mut upload = files
        .upload(site.id, &at("packed.zip"), true)
        .await
        .unwrap();
    upload.write(Place::End, packed).await.unwrap();
    upload.publish().await.unwrap();
    let (stop, swaps) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let swapper = swap_until(stop.clone(), swaps.clone(), &here);
    let mut race = Race {
        files: &files,
        site: site.id,
        written: 0,
        refused: 0,
        unpacked: 0,
    };
    let mut round = 0;
    // A swapper that fails is heard of below, and not waited for.
    while (swaps.load(Ordering::Relaxed) < SWAPS || round < ROUNDS) && !swapper.is_finished() {
        round += 1;
        race.bring(round).await;
        race.pry().await;
    }
    stop.store(true, Ordering::Relaxed);
    swapper.join().unwrap();
    assert!(swaps.load(Ordering::Relaxed) >= SWAPS);
    assert!(race.written > 0, "the rightful side never won");
    assert!(race.unpacked > 0, "nothing was ever unpacked");
    assert!(race.refused > 0, "the link never stood in the way");
    let left: Vec<_> = std::fs::read_dir(&outside).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(std::fs::read(outside.join("secret")).unwrap(), secret);
    // The webspace goes with all of it, and the folder outside stays.
    let gone = crate::agent::node::death(&site);
    apply(&driver, (&site, 2), gone).await.unwrap();
    assert!(!here.exists() && outside.join("secret").exists());
    let nothing = files.list(site.id, &at("")).await;
    assert_eq!(nothing.map(drop), Err(ContentError::NotFound));
}

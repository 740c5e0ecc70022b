//! Messages as they are taken and refused, and files through the hands of a worker.

use proptest::prelude::*;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use serde_json::{Value, json};
use std::fs::File;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::content::{ContentError, Files as _, PhpStatus};
use wabe_kernel::desired::{Act, Step, Subject, Wish, Working};
use wabe_kernel::id::{CronRunId, DomainId, WebspaceId};
use wabe_kernel::{Clock as _, PhpVersion};

use crate::agent_link::frame::{Broken, FRAME_BYTES, of, read_words};
use crate::agent_link::message::{Ask, Run, Told, VERSION};
use crate::agent_link::{door, receive, send, worker};
use crate::embedded::files::tests::{Bench, TestIndex, at, plant};
use crate::embedded::files::{Door, Doors, Place, WebFiles};
use crate::embedded::web::tests::{FixedClock, SeededRng};

fn step() -> Step {
    let id = WebspaceId::new(FixedClock::new().now(), &*SeededRng::new());
    Step {
        subject: Subject::Webspace(id),
        revision: 3,
        act: Act::ConfigureSite(Wish::Gone),
    }
}

fn run() -> Run {
    Run {
        id: CronRunId::new(FixedClock::new().now(), &*SeededRng::new()),
        webspace: WebspaceId::new(FixedClock::new().now(), &*SeededRng::new()),
        php: None,
        command: "php a.php 'b c' --d".parse().unwrap(),
    }
}

fn said(ask: &Ask) -> Value {
    serde_json::to_value(ask).unwrap()
}

fn taken(said: &Value) -> Result<Ask, Broken> {
    read_words(said.to_string().as_bytes())
}

#[test]
fn every_message_is_taken_as_it_was_said() {
    let id = WebspaceId::new(FixedClock::new().now(), &*SeededRng::new());
    for ask in [
        Ask::Hello { version: VERSION },
        Ask::Observe {
            subject: Subject::Webspace(id),
        },
        Ask::Apply {
            step: Box::new(step()),
            supplied: None,
        },
        Ask::Sites { after: Some(id) },
        Ask::Sites { after: None },
        Ask::Door { webspace: id },
        Ask::Php {
            webspace: id,
            version: "8.2".parse().unwrap(),
        },
        Ask::Run {
            run: Box::new(run()),
        },
        Ask::Forget {
            token: "a".to_owned(),
        },
    ] {
        let frame = of(&ask).unwrap();
        let again: Ask = read_words(&frame[4..]).unwrap();
        assert_eq!(said(&again), said(&ask));
    }
}

#[test]
fn a_message_with_anything_unknown_in_it_is_refused() {
    let apply = said(&Ask::Apply {
        step: Box::new(step()),
        supplied: None,
    });
    assert!(taken(&apply).is_ok());
    let mut more = apply.clone();
    more["apply"]["step"]["note"] = json!("x");
    assert!(taken(&more).is_err(), "a field of a step");
    let mut more = apply.clone();
    more["apply"]["note"] = json!("x");
    assert!(taken(&more).is_err(), "a field of a message");
    let mut more = said(&Ask::Run {
        run: Box::new(run()),
    });
    more["run"]["run"]["user"] = json!("root");
    assert!(taken(&more).is_err(), "a field of a run");
    let mut other = apply;
    other["apply"]["step"]["act"] = json!({ "RunProgram": "/bin/sh" });
    assert!(taken(&other).is_err(), "an act");
    assert!(taken(&json!({ "shell": {} })).is_err(), "a message");
    assert!(taken(&json!("done")).is_err());
}

#[test]
fn a_frame_that_is_too_long_is_neither_written_nor_read() {
    let long = Told::Refused {
        reason: "x".repeat(FRAME_BYTES),
    };
    assert!(of(&long).is_err());
    let length = u32::try_from(FRAME_BYTES + 1).unwrap();
    assert!(crate::agent_link::frame::length(length.to_be_bytes()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_a_message_or_refused(
        bytes: Vec<u8>,
        text in "\\{\"(hello|apply|sites|door)\":\\{(\"version\":[0-9]{1,9})?\\}\\}",
    ) {
        drop(read_words::<Ask>(&bytes));
        if let Ok(ask) = read_words::<Ask>(text.as_bytes()) {
            prop_assert_eq!(said(&ask), serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_end_a_worker_or_are_answered(
        bytes in proptest::collection::vec(any::<u8>(), 1..200),
        name in "\\PC{0,20}|\\.{0,3}|[./a]{0,8}",
    ) {
        let bench = Bench::new(1_000);
        let name = serde_json::to_string(name.as_bytes()).unwrap();
        for said in [
            bytes,
            format!("{{\"remove\":{{\"name\":{name},\"folder\":true}}}}").into_bytes(),
            format!("{{\"open\":{{\"way\":{name},\"what\":\"Create\"}}}}").into_bytes(),
        ] {
            let (ours, theirs) = pair();
            let served = std::thread::spawn(move || worker::serve(&theirs, Duration::from_mins(1)));
            let folder = File::open(bench.outside()).unwrap();
            send(&ours, &said, &[folder.as_fd()]).unwrap();
            let mut room = vec![0; 64 * 1_024];
            // An answer, or the end.
            drop(receive(&ours, &mut room));
            drop(ours);
            let _ended = served.join().unwrap();
        }
        // Nothing came out of the folder that it was handed, and nothing else went.
        prop_assert!(bench.folder().join("files").is_dir());
    }
}

fn pair() -> (OwnedFd, OwnedFd) {
    let kind = (AddressFamily::UNIX, SocketType::SEQPACKET);
    socketpair(kind.0, kind.1, SocketFlags::CLOEXEC, None).unwrap()
}

/// Doors whose hands are a thread that serves as a worker does.
struct Threads(std::path::PathBuf);

fn thread_for(folder: &Path) -> Door {
    let (ours, theirs) = pair();
    std::thread::spawn(move || worker::serve(&theirs, Duration::from_mins(1)).unwrap());
    door(ours, OwnedFd::from(File::open(folder).unwrap())).unwrap()
}

impl Doors for Threads {
    fn open(&self, web: WebspaceId) -> Result<Door, ContentError> {
        Ok(thread_for(&self.0.join(web.to_string())))
    }

    fn redirect_logs(&self, _domain: DomainId) -> Result<OwnedFd, ContentError> {
        Err(ContentError::NotFound)
    }

    fn php(
        &self,
        _web: WebspaceId,
        _version: PhpVersion,
    ) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(std::future::ready(Err(ContentError::NotFound)))
    }

    fn all(&self) -> Vec<WebspaceId> {
        Vec::new()
    }
}

/// The same files by the hands of a worker.
fn through_a_worker(bench: &Bench) -> WebFiles {
    let web = bench.folder().parent().unwrap().to_owned();
    let index: Arc<TestIndex> = bench.index.clone();
    WebFiles::behind(Arc::new(Threads(web)), index, FixedClock::new())
}

#[tokio::test]
async fn files_are_worked_on_through_a_worker_as_through_ones_own_hands() {
    let bench = Bench::new(1_000_000);
    let (files, web) = (through_a_worker(&bench), bench.web);
    files.make_folder(web, &at("a")).await.unwrap();
    let mut upload = files.upload(web, &at("a/b/c.txt"), true).await.unwrap();
    upload.write(Place::End, b"hello".to_vec()).await.unwrap();
    upload.set_modified(wabe_kernel::Timestamp(1_000_000));
    assert_eq!(upload.publish().await, Ok(5));
    assert_eq!(std::fs::read(bench.disk("a/b/c.txt")).unwrap(), b"hello");
    let about = files.stat(web, &at("a/b/c.txt")).await.unwrap();
    assert_eq!((about.size, about.modified_at.0), (5, 1_000_000));
    let open = files.open(web, &at("a/b/c.txt"), true).await.unwrap();
    open.write(Place::End, b" you".to_vec()).await.unwrap();
    assert_eq!(open.read(0, 100).await.unwrap(), b"hello you");
    files.rename(web, &at("a/b"), &at("d")).await.unwrap();
    assert_eq!(bench.names("").await, ["a", "d"]);
    assert_eq!(files.fill(web).await.unwrap().used, 9);
    files.delete(web, &at("d")).await.unwrap();
    assert_eq!(files.fill(web).await.unwrap().used, 0);
    let missing = files.stat(web, &at("d")).await;
    assert_eq!(missing.map(drop), Err(ContentError::NotFound));
}

#[tokio::test]
async fn a_folder_with_more_names_than_one_message_holds_is_listed_whole() {
    let bench = Bench::new(1_000_000);
    for number in 0..300 {
        plant(
            bench.disk(&format!("{number:03}-{}", "x".repeat(200))),
            b"x",
        );
    }
    let files = through_a_worker(&bench);
    let entries = files.list(bench.web, &at("")).await.unwrap();
    assert_eq!(entries.len(), 300);
    assert!(entries.iter().all(|entry| entry.size == 1));
}

#[tokio::test]
async fn a_worker_follows_no_link_and_no_way_out() {
    let bench = Bench::new(1_000_000);
    plant(bench.outside().join("secret"), b"not yours");
    symlink(bench.outside(), bench.disk("out")).unwrap();
    let files = through_a_worker(&bench);
    let read = files.open(bench.web, &at("out/secret"), false).await;
    assert_eq!(read.map(drop), Err(ContentError::NotPlain));
    let made = files.make_folder(bench.web, &at("out/new")).await;
    assert_eq!(made, Err(ContentError::NotPlain));
    // Whoever speaks to it without this layer gets no further.
    let door = thread_for(&bench.folder());
    let names = ["..", ".", "", "a/b", "/etc"].map(|name| std::ffi::CString::new(name).unwrap());
    for name in &names {
        let made = door.hands.make_folder((door.as_fd(), name), false);
        assert!(made.is_err(), "{name:?}");
        let removed = door.hands.remove((door.as_fd(), name), true);
        assert!(removed.is_err(), "{name:?}");
    }
    for way in ["../..", "/etc/passwd", "files/out/secret"] {
        let way = std::ffi::CString::new(way).unwrap();
        let what = crate::embedded::files::hands::Opening::Read;
        assert!(
            door.hands.open((door.as_fd(), &way), what).is_err(),
            "{way:?}"
        );
    }
    assert_eq!(std::fs::read_dir(bench.outside()).unwrap().count(), 1);
}

//! Compilers that are scripts: slow ones, dying ones, lying ones.

use std::sync::Arc;
use std::time::Duration;
use wabe_package::archive::sha256;
use wabe_package::compiled::Tier;

use crate::sandbox::tests::{Bench, ENGINE};
use crate::sandbox::{NotCompiled, Workshop, WorkshopParts};

const COMPONENT: &[u8] = b"a component";

fn workshop(bench: &Bench, deadline: Duration) -> Workshop {
    Workshop::new(WorkshopParts {
        program: bench.program.clone(),
        artifacts: bench.artifacts.clone(),
        tier: Tier::Small,
        at_once: 1,
        deadline,
    })
}

fn roomy(bench: &Bench) -> Workshop {
    workshop(bench, Duration::from_mins(10))
}

/// A script that reads the component and reports it as compiled, and notes that it was there.
fn compiles(digest: &str, note: &str) -> String {
    let report = format!(
        "{{\"result\":\"compiled\",\"component\":\"{digest}\",\"engine\":\"{ENGINE}\",\
         \"exports\":[],\"imports\":[],\"sizes\":{{}}}}"
    );
    format!("/bin/cat > /dev/null; echo once >> {note}; printf code; echo '{report}' >&2")
}

fn code(compiled: Result<impl Sized, NotCompiled>) -> &'static str {
    match compiled {
        Ok(_) => "compiled",
        Err(NotCompiled::Unfit(flaws)) => flaws[0].defect.code(),
        Err(NotCompiled::Busy(_)) => "busy",
        Err(NotCompiled::Fault(_)) => "fault",
    }
}

#[tokio::test]
async fn what_is_compiled_is_not_compiled_again() {
    let notes = tempfile::tempdir().unwrap();
    let note = notes.path().join("note");
    let bench = Bench::new(&compiles(&sha256(COMPONENT), note.to_str().unwrap()));
    let workshop = roomy(&bench);
    let first = workshop.compile(COMPONENT).await.unwrap();
    assert_eq!(first.artifact(), format!("{}-{ENGINE}", sha256(COMPONENT)));
    assert_eq!(workshop.compile(COMPONENT).await.unwrap(), first);
    let times = || std::fs::read_to_string(&note).unwrap().lines().count();
    assert_eq!(times(), 1);
    // Another one in the same folder finds it, too, once it knows the engine.
    assert_eq!(roomy(&bench).compile(COMPONENT).await.unwrap(), first);
    assert_eq!(times(), 1);
    bench.artifacts.learn_engine("fedcba9876543210");
    workshop.compile(COMPONENT).await.unwrap();
    assert_eq!(times(), 2);
}

#[tokio::test]
async fn a_compiler_speaks_of_its_own_component_alone() {
    let bench = Bench::new(&compiles(&"ab".repeat(32), "/dev/null"));
    assert_eq!(
        code(roomy(&bench).compile(COMPONENT).await),
        "compile-failed"
    );
    assert_eq!(
        std::fs::read_dir(bench.artifacts.folder()).unwrap().count(),
        0
    );
}

#[tokio::test]
async fn a_compiler_that_dies_met_a_limit() {
    for (script, expected) in [
        ("kill -XCPU $$", "compile-limit"),
        ("kill -ABRT $$", "compile-limit"),
        ("kill -SEGV $$", "compile-limit"),
        ("exit 0", "compile-failed"),
        ("exit 1", "compile-failed"),
        ("printf nonsense >&2; exit 1", "compile-failed"),
        ("/bin/cat /dev/zero >&2", "fault"),
    ] {
        let bench = Bench::new(&format!("ulimit -c 0; {script}"));
        assert_eq!(
            code(roomy(&bench).compile(COMPONENT).await),
            expected,
            "{script}"
        );
    }
}

#[tokio::test]
async fn a_compiler_that_never_ends_is_ended() {
    let bench = Bench::new("exec /bin/sleep 600");
    let workshop = workshop(&bench, Duration::from_millis(50));
    assert_eq!(code(workshop.compile(COMPONENT).await), "fault");
    // Its place is free again.
    assert_eq!(code(workshop.compile(COMPONENT).await), "fault");
}

#[tokio::test]
async fn whoever_comes_while_all_places_are_taken_is_told_when_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, go) = (folder.path().join("there"), folder.path().join("go"));
    for path in [&pipe, &go] {
        make_fifo(path);
    }
    let wait = format!(
        "echo x > {}; read x < {}; exit 1",
        pipe.display(),
        go.display()
    );
    let bench = Bench::new(&wait);
    let workshop = Arc::new(roomy(&bench));
    let first = tokio::spawn({
        let workshop = workshop.clone();
        async move { code(workshop.compile(COMPONENT).await) }
    });
    // The first compiler is at work.
    tokio::fs::read(&pipe).await.unwrap();
    let busy = workshop.compile(COMPONENT).await;
    assert!(matches!(busy, Err(NotCompiled::Busy(1..))));
    tokio::fs::write(&go, b"x\n").await.unwrap();
    assert_eq!(first.await.unwrap(), "compile-failed");
}

fn make_fifo(path: &std::path::Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

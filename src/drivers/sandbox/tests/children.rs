//! Children that are not as they should be, and are replaced.

use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use wabe_kernel::desired::Working;
use wabe_package::wire::{Answer, HostCall, Problem};

use crate::sandbox::tests::{Bench, ENGINE, order};
use crate::sandbox::{Down, Health, Patience, SandboxDriver, SandboxParts};

/// Never up against a limit of time, but where a test is about one.
const PATIENCE: Patience = Patience {
    greeting: Duration::from_mins(10),
    margin: Duration::from_mins(10),
    first: Duration::from_millis(1),
    most: Duration::from_millis(4),
    healthy: Duration::from_mins(10),
};

/// The part of a script that says these words over the wire.
fn says(words: &str) -> String {
    let length = u32::try_from(words.len()).unwrap().to_be_bytes();
    let [a, b, c, d] = length;
    format!("printf '\\{a:03o}\\{b:03o}\\{c:03o}\\{d:03o}{words}' >&0")
}

fn greets() -> String {
    says(&format!("{{\"say\":\"ready\",\"engine\":\"{ENGINE}\"}}"))
}

/// Answers for a guest that does not ask.
fn nobody(_call: HostCall) -> Working<'static, Result<Answer, Problem>> {
    Box::pin(async { Err(Problem::new("denied", "nobody answers", "")) })
}

fn driver(bench: &Bench, patience: Patience) -> (Arc<SandboxDriver>, CancellationToken) {
    let driver = SandboxDriver::new(SandboxParts {
        program: bench.program.clone(),
        artifacts: bench.artifacts.clone(),
        slots: 4,
        patience,
        clock: bench.clock.clone(),
    });
    assert!(!driver.is_up());
    let stop = CancellationToken::new();
    tokio::spawn(driver.clone().serve(stop.clone()));
    (driver, stop)
}

/// The health when it was started again so often and is down.
async fn down(driver: &SandboxDriver, restarts: u64) -> Health {
    let mut watch = driver.watch();
    let there = watch.wait_for(|health| health.restarts >= restarts && !health.up);
    there.await.unwrap().clone()
}

async fn up(driver: &SandboxDriver) -> Health {
    let mut watch = driver.watch();
    watch.wait_for(|health| health.up).await.unwrap().clone()
}

#[tokio::test]
async fn whatever_a_child_does_wrong_is_named_and_it_is_started_again() {
    let greets = greets();
    let call = says(
        "{\"say\":\"call\",\"run\":1,\"call\":1,\"request\":{\"call\":\"kv_get\",\"key\":\"\"}}",
    );
    let ready = |word: &str| says(&format!("{{\"say\":\"ready\",\"engine\":\"{word}\"}}"));
    for (script, code) in [
        ("exit 3".to_owned(), "died"),
        ("exec <&-; exec /bin/cat /dev/zero".to_owned(), "died"),
        (says("{}"), "nonsense"),
        (says("not json"), "nonsense"),
        ("printf '\\377\\377\\377\\377' >&0".to_owned(), "nonsense"),
        (ready("../x"), "nonsense"),
        (call.clone(), "nonsense"),
        (format!("{greets}; {call}"), "nonsense"),
        (format!("{greets}; {greets}"), "nonsense"),
        (format!("{greets}; exit 0"), "died"),
    ] {
        // Only what is not about its end goes on.
        let on = if code == "nonsense" {
            "; exec /bin/cat > /dev/null"
        } else {
            ""
        };
        let bench = Bench::new(&format!("{script}{on}"));
        let (driver, stop) = driver(&bench, PATIENCE);
        let health = down(&driver, 2).await;
        let reason = health.reason.unwrap();
        assert_eq!(reason.code(), code, "{script} {reason}");
        stop.cancel();
    }
}

#[tokio::test]
async fn a_child_that_ends_says_how_and_what_it_said_last() {
    let bench = Bench::new("echo first >&2; echo \"no memory\" >&2; exit 2");
    let (driver, stop) = driver(&bench, PATIENCE);
    let reason = down(&driver, 1).await.reason.unwrap().to_string();
    assert!(reason.contains("exit status: 2"), "{reason}");
    stop.cancel();
}

#[tokio::test]
async fn a_child_has_nothing_of_our_environment() {
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("seen");
    let say = "echo \"$PWD ${HOME-none} ${CARGO_MANIFEST_DIR-none}\"";
    let bench = Bench::new(&format!("{say} > {}; exit 1", seen.display()));
    let (driver, stop) = driver(&bench, PATIENCE);
    down(&driver, 1).await;
    stop.cancel();
    let text = std::fs::read_to_string(seen).unwrap();
    assert_eq!(text, "/ none none\n");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_looked_for_again() {
    let mut bench = Bench::new("exit 0");
    bench.program = bench.folder.path().join("nothing");
    let (driver, stop) = driver(&bench, PATIENCE);
    let health = down(&driver, 2).await;
    assert_eq!(health.reason.unwrap().code(), "unstartable");
    stop.cancel();
}

#[tokio::test]
async fn a_child_that_does_not_greet_is_not_waited_for() {
    let bench = Bench::new("exec /bin/cat");
    let patience = Patience {
        greeting: Duration::from_millis(20),
        ..PATIENCE
    };
    let (driver, stop) = driver(&bench, patience);
    assert_eq!(down(&driver, 1).await.reason.unwrap().code(), "silent");
    stop.cancel();
}

#[tokio::test]
async fn a_child_that_ends_no_run_is_killed() {
    let bench = Bench::new(&format!("{}; exec /bin/cat > /dev/null", greets()));
    let patience = Patience {
        margin: Duration::from_millis(20),
        ..PATIENCE
    };
    let (driver, stop) = driver(&bench, patience);
    let health = up(&driver).await;
    assert_eq!(
        (health.engine.as_deref(), health.restarts),
        (Some(ENGINE), 0)
    );
    assert_eq!(bench.artifacts.engine().as_deref(), Some(ENGINE));
    let ended = driver.run(order(1), nobody);
    assert_eq!(ended.await.unwrap_err(), Down);
    let mut watch = driver.watch();
    let again = watch.wait_for(|health| health.up && health.restarts == 1);
    let health = again.await.unwrap().clone();
    assert_eq!(health.reason.unwrap().code(), "hung");
    stop.cancel();
}

#[tokio::test]
async fn nothing_runs_after_the_end() {
    let bench = Bench::new(&format!("{}; exec /bin/cat > /dev/null", greets()));
    let (driver, stop) = driver(&bench, PATIENCE);
    up(&driver).await;
    let running = driver.run(order(60_000), nobody);
    let mut running = Box::pin(running);
    assert!(futures_util::poll!(&mut running).is_pending());
    stop.cancel();
    assert_eq!(running.await.unwrap_err(), Down);
    let health = down(&driver, 0).await;
    assert_eq!(health.reason.unwrap().code(), "stopped");
    assert!(!driver.is_up());
    let late = driver.run(order(1_000), nobody);
    assert_eq!(late.await.unwrap_err(), Down);
}

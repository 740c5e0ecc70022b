//! The folder of artifacts: what counts, what is missing, what goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use wabe_kernel::Clock;
use wabe_package::compiled::Compiled;
use wabe_package::seal::is_sealed;

use crate::sandbox::tests::{Bench, ENGINE, write};

fn compiled(digit: &str) -> Compiled {
    Compiled {
        component: digit.repeat(64),
        engine: ENGINE.to_owned(),
        exports: vec!["wabe:plugin/events@1.0.0".to_owned()],
        imports: Vec::new(),
        sizes: BTreeMap::from([("component_bytes".to_owned(), 7)]),
    }
}

fn bench() -> Bench {
    let bench = Bench::new("exit 0");
    bench.artifacts.learn_engine(ENGINE);
    bench
}

impl Bench {
    async fn keep(&self, digit: &str, bytes: &[u8]) {
        let kept = self.artifacts.keep(compiled(digit), bytes.to_vec()).await;
        kept.unwrap();
    }

    async fn found(&self, digit: &str) -> Option<Compiled> {
        let found = self.artifacts.find(digit.repeat(64), ENGINE.to_owned());
        found.await.unwrap()
    }

    fn file(&self, digit: &str, ending: &str) -> PathBuf {
        let name = format!("{}-{ENGINE}.{ending}", digit.repeat(64));
        self.artifacts.folder().join(name)
    }

    /// Makes a file as old as this, by the bench's clock.
    fn age(&self, file: &Path, age: Duration) {
        let now = Duration::from_micros(u64::try_from(self.clock.now().0).unwrap());
        let at = SystemTime::UNIX_EPOCH + now - age;
        let file = File::options().write(true).open(file).unwrap();
        file.set_modified(at).unwrap();
    }

    fn names(&self) -> usize {
        std::fs::read_dir(self.artifacts.folder()).unwrap().count()
    }
}

#[tokio::test]
async fn what_is_kept_is_sealed_and_found() {
    let bench = bench();
    assert_eq!(bench.found("a").await, None);
    bench.keep("a", b"code").await;
    assert_eq!(bench.found("a").await, Some(compiled("a")));
    let seal = std::fs::read(bench.file("a", "seal")).unwrap();
    let name = format!("{}-{ENGINE}", "a".repeat(64));
    assert!(is_sealed(&[7; 32], &name, b"code", &seal));
    assert_eq!(bench.names(), 3);
    // It is never written again, whatever the compiler made of it this time.
    bench.keep("a", b"other").await;
    assert_eq!(std::fs::read(bench.file("a", "cwasm")).unwrap(), b"code");
}

#[tokio::test]
async fn what_was_changed_does_not_count_and_is_replaced() {
    for ending in ["cwasm", "seal", "report"] {
        let bench = bench();
        bench.keep("a", b"code").await;
        bench.keep("b", b"else").await;
        let path = bench.file("a", ending);
        let right = std::fs::read(&path).unwrap();
        let mut flipped = right.clone();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        let others = std::fs::read(bench.file("b", ending)).unwrap();
        for wrong in [&flipped[..], &right[..last], b"", &others] {
            write(&path, wrong);
            assert_eq!(bench.found("a").await, None, "{ending}");
        }
        bench.keep("a", b"code").await;
        assert_eq!(std::fs::read(&path).unwrap(), right, "{ending}");
        assert!(bench.found("a").await.is_some());
    }
}

#[tokio::test]
async fn names_that_are_none_reach_no_file() {
    let bench = bench();
    for component in ["", "../secret", &"A".repeat(64), &"a/".repeat(32)] {
        let found = bench
            .artifacts
            .find(component.to_owned(), ENGINE.to_owned());
        assert!(found.await.is_err(), "{component}");
    }
    let found = bench.artifacts.find("a".repeat(64), "../x".to_owned());
    assert!(found.await.is_err());
}

#[tokio::test]
async fn after_a_change_of_engine_everything_is_missing() {
    let bench = Bench::new("exit 0");
    let all = vec!["a".repeat(64), "b".repeat(64)];
    bench.keep("a", b"code").await;
    let missing = || async { bench.artifacts.missing(all.clone()).await.unwrap() };
    assert_eq!(missing().await, all);
    bench.artifacts.learn_engine(ENGINE);
    assert_eq!(missing().await, all[1..]);
    bench.artifacts.learn_engine("fedcba9876543210");
    assert_eq!(missing().await, all);
}

#[tokio::test]
async fn what_nobody_names_goes_when_it_is_not_young() {
    let bench = bench();
    for digit in ["a", "b", "c"] {
        bench.keep(digit, b"code").await;
    }
    let old = Duration::from_hours(2);
    for (digit, old) in [("a", old), ("b", old), ("c", Duration::ZERO)] {
        for ending in ["cwasm", "seal", "report"] {
            bench.age(&bench.file(digit, ending), old);
        }
    }
    let stranger = bench.artifacts.folder().join("notes.txt");
    let unfinished = bench.file("a", "new");
    for file in [&stranger, &unfinished] {
        write(file, b"");
        bench.age(file, old);
    }
    let named = BTreeSet::from(["a".repeat(64)]);
    assert_eq!(bench.artifacts.purge(named.clone()).await.unwrap(), 1);
    assert!(bench.found("a").await.is_some() && bench.found("c").await.is_some());
    assert!(bench.found("b").await.is_none());
    assert!(stranger.exists() && !unfinished.exists());
    assert_eq!(bench.names(), 7);
    bench.artifacts.learn_engine("fedcba9876543210");
    assert_eq!(bench.artifacts.purge(named).await.unwrap(), 1);
    assert_eq!(bench.names(), 4);
}

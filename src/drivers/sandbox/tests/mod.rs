//! The driver against children that are scripts: silent ones, mad ones, dying ones. The real one is
//! tried in `tests/it`.

mod artifacts;
mod children;
mod lives;
mod workshops;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use wabe_package::entry::{Context, Entry};
use wabe_package::{Blob, Limits};

use crate::embedded::web::tests::FixedClock;
use crate::sandbox::{Artifacts, Order, SealKey};

const ENGINE: &str = "0123456789abcdef";

/// A folder with a script, and with artifacts.
struct Bench {
    clock: Arc<FixedClock>,
    artifacts: Arc<Artifacts>,
    program: PathBuf,
    folder: TempDir,
}

impl Bench {
    /// With a program that is this shell script.
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        write(&program, format!("#!/bin/sh\n{script}\n").as_bytes());
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let clock = FixedClock::new();
        let key = SealKey::from_bytes([7; 32]);
        let artifacts = Artifacts::open(&folder.path().join("plugins"), key, clock.clone());
        Self {
            artifacts: artifacts.unwrap(),
            clock,
            program,
            folder,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

fn order(wall_ms: u32) -> Order {
    Order {
        component: "ab".repeat(32),
        context: Context {
            run_id: "run_1".to_owned(),
            installation: "ins_1".to_owned(),
            customer: "K10234".to_owned(),
            locale: "de".to_owned(),
            api: "1.0.0".to_owned(),
            attempt: 1,
            idempotency_key: "key".to_owned(),
            deadline_ms: wall_ms,
            dry_run: false,
            now_ms: 1_800_000_000_000,
            settings: "{}".to_owned(),
        },
        entry: Entry::Event {
            id: "evt_1".to_owned(),
            topic: "mailbox.create".to_owned(),
            schema_version: 1,
            occurred_at_ms: 1_800_000_000_000,
            payload: "{}".to_owned(),
        },
        limits: Limits {
            wall_ms,
            ..Limits::EVENT
        },
        seed: Blob(vec![7; 32]),
    }
}

//! What every test of this room stands on: a database, keys, a clock, and repeatable randomness.

use crate::{Entry, Keys, Recorder, Sequencer, Streams};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;
use wabe_kernel::id::{ChangeId, CustomerId, UserId};
use wabe_kernel::{Clock, Rng, Timestamp};
use wabe_store::{Location, Statement, Store, Tx};

/// 2026-01-01T00:00:00Z.
pub(super) const START: Timestamp = Timestamp(1_767_225_600_000_000);

pub(super) struct SetClock(AtomicI64);

impl SetClock {
    pub(super) fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// SplitMix64: repeatable, not secret.
pub(super) struct Seeded(AtomicU64);

impl Seeded {
    pub(super) const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Rng for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (word ^ (word >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

pub(super) struct Bench {
    pub(super) dir: TempDir,
    pub(super) store: Store,
    pub(super) clock: Arc<SetClock>,
    pub(super) rng: Arc<Seeded>,
    pub(super) recorder: Arc<Recorder>,
    pub(super) sequencer: Arc<Sequencer>,
    pub(super) streams: Streams,
}

pub(super) fn keys() -> Arc<Keys> {
    Arc::new(Keys::from_bytes(&[7; 32], &[9; 32]).unwrap())
}

impl Bench {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Sqlite(dir.path().join("panel.db")))
            .await
            .unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(SetClock(AtomicI64::new(START.0)));
        let rng = Arc::new(Seeded::new(1));
        let keys = keys();
        let recorder = Arc::new(Recorder::new(keys.clone(), clock.clone(), rng.clone()));
        let sequencer = Arc::new(Sequencer::new(
            keys.clone(),
            clock.clone(),
            "panel.test/record".into(),
        ));
        let streams = Streams::new(keys, clock.clone(), rng.clone());
        Self {
            dir,
            store,
            clock,
            rng,
            recorder,
            sequencer,
            streams,
        }
    }

    /// The same database as another process sees it.
    pub(super) fn again(&self) -> (Recorder, Sequencer) {
        let keys = keys();
        let recorder = Recorder::new(keys.clone(), self.clock.clone(), self.rng.clone());
        (
            recorder,
            Sequencer::new(keys, self.clock.clone(), "panel.test/record".into()),
        )
    }

    pub(super) fn customer(&self) -> CustomerId {
        CustomerId::new(START, self.rng.as_ref())
    }

    pub(super) fn user(&self) -> UserId {
        UserId::new(START, self.rng.as_ref())
    }

    /// Writes one entry and commits it.
    pub(super) async fn append(&self, entry: &Entry) -> ChangeId {
        let mut tx = self.store.write().await.unwrap();
        let id = self.recorder.append(&mut tx, entry).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Writes `count` entries of one customer in one transaction.
    pub(super) async fn fill(&self, customer: CustomerId, from: i64, count: i64) {
        let mut tx = self.store.write().await.unwrap();
        for seq in from..from + count {
            self.recorder
                .append(&mut tx, &entry(customer, seq))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(super) async fn read(&self) -> Tx {
        self.store.read().await.unwrap()
    }

    /// Does to the database what only its administrator could.
    pub(super) async fn tamper(&self, sql: &'static str) -> u64 {
        let mut tx = self.store.write().await.unwrap();
        let touched = Statement {
            name: "test.tamper",
            sql,
        }
        .query()
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        touched
    }

    pub(super) async fn number(&self, sql: &'static str) -> i64 {
        let mut tx = self.read().await;
        let row = Statement {
            name: "test.number",
            sql,
        }
        .query()
        .one(&mut tx)
        .await
        .unwrap();
        row.int("n").unwrap()
    }
}

/// Change number `seq` of a customer: a mailbox created, changed twice, and so on.
pub(super) fn entry(customer: CustomerId, seq: i64) -> Entry {
    let state = |step: i64| serde_json::json!({ "quota": step, "name": "anna" });
    Entry {
        customer,
        seq,
        at: START.plus_seconds(seq),
        actor_kind: "member",
        actor_user: None,
        actor_token: None,
        actor_installation: None,
        purpose: None,
        authority: "customer",
        ticket: None,
        instruction: None,
        consent: None,
        command: if seq == 1 {
            "mailbox.create"
        } else {
            "mailbox.set_quota"
        },
        object_kind: "mailbox",
        object_id: format!("mbx_{}", seq % 3),
        object_name: "anna@example.test".to_owned(),
        before: if seq == 1 {
            serde_json::Value::Null
        } else {
            state(seq - 1)
        },
        after: state(seq),
    }
}

//! A log with three customers, written by the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;
use wabe_audit::{Checkpoint, Dump, Entry, Export, Keys, Recorder, Sequencer};
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Clock, Rng, Timestamp};
use wabe_store::{Location, Statement, Store};

/// 2026-01-01T00:00:00Z.
pub(super) const START: Timestamp = Timestamp(1_767_225_600_000_000);

pub(super) struct SetClock(AtomicI64);

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

    pub(super) fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(wabe_kernel::rng::below(self, end)).unwrap()
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
    _dir: TempDir,
    pub(super) store: Store,
    clock: Arc<SetClock>,
    pub(super) recorder: Arc<Recorder>,
    pub(super) sequencer: Arc<Sequencer>,
    pub(super) customers: [CustomerId; 3],
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::seeded(1).await
    }

    /// Another seed is another history.
    pub(super) async fn seeded(seed: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Sqlite(dir.path().join("panel.db")))
            .await
            .unwrap();
        store.migrate().await.unwrap();
        let keys = Arc::new(Keys::from_bytes(&[7; 32], &[9; 32]).unwrap());
        let clock = Arc::new(SetClock(AtomicI64::new(START.0)));
        let rng = Arc::new(Seeded::new(seed));
        let customers = [1, 2, 3].map(|_| CustomerId::new(START, rng.as_ref()));
        let recorder = Arc::new(Recorder::new(keys.clone(), clock.clone(), rng));
        let sequencer = Arc::new(Sequencer::new(
            keys,
            clock.clone(),
            "panel.test/record".into(),
        ));
        Self {
            _dir: dir,
            store,
            clock,
            recorder,
            sequencer,
            customers,
        }
    }

    pub(super) fn key(&self) -> String {
        self.sequencer.verifier_key()
    }

    pub(super) fn set(&self, now: Timestamp) {
        self.clock.0.store(now.0, Ordering::SeqCst);
    }

    /// Each customer's changes number `from` up to `to`, one a second.
    pub(super) async fn write(&self, from: i64, to: i64) {
        let mut tx = self.store.write().await.unwrap();
        for seq in from..to {
            self.set(START.plus_seconds(seq));
            for customer in self.customers {
                self.recorder
                    .append(&mut tx, &entry(customer, seq))
                    .await
                    .unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    /// Numbers everything and signs.
    pub(super) async fn sign(&self) -> Checkpoint {
        while self.sequencer.sequence(&self.store, 1_000).await.unwrap() > 0 {}
        self.sequencer.checkpoint(&self.store).await.unwrap()
    }

    pub(super) async fn export(&self, since: Option<u64>) -> String {
        let customer = self.customers[1];
        let mut tx = self.store.read_for(customer).await.unwrap();
        let (recorder, sequencer) = (self.recorder.clone(), self.sequencer.clone());
        let export = Export::begin(recorder, sequencer, &mut tx, customer, since)
            .await
            .unwrap();
        Box::pin(export.collect(&mut tx)).await.unwrap()
    }

    pub(super) async fn dump(&self) -> String {
        Dump::begin(&self.store)
            .await
            .unwrap()
            .collect(&self.store)
            .await
            .unwrap()
    }

    pub(super) async fn tamper(&self, sql: &'static str) {
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
        assert_ne!(touched, 0, "{sql}");
    }
}

fn entry(customer: CustomerId, seq: i64) -> Entry {
    let state = |step: i64| serde_json::json!({ "quota": step, "name": "Ännä \"x\" \\ \u{2028}" });
    let installation = InstallationId::from_uuid(customer.uuid());
    let by_plugin = seq % 5 == 0;
    Entry {
        customer,
        seq,
        at: START.plus_seconds(seq),
        actor_kind: if by_plugin { "plugin" } else { "member" },
        actor_user: None,
        actor_token: None,
        actor_installation: by_plugin.then_some(installation),
        purpose: None,
        authority: "customer",
        ticket: None,
        instruction: None,
        consent: None,
        command: "mailbox.set_quota",
        object_kind: "mailbox",
        object_id: format!("mbx_{seq}"),
        object_name: "anna@example.test".to_owned(),
        before: state(seq),
        after: state(seq + 1),
    }
}

//! What the tests of this room stand on: a database, a clock, dice, people and members.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use wabe_access::{Role, member};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, MemberId, UserId};
use wabe_kernel::{Clock, Fault, Language, Rng, Timestamp};
use wabe_store::{Location, Statement, Store, Tx};

use crate::mail::{People, Person};
use crate::text::Letterhead;

const CUSTOMER: Statement = Statement {
    name: "test.customer",
    sql: "INSERT INTO customer (id, number, name, name_search, plan_id, contact_email, created_at) \
          VALUES ($1, $2, 'Sonne', 'sonne', 'pln_00000000000000000000000000', '', 0)",
};

/// Repeatable randomness (SplitMix64).
#[derive(Default)]
pub(crate) struct Dice(AtomicU64);

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let step = 0x9e37_79b9_7f4a_7c15;
            let mut z = self.0.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Time that passes when a test says so. Begins on 2026-11-21 at 13:05 UTC.
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// People by id.
#[derive(Default)]
pub(crate) struct Book(Mutex<BTreeMap<UserId, Person>>);

impl People for Book {
    fn person(&self, user: UserId) -> Working<'_, Result<Option<Person>, Fault>> {
        let found = self.0.lock().unwrap().get(&user).cloned();
        Box::pin(async move { Ok(found) })
    }
}

pub(crate) struct Bench {
    pub(crate) dir: TempDir,
    pub(crate) store: Store,
    pub(crate) clock: Arc<Hand>,
    pub(crate) rng: Arc<Dice>,
    pub(crate) book: Arc<Book>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Location::Sqlite(dir.path().join("wabe.db"));
        let store = Store::open(&place).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            dir,
            store,
            clock: Arc::new(Hand(AtomicI64::new(1_795_266_300_000_000))),
            rng: Arc::default(),
            book: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn write(&self) -> Tx {
        self.store.write().await.unwrap()
    }

    pub(crate) async fn customer(&self) -> CustomerId {
        let id = CustomerId::new(self.now(), self.rng.as_ref());
        let mut tx = self.write().await;
        let query = CUSTOMER.bind(id).bind(id.to_string());
        query.execute_one(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A person in a customer.
    pub(crate) async fn member(&self, customer: CustomerId, role: Role, name: &str) -> UserId {
        let user = UserId::new(self.now(), self.rng.as_ref());
        let member = member::Member {
            id: MemberId::new(self.now(), self.rng.as_ref()),
            user,
            role,
            created_at: self.now(),
        };
        let mut tx = self.write().await;
        assert!(member::insert(&mut tx, customer, &member).await.unwrap());
        tx.commit().await.unwrap();
        self.book.0.lock().unwrap().insert(user, person(name));
        user
    }

    /// A number that a statement counts as `n`.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.store.read().await.unwrap();
        let statement = Statement {
            name: "test.count",
            sql,
        };
        let row = statement.query().one(&mut tx).await.unwrap();
        row.int("n").unwrap()
    }
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        address: "info@sonne.test".parse().unwrap(),
        language: Language::De,
        name: Some(name.parse().unwrap()),
    }
}

pub(crate) fn head() -> Letterhead {
    Letterhead {
        company: "Bärenhost GmbH & Söhne".parse().unwrap(),
        portal_url: "https://portal.test".to_owned(),
        from: "kundencenter@portal.test".parse().unwrap(),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(1)),
    }
}

//! Gives every committed change its place in the hash tree, and signs what the tree is.
//!
//! No global number is taken while a change happens; this is where it gets one, within a second.
//! All state lies in the database, so a restart continues where the last one stopped, and several
//! processes may run a sequencer: the row of the tree admits one at a time.

use crate::checkpoint::{Checkpoint, verifier_key};
use crate::keys::Keys;
use crate::lent::committed_key;
use crate::skeleton::Skeleton;
use crate::tile::Tiles;
use crate::tree::Hash;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Clock, Fault};
use wabe_store::{Store, Tx, statements};

statements! {
    WAITING = "audit.change.waiting" =>
        "SELECT id FROM change WHERE leaf_index IS NULL ORDER BY at, customer_id, seq LIMIT 1";
    LOCK = "audit.tree.lock" => "UPDATE tree SET size = size WHERE id = 1 RETURNING size";
    SIZE = "audit.tree.size" => "SELECT size FROM tree WHERE id = 1";
    GROW = "audit.tree.grow" => "UPDATE tree SET size = $1 WHERE id = 1";
    NUMBER = "audit.change.number" =>
        "UPDATE change SET leaf_index = $1 + picked.place FROM \
         (SELECT id AS picked_id, row_number() OVER (ORDER BY at, customer_id, seq) - 1 AS place \
          FROM change WHERE leaf_index IS NULL ORDER BY at, customer_id, seq LIMIT $2) AS picked \
         WHERE id = picked.picked_id \
         RETURNING id, customer_id, seq, at, actor_kind, actor_user, actor_token, actor_installation, command, \
         object_kind, object_id, kind, payload_hmac, leaf_index";
    LAST = "audit.checkpoint.last" => "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1";
    INSERT = "audit.checkpoint.insert" =>
        "INSERT INTO checkpoint (size, at, note) VALUES ($1, $2, $3)";
}

/// How often waiting changes are looked for; a change has its place after twice this at most.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many changes one transaction numbers: it holds SQLite's only writer meanwhile.
const BATCH: i64 = 500;

/// A checkpoint is signed when the last is older than this, in seconds, or when so many changes came
/// since. Source: bar 3.10 T2 (60 s, 1 000 entries).
const CHECKPOINT_SECONDS: i64 = 50;
const CHECKPOINT_CHANGES: u64 = 1_000;

/// Numbers changes and signs checkpoints.
pub struct Sequencer {
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    origin: String,
    look: Notify,
    signed: Mutex<Option<(u64, Hash)>>,
}

fn forked() -> Fault {
    Fault::new("the record does not continue its last checkpoint")
}

fn count(column: i64) -> Result<u64, Fault> {
    u64::try_from(column).map_err(|_negative| Fault::new("the stored hash tree is not whole"))
}

fn column(count: u64) -> Result<i64, Fault> {
    i64::try_from(count).map_err(|_beyond| Fault::new("the stored hash tree is not whole"))
}

impl Sequencer {
    /// A sequencer that signs under the name `origin`: a host name and path without spaces or plus
    /// signs, such as `panel.example.net/record`.
    #[must_use]
    pub fn new(keys: Arc<Keys>, clock: Arc<dyn Clock>, origin: String) -> Self {
        Self {
            keys,
            clock,
            origin,
            look: Notify::new(),
            signed: Mutex::new(None),
        }
    }

    /// The name under which checkpoints are signed.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public key for offline verifiers.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        verifier_key(&self.origin, &self.keys)
    }

    /// Numbers up to `at_most` waiting changes and extends the tree; answers how many.
    ///
    /// # Errors
    /// A fault; then none was numbered.
    pub async fn sequence(&self, store: &Store, at_most: i64) -> Result<u64, Fault> {
        if !waiting(store).await? {
            return Ok(0);
        }
        let mut tx = store.write().await?;
        let size = LOCK.query().one(&mut tx).await?.int("size")?;
        let mut leaves = Vec::new();
        let mut customers = BTreeSet::new();
        for row in NUMBER.bind(size).bind(at_most).all(&mut tx).await? {
            leaves.push((
                row.int("leaf_index")?,
                Skeleton::from_row(&row)?.leaf_hash(),
            ));
            customers.insert(row.parsed::<CustomerId>("customer_id")?);
        }
        leaves.sort_unstable_by_key(|(place, _)| *place);
        let hashes: Vec<Hash> = leaves.into_iter().map(|(_, hash)| hash).collect();
        Tiles::default()
            .append(&mut tx, count(size)?, &hashes)
            .await?;
        let added = u64::try_from(hashes.len()).unwrap_or(0);
        GROW.bind(column(count(size)? + added)?)
            .execute_one(&mut tx)
            .await?;
        tx.commit().await?;
        self.keep_keys(store, &customers).await?;
        Ok(added)
    }

    /// Keeps the keys of busy customers at hand. They were committed with the changes just numbered.
    async fn keep_keys(
        &self,
        store: &Store,
        customers: &BTreeSet<CustomerId>,
    ) -> Result<(), Fault> {
        let missing = customers
            .iter()
            .filter(|customer| self.keys.cached(**customer).is_none());
        let missing: Vec<CustomerId> = missing.copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = store.read().await?;
        for customer in missing {
            if let Some(key) = committed_key(&self.keys, &mut tx, customer).await? {
                self.keys.cache(customer, key);
            }
        }
        tx.rollback().await
    }

    /// Signs the tree as it is and stores the checkpoint; the last one when nothing came since.
    ///
    /// # Errors
    /// A fault; also when the stored tree no longer contains what was signed before: then nothing is
    /// signed any more until an operator has looked.
    pub async fn checkpoint(&self, store: &Store) -> Result<Checkpoint, Fault> {
        let mut tx = store.write().await?;
        let size = count(LOCK.query().one(&mut tx).await?.int("size")?)?;
        let last = self.last(&mut tx).await?;
        let mut tiles = Tiles::default();
        self.refuse_fork(&mut tx, &mut tiles, last.as_ref(), size)
            .await?;
        if let Some(last) = last.filter(|last| last.size == size) {
            tx.rollback().await?;
            return Ok(last);
        }
        let root = tiles.root(&mut tx, size).await?;
        let made = Checkpoint::sign(&self.keys, &self.origin, size, root, self.clock.now());
        INSERT
            .bind(column(size)?)
            .bind(made.at)
            .bind(&made.note)
            .execute_one(&mut tx)
            .await?;
        tx.commit().await?;
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, root));
        Ok(made)
    }

    /// The last checkpoint, if there is one.
    ///
    /// # Errors
    /// A fault, also when it was not signed with this key.
    pub async fn last(&self, tx: &mut Tx) -> Result<Option<Checkpoint>, Fault> {
        let row = LAST.query().optional(tx).await?;
        let note = row.map(|row| row.text("note")).transpose()?;
        note.map(|note| Checkpoint::read(&self.keys, &self.origin, &note))
            .transpose()
    }

    /// Goes on only when the tree of `size` contains what the last checkpoint, and this process,
    /// signed: whoever writes the database cannot make the panel sign another history.
    async fn refuse_fork(
        &self,
        tx: &mut Tx,
        tiles: &mut Tiles,
        last: Option<&Checkpoint>,
        size: u64,
    ) -> Result<(), Fault> {
        let signed = *self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = signed
            .into_iter()
            .chain(last.map(|last| (last.size, last.root)));
        for (old, root) in known {
            if old > size || tiles.root(tx, old).await? != root {
                return Err(forked());
            }
        }
        Ok(())
    }

    /// Looks for waiting changes now instead of within half a second.
    pub fn poke(&self) {
        self.look.notify_one();
    }

    /// Numbers and signs until `shutdown` turns true, and once more then.
    pub async fn run(self: Arc<Self>, store: Store, mut shutdown: watch::Receiver<bool>) {
        loop {
            let ending = *shutdown.borrow();
            if let Err(fault) = Box::pin(self.round(&store, ending)).await {
                tracing::error!(cause = fault.chain(), "the record could not be sequenced");
            }
            if ending {
                return;
            }
            tokio::select! {
                () = self.look.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                changed = shutdown.changed() => if changed.is_err() { return },
            }
        }
    }

    /// One look: numbers all that waits, and signs when it is time.
    pub(crate) async fn round(&self, store: &Store, ending: bool) -> Result<(), Fault> {
        loop {
            let added = self.sequence(store, BATCH).await?;
            if self.is_due(store, ending).await? {
                self.checkpoint(store).await?;
            }
            if added < BATCH.unsigned_abs() {
                return Ok(());
            }
        }
    }

    async fn is_due(&self, store: &Store, ending: bool) -> Result<bool, Fault> {
        let mut tx = store.read().await?;
        let last = self.last(&mut tx).await?;
        let size = count(SIZE.query().one(&mut tx).await?.int("size")?)?;
        tx.rollback().await?;
        let Some(last) = last else { return Ok(true) };
        let added = size.saturating_sub(last.size);
        let old = self.clock.now().seconds_since(last.at) >= CHECKPOINT_SECONDS;
        Ok(added >= CHECKPOINT_CHANGES || added > 0 && (old || ending) || size < last.size)
    }
}

async fn waiting(store: &Store) -> Result<bool, Fault> {
    let mut tx = store.read().await?;
    let waiting = WAITING.query().optional(&mut tx).await?.is_some();
    tx.rollback().await?;
    Ok(waiting)
}

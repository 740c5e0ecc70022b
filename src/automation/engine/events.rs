//! Events: what changed in a customer becomes runs of those who listen.
//!
//! Each installation has a cursor over its customer's changes, which are numbered without gaps in the
//! order of their commits. The runs and the cursor's new place are one transaction, and only one
//! process moves a cursor on: at least once, and in order.

use crate::engine::claim::{Birth, Claimed};
use crate::engine::shares::Slot;
use crate::engine::worlds::QuotaReached;
use crate::engine::{Engine, LEASE_SECONDS};
use crate::installation::{Installation, Rights, store as installations};
use crate::plugin::{self, PluginVersion};
use crate::run::store::{self as runs, Begin, NewRun};
use crate::run::{Mode, TriggerKind, code, usage};
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_audit::ChangeRecord;
use wabe_kernel::id::{CustomerId, RunId};
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_package::Entry;
use wabe_store::Tx;

/// The version of the payloads' schemas.
pub(crate) const SCHEMA_VERSION: u32 = 1;
/// Changes of one look.
const CHANGES_MAX: i64 = 200;
/// So many runs may cause each other.
const DEPTH_MAX: i64 = 4;
/// The topic of quotas.
pub(crate) const QUOTA_TOPIC: &str = "quota.reached";

/// Commands that are nobody's news: the end of a run would make the next one run.
pub(crate) fn is_news(command: &str) -> bool {
    !command.starts_with("run.")
}

/// An event that somebody may listen to.
struct Event {
    topic: String,
    payload: Value,
    id: String,
    at: Timestamp,
    /// The change's number; 0 when it is no change.
    seq: i64,
    /// How many runs caused each other up to here.
    depth: i64,
}

impl Event {
    fn entry(&self) -> Entry {
        Entry::Event {
            id: self.id.clone(),
            topic: self.topic.clone(),
            schema_version: SCHEMA_VERSION,
            occurred_at_ms: u64::try_from(self.at.0 / 1_000).unwrap_or(0),
            payload: self.payload.to_string(),
        }
    }

    /// A run of an installation for this event.
    fn run(&self, installation: &Installation, id: RunId, now: Timestamp) -> NewRun {
        NewRun {
            id,
            customer: installation.customer,
            installation: installation.id,
            version: installation.version,
            root: id,
            source: None,
            mode: Mode::Live,
            trigger: TriggerKind::Event,
            trigger_name: self.topic.clone(),
            depth: self.depth,
            slice: 0,
            entry: self.entry(),
            change_seq: self.seq,
            due_at: now,
        }
    }
}

/// The payload of a change, by the published schema.
pub(crate) fn payload(change: &ChangeRecord) -> Value {
    json!({
        "change": change.id,
        "seq": change.seq,
        "command": change.command,
        "actor": {
            "kind": change.actor_kind,
            "id": change.actor_installation.map(|id| id.to_string())
                .or_else(|| change.actor_user.map(|id| id.to_string())),
        },
        "object": {
            "kind": change.object_kind, "id": change.object_id, "name": change.object_name,
        },
        "before": change.before,
        "after": change.after,
    })
}

/// Whether an installation is to run for this event.
fn hears(version: &PluginVersion, rights: &Rights, event: &Event) -> bool {
    let mut triggers = version.manifest.triggers.iter();
    rights.may_hear(&event.topic)
        && triggers.any(|trigger| trigger.hears(&event.topic, &event.payload))
}

impl Engine {
    /// Tells a customer's listeners what they have not heard of yet.
    pub(crate) async fn hear(&self, customer: CustomerId) -> Result<(), Fault> {
        let store = self.parts.gate.store();
        loop {
            let mut tx = store.read_for(customer).await?;
            let listening = installations::listening(&mut tx, customer).await?;
            let Some(first) = listening.iter().map(|one| one.event_cursor).min() else {
                tx.rollback().await?;
                return Ok(());
            };
            let recorder = self.parts.gate.recorder();
            let changes = recorder
                .after(&mut tx, customer, first, CHANGES_MAX)
                .await?;
            let events = events(&mut tx, customer, &changes).await?;
            let mut versions = Vec::new();
            for installation in &listening {
                versions.push(self.versions.get(&mut tx, installation.version).await?);
            }
            tx.rollback().await?;
            let Some(last) = changes.last().map(|change| change.seq) else {
                return Ok(());
            };
            for (installation, version) in listening.iter().zip(versions) {
                self.tell_one(installation, &version, (&events, last))
                    .await?;
            }
            self.set_heard(customer, last);
            if changes.len() < usize::try_from(CHANGES_MAX).unwrap_or(usize::MAX) {
                self.wake();
                return Ok(());
            }
        }
    }

    /// Adds an installation's runs for these events and moves its cursor behind them. Where nothing of
    /// it waits and there is room, the first run begins in the same transaction.
    async fn tell_one(
        &self,
        installation: &Installation,
        version: &Arc<PluginVersion>,
        (events, last): (&[Event], i64),
    ) -> Result<(), Fault> {
        if installation.event_cursor >= last {
            return Ok(());
        }
        let rights = Rights::of(version, &installation.granted);
        let news = events
            .iter()
            .filter(|event| event.seq > installation.event_cursor);
        let news: Vec<&Event> = news
            .filter(|event| hears(version, &rights, event))
            .collect();
        let (now, rng) = (self.now(), self.parts.gate.tools().rng.as_ref());
        let store = self.parts.gate.store();
        let mut tx = store.write_for(installation.customer).await?;
        if !installations::move_cursor(&mut tx, installation, last).await? {
            return tx.rollback().await;
        }
        let mut slot = self.free_slot(&mut tx, installation, now).await?;
        let mut born = None;
        for event in news {
            let run = event.run(installation, RunId::new(now, rng), now);
            let begin = if event.depth > DEPTH_MAX {
                Begin::Dropped(code::DEPTH)
            } else if let Some(slot) = slot.take() {
                born = Some((run.id, slot));
                Begin::Running(now.plus_seconds(LEASE_SECONDS))
            } else {
                Begin::Queued
            };
            runs::insert(&mut tx, &run, begin, now).await?;
        }
        let Some((id, slot)) = born else {
            return tx.commit().await;
        };
        let run = runs::find(&mut tx, installation.customer, id).await;
        let run = run.map_err(|_refusal| Fault::new("find a run that was just added"))?;
        let events = Arc::clone(self.parts.gate.events());
        let birth = Birth::of(tx, (events, self.news(&run)))?;
        self.bear(Claimed { run, slot, birth });
        Ok(())
    }

    /// A slot for the next event of an installation, when nothing of it waits before.
    async fn free_slot(
        &self,
        tx: &mut Tx,
        installation: &Installation,
        now: Timestamp,
    ) -> Result<Option<Slot>, Fault> {
        let (customer, id) = (installation.customer, installation.id);
        let idle = self.parts.sandbox.is_up()
            && !runs::is_waiting(tx, customer, id).await?
            && !usage::is_spent(tx, customer, id, now).await?;
        Ok(if idle {
            self.shares.take(customer, id, TriggerKind::Event)
        } else {
            None
        })
    }

    /// Looks for news in every customer that has a listener behind it.
    pub(crate) async fn hear_all(&self) -> Result<(), Fault> {
        let mut tx = self.parts.gate.store().read().await?;
        let behind = installations::listeners(&mut tx, true).await?;
        tx.rollback().await?;
        for customer in behind {
            self.hear(customer).await?;
        }
        Ok(())
    }
}

/// What changes are as events, each with how many runs caused each other up to it.
async fn events(
    tx: &mut Tx,
    customer: CustomerId,
    changes: &[ChangeRecord],
) -> Result<Vec<Event>, Fault> {
    let mut events = Vec::new();
    for change in changes.iter().filter(|change| is_news(&change.command)) {
        let depth = match change.actor_installation {
            None => 0,
            Some(_) => runs::depth_of(tx, customer, change.id).await?.unwrap_or(0) + 1,
        };
        events.push(Event {
            topic: change.command.clone(),
            payload: payload(change),
            id: change.id.to_string(),
            at: change.at,
            seq: change.seq,
            depth,
        });
    }
    Ok(events)
}

/// Adds runs for a quota that was reached, in the caller's transaction; answers how many. To be
/// called where the same news is told to people, so that both happen once.
///
/// # Errors
/// A fault of the database.
pub async fn quota_reached(
    tx: &mut Tx,
    rng: &dyn Rng,
    quota: &QuotaReached,
) -> Result<usize, Fault> {
    let listening = installations::listening(tx, quota.customer).await?;
    let (kind, id, name) = &quota.object;
    let event = Event {
        topic: QUOTA_TOPIC.to_owned(),
        payload: json!({
            "object": { "kind": kind, "id": id, "name": name },
            "used_bytes": quota.used_bytes, "max_bytes": quota.max_bytes, "percent": quota.percent,
        }),
        id: format!("quota:{id}:{}:{}", quota.percent, quota.at.0),
        at: quota.at,
        seq: 0,
        depth: 0,
    };
    let mut added = 0;
    for installation in listening {
        let version = plugin::store::find(tx, installation.version).await?;
        let version = version.ok_or(Fault::new("find the version of an installation"))?;
        let rights = Rights::of(&version, &installation.granted);
        if hears(&version, &rights, &event) {
            let run = event.run(&installation, RunId::new(quota.at, rng), quota.at);
            runs::insert(tx, &run, Begin::Queued, quota.at).await?;
            added += 1;
        }
    }
    Ok(added)
}

//! `kv.…`: reads see the run's own writes; writes wait for its end.

use crate::engine::host::{Host, denial};
use crate::installation::kv::{
    self, BYTES_MAX, Found, KEY_MAX, KEYS_MAX, Shelf, Totals, VALUE_MAX, Write, weight,
};
use std::collections::BTreeMap;
use wabe_kernel::{Fault, Timestamp};
use wabe_package::Blob;
use wabe_package::wire::{Answer, Problem};

/// The most keys of one page.
const PAGE_MAX: u32 = 1_000;

/// What is known of a key during a run.
#[derive(Debug, Clone)]
struct Entry {
    /// The version in the tables when the run first looked; 0 for none.
    base: i64,
    /// What it counts in the tables.
    base_bytes: i64,
    /// The value and version that the run sees.
    now: Option<(Vec<u8>, i64)>,
    written: bool,
    /// Whether the run relied on the version.
    relied: bool,
    expires_at: Option<Timestamp>,
}

/// What a run has read and written so far.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    entries: BTreeMap<String, Entry>,
    totals: Option<Totals>,
}

impl Buffer {
    /// The writes, in the order of their keys.
    pub(crate) fn into_writes(self) -> Vec<Write> {
        let written = self.entries.into_iter().filter(|(_, entry)| entry.written);
        let write = |(key, entry): (String, Entry)| {
            let (value, version) = entry.now.unzip();
            Write {
                key,
                value,
                version: version.unwrap_or(0),
                expected: entry.relied.then_some(entry.base),
                expires_at: entry.expires_at,
            }
        };
        written.map(write).collect()
    }

    /// How much the run would leave behind.
    fn outcome(&self) -> Totals {
        let mut totals = self.totals.unwrap_or_default();
        for (key, entry) in self.entries.iter().filter(|(_, entry)| entry.written) {
            totals.bytes -= entry.base_bytes;
            totals.keys -= i64::from(entry.base_bytes > 0);
            if let Some((value, _)) = &entry.now {
                totals.bytes += weight(key, value);
                totals.keys += 1;
            }
        }
        totals
    }
}

fn checked(key: &str) -> Result<(), Problem> {
    let plain = !key.is_empty() && key.len() <= KEY_MAX && !key.chars().any(char::is_control);
    if plain {
        Ok(())
    } else {
        Err(denial::invalid(format!(
            "a key has 1 to {KEY_MAX} printable bytes"
        )))
    }
}

fn version(entry: &Entry) -> i64 {
    entry.now.as_ref().map_or(0, |(_, version)| *version)
}

impl Host<'_> {
    fn place_of(&self) -> Shelf {
        Shelf {
            customer: self.ready.run.customer,
            installation: self.ready.run.installation,
        }
    }

    /// What the run knows of a key; read from the tables the first time.
    async fn entry(&self, key: &str) -> Result<Entry, Problem> {
        checked(key)?;
        let known = self.state().buffer.entries.get(key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let (at, now) = (self.place_of(), self.engine.now());
        let store = self.engine.parts.gate.store();
        let found = async {
            let mut tx = store.read_for(at.customer).await?;
            let found = kv::get(&mut tx, at, key, now).await?;
            tx.rollback().await?;
            Ok::<Option<Found>, Fault>(found)
        };
        let found = found.await.map_err(|fault| denial::fault(&fault))?;
        let entry = Entry {
            base: found.as_ref().map_or(0, |found| found.version),
            base_bytes: found.as_ref().map_or(0, |found| found.bytes),
            now: found.map(|found| (found.value, found.version)),
            written: false,
            relied: false,
            expires_at: None,
        };
        self.keep(key, entry.clone());
        Ok(entry)
    }

    fn keep(&self, key: &str, entry: Entry) {
        self.state().buffer.entries.insert(key.to_owned(), entry);
    }

    /// Reads how much there is, before the first write.
    async fn weigh(&self) -> Result<(), Problem> {
        if self.state().buffer.totals.is_some() {
            return Ok(());
        }
        let at = self.place_of();
        let store = self.engine.parts.gate.store();
        let totals = async {
            let mut tx = store.read_for(at.customer).await?;
            let totals = kv::totals(&mut tx, at).await?;
            tx.rollback().await?;
            Ok::<Totals, Fault>(totals)
        };
        let totals = totals.await.map_err(|fault| denial::fault(&fault))?;
        self.state().buffer.totals = Some(totals);
        Ok(())
    }

    pub(super) async fn kv_get(&self, key: &str) -> Result<Answer, Problem> {
        let entry = self.entry(key).await?;
        let found = entry
            .now
            .map(|(value, version)| (Blob(value), u64::try_from(version).unwrap_or(0)));
        Ok(Answer::Versioned { found })
    }

    pub(super) async fn kv_set(
        &self,
        key: &str,
        value: Vec<u8>,
        expect: Option<u64>,
        ttl_s: Option<u32>,
    ) -> Result<Answer, Problem> {
        if value.len() > VALUE_MAX {
            return Err(denial::limit(format!(
                "a value has at most {VALUE_MAX} bytes"
            )));
        }
        self.weigh().await?;
        let before = self.entry(key).await?;
        let current = version(&before);
        if expect.is_some_and(|expect| i64::try_from(expect) != Ok(current)) {
            return Err(denial::conflict(format!("the key is at version {current}")));
        }
        let now = self.engine.now();
        // Time makes versions of deleted keys come back never.
        let new = now.0.max(current + 1);
        let mut after = before.clone();
        after.now = Some((value, new));
        after.written = true;
        after.relied |= expect.is_some();
        after.expires_at = ttl_s.map(|seconds| now.plus_seconds(i64::from(seconds)));
        self.keep(key, after);
        let totals = self.state().buffer.outcome();
        if totals.keys > KEYS_MAX || totals.bytes > BYTES_MAX {
            self.keep(key, before);
            let message = format!("at most {KEYS_MAX} keys and {BYTES_MAX} bytes are kept");
            return Err(denial::limit(message));
        }
        let version = u64::try_from(new).unwrap_or(0);
        Ok(Answer::Version { version })
    }

    pub(super) async fn kv_delete(&self, key: &str) -> Result<Answer, Problem> {
        let mut entry = self.entry(key).await?;
        let yes = entry.now.is_some();
        if yes {
            entry.now = None;
            entry.written = true;
            entry.expires_at = None;
            self.keep(key, entry);
        }
        Ok(Answer::Flag { yes })
    }

    pub(super) async fn kv_keys(
        &self,
        prefix: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Answer, Problem> {
        if prefix.len() > KEY_MAX || prefix.chars().any(char::is_control) {
            return Err(denial::invalid("no key begins so"));
        }
        let limit = usize::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(1);
        let (at, now, after) = (self.place_of(), self.engine.now(), cursor.unwrap_or(""));
        // What the run deleted falls away: so many more are read.
        let written = self.state().buffer.entries.len();
        let most = i64::try_from(limit + written + 1).unwrap_or(i64::MAX);
        let store = self.engine.parts.gate.store();
        let found = async {
            let mut tx = store.read_for(at.customer).await?;
            let keys = kv::keys(&mut tx, at, (prefix, after), now, most).await?;
            tx.rollback().await?;
            Ok::<Vec<String>, Fault>(keys)
        };
        let mut keys = found.await.map_err(|fault| denial::fault(&fault))?;
        let state = self.state();
        let entries = &state.buffer.entries;
        keys.retain(|key| entries.get(key).is_none_or(|entry| entry.now.is_some()));
        let added = entries.iter().filter(|(key, entry)| {
            entry.written && entry.now.is_some() && key.starts_with(prefix) && key.as_str() > after
        });
        keys.extend(added.map(|(key, _)| key.clone()));
        drop(state);
        keys.sort_unstable();
        keys.dedup();
        let more = keys.len() > limit;
        keys.truncate(limit);
        let next = if more { keys.last().cloned() } else { None };
        Ok(Answer::Keys { keys, next })
    }
}

//! The plugin's store. What a run writes stays only when it succeeds.

use crate::author::world::{conflict, invalid, limit};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use wabe_package::Blob;
use wabe_package::wire::{Answer, Problem};

const KEY_MAX: usize = 512;
const VALUE_MAX: usize = 64 << 10;
const KEYS_MAX: usize = 10_000;
const BYTES_MAX: usize = 1 << 20;
const PAGE_MAX: u32 = 1_000;

#[derive(Clone)]
struct Kept {
    value: Vec<u8>,
    version: u64,
    until_ms: u64,
}

/// Keys with their values.
#[derive(Default)]
pub(crate) struct Store {
    keys: BTreeMap<String, Kept>,
    before: BTreeMap<String, Kept>,
    now_ms: u64,
    version: u64,
}

impl Store {
    pub(super) fn begin(&mut self, now_ms: u64, scene: &Map<String, Value>) {
        self.now_ms = now_ms;
        self.keys.retain(|_, kept| kept.until_ms > now_ms);
        for (key, value) in scene {
            let bytes = match value {
                Value::String(text) => text.clone().into_bytes(),
                other => other.to_string().into_bytes(),
            };
            self.put(key, bytes, u64::MAX);
        }
        self.before = self.keys.clone();
    }

    /// Forgets what the run wrote.
    pub(crate) fn forget(&mut self) {
        self.keys = self.before.clone();
    }

    /// The value of a key.
    pub(crate) fn value(&self, key: &str) -> Option<&[u8]> {
        self.keys.get(key).map(|kept| kept.value.as_slice())
    }

    fn put(&mut self, key: &str, value: Vec<u8>, until_ms: u64) -> u64 {
        self.version = self.version.saturating_add(1);
        let version = self.version;
        self.keys.insert(
            key.to_owned(),
            Kept {
                value,
                version,
                until_ms,
            },
        );
        version
    }

    pub(super) fn get(&self, key: &str) -> Result<Answer, Problem> {
        check(key)?;
        let found = self
            .keys
            .get(key)
            .map(|kept| (Blob(kept.value.clone()), kept.version));
        Ok(Answer::Versioned { found })
    }

    pub(super) fn set(
        &mut self,
        key: &str,
        value: Vec<u8>,
        (expect, ttl_s): (Option<u64>, Option<u32>),
    ) -> Result<Answer, Problem> {
        check(key)?;
        if value.len() > VALUE_MAX {
            return Err(limit(format!("a value has at most {VALUE_MAX} bytes")));
        }
        let current = self.keys.get(key).map_or(0, |kept| kept.version);
        if expect.is_some_and(|expect| expect != current) {
            return Err(conflict(format!("the key is at version {current}")));
        }
        let others = self.keys.iter().filter(|(other, _)| *other != key);
        let bytes: usize = others
            .clone()
            .map(|(key, kept)| key.len() + kept.value.len())
            .sum();
        if others.count() >= KEYS_MAX || bytes + key.len() + value.len() > BYTES_MAX {
            let message = format!("at most {KEYS_MAX} keys and {BYTES_MAX} bytes are kept");
            return Err(limit(message));
        }
        let until_ms = ttl_s.map_or(u64::MAX, |seconds| {
            self.now_ms
                .saturating_add(u64::from(seconds).saturating_mul(1_000))
        });
        Ok(Answer::Version {
            version: self.put(key, value, until_ms),
        })
    }

    pub(super) fn delete(&mut self, key: &str) -> Result<Answer, Problem> {
        check(key)?;
        Ok(Answer::Flag {
            yes: self.keys.remove(key).is_some(),
        })
    }

    pub(super) fn keys(
        &self,
        prefix: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Answer, Problem> {
        if prefix.len() > KEY_MAX || prefix.chars().any(char::is_control) {
            return Err(invalid("no key begins so"));
        }
        let limit = usize::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(1);
        let after = cursor.unwrap_or_default();
        let fits = |key: &&String| key.starts_with(prefix) && key.as_str() > after;
        let mut keys: Vec<String> = self
            .keys
            .keys()
            .filter(fits)
            .take(limit + 1)
            .cloned()
            .collect();
        let more = keys.len() > limit;
        keys.truncate(limit);
        let next = if more { keys.last().cloned() } else { None };
        Ok(Answer::Keys { keys, next })
    }
}

fn check(key: &str) -> Result<(), Problem> {
    if !key.is_empty() && key.len() <= KEY_MAX && !key.chars().any(char::is_control) {
        return Ok(());
    }
    Err(invalid(format!("a key has 1 to {KEY_MAX} printable bytes")))
}

//! How much somebody may ask for in a while: a bucket of tokens per network and per session.
//!
//! Generous on purpose: this keeps one visitor from starving the others. Guessing passwords is
//! bounded elsewhere, per account. Counters live in memory and start full.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{SessionId, TokenId};

/// What a request costs. Source: bar 3.15 T1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// An asset.
    Free,
    /// A page.
    Light,
    /// A change, a search, a file.
    Normal,
    /// An export, an archive, a check of a password.
    Heavy,
}

impl Cost {
    /// In tokens.
    #[must_use]
    pub const fn tokens(self) -> i64 {
        match self {
            Self::Free => 0,
            Self::Light => 1,
            Self::Normal => 4,
            Self::Heavy => 20,
        }
    }
}

/// Whose bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// A network (see [`Client::network`](crate::client::Client::network)).
    Network(IpAddr),
    /// A session.
    Session(SessionId),
    /// An API token.
    Token(TokenId),
}

/// The size of the buckets.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Tokens a bucket holds.
    pub burst: i64,
    /// Tokens that flow in each second.
    pub per_second: i64,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            burst: 2_000,
            per_second: 200,
        }
    }
}

struct Bucket {
    /// In millionths of a token, so that microseconds count.
    level: i64,
    at: Timestamp,
}

/// The buckets.
pub struct Limiter {
    rates: Rates,
    buckets: Mutex<HashMap<Who, Bucket>>,
}

/// Above so many buckets the full ones are thrown away.
const BUCKETS_MAX: usize = 50_000;
const MILLION: i64 = 1_000_000;

impl Limiter {
    /// Full buckets of this size.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        Self {
            rates,
            buckets: Mutex::default(),
        }
    }

    /// Takes the cost out of a bucket.
    ///
    /// # Errors
    /// The seconds after which there is enough, 1 to 3 600.
    pub fn take(&self, who: Who, cost: Cost, now: Timestamp) -> Result<(), u32> {
        let wanted = cost.tokens().saturating_mul(MILLION);
        let full = self.rates.burst.saturating_mul(MILLION);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > BUCKETS_MAX {
            buckets.retain(|_, bucket| self.level(bucket, now) < full);
        }
        let bucket = buckets.entry(who).or_insert(Bucket {
            level: full,
            at: now,
        });
        bucket.level = self.level(bucket, now);
        bucket.at = now;
        if bucket.level >= wanted {
            bucket.level -= wanted;
            return Ok(());
        }
        let missing = wanted.saturating_sub(bucket.level);
        let rate = self.rates.per_second.saturating_mul(MILLION).max(1);
        let seconds = missing.saturating_add(rate - 1) / rate;
        Err(u32::try_from(seconds.clamp(1, 3_600)).unwrap_or(1))
    }

    fn level(&self, bucket: &Bucket, now: Timestamp) -> i64 {
        let passed = now.0.saturating_sub(bucket.at.0).max(0);
        let flowed = passed.saturating_mul(self.rates.per_second);
        bucket
            .level
            .saturating_add(flowed)
            .min(self.rates.burst.saturating_mul(MILLION))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_bucket_says_when_to_come_back() {
        let limiter = Limiter::new(Rates {
            burst: 40,
            per_second: 2,
        });
        let who = Who::Network("192.0.2.7".parse().unwrap());
        let now = Timestamp(0);
        assert_eq!(limiter.take(who, Cost::Heavy, now), Ok(()));
        assert_eq!(limiter.take(who, Cost::Heavy, now), Ok(()));
        assert_eq!(limiter.take(who, Cost::Light, now), Err(1));
        assert_eq!(limiter.take(who, Cost::Heavy, now), Err(10));
        assert_eq!(limiter.take(who, Cost::Heavy, now.plus_seconds(9)), Err(1));
        assert_eq!(limiter.take(who, Cost::Heavy, now.plus_seconds(10)), Ok(()));
        assert_eq!(limiter.take(who, Cost::Free, now.plus_seconds(10)), Ok(()));
    }

    #[test]
    fn one_bucket_does_not_drain_another() {
        let limiter = Limiter::new(Rates {
            burst: 1,
            per_second: 0,
        });
        let [one, two] = ["192.0.2.7", "192.0.2.8"].map(|a| Who::Network(a.parse().unwrap()));
        assert_eq!(limiter.take(one, Cost::Light, Timestamp(0)), Ok(()));
        assert!(limiter.take(one, Cost::Light, Timestamp(0)).is_err());
        assert_eq!(limiter.take(two, Cost::Light, Timestamp(0)), Ok(()));
    }
}

//! Which limit a run came closest to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wabe_package::wire::Usage;
use wabe_package::{LimitName, Limits};

/// The limit that a run came closest to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Closest {
    /// Its word; the Fluent message is `run-limit-{word}`.
    pub limit: String,
    /// How much was used.
    pub used: i64,
    /// How much there was.
    pub max: i64,
}

impl Closest {
    /// In percent, 0 to 100.
    #[must_use]
    pub fn percent(&self) -> i64 {
        if self.max <= 0 {
            return 0;
        }
        (i128::from(self.used) * 100 / i128::from(self.max))
            .clamp(0, 100)
            .try_into()
            .unwrap_or(100)
    }

    /// The limit that this use came closest to; the one that was named, if any was.
    #[must_use]
    pub fn of(usage: &Usage, limits: &Limits, named: Option<LimitName>) -> Option<Self> {
        let all = measured(usage, limits);
        let one = |(limit, used, max): &(LimitName, u64, u64)| Self {
            limit: limit.word().to_owned(),
            used: i64::try_from(*used).unwrap_or(i64::MAX),
            max: i64::try_from(*max).unwrap_or(i64::MAX),
        };
        if let Some(named) = named
            && let Some(found) = all.iter().find(|(limit, _, _)| *limit == named)
        {
            return Some(one(found));
        }
        let share = |(_, used, max): &&(LimitName, u64, u64)| {
            u128::from(*used) * 10_000 / u128::from((*max).max(1))
        };
        all.iter()
            .filter(|(_, _, max)| *max > 0)
            .max_by_key(share)
            .map(one)
    }
}

/// What was used of every limit that is measured.
fn measured(usage: &Usage, limits: &Limits) -> [(LimitName, u64, u64); 9] {
    [
        (
            LimitName::Wall,
            usage.wall_us / 1_000,
            limits.wall_ms.into(),
        ),
        (LimitName::Cpu, usage.cpu_us / 1_000, limits.cpu_ms.into()),
        (LimitName::Memory, usage.memory_bytes, limits.memory_bytes),
        (
            LimitName::Tables,
            usage.table_elements.into(),
            limits.table_elements.into(),
        ),
        (LimitName::Calls, usage.calls.into(), limits.calls.into()),
        (LimitName::CallsBytes, usage.calls_bytes, limits.calls_bytes),
        (
            LimitName::Fetches,
            usage.fetches.into(),
            limits.fetches.into(),
        ),
        (
            LimitName::KvCalls,
            usage.kv_calls.into(),
            limits.kv_calls.into(),
        ),
        (
            LimitName::Log,
            usage.log_lines.into(),
            limits.log_lines.into(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::Closest;
    use wabe_package::wire::Usage;
    use wabe_package::{LimitName, Limits};

    #[test]
    fn the_closest_limit_is_the_fullest_or_the_one_that_ended_it() {
        let limits = Limits::EVENT;
        let usage = Usage {
            wall_us: 1_000_000,
            cpu_us: 200_000,
            calls: 3,
            ..Usage::default()
        };
        let closest = Closest::of(&usage, &limits, None).unwrap();
        assert_eq!((closest.limit.as_str(), closest.percent()), ("cpu", 80));
        let named = Closest::of(&usage, &limits, Some(LimitName::Wall)).unwrap();
        assert_eq!((named.limit.as_str(), named.percent()), ("wall", 10));
    }
}

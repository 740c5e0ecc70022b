//! Figures about tickets: how many, and how long they took. Never about a person.
//!
//! Invariants: no figure is asked for by owner; how long things took is told of teams of five or more
//! alone, because in a smaller one it would tell of people. What was opened, answered and solved is counted
//! by day and topic in the transaction of each change, in the one place that writes tickets; only what waits
//! is counted when somebody asks. Source: § 87 (1) 6 BetrVG, Art. 5 (1) c GDPR.

pub(crate) mod store;
pub(crate) mod total;

pub use store::STATEMENTS;

use crate::numbers::total::Sums;
use crate::ticket::Category;
use std::collections::BTreeSet;
use wabe_access::{Permission, Refusal, Scope, member};
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// So many weeks are looked back on.
pub const WEEKS: usize = 26;
/// So many people work on tickets at least before times are told.
pub const TEAM_MIN: usize = 5;
const WEEK_DAYS: i64 = 7;
/// The upper ends of the ranges that durations are counted in, in seconds; the last range has none.
pub const RANGES: [i64; 7] = [900, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800];

/// How many of some were in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many should have been.
    pub of: i64,
    /// How many were.
    pub in_time: i64,
}

impl Share {
    /// In percent; nothing of nothing.
    #[must_use]
    pub const fn percent(self) -> Option<i64> {
        match self.of {
            0 => None,
            of => Some(self.in_time.saturating_mul(100) / of),
        }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            of: self.of.saturating_add(other.of),
            in_time: self.in_time.saturating_add(other.in_time),
        }
    }
}

/// Some tickets: how many were opened, and how many of them were answered and solved in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many were opened.
    pub opened: i64,
    /// Of those whose first answer was due or given.
    pub answered: Share,
    /// Of those whose solution was due or reached.
    pub solved: Share,
}

impl Count {
    const fn and(self, other: Self) -> Self {
        Self {
            opened: self.opened.saturating_add(other.opened),
            answered: self.answered.and(other.answered),
            solved: self.solved.and(other.solved),
        }
    }
}

/// How many tickets took how long: one number to a range of [`RANGES`], and one for what took longer.
pub type Spread = [i64; RANGES.len() + 1];

/// The figures of the last weeks.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// When the first week begins.
    pub from: Timestamp,
    /// Week by week, longest ago first; the last one is not over.
    pub weeks: Vec<Count>,
    /// By topic.
    pub categories: Vec<(Category, Count)>,
    /// How long first answers took.
    pub answers: Spread,
    /// How long solutions took.
    pub solutions: Spread,
    /// Whether enough people work on tickets that times are told.
    pub times: bool,
}

impl Numbers {
    /// When a week begins.
    #[must_use]
    pub fn begins(&self, week: usize) -> Timestamp {
        let weeks = i64::try_from(week).unwrap_or(0);
        self.from.plus_days(weeks.saturating_mul(WEEK_DAYS))
    }

    /// Counts some tickets in.
    fn add(&mut self, (week, category): (usize, Category), count: Count) {
        if let Some(one) = self.weeks.get_mut(week) {
            *one = one.and(count);
        }
        let known = self
            .categories
            .iter_mut()
            .find(|(known, _)| *known == category);
        match known {
            Some((_, one)) => *one = one.and(count),
            None => self.categories.push((category, count)),
        }
    }

    /// Counts in how much of what was opened was answered and solved, and how long that took.
    fn add_times(&mut self, place: (usize, Category), sums: &Sums) {
        let share = |spread: &Spread, in_time: i64| Share {
            of: spread.iter().sum(),
            in_time,
        };
        let count = Count {
            opened: 0,
            answered: share(&sums.answered, sums.answered_in_time),
            solved: share(&sums.solved, sums.solved_in_time),
        };
        self.add(place, count);
        let answers = self.answers.iter_mut().zip(sums.answered);
        let solutions = self.solutions.iter_mut().zip(sums.solved);
        for (one, more) in answers.chain(solutions) {
            *one = one.saturating_add(more);
        }
    }

    /// All weeks together.
    #[must_use]
    pub fn all(&self) -> Count {
        let weeks = self.weeks.iter();
        weeks.fold(Count::default(), |all, week| all.and(*week))
    }
}

/// Whether enough people work on tickets that times are told. Whose login is shut works on none.
async fn times_are_told(tx: &mut Tx) -> Result<bool, Refusal> {
    let team: BTreeSet<UserId> = member::at_work(tx)
        .await?
        .into_iter()
        .filter(|(_, role)| role.permissions().contains(&Permission::TicketWork))
        .map(|(user, _)| user)
        .collect();
    Ok(team.len() >= TEAM_MIN)
}

/// The figures of the last [`WEEKS`] weeks, of which the last one ends today. Needs `hoster:read`. Times are
/// zero when they are not told.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn numbers(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Numbers, Refusal> {
    scope.needs(Permission::HosterRead)?;
    let days = i64::try_from(WEEKS).unwrap_or(0).saturating_mul(WEEK_DAYS);
    let first_day = total::day(now).saturating_add(1).saturating_sub(days);
    let from = total::begins(first_day);
    let mut found = Numbers {
        from,
        weeks: vec![Count::default(); WEEKS],
        categories: Vec::new(),
        answers: Spread::default(),
        solutions: Spread::default(),
        times: times_are_told(tx).await?,
    };
    for (week, category, sums) in store::sums(tx, first_day).await? {
        let opened = Count {
            opened: sums.opened,
            ..Count::default()
        };
        found.add((week, category), opened);
        if found.times {
            found.add_times((week, category), &sums);
        }
    }
    if found.times {
        let late = |of: i64| Share { of, in_time: 0 };
        for (week, category, of) in store::unanswered(tx, (from, now)).await? {
            let count = Count {
                answered: late(of),
                ..Count::default()
            };
            found.add((week, category), count);
        }
        for (week, category, of) in store::unsolved(tx, (from, now)).await? {
            let count = Count {
                solved: late(of),
                ..Count::default()
            };
            found.add((week, category), count);
        }
    }
    found
        .categories
        .sort_by_key(|(_, count)| std::cmp::Reverse(count.opened));
    Ok(found)
}

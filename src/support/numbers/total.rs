//! What tickets add to the totals of their day and topic. Pure: nothing here knows a table.

use crate::numbers::{RANGES, Spread};
use crate::ticket::{Category, Ticket};
use wabe_kernel::Timestamp;

const DAY_MICROS: i64 = 86_400_000_000;

/// The day of a moment, in days since the epoch (UTC).
pub(crate) const fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MICROS)
}

/// The first moment of a day.
pub(crate) const fn begins(day: i64) -> Timestamp {
    Timestamp(day.saturating_mul(DAY_MICROS))
}

/// How many of some tickets there are, and what was reached in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// How many were opened.
    pub(crate) opened: i64,
    /// How many were answered in time.
    pub(crate) answered_in_time: i64,
    /// How many are solved, in time.
    pub(crate) solved_in_time: i64,
    /// How many were answered, by how long that took.
    pub(crate) answered: Spread,
    /// How many are solved, by how long that took.
    pub(crate) solved: Spread,
}

/// What one ticket adds, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// The day on which it was opened.
    pub(crate) day: i64,
    /// Its topic.
    pub(crate) category: Category,
    /// What it adds.
    pub(crate) sums: Sums,
}

/// One ticket that took so long, in its range.
fn took(opened: Timestamp, reached: Option<Timestamp>) -> Spread {
    let mut spread = Spread::default();
    if let Some(reached) = reached {
        let micros = reached.0.saturating_sub(opened.0);
        let within = |seconds: &i64| micros <= seconds.saturating_mul(1_000_000);
        let range = RANGES.iter().position(within).unwrap_or(RANGES.len());
        if let Some(one) = spread.get_mut(range) {
            *one = 1;
        }
    }
    spread
}

impl Part {
    /// What this ticket adds.
    pub(crate) fn of(ticket: &Ticket) -> Self {
        let in_time = |reached: Option<Timestamp>, due: Timestamp| {
            i64::from(reached.is_some_and(|reached| reached <= due))
        };
        Self {
            day: day(ticket.opened_at),
            category: ticket.category,
            sums: Sums {
                opened: 1,
                answered_in_time: in_time(ticket.first_answer_at, ticket.first_answer_due),
                solved_in_time: in_time(ticket.solved_at, ticket.solution_due),
                answered: took(ticket.opened_at, ticket.first_answer_at),
                solved: took(ticket.opened_at, ticket.solved_at),
            },
        }
    }

    /// The same taken away.
    fn gone(self) -> Self {
        let sums = Sums::default().with(&self.sums, -1);
        Self { sums, ..self }
    }

    /// What turns the totals with one into those with the other: nothing where both are the same. In an
    /// order that is the same for everybody, so that two who change totals wait for each other at most.
    pub(crate) fn between(before: Self, after: Self) -> Vec<Self> {
        if before == after {
            return Vec::new();
        }
        if (before.day, before.category) == (after.day, after.category) {
            let sums = after.sums.with(&before.sums, -1);
            return vec![Self { sums, ..after }];
        }
        let mut both = vec![before.gone(), after];
        both.sort_by_key(|part| (part.day, part.category));
        both
    }
}

impl Sums {
    /// The same with others, so many times.
    fn with(mut self, other: &Self, times: i64) -> Self {
        let add = |one: &mut i64, more: i64| *one = one.saturating_add(more.saturating_mul(times));
        add(&mut self.opened, other.opened);
        add(&mut self.answered_in_time, other.answered_in_time);
        add(&mut self.solved_in_time, other.solved_in_time);
        for (one, more) in self.answered.iter_mut().zip(other.answered) {
            add(one, more);
        }
        for (one, more) in self.solved.iter_mut().zip(other.solved) {
            add(one, more);
        }
        self
    }

    /// All of it, in the order of the columns.
    pub(crate) fn all(&self) -> impl Iterator<Item = i64> {
        let first = [self.opened, self.answered_in_time, self.solved_in_time];
        first.into_iter().chain(self.answered).chain(self.solved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_took_is_counted_in_one_range() {
        let opened = Timestamp(5);
        assert_eq!(took(opened, None), Spread::default());
        for (seconds, range) in [(0, 0), (900, 0), (901, 1), (604_800, 6), (604_801, 7)] {
            let spread = took(opened, Some(opened.plus_seconds(seconds)));
            assert_eq!((spread.iter().sum::<i64>(), spread[range]), (1, 1));
        }
    }

    #[test]
    fn a_topic_that_changes_takes_the_ticket_along() {
        let sums = Sums {
            opened: 1,
            ..Sums::default()
        };
        let part = |category| Part {
            day: 3,
            category,
            sums,
        };
        let moved = Part::between(part(Category::Email), part(Category::Website));
        let opened: Vec<_> = moved
            .iter()
            .map(|part| (part.category, part.sums.opened))
            .collect();
        assert_eq!(opened, [(Category::Website, 1), (Category::Email, -1)]);
        assert!(Part::between(part(Category::Email), part(Category::Email)).is_empty());
    }
}

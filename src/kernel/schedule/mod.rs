//! When something runs again and again: cron's five fields in a time zone.
//!
//! Lists, ranges, steps and English names, as cron has them. When both the day of the month and the
//! weekday are narrowed, either is enough, as in cron. A time that a clock change skips runs one hour
//! later; a time that comes twice runs once, but what runs every hour runs in both. Plugins' scheduled
//! triggers and customers' cron jobs are read by this parser and by no other.

mod field;
mod next;
mod reading;

pub use field::FieldFlaw;
pub use reading::{Days, Reading};

use crate::field::{Problem, text_form};
use field::{Field, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The zone that the fields speak about.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub enum Zone {
    /// UTC.
    #[serde(rename = "UTC")]
    Utc,
    /// German time: the zone of the house.
    #[default]
    #[serde(rename = "Europe/Berlin")]
    Berlin,
}

impl Zone {
    /// Both names.
    pub const NAMES: [&'static str; 2] = ["Europe/Berlin", "UTC"];

    /// The name in the database of time zones.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Berlin => "Europe/Berlin",
        }
    }
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleFlaw {
    /// It has not five fields but so many.
    Fields(usize),
    /// One of them is wrong.
    Field {
        /// `minute`, `hour`, `day`, `month` or `weekday`.
        field: &'static str,
        /// How it begins.
        value: String,
        /// What is wrong.
        flaw: FieldFlaw,
    },
    /// No year has such a day; the expression.
    Never(String),
}

impl From<ScheduleFlaw> for Problem {
    fn from(flaw: ScheduleFlaw) -> Self {
        match flaw {
            ScheduleFlaw::Fields(count) => Self::new("cron-fields").with("count", count),
            ScheduleFlaw::Never(_) => Self::new("cron-never"),
            ScheduleFlaw::Field { field, value, flaw } => {
                let problem = Self::new(flaw.code());
                let problem = problem.with("field", field).with("value", value);
                match flaw {
                    FieldFlaw::Number { min, max } => problem.with("min", min).with("max", max),
                    _ => problem,
                }
            }
        }
    }
}

/// A cron expression whose times come.
///
/// Shape: five fields between blanks, in small letters. Times are minutes apart, at least one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schedule {
    text: String,
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

impl Schedule {
    /// The longest expression, in bytes.
    pub const BYTES_MAX: usize = 400;

    /// The expression, with single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, ScheduleFlaw> {
        let pieces: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = *pieces.as_slice() else {
            return Err(ScheduleFlaw::Fields(pieces.len()));
        };
        let schedule = Self {
            minutes: read(&field::MINUTE, minutes)?,
            hours: read(&field::HOUR, hours)?,
            days: read(&field::DAY, days)?,
            months: read(&field::MONTH, months)?,
            weekdays: read(&field::WEEKDAY, weekdays)?,
            text: pieces.join(" ").to_ascii_lowercase(),
        };
        if !schedule.comes() {
            return Err(ScheduleFlaw::Never(schedule.text));
        }
        Ok(schedule)
    }

    /// The fewest minutes between two of its times within one day and over midnight.
    #[must_use]
    pub fn minutes_apart(&self) -> u32 {
        let minutes: Vec<u32> = self.minutes.values().collect();
        let after = minutes.iter().skip(1);
        let pairs = minutes.iter().zip(after);
        let within = pairs.map(|(one, next)| next.saturating_sub(*one)).min();
        let over = match (minutes.first(), minutes.last()) {
            (Some(first), Some(last)) => first.saturating_add(60).saturating_sub(*last),
            _ => 60,
        };
        let neighbours = self
            .hours
            .values()
            .any(|hour| self.hours.has(hour.saturating_add(1) % 24));
        let within = within.unwrap_or(60);
        if neighbours { within.min(over) } else { within }
    }

    /// Whether some year has such a day.
    fn comes(&self) -> bool {
        let longest = |month| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let first = self.days.values().next().unwrap_or(1);
        self.either() || self.months.values().any(|month| first <= longest(month))
    }

    /// True when the day of the month and the weekday are alternatives.
    const fn either(&self) -> bool {
        !self.days.star && !self.weekdays.star
    }

    /// Whether it runs on this day.
    fn runs_on(&self, month: u32, day: u32, weekday: u32) -> bool {
        let (by_day, by_weekday) = (self.days.has(day), self.weekdays.has(weekday));
        let fits = if self.either() {
            by_day || by_weekday
        } else {
            by_day && by_weekday
        };
        fits && self.months.has(month)
    }
}

impl FromStr for Schedule {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() > Self::BYTES_MAX {
            return Err(Problem::new("too-long").with("max", Self::BYTES_MAX));
        }
        Ok(Self::read(text)?)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

text_form!(Schedule, "cron");

#[cfg(test)]
mod tests;

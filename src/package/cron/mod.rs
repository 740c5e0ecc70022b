//! When scheduled triggers run: cron's five fields in a time zone.
//!
//! Lists, ranges, steps and English names, as cron has them. When both the day of the month and the
//! weekday are narrowed, either is enough, as in cron. A time that a clock change skips runs one hour
//! later; a time that comes twice runs once, but what runs every hour runs in both.

mod field;
mod next;

use crate::flaw::Defect;
use crate::names::parsed;
use field::{Field, read};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The zone that the fields speak about.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Zone {
    /// UTC.
    #[serde(rename = "UTC")]
    Utc,
    /// German time.
    #[default]
    #[serde(rename = "Europe/Berlin")]
    Berlin,
}

impl Zone {
    /// Both names.
    pub const NAMES: [&'static str; 2] = ["Europe/Berlin", "UTC"];
}

impl FromStr for Zone {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        match text {
            "UTC" => Ok(Self::Utc),
            "Europe/Berlin" => Ok(Self::Berlin),
            other => Err(Defect::NotAChoice {
                value: other.chars().take(40).collect(),
                known: Self::NAMES.join(", "),
            }),
        }
    }
}

/// A cron expression whose times are at least five minutes apart and come at some time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cron {
    text: String,
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

impl Cron {
    /// The fewest minutes between two runs.
    pub const APART_MINUTES: u32 = 5;

    /// The expression, with single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The fewest minutes between two of its times within one day and over midnight.
    fn apart(&self) -> u32 {
        let minutes: Vec<u32> = self.minutes.values().collect();
        let within = minutes.windows(2).map(|pair| pair[1] - pair[0]).min();
        let over = match (minutes.first(), minutes.last()) {
            (Some(first), Some(last)) => 60 + first - last,
            _ => 60,
        };
        let neighbours = self
            .hours
            .values()
            .any(|hour| self.hours.has((hour + 1) % 24));
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

impl FromStr for Cron {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let pieces: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = pieces[..] else {
            return Err(Defect::BadCron {
                field: "the expression".to_owned(),
                value: text.chars().take(80).collect(),
                reason: format!("has {} fields", pieces.len()),
            });
        };
        let cron = Self {
            minutes: read(&field::MINUTE, minutes)?,
            hours: read(&field::HOUR, hours)?,
            days: read(&field::DAY, days)?,
            months: read(&field::MONTH, months)?,
            weekdays: read(&field::WEEKDAY, weekdays)?,
            text: pieces.join(" ").to_ascii_lowercase(),
        };
        let apart = cron.apart();
        if apart < Self::APART_MINUTES {
            return Err(Defect::CronTooOften {
                minutes: apart.to_string(),
            });
        }
        if !cron.comes() {
            return Err(Defect::CronNever {
                expression: cron.text,
            });
        }
        Ok(cron)
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

parsed!(Cron);

#[cfg(test)]
mod tests;

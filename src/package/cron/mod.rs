//! When scheduled triggers run: schedules of the house with a distance between two runs.
//!
//! What a schedule means is said where it is read, in the kernel.

use crate::flaw::Defect;
use crate::names::parsed;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use wabe_kernel::Timestamp;
use wabe_kernel::schedule::{FieldFlaw, Schedule, ScheduleFlaw};

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
    pub const NAMES: [&'static str; 2] = wabe_kernel::schedule::Zone::NAMES;

    const fn of_the_house(self) -> wabe_kernel::schedule::Zone {
        match self {
            Self::Utc => wabe_kernel::schedule::Zone::Utc,
            Self::Berlin => wabe_kernel::schedule::Zone::Berlin,
        }
    }
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
pub struct Cron(Schedule);

impl Cron {
    /// The fewest minutes between two runs.
    pub const APART_MINUTES: u32 = 5;

    /// The expression, with single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first time after this one; `None` only at the end of time.
    #[must_use]
    pub fn next_after(&self, after: Timestamp, zone: Zone) -> Option<Timestamp> {
        self.0.next_after(after, zone.of_the_house())
    }
}

/// What is wrong with a field, for the author of a package.
fn reason(flaw: FieldFlaw) -> String {
    match flaw {
        FieldFlaw::Number { min, max } => format!("use {min} to {max}"),
        FieldFlaw::StepAlone => "a step needs a range or a star before it".to_owned(),
        FieldFlaw::Backwards => "the range ends before it begins".to_owned(),
        FieldFlaw::Step => "the step is not a number from 1 to 59".to_owned(),
    }
}

fn defect(text: &str, flaw: ScheduleFlaw) -> Defect {
    match flaw {
        ScheduleFlaw::Fields(count) => Defect::BadCron {
            field: "the expression".to_owned(),
            value: text.chars().take(80).collect(),
            reason: format!("has {count} fields"),
        },
        ScheduleFlaw::Field { field, value, flaw } => Defect::BadCron {
            field: field.to_owned(),
            value,
            reason: reason(flaw),
        },
        ScheduleFlaw::Never(expression) => Defect::CronNever { expression },
    }
}

impl FromStr for Cron {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let schedule = Schedule::read(text).map_err(|flaw| defect(text, flaw))?;
        let apart = schedule.minutes_apart();
        if apart < Self::APART_MINUTES {
            return Err(Defect::CronTooOften {
                minutes: apart.to_string(),
            });
        }
        Ok(Self(schedule))
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

parsed!(Cron);

#[cfg(test)]
mod tests;

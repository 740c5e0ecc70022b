//! A schedule as people say it, where there is a short way to.

use crate::schedule::Schedule;

/// Days of the week, 0 is Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    /// Monday to Friday.
    Working,
    /// These, in order.
    These(Vec<u32>),
}

/// What a schedule says. The Fluent message is `schedule-{word}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Every so many minutes, as long as hours last.
    Minutes(u32),
    /// Every hour at this minute.
    Hourly(u32),
    /// Every so many hours at this minute, counted from midnight.
    Hours(u32, u32),
    /// Every day at this hour and minute.
    Daily(u32, u32),
    /// On days of the week at this hour and minute.
    Weekly(Days, u32, u32),
    /// On a day of every month at this hour and minute.
    Monthly(u32, u32, u32),
    /// On a day and month of every year at this hour and minute.
    Yearly(u32, u32, u32, u32),
    /// There is no short way to say it: the expression itself.
    Expression(String),
}

impl Reading {
    /// The word of the message.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Minutes(_) => "minutes",
            Self::Hourly(_) => "hourly",
            Self::Hours(..) => "hours",
            Self::Daily(..) => "daily",
            Self::Weekly(Days::Working, ..) => "working-days",
            Self::Weekly(Days::These(_), ..) => "weekly",
            Self::Monthly(..) => "monthly",
            Self::Yearly(..) => "yearly",
            Self::Expression(_) => "expression",
        }
    }
}

/// The distance of numbers that begin with 0 and go on evenly over all of `of`; absent for others.
fn evenly(numbers: &[u32], of: u32) -> Option<u32> {
    let step = match numbers {
        [0, second, ..] => *second,
        _ => return None,
    };
    let count = u32::try_from(numbers.len()).ok()?;
    let mut places = numbers.iter().zip(0_u32..);
    let even = places.all(|(n, at)| *n == step.saturating_mul(at));
    (even && step.saturating_mul(count) == of).then_some(step)
}

impl Schedule {
    /// What it says.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let known = self.known();
        known.unwrap_or_else(|| Reading::Expression(self.as_str().to_owned()))
    }

    fn known(&self) -> Option<Reading> {
        let all = (
            self.days.count() == 31,
            self.months.count() == 12,
            self.weekdays.count() == 7,
        );
        let every_day = all == (true, true, true);
        if every_day && self.hours.count() == 24 {
            if let Some(minute) = self.minutes.only() {
                return Some(Reading::Hourly(minute));
            }
            let minutes: Vec<u32> = self.minutes.values().collect();
            return if minutes.len() == 60 {
                Some(Reading::Minutes(1))
            } else {
                evenly(&minutes, 60).map(Reading::Minutes)
            };
        }
        let minute = self.minutes.only()?;
        let Some(hour) = self.hours.only() else {
            let hours: Vec<u32> = self.hours.values().collect();
            let every = evenly(&hours, 24).filter(|_| every_day)?;
            return Some(Reading::Hours(every, minute));
        };
        match all {
            (true, true, true) => Some(Reading::Daily(hour, minute)),
            (true, true, false) => Some(Reading::Weekly(self.week(), hour, minute)),
            (false, true, true) => Some(Reading::Monthly(self.days.only()?, hour, minute)),
            (false, false, true) => {
                let (day, month) = (self.days.only()?, self.months.only()?);
                Some(Reading::Yearly(day, month, hour, minute))
            }
            _ => None,
        }
    }

    /// Its days of the week, Monday first.
    fn week(&self) -> Days {
        let mut days: Vec<u32> = self.weekdays.values().collect();
        if days == [1, 2, 3, 4, 5] {
            return Days::Working;
        }
        days.sort_by_key(|day| (*day + 6) % 7);
        Days::These(days)
    }
}

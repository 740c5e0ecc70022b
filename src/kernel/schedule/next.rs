//! The next time of a schedule.

use crate::schedule::{Schedule, Zone};
use crate::time::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

/// Germany's rule, so that nothing is read from the machine. Source: 2000/84/EC.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The longest wait: the 29th of February on one weekday, over a century's end.
const DAYS_MAX: u32 = 366 * 41;

impl Zone {
    fn rule(self) -> TimeZone {
        match self {
            Self::Utc => TimeZone::UTC,
            Self::Berlin => TimeZone::posix(BERLIN).unwrap_or(TimeZone::UTC),
        }
    }
}

impl Schedule {
    /// The first time after this one; `None` only at the end of time.
    #[must_use]
    pub fn next_after(&self, after: Timestamp, zone: Zone) -> Option<Timestamp> {
        let zone = zone.rule();
        let start = jiff::Timestamp::from_microsecond(after.0)
            .ok()?
            .to_zoned(zone.clone());
        let mut date = start.date();
        for _ in 0..DAYS_MAX {
            if self.falls_on(date) {
                let times = if self.hours.count() == 24 {
                    self.by_instant(date, &zone)
                } else {
                    self.by_clock(date, &zone)
                };
                let next = times.into_iter().filter(|time| *time > after).min();
                if next.is_some() {
                    return next;
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// The first times after this one, at most `count`.
    #[must_use]
    pub fn upcoming(&self, after: Timestamp, zone: Zone, count: usize) -> Vec<Timestamp> {
        let next = |last: &Timestamp| self.next_after(*last, zone);
        std::iter::successors(self.next_after(after, zone), next)
            .take(count)
            .collect()
    }

    fn falls_on(&self, date: Date) -> bool {
        let weekday = date.weekday().to_sunday_zero_offset();
        match (
            u32::try_from(date.month()),
            u32::try_from(date.day()),
            u32::try_from(weekday),
        ) {
            (Ok(month), Ok(day), Ok(weekday)) => self.runs_on(month, day, weekday),
            _ => false,
        }
    }

    /// All times of a day whose hours are chosen: what the clock says, once each.
    fn by_clock(&self, date: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let mut times = Vec::new();
        for hour in self.hours.values() {
            for minute in self.minutes.values() {
                let (Ok(hour), Ok(minute)) = (i8::try_from(hour), i8::try_from(minute)) else {
                    continue;
                };
                let civil = date.to_datetime(Time::constant(hour, minute, 0, 0));
                if let Ok(at) = zone.to_zoned(civil) {
                    times.push(stamp(&at));
                }
            }
        }
        times
    }

    /// All times of a day that runs every hour: hour by hour as they pass, 23 to 25 of them.
    fn by_instant(&self, date: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let mut times = Vec::new();
        let Ok(mut hour) = zone.to_zoned(date.to_datetime(Time::midnight())) else {
            return times;
        };
        while hour.date() == date {
            times.extend(
                self.minutes
                    .values()
                    .map(|m| stamp(&hour).plus_seconds(i64::from(m).saturating_mul(60))),
            );
            match hour.checked_add(1.hour()) {
                Ok(later) => hour = later,
                Err(_) => break,
            }
        }
        times
    }
}

fn stamp(at: &Zoned) -> Timestamp {
    Timestamp(at.timestamp().as_microsecond())
}

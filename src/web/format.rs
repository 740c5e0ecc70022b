//! Numbers, sizes and times as each language writes them.
//!
//! The words come from Fluent; here is arithmetic. Times are shown as clocks on German walls show
//! them, by the rule of Directive 2000/84/EC, so that no time zone database is needed.

use crate::message::Message;
use jiff::tz::TimeZone;
use jiff::{Zoned, civil};
use std::sync::LazyLock;
use wabe_kernel::{Language, Timestamp};

static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC));

fn zoned(at: Timestamp) -> Option<Zoned> {
    let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(at.to_zoned(ZONE.clone()))
}

/// A whole number with its thousands apart: `11.846`, `11,846`.
#[must_use]
pub fn number(language: Language, number: i64) -> String {
    let mark = match language {
        Language::De => '.',
        Language::En => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    if number < 0 {
        text.push('\u{2212}');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A number with at most one decimal.
#[must_use]
pub fn decimal(language: Language, value: f64) -> String {
    let tenths = (value * 10.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "counts and sizes are far below 2^53"
    )]
    let tenths = tenths as i64;
    if tenths % 10 == 0 {
        number(language, tenths / 10)
    } else {
        one_decimal(language, tenths)
    }
}

fn one_decimal(language: Language, tenths: i64) -> String {
    let mark = match language {
        Language::De => ',',
        Language::En => '.',
    };
    format!(
        "{}{mark}{}",
        number(language, tenths / 10),
        (tenths % 10).abs()
    )
}

/// A size in decimal units: `2,0 GB`, `284 KB`, `68 Byte`.
#[must_use]
pub fn bytes(language: Language, bytes: i64) -> String {
    let units = [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
    ];
    for (size, unit) in units {
        // From 999,95 of a unit on, one decimal of the next one is the truer text.
        if bytes >= size - size / 20_000 {
            let tenths = (bytes.saturating_mul(10).saturating_add(size / 2)) / size;
            return format!("{}\u{a0}{unit}", one_decimal(language, tenths));
        }
    }
    if bytes >= 1_000 {
        return format!("{}\u{a0}KB", number(language, (bytes + 500) / 1_000));
    }
    Message::new(language, "size-bytes")
        .num("count", bytes)
        .to_string()
}

/// How much of `max` is `used`, in whole percent: 0 to 100; above 0 as soon as anything is used.
#[must_use]
pub fn percent(used: i64, max: i64) -> i64 {
    if used <= 0 {
        return 0;
    }
    if max <= 0 || used >= max {
        return 100;
    }
    (used.saturating_mul(100) / max).clamp(1, 99)
}

fn pieces(message: Message, at: civil::DateTime) -> Message {
    message
        .with("day", format!("{:02}", at.day()))
        .with("plainday", at.day())
        .with("month", format!("{:02}", at.month()))
        .with("year", at.year())
        .with("hour", format!("{:02}", at.hour()))
        .with("minute", format!("{:02}", at.minute()))
}

fn told(language: Language, id: &str, at: Timestamp) -> String {
    let Some(at) = zoned(at) else {
        return "–".to_owned();
    };
    let at = at.datetime();
    let name = Message::new(language, format!("month-{}", at.month())).to_string();
    pieces(Message::new(language, id), at)
        .with("monthname", name)
        .to_string()
}

/// The day: `21.11.2026`, `21 November 2026`.
#[must_use]
pub fn day(language: Language, at: Timestamp) -> String {
    told(language, "time-day", at)
}

/// The time of day: `14:05 Uhr`, `14:05`.
#[must_use]
pub fn clock(language: Language, at: Timestamp) -> String {
    told(language, "time-clock", at)
}

/// Day and time: `21.11.2026, 14:05 Uhr`, `21 November 2026, 14:05`.
#[must_use]
pub fn moment(language: Language, at: Timestamp) -> String {
    told(language, "time-moment", at)
}

/// How long ago, within a day; the moment otherwise, and for what is still to come.
#[must_use]
pub fn ago(language: Language, at: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds_since(at);
    match seconds {
        0..60 => Message::new(language, "time-now").to_string(),
        60..3_600 => Message::new(language, "time-minutes")
            .num("count", seconds / 60)
            .to_string(),
        3_600..86_400 => Message::new(language, "time-hours")
            .num("count", seconds / 3_600)
            .to_string(),
        _ => moment(language, at),
    }
}

/// The clock when it is today on the wall, the moment otherwise: for "next attempt".
#[must_use]
pub fn soon(language: Language, at: Timestamp, now: Timestamp) -> String {
    match (zoned(at), zoned(now)) {
        (Some(then), Some(today)) if then.date() == today.date() => clock(language, at),
        _ => moment(language, at),
    }
}

/// The moment for machines: `2026-11-21T13:05:00Z`.
#[must_use]
pub fn machine(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0.div_euclid(1_000_000))
        .map_or_else(|_out_of_range| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{De, En};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_and_sizes_read_as_their_language_writes_them() {
        assert_eq!(
            (number(De, 11_846), number(En, -1_234_567)),
            ("11.846".into(), "−1,234,567".into())
        );
        assert_eq!(bytes(De, 2_000_000_000), "2,0\u{a0}GB");
        assert_eq!(bytes(En, 18_449_999_999), "18.4\u{a0}GB");
        assert_eq!(bytes(De, 999_999_999), "1,0\u{a0}GB");
        assert_eq!(bytes(De, 284_000), "284\u{a0}KB");
        assert_eq!(
            (bytes(De, 1), bytes(En, 68)),
            ("1\u{a0}Byte".into(), "68\u{a0}bytes".into())
        );
    }

    #[test]
    fn times_are_those_of_german_walls_in_summer_and_winter() {
        let (winter, summer) = (at("2026-11-21T13:05:00Z"), at("2026-07-01T22:30:00Z"));
        assert_eq!(moment(De, winter), "21.11.2026, 14:05 Uhr");
        assert_eq!(moment(En, winter), "21 November 2026, 14:05");
        assert_eq!(day(De, summer), "02.07.2026");
        assert_eq!(machine(winter), "2026-11-21T13:05:00Z");
    }

    #[test]
    fn recent_times_are_relative_and_older_ones_are_not() {
        let now = at("2026-11-21T13:05:00Z");
        assert_eq!(ago(De, now.plus_seconds(-20), now), "gerade eben");
        assert_eq!(ago(De, now.plus_seconds(-60), now), "vor 1 Minute");
        assert_eq!(ago(De, now.plus_seconds(-240), now), "vor 4 Minuten");
        assert_eq!(ago(En, now.plus_seconds(-7_200), now), "2 hours ago");
        assert_eq!(ago(De, now.plus_days(-43), now), "09.10.2026, 15:05 Uhr");
        assert_eq!(soon(De, now.plus_seconds(600), now), "14:15 Uhr");
    }

    #[test]
    fn a_bar_is_full_only_when_full() {
        assert_eq!(
            [
                percent(0, 9),
                percent(1, 900),
                percent(899, 900),
                percent(9, 9)
            ],
            [0, 1, 99, 100]
        );
    }
}

//! One field of a cron expression.

use crate::flaw::Defect;

/// Which numbers a field may hold, and their names.
pub(super) struct Kind {
    name: &'static str,
    min: u32,
    max: u32,
    words: &'static [&'static str],
}

pub(super) const MINUTE: Kind = Kind {
    name: "minute",
    min: 0,
    max: 59,
    words: &[],
};
pub(super) const HOUR: Kind = Kind {
    name: "hour",
    min: 0,
    max: 23,
    words: &[],
};
pub(super) const DAY: Kind = Kind {
    name: "day",
    min: 1,
    max: 31,
    words: &[],
};
pub(super) const MONTH: Kind = Kind {
    name: "month",
    min: 1,
    max: 12,
    words: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
};
/// 7 is Sunday too.
pub(super) const WEEKDAY: Kind = Kind {
    name: "weekday",
    min: 0,
    max: 7,
    words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// A set of numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Field {
    bits: u64,
    /// True when it was written with a star in front: not narrowed.
    pub(super) star: bool,
}

impl Field {
    /// Whether the number is in it.
    pub(super) const fn has(&self, value: u32) -> bool {
        value < 64 && self.bits & (1 << value) != 0
    }

    /// The numbers, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = u32> {
        let bits = self.bits;
        (0..64).filter(move |value| bits & (1 << value) != 0)
    }
}

/// Reads a field.
pub(super) fn read(kind: &Kind, text: &str) -> Result<Field, Defect> {
    let mut bits = 0;
    for item in text.split(',') {
        bits |= read_item(kind, item).map_err(|reason| Defect::BadCron {
            field: kind.name.to_owned(),
            value: text.chars().take(40).collect(),
            reason,
        })?;
    }
    if kind.max == WEEKDAY.max && bits & (1 << 7) != 0 {
        bits = bits & !(1 << 7) | 1;
    }
    Ok(Field {
        bits,
        star: text.starts_with('*'),
    })
}

/// `*`, `5`, `1-5`, `*/10`, `1-30/2`.
fn read_item(kind: &Kind, item: &str) -> Result<u64, String> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let (first, last) = match range.split_once('-') {
        _ if range == "*" => (
            kind.min,
            kind.max.min(if kind.words.len() == 7 { 6 } else { 59 }),
        ),
        Some((first, last)) => (number(kind, first)?, number(kind, last)?),
        None if step.is_some() => return Err("a step needs a range or a star before it".to_owned()),
        None => {
            let one = number(kind, range)?;
            (one, one)
        }
    };
    if first > last {
        return Err("the range ends before it begins".to_owned());
    }
    let step = match step.map(str::parse::<usize>) {
        None => 1,
        Some(Ok(step)) if step > 0 && step <= 59 => step,
        Some(_) => return Err("the step is not a number from 1 to 59".to_owned()),
    };
    Ok((first..=last)
        .step_by(step)
        .fold(0, |bits, value| bits | 1 << value))
}

fn number(kind: &Kind, text: &str) -> Result<u32, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(at) = kind.words.iter().position(|word| *word == lower) {
        return u32::try_from(at)
            .map(|at| at + kind.min)
            .map_err(|error| error.to_string());
    }
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(value) if digits && (kind.min..=kind.max).contains(&value) => Ok(value),
        _ => Err(format!("use {} to {}", kind.min, kind.max)),
    }
}

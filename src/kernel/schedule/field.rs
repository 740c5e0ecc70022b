//! One field of a schedule.

use crate::schedule::ScheduleFlaw;

/// Which numbers a field may hold, and their names.
pub(super) struct Kind {
    name: &'static str,
    min: u32,
    max: u32,
    /// The last number that a star stands for.
    star_max: u32,
    words: &'static [&'static str],
}

pub(super) const MINUTE: Kind = Kind {
    name: "minute",
    min: 0,
    max: 59,
    star_max: 59,
    words: &[],
};
pub(super) const HOUR: Kind = Kind {
    name: "hour",
    min: 0,
    max: 23,
    star_max: 23,
    words: &[],
};
pub(super) const DAY: Kind = Kind {
    name: "day",
    min: 1,
    max: 31,
    star_max: 31,
    words: &[],
};
pub(super) const MONTH: Kind = Kind {
    name: "month",
    min: 1,
    max: 12,
    star_max: 12,
    words: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
};
/// 7 is Sunday too.
pub(super) const WEEKDAY: Kind = Kind {
    name: "weekday",
    min: 0,
    max: 7,
    star_max: 6,
    words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldFlaw {
    /// No number from here to there, and no name that it knows.
    Number {
        /// The smallest.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// A step without a range or a star before it.
    StepAlone,
    /// A range that ends before it begins.
    Backwards,
    /// A step that is not a number from 1 to 59.
    Step,
}

impl FieldFlaw {
    /// The code of the problem.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number { .. } => "cron-number",
            Self::StepAlone => "cron-step-alone",
            Self::Backwards => "cron-backwards",
            Self::Step => "cron-step",
        }
    }
}

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

    /// How many there are.
    pub(super) const fn count(&self) -> u32 {
        self.bits.count_ones()
    }

    /// The number, where there is only one.
    pub(super) fn only(&self) -> Option<u32> {
        (self.count() == 1).then_some(self.bits.trailing_zeros())
    }
}

/// Reads a field.
pub(super) fn read(kind: &Kind, text: &str) -> Result<Field, ScheduleFlaw> {
    let mut bits = 0;
    for item in text.split(',') {
        bits |= read_item(kind, item).map_err(|flaw| ScheduleFlaw::Field {
            field: kind.name,
            value: text.chars().take(40).collect(),
            flaw,
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
fn read_item(kind: &Kind, item: &str) -> Result<u64, FieldFlaw> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let (first, last) = match range.split_once('-') {
        _ if range == "*" => (kind.min, kind.star_max),
        Some((first, last)) => (number(kind, first)?, number(kind, last)?),
        None if step.is_some() => return Err(FieldFlaw::StepAlone),
        None => {
            let one = number(kind, range)?;
            (one, one)
        }
    };
    if first > last {
        return Err(FieldFlaw::Backwards);
    }
    let step = match step.map(str::parse::<usize>) {
        None => 1,
        Some(Ok(step)) if step > 0 && step <= 59 => step,
        Some(_) => return Err(FieldFlaw::Step),
    };
    Ok((first..=last)
        .step_by(step)
        .fold(0, |bits, value| bits | 1 << value))
}

fn number(kind: &Kind, text: &str) -> Result<u32, FieldFlaw> {
    let wrong = FieldFlaw::Number {
        min: kind.min,
        max: kind.max,
    };
    let lower = text.to_ascii_lowercase();
    if let Some(at) = kind.words.iter().position(|word| *word == lower) {
        let at = u32::try_from(at).map_err(|_large| wrong)?;
        return Ok(at.saturating_add(kind.min));
    }
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(value) if digits && (kind.min..=kind.max).contains(&value) => Ok(value),
        _ => Err(wrong),
    }
}

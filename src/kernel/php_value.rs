//! The values that settings of PHP have: numbers within a range, and words of lists.

use crate::field::{Field, Problem, text_form};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// A number within a range. Its default is what is usual.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $min:literal to $max:literal, usually $usual:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The number.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($usual)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Problem;

            fn try_from(number: i64) -> Result<Self, Problem> {
                let fits = u32::try_from(number).ok();
                let fits = fits.filter(|number| ($min..=$max).contains(number));
                fits.map(Self).ok_or_else(|| {
                    let problem = Problem::new("out-of-range").with("min", $min);
                    problem.with("max", $max)
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Field for $name {
            fn from_json(value: &Value) -> Result<Self, Problem> {
                i64::from_json(value).and_then(Self::try_from)
            }

            fn from_text(text: &str) -> Result<Self, Problem> {
                i64::from_text(text).and_then(Self::try_from)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = i64::deserialize(deserializer)?;
                let wrong = |_problem| serde::de::Error::custom("a number out of its range");
                Self::try_from(number).map_err(wrong)
            }
        }
    };
}

number! {
    /// How long a request may take.
    ///
    /// Units: seconds, 5 to 3 600.
    PhpSeconds, 5 to 3_600, usually 60
}

impl PhpSeconds {
    /// The most in plans that say nothing about it.
    pub(crate) const OF_PLANS: Self = Self(300);
}

number! {
    /// How many fields of a form are read; 100 to 20 000.
    PhpInputVars, 100 to 20_000, usually 2_000
}

number! {
    /// After how long it is looked whether a file was changed; 0 for each time.
    ///
    /// Units: seconds, 0 to 3 600.
    PhpRevalidation, 0 to 3_600, usually 2
}

number! {
    /// How long a session lasts at least without a visit.
    ///
    /// Units: seconds, a minute to a week, after which what lies in temporary folders is removed anyway.
    PhpSession, 60 to 604_800, usually 1_440
}

number! {
    /// How many requests are worked on at the same time; 1 to 100.
    PhpChildren, 1 to 100, usually 5
}

/// The least and the most memory, in megabytes as PHP counts them.
const MEGABYTES: std::ops::RangeInclusive<u32> = 16..=4_096;

/// How much memory a request takes at most.
///
/// Units: megabytes of 2^20 bytes, 16 to 4 096. Text form: `256M`; `256`, `256 MB` and `1G` are read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhpMemory(u32);

impl PhpMemory {
    /// So many megabytes; `None` outside the range.
    #[must_use]
    pub fn new(megabytes: u32) -> Option<Self> {
        MEGABYTES.contains(&megabytes).then_some(Self(megabytes))
    }

    /// The most in plans that say nothing about it.
    pub(crate) const OF_PLANS: Self = Self(256);

    /// In megabytes.
    #[must_use]
    pub const fn megabytes(self) -> u32 {
        self.0
    }
}

impl Default for PhpMemory {
    fn default() -> Self {
        Self(128)
    }
}

impl FromStr for PhpMemory {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = || {
            let problem = Problem::new("not-a-php-memory").with("min", MEGABYTES.start());
            problem.with("max", MEGABYTES.end())
        };
        let text = text.trim().to_ascii_uppercase();
        let units = [("GB", 1_024), ("G", 1_024), ("MB", 1), ("M", 1), ("", 1)];
        let mut read = units
            .into_iter()
            .filter_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim_end(), factor)));
        let (number, factor) = read.next().ok_or_else(wrong)?;
        let digits = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let number: Option<u32> = digits.then(|| number.parse().ok()).flatten();
        let megabytes = number.and_then(|number| number.checked_mul(factor));
        megabytes.and_then(Self::new).ok_or_else(wrong)
    }
}

impl fmt::Display for PhpMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}M", self.0)
    }
}

text_form!(PhpMemory, "php-memory");

/// A word of a list. Its default is the first.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $format:literal, $first:ident, {
        $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database, the API and the pages.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$first
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                let found = Self::ALL.iter().find(|known| known.word() == text);
                found.copied().ok_or_else(|| Problem::new("not-a-choice"))
            }
        }

        text_form!($name, $format);
    };
}

words! {
    /// What PHP complains about.
    PhpErrors, "php-errors", NoDeprecated, {
        /// Everything.
        All = "all",
        /// Everything but what will work otherwise some day.
        NoDeprecated = "no-deprecated",
        /// Neither that nor what may be on purpose.
        NoNotices = "no-notices",
        /// Only what ends a request.
        Errors = "errors",
        /// Nothing.
        None = "none",
    }
}

impl PhpErrors {
    /// The sum of what is meant. Source: PHP, predefined constants of errors; the second is what Debian sets.
    #[must_use]
    pub const fn mask(self) -> u16 {
        match self {
            Self::All => 32_767,
            Self::NoDeprecated => 22_527,
            Self::NoNotices => 5_111,
            Self::Errors => 4_437,
            Self::None => 0,
        }
    }
}

words! {
    /// The character set of answers.
    PhpCharset, "php-charset", Utf8, {
        /// Of everything.
        Utf8 = "UTF-8",
        /// Of Western Europe.
        Latin1 = "ISO-8859-1",
        /// The same with the Euro.
        Latin9 = "ISO-8859-15",
        /// As Windows had it.
        Windows = "Windows-1252",
    }
}

/// Time zones that can be chosen: all of Europe's that differ today, and the large ones of elsewhere.
const ZONES: [&str; 65] = [
    "UTC",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Belgrade",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Bucharest",
    "Europe/Budapest",
    "Europe/Chisinau",
    "Europe/Copenhagen",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/Ljubljana",
    "Europe/London",
    "Europe/Luxembourg",
    "Europe/Madrid",
    "Europe/Malta",
    "Europe/Minsk",
    "Europe/Moscow",
    "Europe/Oslo",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Riga",
    "Europe/Rome",
    "Europe/Sofia",
    "Europe/Stockholm",
    "Europe/Tallinn",
    "Europe/Vaduz",
    "Europe/Vienna",
    "Europe/Vilnius",
    "Europe/Warsaw",
    "Europe/Zagreb",
    "Europe/Zurich",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Atlantic/Canary",
    "Atlantic/Reykjavik",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
];

/// The time zone of dates; one of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhpZone(&'static str);

impl PhpZone {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        ZONES.into_iter().map(Self)
    }
}

impl Default for PhpZone {
    fn default() -> Self {
        Self("UTC")
    }
}

impl FromStr for PhpZone {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::all().find(|zone| zone.0 == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

impl fmt::Display for PhpZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

text_form!(PhpZone, "php-zone");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_people_write_it() {
        for (text, megabytes) in [
            ("256M", 256),
            ("256", 256),
            ("256 MB", 256),
            ("1g", 1_024),
            ("16m", 16),
        ] {
            let memory: PhpMemory = text.parse().unwrap();
            assert_eq!(memory.megabytes(), megabytes, "{text}");
            assert_eq!(memory.to_string().parse(), Ok(memory));
        }
        for text in [
            "", "-1", "15M", "5G", "1.5G", "M", "256K", "256M;", "99999", "1 2M",
        ] {
            assert!(text.parse::<PhpMemory>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_number_lies_within_its_range() {
        for wrong in [i64::MIN, -1, 0, 4, 3_601, i64::MAX] {
            assert!(PhpSeconds::try_from(wrong).is_err(), "{wrong}");
        }
        assert_eq!(PhpSeconds::try_from(3_600).unwrap().get(), 3_600);
        assert!(serde_json::from_str::<PhpSession>("59").is_err());
        let week: PhpSession = serde_json::from_str("604800").unwrap();
        assert_eq!(serde_json::to_string(&week).unwrap(), "604800");
    }

    #[test]
    fn lists_have_no_word_twice_and_nothing_in_them_means_something_to_a_configuration() {
        let words = PhpErrors::ALL.iter().map(|errors| errors.word());
        let sets = PhpCharset::ALL.iter().map(|set| set.word());
        let all: Vec<&str> = words.chain(sets).chain(ZONES).collect();
        let one_each: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(one_each.len(), all.len());
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
        assert!(all.iter().all(|word| word.chars().all(plain)));
        assert_eq!(
            "Europe/Berlin".parse::<PhpZone>().unwrap().to_string(),
            "Europe/Berlin"
        );
        assert!("Europe/Atlantis".parse::<PhpZone>().is_err());
    }
}

//! Amounts of storage.

use crate::field::{Field, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A count of bytes, never negative.
pub type Bytes = i64;

/// The most that something may hold.
///
/// Units: bytes, 1 to 2^50 (a pebibyte).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Quota(Bytes);

impl Quota {
    /// One gigabyte as hosters count it.
    pub const GIGABYTE: Bytes = 1_000_000_000;

    /// A quota of so many bytes; `None` outside the allowed range.
    #[must_use]
    pub const fn new(bytes: Bytes) -> Option<Self> {
        if bytes >= 1 && bytes <= 1 << 50 {
            Some(Self(bytes))
        } else {
            None
        }
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> Bytes {
        self.0
    }
}

impl Field for Quota {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        let bytes = i64::from_json(value)?;
        Self::new(bytes).ok_or(Problem::new("quota-out-of-range"))
    }

    /// Bytes as a plain number, or with a decimal unit: `2 GB`, `500 MB`, `1,5 GB`.
    fn from_text(text: &str) -> Result<Self, Problem> {
        let text = text.trim().replace(',', ".").to_ascii_lowercase();
        let split = text
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let factor: i64 = match unit.trim() {
            "" | "b" => 1,
            "kb" | "k" => 1_000,
            "mb" | "m" => 1_000_000,
            "gb" | "g" => 1_000_000_000,
            "tb" | "t" => 1_000_000_000_000,
            _ => return Err(Problem::new("not-a-size")),
        };
        let bytes = scaled(number.trim(), factor).ok_or(Problem::new("not-a-size"))?;
        Self::new(bytes).ok_or(Problem::new("quota-out-of-range"))
    }
}

/// A decimal number with up to three decimals, times `factor`, exactly.
fn scaled(number: &str, factor: i64) -> Option<i64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 || number.is_empty() || number.starts_with(['+', '-']) {
        return None;
    }
    let thousandths: i64 = format!("{part:0<3}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    let bytes = whole.checked_mul(factor)?;
    bytes.checked_add(thousandths.checked_mul(factor)?.checked_div(1_000)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("2 GB", 2_000_000_000),
            ("1,5gb", 1_500_000_000),
            ("17", 17),
        ] {
            assert_eq!(Quota::from_text(text).unwrap().bytes(), bytes);
        }
        for text in ["", "-1", "1e9", "lots", "9999999 TB"] {
            assert!(Quota::from_text(text).is_err(), "{text:?}");
        }
    }
}

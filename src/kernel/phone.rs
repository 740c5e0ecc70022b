//! Telephone numbers, from the ways people write them.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// Digits of a number with its country. Source: ITU-T E.164, 6.2.1; shorter ones reach nobody abroad.
const DIGITS: (usize, usize) = (8, 15);
/// Digits that are enough to look for a number by how it ends.
pub const ENDING_DIGITS_MIN: usize = 6;
/// Where the zero before an area stays when one calls from abroad: Italy, San Marino.
const ZERO_STAYS: [&str; 2] = ["39", "378"];

/// The number of a country: what stands behind the `+`.
///
/// Shape: one to three digits, the first one no zero. Source: ITU-T E.164, 6.2.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallingCode(String);

impl Default for CallingCode {
    /// Germany's.
    fn default() -> Self {
        Self("49".to_owned())
    }
}

impl FromStr for CallingCode {
    type Err = Problem;

    /// `49`, also `+49`.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if plain && !digits.starts_with('0') {
            Ok(Self(digits.to_owned()))
        } else {
            Err(Problem::new("not-a-calling-code"))
        }
    }
}

impl fmt::Display for CallingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(CallingCode, "calling-code");

/// A number as it is dialled from anywhere. Debug does not show it.
///
/// Shape: `+` and 8 to 15 digits, the first one no zero. Source: ITU-T E.164.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The text, `+4930123456`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By what its owner knows it again, and nobody else: how it ends.
    #[must_use]
    pub fn shortened(&self) -> String {
        let end = self.0.len().saturating_sub(2);
        format!("…{}", self.0.get(end..).unwrap_or_default())
    }

    /// The digits from the last to the first: what an index over endings holds.
    #[must_use]
    pub fn reversed(&self) -> String {
        self.0.chars().rev().filter(char::is_ascii_digit).collect()
    }
}

impl FromStr for PhoneNumber {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let digits = text
            .strip_prefix('+')
            .ok_or(Problem::new("phone-no-country"))?;
        if let Some(wrong) = digits.chars().find(|c| !c.is_ascii_digit()) {
            return Err(unreadable(wrong));
        }
        if digits.starts_with('0') {
            return Err(Problem::new("phone-no-country"));
        }
        if digits.len() < DIGITS.0 {
            return Err(Problem::new("phone-too-short").with("min", DIGITS.0));
        }
        if digits.len() > DIGITS.1 {
            return Err(Problem::new("phone-too-long").with("max", DIGITS.1));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

text_form!(PhoneNumber, "phone");

/// What people put between digits.
fn between(sign: char) -> bool {
    matches!(
        sign,
        ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'
            ..='\u{2014}'
    )
}

fn unreadable(sign: char) -> Problem {
    let shown = if sign.is_control() { ' ' } else { sign };
    Problem::new("phone-sign").with("sign", shown)
}

/// A number as somebody wrote it: which one that is, the country they call from says. Debug does not show it.
///
/// Shape: digits in any groups, with spaces and `-`, `/`, `.`, `(`, `)` between them; a `+` or `00` before the
/// country, a `0` before the area; `(0)` behind the country counts for nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneSpelling {
    typed: String,
    /// Without what stands between them, and without `+` or `00`.
    digits: String,
    /// Whether the country stands in front.
    abroad: bool,
}

impl PhoneSpelling {
    /// What was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The digits with the country in front; absent where no area was said.
    fn whole(&self, house: &CallingCode) -> Option<String> {
        let stays = ZERO_STAYS.contains(&house.0.as_str());
        if self.abroad {
            let behind = self.digits.strip_prefix(&house.0);
            // Here the zero is dialled by nobody who names the country.
            let behind = behind
                .filter(|_| !stays)
                .and_then(|rest| rest.strip_prefix('0'));
            return Some(
                behind.map_or_else(|| self.digits.clone(), |rest| format!("{house}{rest}")),
            );
        }
        let rest = self.digits.strip_prefix('0')?;
        let zero = if stays { "0" } else { "" };
        Some(format!("{house}{zero}{rest}"))
    }

    /// The number, for who calls from the country of `house`.
    ///
    /// # Errors
    /// `phone-no-area` where neither country nor area stand in front, or what [`PhoneNumber`] is refused for.
    pub fn number(&self, house: &CallingCode) -> Result<PhoneNumber, Problem> {
        let whole = self.whole(house).ok_or(Problem::new("phone-no-area"))?;
        format!("+{whole}").parse()
    }

    /// By what [`PhoneNumber::reversed`] begins of whoever could be meant: the whole number, and what was typed
    /// as the end of one. Nothing where that is fewer digits than [`ENDING_DIGITS_MIN`].
    #[must_use]
    pub fn endings(&self, house: &CallingCode) -> Vec<String> {
        let ways = [self.whole(house), Some(self.digits.clone())];
        let mut found: Vec<String> = Vec::new();
        for way in ways.into_iter().flatten() {
            let fits = (ENDING_DIGITS_MIN..=DIGITS.1).contains(&way.len());
            let way: String = way.chars().rev().collect();
            if fits && !found.contains(&way) {
                found.push(way);
            }
        }
        found
    }
}

impl FromStr for PhoneSpelling {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let typed = text.trim();
        if typed.is_empty() {
            return Err(Problem::new("required"));
        }
        let plus = typed.trim_start_matches(between).starts_with('+');
        let (mut digits, mut rest) = (String::new(), typed);
        while let Some(sign) = rest.chars().next() {
            // The zero that people put between country and area.
            let zero = (plus || digits.starts_with("00")).then(|| rest.strip_prefix("(0)"));
            if let Some(behind) = zero.flatten() {
                rest = behind;
                continue;
            }
            match sign {
                '0'..='9' => digits.push(sign),
                '+' if plus && digits.is_empty() => {}
                _ if between(sign) => {}
                wrong => return Err(unreadable(wrong)),
            }
            rest = rest.strip_prefix(sign).unwrap_or_default();
        }
        let behind = digits.strip_prefix("00").filter(|_| !plus);
        let abroad = plus || behind.is_some();
        let digits = behind.unwrap_or(&digits).to_owned();
        if abroad && digits.starts_with('0') {
            return Err(Problem::new("phone-no-country"));
        }
        if digits.is_empty() {
            return Err(Problem::new("phone-too-short").with("min", DIGITS.0));
        }
        Ok(Self {
            typed: typed.to_owned(),
            digits,
            abroad,
        })
    }
}

impl fmt::Display for PhoneSpelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl fmt::Debug for PhoneSpelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneSpelling(…)")
    }
}

text_form!(PhoneSpelling, "phone");

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        let spelled: Result<PhoneSpelling, Problem> = text.parse();
        let number = spelled.and_then(|spelled| spelled.number(&CallingCode::default()));
        number
            .map(|number| number.to_string())
            .map_err(|problem| problem.code)
    }

    #[test]
    fn every_way_to_write_a_number_is_the_same_number() {
        for text in [
            "030 123456",
            "030/123456",
            "(030) 12 34-56",
            "+49 30 123456",
            "+49 (0)30 123456",
            "+49 (0) 30 / 123456",
            "0049 30 123456",
            "0049 (0)30 123456",
            "(+49) 30 123456",
            "+49030123456",
            "\u{a0}030\u{202f}12\u{2013}34\u{2013}56 ",
        ] {
            assert_eq!(read(text).as_deref(), Ok("+4930123456"), "{text:?}");
        }
        assert_eq!(read("0171/2345678").as_deref(), Ok("+491712345678"));
        assert_eq!(read("+43 1 5123456").as_deref(), Ok("+4315123456"));
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (text, code) in [
            ("", "required"),
            ("123456", "phone-no-area"),
            ("+0 30 123456", "phone-no-country"),
            ("000 30 123456", "phone-no-country"),
            ("030 12x", "phone-sign"),
            ("030 12+34", "phone-sign"),
            ("030 12\u{7}34", "phone-sign"),
            ("030 123456 ext. 7", "phone-sign"),
            ("030 1", "phone-too-short"),
            ("+49", "phone-too-short"),
            ("+49 30 12345678901234", "phone-too-long"),
        ] {
            assert_eq!(read(text), Err(code), "{text:?}");
        }
    }

    #[test]
    fn a_zero_stays_where_it_belongs_to_the_number() {
        let italy: CallingCode = "+39".parse().unwrap();
        let rome: PhoneSpelling = "06 1234567".parse().unwrap();
        assert_eq!(rome.number(&italy).unwrap().as_str(), "+39061234567");
        let rome: PhoneSpelling = "+39 06 1234567".parse().unwrap();
        assert_eq!(rome.number(&italy).unwrap().as_str(), "+39061234567");
        assert!("0".parse::<CallingCode>().is_err() && "49a".parse::<CallingCode>().is_err());
    }

    #[test]
    fn a_number_is_found_by_any_spelling_and_by_its_end() {
        let house = CallingCode::default();
        let kept = read("0171 2012345")
            .unwrap()
            .parse::<PhoneNumber>()
            .unwrap();
        let finds = |text: &str| {
            let spelled: PhoneSpelling = text.parse().unwrap();
            let ends = spelled.endings(&house);
            ends.iter().any(|end| kept.reversed().starts_with(end))
        };
        for text in [
            "+49 171 2012345",
            "0171/2012345",
            "1712012345",
            "012345",
            "2012345",
        ] {
            assert!(finds(text), "{text}");
        }
        for text in ["12345", "0171 2012346", "+43 171 2012345"] {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    fn what_is_kept_reads_as_itself_and_nothing_shows_it() {
        let number: PhoneNumber = "+4930123456".parse().unwrap();
        assert_eq!(number.reversed(), "6543210394");
        assert_eq!(number.shortened(), "…56");
        assert_eq!(format!("{number:?}"), "PhoneNumber(…)");
        for text in ["4930123456", "+49 30", "+0930123456", "+4930"] {
            assert!(text.parse::<PhoneNumber>().is_err(), "{text}");
        }
    }
}

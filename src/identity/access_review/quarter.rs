//! Quarters of the year, in UTC.

use wabe_kernel::{Fault, Timestamp};

/// The quarter of a moment, as `2026-Q4`.
///
/// # Errors
/// A fault for a moment that no calendar has.
pub fn quarter(at: Timestamp) -> Result<String, Fault> {
    let moment = jiff::Timestamp::from_microsecond(at.0)
        .map_err(|wrong| Fault::because("find the quarter of a moment", wrong))?;
    let date = moment.to_zoned(jiff::tz::TimeZone::UTC).date();
    let number = (date.month() + 2) / 3;
    Ok(format!("{:04}-Q{number}", date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_four_quarters() {
        let day = |text: &str| {
            let at: jiff::Timestamp = text.parse().unwrap();
            quarter(Timestamp(at.as_microsecond())).unwrap()
        };
        assert_eq!(day("2026-01-01T00:00:00Z"), "2026-Q1");
        assert_eq!(day("2026-03-31T23:59:59Z"), "2026-Q1");
        assert_eq!(day("2026-04-01T00:00:00Z"), "2026-Q2");
        assert_eq!(day("2026-09-30T12:00:00Z"), "2026-Q3");
        assert_eq!(day("2026-12-31T23:59:59Z"), "2026-Q4");
    }
}

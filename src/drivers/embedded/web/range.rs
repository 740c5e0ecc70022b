//! The Range header. Source: RFC 9110 14.

/// Which part of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// All of it: no range, one that does not parse, or several at once.
    Whole,
    /// From `first` to `last`, both included; `first <= last < size`.
    Part { first: u64, last: u64 },
    /// A range that holds no byte of the file.
    Unsatisfiable,
}

/// Reads a Range header for a file of `size` bytes.
pub(super) fn parse(header: &str, size: u64) -> Range {
    let Some((unit, set)) = header.split_once('=') else {
        return Range::Whole;
    };
    let Some((first, last)) = set.trim().split_once('-') else {
        return Range::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Range::Whole;
    }
    let end = size.saturating_sub(1);
    match (first, last, number(first), number(last)) {
        (_, "", Some(first), _) => part(first, end, size),
        (_, _, Some(first), Some(last)) if first <= last => part(first, last.min(end), size),
        ("", _, _, Some(0)) => Range::Unsatisfiable,
        ("", _, _, Some(length)) => part(size.saturating_sub(length), end, size),
        _ => Range::Whole,
    }
}

const fn part(first: u64, last: u64, size: u64) -> Range {
    if first < size {
        Range::Part { first, last }
    } else {
        Range::Unsatisfiable
    }
}

/// Too large counts as the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let part = |first, last| Range::Part { first, last };
        for (header, size, expected) in [
            ("bytes=0-0", 10, part(0, 0)),
            ("bytes=2-", 10, part(2, 9)),
            ("Bytes = 2-5", 10, part(2, 5)),
            ("bytes=2-99", 10, part(2, 9)),
            ("bytes=-3", 10, part(7, 9)),
            ("bytes=-99", 10, part(0, 9)),
            ("bytes=0-99999999999999999999999", 10, part(0, 9)),
            ("bytes=10-", 10, Range::Unsatisfiable),
            ("bytes=-0", 10, Range::Unsatisfiable),
            ("bytes=0-", 0, Range::Unsatisfiable),
            ("bytes=5-2", 10, Range::Whole),
            ("bytes=0-1,3-4", 10, Range::Whole),
            ("bytes=-", 10, Range::Whole),
            ("bytes=+1-2", 10, Range::Whole),
            ("lines=0-1", 10, Range::Whole),
            ("bytes", 10, Range::Whole),
        ] {
            assert_eq!(parse(header, size), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "bytes=[0-9]{0,22}-[0-9]{0,22}", size: u64) {
            if let Range::Part { first, last } = parse(&header, size) {
                prop_assert!(first <= last && last < size);
            }
        }

        #[test]
        fn any_text_is_read_without_trouble(header: String, size: u64) {
            parse(&header, size);
        }
    }
}

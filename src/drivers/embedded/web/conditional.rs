//! Conditional requests, in the order RFC 9110 13.2.2 lays down.

use http::HeaderMap;
use http::header::{
    HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
};
use std::time::{Duration, SystemTime};
use wabe_kernel::Timestamp;

/// What tells versions of a file apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Validators {
    /// A strong entity tag, with its quotes.
    pub(super) tag: String,
    /// Whole seconds.
    pub(super) modified: SystemTime,
}

impl Validators {
    /// Without a date that is still to come, as of a file from before a clock was set back. Source: RFC 9110 8.8.2.1.
    pub(super) fn by(&mut self, now: Timestamp) {
        let seconds = u64::try_from(now.seconds_since(Timestamp(0))).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        self.modified = self.modified.min(now);
    }
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Answer in full.
    Answer,
    /// The client has it: 304.
    NotModified,
    /// A condition does not hold: 412.
    Failed,
}

/// Judges the conditions of a GET or HEAD.
pub(super) fn judge(headers: &HeaderMap, is: &Validators) -> Verdict {
    if headers.contains_key(IF_MATCH) {
        if !any_tag(headers, &IF_MATCH, |tag| tag == is.tag) {
            return Verdict::Failed;
        }
    } else if date(headers, &IF_UNMODIFIED_SINCE).is_some_and(|since| is.modified > since) {
        return Verdict::Failed;
    }
    if headers.contains_key(IF_NONE_MATCH) {
        let weakly = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag) == is.tag;
        if any_tag(headers, &IF_NONE_MATCH, weakly) {
            return Verdict::NotModified;
        }
    } else if date(headers, &IF_MODIFIED_SINCE).is_some_and(|since| is.modified <= since) {
        return Verdict::NotModified;
    }
    Verdict::Answer
}

/// Whether a Range header may be followed: without If-Range, or when it names this very version.
pub(super) fn range_holds(headers: &HeaderMap, is: &Validators) -> bool {
    let Some(value) = headers.get(IF_RANGE) else {
        return true;
    };
    let tagged = value.as_bytes().ends_with(b"\"");
    if tagged {
        value.as_bytes() == is.tag.as_bytes()
    } else {
        date(headers, &IF_RANGE) == Some(is.modified)
    }
}

fn any_tag(headers: &HeaderMap, name: &HeaderName, matches: impl Fn(&str) -> bool) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || matches(tag))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLIER: &str = "Fri, 20 Nov 2026 09:59:59 GMT";
    const SAME: &str = "Fri, 20 Nov 2026 10:00:00 GMT";

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    fn file() -> Validators {
        Validators {
            tag: "\"v1\"".to_owned(),
            modified: httpdate::parse_http_date(SAME).unwrap() + Duration::ZERO,
        }
    }

    #[test]
    fn no_file_is_of_a_time_that_is_still_to_come() {
        let is = file();
        let hour = Duration::from_hours(1);
        let before = is.modified - hour;
        let now = |at: SystemTime| {
            let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap();
            Timestamp(i64::try_from(since.as_micros()).unwrap())
        };
        let mut clamped = is.clone();
        clamped.by(now(before));
        assert_eq!((clamped.modified, &clamped.tag), (before, &is.tag));
        let mut same = is.clone();
        same.by(now(is.modified + hour));
        assert_eq!(same, is);
    }

    #[test]
    fn conditions_are_judged_in_order() {
        for (pairs, expected) in [
            (vec![], Verdict::Answer),
            (vec![(IF_NONE_MATCH, "\"v1\"")], Verdict::NotModified),
            (
                vec![(IF_NONE_MATCH, "\"x\", W/\"v1\"")],
                Verdict::NotModified,
            ),
            (vec![(IF_NONE_MATCH, "*")], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, "\"x\"")], Verdict::Answer),
            // The tag decides, whatever the date says.
            (
                vec![(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, SAME)],
                Verdict::Answer,
            ),
            (vec![(IF_MODIFIED_SINCE, SAME)], Verdict::NotModified),
            (vec![(IF_MODIFIED_SINCE, EARLIER)], Verdict::Answer),
            (vec![(IF_MODIFIED_SINCE, "yesterday")], Verdict::Answer),
            (vec![(IF_MATCH, "\"v1\"")], Verdict::Answer),
            (vec![(IF_MATCH, "W/\"v1\"")], Verdict::Failed),
            (vec![(IF_UNMODIFIED_SINCE, EARLIER)], Verdict::Failed),
            (vec![(IF_UNMODIFIED_SINCE, SAME)], Verdict::Answer),
        ] {
            assert_eq!(judge(&headers(&pairs), &file()), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_range_needs_the_same_version() {
        for (value, holds) in [
            ("\"v1\"", true),
            ("\"v2\"", false),
            ("W/\"v1\"", false),
            (SAME, true),
            (EARLIER, false),
        ] {
            assert_eq!(
                range_holds(&headers(&[(IF_RANGE, value)]), &file()),
                holds,
                "{value}"
            );
        }
    }
}

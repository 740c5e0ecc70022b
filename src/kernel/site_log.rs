//! What is written down about a site, and which part of it somebody asks for.

use crate::field::Problem;
use std::str::FromStr;

/// A log of a webspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteLog {
    /// Who asked for what.
    Access,
    /// What the server of sites could not do.
    Error,
    /// What PHP and the application complain about.
    Php,
    /// Where PHP was when a request took long.
    Slow,
}

impl SiteLog {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Access, Self::Error, Self::Php, Self::Slow];

    /// The word in addresses and in the names of files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Error => "error",
            Self::Php => "php",
            Self::Slow => "slow",
        }
    }
}

impl FromStr for SiteLog {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|log| log.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

/// How a request ended, or several ways of one kind. Text form: `404`, `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogStatus {
    /// This one; three digits.
    One(u16),
    /// All that begin with this digit.
    Class(u16),
}

impl LogStatus {
    const fn holds(self, status: u16) -> bool {
        match self {
            Self::One(one) => one == status,
            Self::Class(class) => class == status / 100,
        }
    }
}

impl FromStr for LogStatus {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |text: &str| digits(text).then(|| text.parse::<u16>().ok()).flatten();
        let found = match text.strip_suffix("xx") {
            Some(class) => number(class)
                .filter(|class| (1..=5).contains(class))
                .map(Self::Class),
            None => number(text)
                .filter(|one| (100..=599).contains(one))
                .map(Self::One),
        };
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

/// Lines that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogQuery {
    /// Of this log.
    pub log: SiteLog,
    /// The last ones, and at most as many.
    pub lines: usize,
    /// Of requests that ended so; for the log of visits, where other lines have no status.
    pub status: Option<LogStatus>,
    /// With this text in them, in lower case; see [`Self::with`].
    text: String,
}

impl LogQuery {
    /// The last lines, whatever they say.
    #[must_use]
    pub const fn of(log: SiteLog, lines: usize) -> Self {
        Self {
            log,
            lines,
            status: None,
            text: String::new(),
        }
    }

    /// The same of requests that ended so.
    #[must_use]
    pub fn ended(mut self, status: Option<LogStatus>) -> Self {
        self.status = status;
        self
    }

    /// The same with this text in them, in whatever case.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.text = text.to_lowercase();
        self
    }

    /// Whether a line is one of those.
    #[must_use]
    pub fn holds(&self, line: &str) -> bool {
        let ended = self
            .status
            .is_none_or(|wanted| status_in(line).is_some_and(|status| wanted.holds(status)));
        ended && (self.text.is_empty() || line.to_lowercase().contains(&self.text))
    }
}

/// The status in a line of visits: what comes after the request, which is in quotes.
fn status_in(line: &str) -> Option<u16> {
    let (_, request) = line.split_once('"')?;
    let mut escaped = false;
    let end = request.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let (end, _) = end?;
    let after = request.get(end..)?.strip_prefix('"')?;
    after.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "203.0.113.0 - - [21/Nov/2026:10:00:00 +0000] a.test \
        \"GET /a\\\" 500 \\\\b HTTP/1.1\" 404 512 \"-\" \"Browser 200\"";

    fn asked(status: &str, text: &str) -> bool {
        let status = (!status.is_empty()).then(|| status.parse().unwrap());
        let query = LogQuery::of(SiteLog::Access, 1).with(text).ended(status);
        query.holds(LINE)
    }

    #[test]
    fn a_line_is_found_by_its_status_and_not_by_what_a_visitor_wrote() {
        assert!(asked("404", "") && asked("4xx", "") && asked("", ""));
        assert!(!asked("500", "") && !asked("5xx", "") && !asked("200", ""));
        let other = LogQuery::of(SiteLog::Error, 1).ended(Some(LogStatus::Class(4)));
        assert!(!other.holds("PHP Warning: 404") && !other.holds("\"404"));
    }

    #[test]
    fn a_line_is_found_by_text_in_whatever_case() {
        assert!(asked("", "get /A") && asked("404", "BROWSER"));
        assert!(!asked("", "post") && !asked("200", "browser"));
    }

    #[test]
    fn other_texts_are_no_status_and_no_log() {
        for text in [
            "", "xx", "0xx", "6xx", "44xx", "99", "600", "+404", "4xX", "404 ",
        ] {
            assert!(text.parse::<LogStatus>().is_err(), "{text:?}");
        }
        for text in ["", "Access", "../access", "access-2026"] {
            assert!(text.parse::<SiteLog>().is_err(), "{text:?}");
        }
        for log in SiteLog::ALL {
            assert_eq!(log.word().parse(), Ok(log));
        }
    }
}

//! What was found, for people and for programs.

use serde::Serialize;
use serde_json::json;
use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Ok,
    /// Allowed, and yet worth a second thought.
    Warn,
    /// Something does not work, or will not for long.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    what: &'static str,
    grade: Grade,
    said: Option<String>,
    mend: Option<String>,
}

impl Finding {
    /// Whether something is wrong.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.grade == Grade::Wrong
    }

    pub(super) const fn fine(what: &'static str) -> Self {
        Self {
            what,
            grade: Grade::Ok,
            said: None,
            mend: None,
        }
    }

    /// What is allowed and yet worth a second thought.
    pub(super) fn odd(what: &'static str, said: impl fmt::Display) -> Self {
        Self {
            grade: Grade::Warn,
            said: Some(said.to_string()),
            ..Self::fine(what)
        }
    }

    pub(super) fn bad(what: &'static str, said: impl fmt::Display) -> Self {
        Self {
            grade: Grade::Wrong,
            said: Some(said.to_string()),
            ..Self::fine(what)
        }
    }

    /// What to do about it: a command where there is one.
    #[must_use]
    pub(super) fn mend(self, mend: impl fmt::Display) -> Self {
        Self {
            mend: Some(mend.to_string()),
            ..self
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.grade {
            Grade::Ok => "ok   ",
            Grade::Warn => "warn ",
            Grade::Wrong => "WRONG",
        };
        write!(f, "{word} {}", self.what)?;
        let words = self.said.iter().chain(&self.mend);
        for (number, text) in words.enumerate() {
            f.write_str(if number == 0 { ": " } else { "; " })?;
            f.write_str(text)?;
        }
        Ok(())
    }
}

/// The findings for programs: `what`, `grade` (`ok`, `warn`, `wrong`), `said` and `mend` of each.
#[must_use]
pub fn as_json(findings: &[Finding]) -> String {
    let wrong = findings.iter().filter(|finding| finding.is_bad()).count();
    format!("{:#}", json!({ "wrong": wrong, "findings": findings }))
}

#[cfg(test)]
mod tests {
    use super::{Finding, as_json};

    #[test]
    fn a_finding_says_what_how_bad_and_how_to_mend_it() {
        let fine = Finding::fine("disk has room");
        let odd = Finding::odd("slices are possible", "no cgroup 2");
        let bad = Finding::bad("agent answers", "no socket").mend("systemctl start wabe-agent");
        assert_eq!(fine.to_string(), "ok    disk has room");
        assert_eq!(odd.to_string(), "warn  slices are possible: no cgroup 2");
        let line = "WRONG agent answers: no socket; systemctl start wabe-agent";
        assert_eq!(bad.to_string(), line);
        assert!(bad.is_bad() && !odd.is_bad() && !fine.is_bad());
        let read: serde_json::Value = serde_json::from_str(&as_json(&[fine, odd, bad])).unwrap();
        assert_eq!(read["wrong"], 1);
        let last = &read["findings"][2];
        assert_eq!(
            (last["grade"].as_str(), last["said"].as_str()),
            (Some("wrong"), Some("no socket"))
        );
        assert_eq!(last["mend"], "systemctl start wabe-agent");
        assert!(read["findings"][0]["said"].is_null());
    }
}

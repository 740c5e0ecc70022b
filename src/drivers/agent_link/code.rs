//! Codes of failures on their way: what comes from the agent is one of those that the house has words for.

/// Those that steps of sites and redirects end with.
const CODES: [&str; 28] = [
    "agent-away",
    "agent-busy",
    "apache-failed",
    "apache-not-installed",
    "apache-without-user",
    "certificate-failed",
    "certificate-missing",
    "certificate-name-not-permitted",
    "edited-again",
    "edited-by-hand",
    "files-failed",
    "host-taken",
    "htaccess-protects",
    "login-taken",
    "nginx-not-running",
    "nginx-refused",
    "not-found",
    "older-revision",
    "owner-failed",
    "php-failed",
    "php-not-installed",
    "php-without-user",
    "probe-failed",
    "redirect-probe-failed",
    "site-damaged",
    "site-not-writable",
    "site-refused",
    "wrong-subject",
];

/// The house's own copy of this code; one that it does not know is a step that did not fit.
pub(super) fn known(code: &str) -> &'static str {
    let found = CODES.iter().find(|known| **known == code);
    found.copied().unwrap_or("wrong-step")
}

/// Those that runs of programs end with.
const REASONS: [&str; 10] = [
    "cpu",
    "file-size",
    "no-user",
    "not-started",
    "output",
    "php-missing",
    "processes",
    "program-missing",
    "program-not-plain",
    "program-not-runnable",
];

/// The house's own copy of this word; one that it does not know is a run that did not begin.
pub(super) fn reason(word: &str) -> &'static str {
    let found = REASONS.iter().find(|known| **known == word);
    found.copied().unwrap_or("not-started")
}

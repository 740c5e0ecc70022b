//! Codes of failures on their way: what comes from the agent is one of those that the house has words for.

/// Those that steps of sites and redirects end with.
const CODES: [&str; 22] = [
    "agent-away",
    "agent-busy",
    "certificate-failed",
    "certificate-missing",
    "certificate-name-not-permitted",
    "files-failed",
    "host-taken",
    "htaccess-protects",
    "login-taken",
    "nginx-not-running",
    "nginx-refused",
    "not-found",
    "older-revision",
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

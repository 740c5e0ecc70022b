//! What can be looked at, as the access log names it.

/// Pages of the customer's, with what stands first in their path: `page.mailboxes`.
const PAGE: &str = "page.";

/// Every area but the pages. Each has a text, `access-area-…`, that tells the customer what was looked at; what is not
/// here cannot be noted, and so not be looked at.
pub const AREAS: &[&str] = &[
    "contract.find",
    "contract.read",
    "customer.export",
    "file.delete",
    "file.list",
    "file.read",
    "file.write",
    "log.read",
    "login.read",
    "mail.delete",
    "mail.list",
    "mail.read",
    "node.file",
    "plugin.file.delete",
    "plugin.file.list",
    "plugin.file.read",
    "plugin.file.write",
    "recording.read",
    "sql.export",
    "sql.import",
    "sql.query",
    "sql.rows",
    "sql.tables",
    "ticket.diagnosis",
    "ticket.file",
    "ticket.find",
    "ticket.plugin_act",
    "ticket.plugin_look",
    "ticket.preview",
    "ticket.read",
    "ticket.things",
];

/// The area of the page whose path begins so; of the first page without anything.
#[must_use]
pub fn of_page(first: &str) -> String {
    let first = if first.is_empty() { "home" } else { first };
    format!("{PAGE}{first}")
}

/// Whether an area can be noted.
#[must_use]
pub fn is_known(area: &str) -> bool {
    AREAS.contains(&area)
        || area
            .strip_prefix(PAGE)
            .is_some_and(|first| !first.is_empty())
}

/// The message that says what was looked at.
#[must_use]
pub fn message(area: &str) -> String {
    format!("access-area-{}", area.replace(['.', '_'], "-"))
}

/// What an area is about, for whoever is told how much of each was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Letters.
    Mail,
    /// Files and folders.
    Files,
    /// Tables and what stands in them.
    Rows,
    /// Logs of sites, and recordings of plugins.
    Logs,
    /// How things are set up.
    Settings,
    /// Why something does not work.
    Checks,
    /// The ticket itself, which was written to be read.
    Ticket,
}

/// What an area is about.
#[must_use]
pub fn about(area: &str) -> About {
    match area.split_once('.') {
        Some(("mail", _)) => About::Mail,
        Some(("file", _)) => About::Files,
        Some(("sql", _)) => About::Rows,
        Some(("log" | "recording", _)) => About::Logs,
        Some(("plugin", rest)) if rest.starts_with("file.") => About::Files,
        Some(("ticket", "diagnosis" | "plugin_look" | "plugin_act")) => About::Checks,
        Some(("ticket", "preview")) => About::Settings,
        Some(("ticket", _)) => About::Ticket,
        _ => About::Settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_from_how_things_are_set_up() {
        let content = |area: &&&str| {
            matches!(
                about(area),
                About::Mail | About::Files | About::Rows | About::Logs
            )
        };
        let found: Vec<&&str> = AREAS.iter().filter(content).collect();
        assert!(found.contains(&&"mail.read") && found.contains(&&"log.read"));
        let all = |begin: &str| AREAS.iter().filter(|area| area.starts_with(begin)).count();
        let begins = [
            "mail.",
            "file.",
            "sql.",
            "log.",
            "recording.",
            "plugin.file.",
        ];
        assert_eq!(found.len(), begins.map(all).iter().sum::<usize>());
        assert_eq!(about("page.mailboxes"), About::Settings);
        assert_eq!(about("ticket.read"), About::Ticket);
    }

    #[test]
    fn what_is_no_area_is_not_one() {
        assert!(is_known("mail.read") && is_known("page.mailboxes"));
        assert!(!is_known("mail.reed") && !is_known("page.") && !is_known(""));
        assert!(is_known(&of_page("")) && of_page("") == "page.home");
        assert_eq!(
            message("ticket.plugin_look"),
            "access-area-ticket-plugin-look"
        );
    }
}

//! What a look at a thing found, in words.

use crate::format;
use crate::message::Message;
use crate::texts::Texts;
use wabe_kernel::Language;
use wabe_kernel::finding::{Finding, Level, Way};

/// The message of a failure's code; a general one for codes without words.
#[must_use]
pub fn failure_message(code: &str) -> String {
    let id = format!("failure-{code}");
    if Texts::global().has(Language::De, &id) {
        id
    } else {
        "portal-failure-other".to_owned()
    }
}

/// What was found, and what to do about it; the latter only where there is something to do.
#[must_use]
pub fn said(language: Language, finding: &Finding) -> (String, Option<String>) {
    let message = |id: String| {
        let mut message = Message::new(language, id);
        for (name, value) in &finding.values {
            message = if *name == "failure" {
                message.with(name, Message::new(language, failure_message(value)))
            } else {
                message.with(name, value)
            };
        }
        if let Some(at) = finding.at {
            message = message.with("at", format::moment(language, at));
        }
        message.to_string()
    };
    let open = finding.level != Level::Good;
    (
        message(format!("finding-{}", finding.code)),
        open.then(|| message(format!("finding-{}-advice", finding.code))),
    )
}

/// The text of the button that leads to where something is mended.
#[must_use]
pub fn way_text(language: Language, way: Way) -> String {
    Message::new(language, format!("finding-way-{}", word(way))).to_string()
}

const fn word(way: Way) -> &'static str {
    match way {
        Way::Settings => "settings",
        Way::Page => "page",
        Way::Files => "files",
        Way::Hosts => "hosts",
        Way::Trash => "trash",
        Way::Access => "access",
        Way::Unlock => "unlock",
        Way::Letter => "letter",
        Way::Password => "password",
        Way::Factors => "factors",
    }
}

#[cfg(test)]
mod tests {
    use super::failure_message;

    #[test]
    fn a_failure_without_words_is_told_in_general() {
        assert_eq!(failure_message("no-such-code"), "portal-failure-other");
    }
}

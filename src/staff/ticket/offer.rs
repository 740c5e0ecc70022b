//! Ticket actions as the desk lists them: by what words they are found, and where their pages are.

use wabe_kernel::id::TicketId;
use wabe_support::action::Offered;
use wabe_web::{Message, StaffMember};

use crate::ticket::path;

/// An action that can be carried out now.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// The command.
    pub(crate) command: &'static str,
    /// What it does, in words.
    pub(crate) title: String,
    /// The id of the thing it is about.
    pub(crate) object: String,
    /// What kind of thing that is.
    pub(crate) kind: String,
    /// What people call it.
    pub(crate) name: String,
    /// What else it wants to know.
    pub(crate) fields: Vec<&'static str>,
    /// Its page.
    pub(crate) href: String,
    /// Whether an instruction is not enough for it.
    pub(crate) sensitive: bool,
    /// Whether somebody of the customer has to consent first.
    pub(crate) waits: bool,
    /// Whether it makes a secret, which waits for the customer's people in the ticket.
    pub(crate) makes_secret: bool,
    /// By what words it is found.
    words: String,
}

impl Offer {
    pub(super) fn of(member: &StaffMember, ticket: TicketId, offered: Offered) -> Self {
        let word = offered.command.replace(['.', '_'], "-");
        let said = |stem: &str| Message::new(member.language, format!("{stem}{word}")).to_string();
        let title = said("ticket-action-");
        let words = [&title, &said("ticket-words-"), &offered.object_name];
        Self {
            href: format!(
                "{}/actions/{}?object={}",
                path(ticket),
                offered.command,
                offered.object
            ),
            words: words.map(|text| text.to_lowercase()).join(" "),
            command: offered.command,
            title,
            sensitive: offered.needs_consent,
            waits: offered.needs_consent && offered.consent.is_none(),
            makes_secret: offered.makes_secret,
            object: offered.object,
            kind: offered.object_kind,
            name: offered.object_name,
            fields: offered.fields,
        }
    }
}

/// The offers that fit what was typed, the best first; and the one that is meant, when it is plain.
pub(super) fn fitting(offers: Vec<Offer>, search: &str) -> (Vec<Offer>, Option<String>) {
    let search = search.to_lowercase();
    let typed: Vec<&str> = search.split_whitespace().collect();
    if typed.is_empty() {
        return (offers, None);
    }
    let score = |offer: &Offer| {
        typed
            .iter()
            .filter(|word| offer.words.contains(**word))
            .count()
    };
    let mut scored: Vec<(usize, Offer)> = offers
        .into_iter()
        .map(|offer| (score(&offer), offer))
        .collect();
    scored.retain(|(score, _)| *score > 0);
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let best = scored.first().map_or(0, |(score, _)| *score);
    let whole = scored.iter().filter(|(score, _)| *score == best).count() == 1;
    let meant = scored.first().filter(|_| whole && best == typed.len());
    let meant = meant.map(|(_, offer)| offer.href.clone());
    (scored.into_iter().map(|(_, offer)| offer).collect(), meant)
}

#[cfg(test)]
mod tests {
    use super::{Offer, fitting};

    impl Offer {
        /// An offer for samples.
        pub(in crate::ticket) fn sample(command: &'static str, fields: Vec<&'static str>) -> Self {
            let object = "mbx_01kaj8xv00e0m9f8w2v3x4y5z6";
            Self {
                command,
                title: "Speicherplatz".to_owned(),
                object: object.to_owned(),
                kind: "mailbox".to_owned(),
                name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
                fields,
                sensitive: false,
                waits: false,
                makes_secret: false,
                href: format!("/staff/tickets/tkt_1/actions/{command}?object={object}"),
                words: String::new(),
            }
        }
    }

    fn offer(words: &str) -> Offer {
        Offer {
            href: words.to_owned(),
            words: words.to_owned(),
            ..Offer::sample("mailbox.set_quota", Vec::new())
        }
    }

    #[test]
    fn what_is_typed_finds_the_action_that_is_plainly_meant() {
        const FULL: &str = "speicherplatz postfach voll info@a.test";
        let offers = || vec![offer(FULL), offer("weiterleitung umleiten info@a.test")];
        let (found, meant) = fitting(offers(), "Postfach voll info@a.test");
        assert_eq!(meant.as_deref(), Some(FULL));
        assert_eq!(found.len(), 2);
        let (found, meant) = fitting(offers(), "info@a.test");
        assert_eq!((found.len(), meant), (2, None));
        let (found, meant) = fitting(offers(), "datenbank");
        assert_eq!((found.len(), meant), (0, None));
        assert_eq!(fitting(offers(), " ").0.len(), 2);
    }
}

//! One thing that staff saw or changed, in words.

use std::collections::BTreeMap;

use wabe_access::{Refusal, member, resource};
use wabe_audit::{Recorder, Seen, area as areas};
use wabe_kernel::id::{MemberId, TicketId};
use wabe_kernel::{Language, Timestamp};
use wabe_store::Tx;
use wabe_support::ticket;
use wabe_web::{Message, Texts};

use crate::reading::{page_of, shown_name};
use crate::undo::message_word;

/// Where a person asks about their own login.
const OWN: &str = "/account/diagnosis";

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// When.
    pub(crate) at: Timestamp,
    /// Whether something was changed.
    pub(crate) changed: bool,
    /// What was seen or done.
    pub(crate) title: String,
    /// Which part of the thing was read: the name of a file or a table, the key of a message.
    pub(crate) part: Option<String>,
    /// Who, as a sign.
    pub(crate) by: String,
    /// Whether a program did it with a token of theirs, and what that token is called.
    pub(crate) program: Option<String>,
    /// The page of the thing, or of the change.
    pub(crate) href: Option<String>,
    /// Why the hoster did it on their own authority.
    pub(crate) purpose: Option<String>,
    /// In which ticket: its number and its page, for who sees it.
    pub(crate) ticket: Option<(String, String)>,
}

/// What things and tickets are called; each is looked up once.
#[derive(Default)]
pub(super) struct Names {
    things: BTreeMap<String, Option<(String, String)>>,
    tickets: BTreeMap<TicketId, Option<String>>,
}

impl Names {
    /// A thing's name and page, while it is there; of a login for who sees it.
    async fn thing(
        &mut self,
        tx: &mut Tx,
        scope: &wabe_access::Scope,
        id: &str,
    ) -> Result<Option<(String, String)>, Refusal> {
        if let Some(known) = self.things.get(id) {
            return Ok(known.clone());
        }
        if let Ok(member) = id.parse::<MemberId>() {
            let found = member::seen(tx, scope, member).await?;
            let found = found.map(|(user, login)| {
                let own = scope.user() == Some(user);
                let others = || format!("/members/{member}/diagnosis");
                (login, if own { OWN.to_owned() } else { others() })
            });
            self.things.insert(id.to_owned(), found.clone());
            return Ok(found);
        }
        let found = match resource::load(tx, scope.customer(), id).await {
            Ok(found) => Some((
                shown_name(found.kind.word(), found.name),
                page_of(found.kind, id),
            )),
            Err(Refusal::NotFound) => None,
            Err(refusal) => return Err(refusal),
        };
        self.things.insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// A ticket's number, for who sees it.
    async fn ticket(
        &mut self,
        tx: &mut Tx,
        scope: &wabe_access::Scope,
        id: TicketId,
    ) -> Result<Option<String>, Refusal> {
        if let Some(known) = self.tickets.get(&id) {
            return Ok(known.clone());
        }
        let found = match ticket::load(tx, scope, id).await {
            Ok(found) => Some(found.number.to_string()),
            Err(Refusal::NotFound | Refusal::Forbidden) => None,
            Err(refusal) => return Err(refusal),
        };
        self.tickets.insert(id, found.clone());
        Ok(found)
    }
}

/// What was looked at: the words of the area, or that it was something.
pub(super) fn looked(language: Language, area: &str) -> Message {
    let known = areas::message(area);
    let id = if Texts::global().has(language, &known) {
        known
    } else {
        "access-area-other".to_owned()
    };
    Message::new(language, id)
}

/// A line, with what it is about.
pub(super) async fn line(
    (recorder, language): (&Recorder, Language),
    (tx, scope): (&mut Tx, &wabe_access::Scope),
    names: &mut Names,
    seen: Seen,
) -> Result<Line, Refusal> {
    let customer = scope.customer();
    let said = |id: &str| Message::new(language, id).to_string();
    let ticket = match seen.ticket {
        Some(id) => {
            let number = names.ticket(tx, scope, id).await?;
            number.map(|number| (number, crate::ticket::path(id)))
        }
        None => None,
    };
    let by = seen.by.unwrap_or_default();
    let plain = Line {
        at: seen.at,
        changed: false,
        title: String::new(),
        part: seen.detail.filter(|part| !part.is_empty()),
        by,
        program: seen
            .token
            .map(|_| seen.token_name.clone().unwrap_or_default()),
        href: None,
        purpose: None,
        ticket,
    };
    if let Some(change) = seen.change {
        let found = recorder.load(tx, customer, change).await?;
        let name = found.as_ref().map_or("", |found| &found.object_name);
        let word = format!("done-{}", message_word(&seen.word));
        let known = Texts::global().has(language, &word) && !name.is_empty();
        let title = if known {
            Message::new(language, word).with("name", name).to_string()
        } else {
            said("access-changed")
        };
        return Ok(Line {
            changed: true,
            title,
            href: Some(format!("/activity/{change}")),
            purpose: found.and_then(|found| found.purpose),
            ..plain
        });
    }
    let thing = match &seen.object {
        Some(id) => names.thing(tx, scope, id).await?,
        None => None,
    };
    let title = looked(language, &seen.word).to_string();
    Ok(match thing {
        Some((name, href)) => Line {
            title: Message::new(language, "access-of")
                .with("what", title)
                .with("name", name)
                .to_string(),
            href: Some(href),
            ..plain
        },
        None => Line { title, ..plain },
    })
}

//! What is asked of a plugin at a ticket, and what it offers.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use wabe_access::Refusal;
use wabe_automation::engine::TicketAsk;
use wabe_automation::installation::Installed;
use wabe_identity::user::store as users;
use wabe_kernel::Language;
use wabe_kernel::id::{CustomerId, InstallationId, TicketId};
use wabe_package::entry::Action;
use wabe_support::action::{Topic, topic};
use wabe_support::ticket::queue::Queued;
use wabe_web::{Arrival, Failure, Message, StaffMember};

use crate::Staff;
use crate::ticket::action::Given;
use crate::ticket::path;
use crate::ticket::people::People;

/// An act that can be started now.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// Its name.
    pub(crate) name: String,
    /// What it does, in words.
    pub(crate) title: String,
    /// The same in a sentence.
    pub(crate) text: String,
    /// Its page.
    pub(crate) href: String,
}

/// What a plugin offers, or why it says nothing.
pub(super) type Offers = Result<Vec<Act>, String>;

pub(super) fn coded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(super) fn place(ticket: TicketId, installation: InstallationId) -> String {
    format!("{}/plugins/{installation}", path(ticket))
}

pub(super) fn say(language: Language, id: &str) -> String {
    Message::new(language, id).to_string()
}

/// A plugin of the ticket's customer, and a thing that it is asked about.
pub(super) struct Asked {
    pub(super) queued: Queued,
    pub(super) topic: Topic,
    found: Installed,
    pub(super) given: Given,
    /// The language of whoever asked for help.
    pub(super) language: Language,
}

/// What of all this there is; nothing for a thing that nobody asked about.
async fn asked(
    staff: &Staff,
    member: &StaffMember,
    (ticket, installation): (TicketId, InstallationId),
    object: &str,
) -> Result<Option<Asked>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let (queued, topic) = topic(&mut tx, &scope, ticket, object).await?;
    let people = People::of(&mut tx, &scope).await?;
    let found = match topic {
        Some(topic) => {
            let language = users::language_of(&mut tx, topic.opened_by).await?;
            let one = &topic.given;
            let given = Given {
                by: people.anybody(&mut tx, Some(one.given_by)).await?,
                written_by: one
                    .telephone
                    .as_ref()
                    .map(|by| people.name(Some(by.written_by))),
                by_mail: one.by_mail,
                quote: one.quote.clone(),
                object: one.object.clone(),
                name: one.object_name.clone(),
            };
            Some((topic, given, language))
        }
        None => None,
    };
    tx.rollback().await?;
    let automation = &staff.automation;
    let plugin = automation
        .at_ticket(queued.customer_id, installation)
        .await?;
    Ok(found.map(|(topic, given, language)| Asked {
        queued,
        topic,
        found: plugin,
        given,
        language,
    }))
}

/// The same, with the look noted at the customer before anything is asked of the plugin.
pub(super) async fn noted(
    staff: &Staff,
    (member, arrival): (&StaffMember, &Arrival),
    place: (TicketId, InstallationId),
    (object, area): (&str, &'static str),
) -> Result<Option<Asked>, Failure> {
    let found = asked(staff, member, place, object).await?;
    if let Some(asked) = &found {
        asked.note(staff, member, (area, arrival)).await?;
    }
    Ok(found)
}

impl Asked {
    fn customer(&self) -> CustomerId {
        self.topic.customer
    }

    pub(super) fn ask(&self, language: Language) -> TicketAsk<'_> {
        TicketAsk {
            customer: self.customer(),
            installation: self.found.installation.id,
            ticket: &self.topic.shown,
            language,
        }
    }

    pub(super) fn plugin(&self, language: Language) -> String {
        self.found.version.manifest.name.get(language).to_owned()
    }

    fn act(&self, action: Action) -> Act {
        let base = self.place();
        let object = coded(&self.topic.given.object);
        Act {
            href: format!("{base}?object={object}&act={}", coded(&action.name)),
            name: action.name,
            title: action.title,
            text: action.description,
        }
    }

    /// Notes the look with the customer.
    async fn note(
        &self,
        staff: &Staff,
        member: &StaffMember,
        (area, arrival): (&'static str, &Arrival),
    ) -> Result<(), Failure> {
        let about = (self.customer(), Some(self.topic.given.object.clone()));
        let place = (area, self.queued.ticket.id);
        staff
            .note_in_ticket(member, place, about, arrival.address())
            .await
    }

    /// What the plugin offers, or why it says nothing.
    pub(super) async fn acts(
        &self,
        staff: &Staff,
        member: &StaffMember,
    ) -> Result<Offers, Failure> {
        let language = member.language;
        let described = Box::pin(staff.automation.describe(self.ask(language))).await;
        Ok(match described {
            Ok(Ok(actions)) => Ok(actions.into_iter().map(|one| self.act(one)).collect()),
            Ok(Err(code)) => Err(say(language, &format!("run-code-{code}"))),
            Err(refusal) => Err(refused(staff, language, refusal)?),
        })
    }

    /// Where acts of this plugin at this ticket are.
    pub(super) fn place(&self) -> String {
        place(self.queued.ticket.id, self.found.installation.id)
    }
}

/// A refusal that the page can say; the failure when it cannot.
pub(super) fn refused(
    staff: &Staff,
    language: Language,
    refusal: Refusal,
) -> Result<String, Failure> {
    match refusal {
        Refusal::Conflict(code) => Ok(say(language, &format!("conflict-{code}"))),
        Refusal::Busy(_) if !staff.automation.is_up() => Ok(say(language, "staff-plugin-act-down")),
        Refusal::Busy(_) => Ok(say(language, "staff-plugin-act-busy")),
        refusal => Err(refusal.into()),
    }
}

//! What every way of opening a ticket has in common.

use crate::attachment::{Files, store as attachment};
use crate::instruction;
use crate::secret::mask::mask;
use crate::ticket::message::{self, AuthorKind, NewMessage, Visibility};
use crate::ticket::model::{Category, Channel, Priority, Status, Ticket, TicketObject};
use crate::ticket::{store, targets};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::resource::Resource;
use wabe_access::{ActorKind, Door, Refusal, resource};
use wabe_kernel::id::{TicketId, UserId};
use wabe_kernel::{Line, MessageText, Problem, ResourceKind};

/// A ticket before it is opened.
pub(crate) struct Opening<'a> {
    pub(crate) subject: &'a Line,
    pub(crate) body: Option<&'a MessageText>,
    /// What came with the first message.
    pub(crate) files: &'a Files,
    pub(crate) object: Option<Resource>,
    pub(crate) category: Option<Category>,
    pub(crate) priority: Priority,
    /// Who of the hoster has it from the beginning.
    pub(crate) owner: Option<UserId>,
    pub(crate) channel: Channel,
}

/// The thing of this customer that a ticket names.
///
/// # Errors
/// `Invalid` for missing and for somebody else's alike.
pub(crate) async fn named(
    door: &mut Door<'_>,
    object: Option<&Line>,
) -> Result<Option<Resource>, Refusal> {
    let Some(id) = object else { return Ok(None) };
    let customer = door.customer();
    match resource::load(door.tx(), customer, id.as_str()).await {
        Ok(found) => Ok(Some(found)),
        Err(Refusal::NotFound) => Err(no_such_object()),
        Err(refusal) => Err(refusal),
    }
}

/// The refusal of a thing that cannot be named.
pub(crate) fn no_such_object() -> Refusal {
    Refusal::field("object", Problem::new("no-such-object"))
}

/// A thing as tickets name it.
pub(crate) fn about(found: Resource) -> TicketObject {
    TicketObject {
        id: found.id,
        kind: found.kind.word().to_owned(),
        name: found.name,
    }
}

const fn category_of(kind: ResourceKind) -> Category {
    match kind {
        ResourceKind::Webspace => Category::Website,
        ResourceKind::Domain => Category::Domain,
        ResourceKind::Mailbox | ResourceKind::Alias => Category::Email,
        ResourceKind::Database => Category::Database,
    }
}

/// Who writes at this door. The panel itself writes for a person whose mail it read.
pub(crate) fn author_kind(door: &Door<'_>) -> AuthorKind {
    match (door.actor().kind, door.actor().user) {
        (ActorKind::Staff, _) => AuthorKind::Staff,
        (ActorKind::System, None) => AuthorKind::System,
        _ => AuthorKind::Member,
    }
}

/// A ticket that was just opened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TicketOpened {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// How many secrets were masked in what was written.
    pub masked_secrets: usize,
}

/// Opens it, with its first message.
pub(crate) async fn open(door: &mut Door<'_>, new: Opening<'_>) -> Result<TicketOpened, Refusal> {
    let subject = mask(new.subject.as_str());
    let (customer, now) = (door.customer(), door.now());
    let plan = targets::of(door.tx(), customer).await?;
    let targets = new.priority.of_targets(plan);
    let kind = new.object.as_ref().map(|object| object.kind);
    let by_member = author_kind(door) == AuthorKind::Member;
    let ticket = Ticket {
        id: TicketId::new(now, door.rng()),
        customer,
        number: store::next_number(door.tx()).await?,
        subject: subject.text,
        object: new.object.map(about),
        category: new
            .category
            .or(kind.map(category_of))
            .unwrap_or(Category::Other),
        priority: new.priority,
        status: if new.owner.is_some() {
            Status::Open
        } else {
            Status::New
        },
        owner: new.owner,
        opened_by: door.actor().user.filter(|_| by_member),
        channel: new.channel,
        opened_at: now,
        first_answer_at: None,
        first_answer_due: now.plus_seconds(targets.answer_seconds),
        solution_due: now.plus_seconds(targets.solution_seconds),
        waiting_since: None,
        solved_at: None,
        closes_at: None,
        follow_up_at: None,
        last_activity_at: now,
    };
    store::insert(door.tx(), &ticket).await?;
    let mut masked_secrets = subject.found;
    if let Some(body) = new.body {
        let first = NewMessage {
            ticket: ticket.id,
            author_kind: author_kind(door),
            visibility: Visibility::Public,
            event: None,
            body: body.as_str(),
        };
        let wrote = message::write(door, first).await?;
        masked_secrets += wrote.masked;
        let place = (wrote.id, Visibility::Public);
        attachment::keep(door, ticket.id, place, new.files).await?;
        instruction::of_words(door, &ticket, body.as_str()).await?;
    }
    let made = new.files.said(ticket.snapshot());
    door.record(ticket.object(), Value::Null, made);
    Ok(TicketOpened {
        ticket,
        masked_secrets,
    })
}

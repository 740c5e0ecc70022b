//! What every way of opening a ticket has in common.

use crate::attachment::{Files, store as attachment};
use crate::instruction;
use crate::ticket::message::{self, AuthorKind, NewMessage, Visibility};
use crate::ticket::model::{Category, Channel, Priority, Status, Ticket, TicketObject};
use crate::ticket::{store, targets};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::{ActorKind, Door, Refusal, member, resource};
use wabe_kernel::id::{MemberId, TicketId, UserId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Line, MessageText, Problem, ResourceKind};

/// A ticket before it is opened.
pub(crate) struct Opening<'a> {
    pub(crate) subject: &'a Line,
    pub(crate) body: Option<&'a MessageText>,
    /// What came with the first message.
    pub(crate) files: &'a Files,
    pub(crate) object: Option<TicketObject>,
    pub(crate) category: Option<Category>,
    pub(crate) priority: Priority,
    /// Who of the hoster has it from the beginning.
    pub(crate) owner: Option<UserId>,
    pub(crate) channel: Channel,
}

/// What a customer's ticket names.
pub(crate) struct Named {
    /// The thing.
    pub(crate) about: TicketObject,
    /// Whose login it is, when it is one.
    pub(crate) user: Option<UserId>,
}

/// The thing, or the login of a member, of this customer that a ticket names.
///
/// # Errors
/// `Invalid` for missing and for somebody else's alike.
pub(crate) async fn named(
    door: &mut Door<'_>,
    object: Option<&Line>,
) -> Result<Option<Named>, Refusal> {
    let Some(id) = object else { return Ok(None) };
    let customer = door.customer();
    if let Ok(member) = id.as_str().parse() {
        return login(door, member).await.map(Some);
    }
    match resource::load(door.tx(), customer, id.as_str()).await {
        Ok(found) => Ok(Some(Named {
            about: TicketObject {
                id: found.id,
                kind: found.kind.word().to_owned(),
                name: found.name,
            },
            user: None,
        })),
        Err(Refusal::NotFound) => Err(no_such_object()),
        Err(refusal) => Err(refusal),
    }
}

/// The login of a member of this customer.
async fn login(door: &mut Door<'_>, id: MemberId) -> Result<Named, Refusal> {
    let customer = door.customer();
    let found = member::find(door.tx(), customer, id).await?;
    let name = member::login_of(door.tx(), customer, id).await?;
    let (Some(found), Some(name)) = (found, name) else {
        return Err(no_such_object());
    };
    Ok(Named {
        about: TicketObject {
            id: id.to_string(),
            kind: TicketObject::LOGIN.to_owned(),
            name,
        },
        user: Some(found.user),
    })
}

/// The refusal of a thing that cannot be named.
pub(crate) fn no_such_object() -> Refusal {
    Refusal::field("object", Problem::new("no-such-object"))
}

fn category_of(kind: &str) -> Category {
    match kind.parse() {
        Ok(ResourceKind::Webspace) => Category::Website,
        Ok(ResourceKind::Domain) => Category::Domain,
        Ok(ResourceKind::Mailbox | ResourceKind::Alias) => Category::Email,
        Ok(ResourceKind::Database) => Category::Database,
        Err(_) => Category::Other,
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
    let kind = new.object.as_ref().map(|object| category_of(&object.kind));
    let by_member = author_kind(door) == AuthorKind::Member;
    let ticket = Ticket {
        id: TicketId::new(now, door.rng()),
        customer,
        number: store::next_number(door.tx()).await?,
        subject: subject.text,
        object: new.object,
        category: new.category.or(kind).unwrap_or(Category::Other),
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

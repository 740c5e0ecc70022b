//! What was written in a ticket.
//!
//! Internal notes are kept from customers by shape: what customers read is another type, from another
//! statement, which asks for public messages alone; on PostgreSQL their transactions do not reach the
//! rest at all.

use crate::attachment::{Attachment, store as attachment};
use crate::caller::Heard;
pub use crate::ticket::event::TicketEvent;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{ActorKind, Door, words};
use wabe_kernel::id::{ChangeId, CustomerId, RunId, TicketId, TicketMessageId, UserId};
use wabe_kernel::mask::{Masked, mask};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

words! {
    /// Who wrote a message.
    AuthorKind {
        /// Somebody of the customer.
        Member = "member",
        /// Somebody of the hoster.
        Staff = "staff",
        /// The panel itself.
        System = "system",
        /// Somebody without an account.
        Contact = "contact",
    }
}

words! {
    /// Who reads a message.
    Visibility {
        /// Both sides.
        Public = "public",
        /// The hoster's people alone.
        Internal = "internal",
    }
}

statements! {
    INSERT = "support.message.insert" =>
        "INSERT INTO ticket_message (id, customer_id, ticket_id, author_kind, author, visibility, \
         event, body, created_at, by_mail, written_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ACTION = "support.message.action" =>
        "INSERT INTO ticket_message (id, customer_id, ticket_id, author_kind, author, visibility, \
         event, body, created_at, change_id) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9)";
    RUN = "support.message.run" =>
        "INSERT INTO ticket_message (id, customer_id, ticket_id, author_kind, author, visibility, \
         event, body, created_at, run_id, plugin) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ACTED = "support.message.acted" =>
        "SELECT CAST(count(*) AS BIGINT) AS acted FROM ticket_message \
         WHERE customer_id = $1 AND ticket_id = $2 AND change_id IS NOT NULL";
    PUBLIC = "support.message.public" =>
        "SELECT id, author_kind, author, event, body, created_at, change_id, by_mail, written_by, \
         run_id, plugin FROM ticket_message \
         WHERE customer_id = $1 AND ticket_id = $2 AND visibility = 'public' ORDER BY id LIMIT 500";
    ALL = "support.message.all" =>
        "SELECT id, author_kind, author, visibility, event, body, created_at, change_id, by_mail, \
         written_by, run_id, plugin FROM ticket_message \
         WHERE ticket_id = $1 ORDER BY id LIMIT 1000";
}

/// A message as the customer's people read it: always a public one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Message {
    /// Its id.
    pub id: TicketMessageId,
    /// Who wrote it.
    pub author_kind: AuthorKind,
    /// Which member wrote it. Who works for the hoster is told as that.
    pub author: Option<UserId>,
    /// Who of the hoster wrote it, for initials.
    #[serde(skip)]
    pub staff: Option<UserId>,
    /// What the panel itself did; then there is no text, but for what a plugin found.
    pub event: Option<TicketEvent>,
    /// The change that staff made, when it is the card of an action.
    pub change: Option<ChangeId>,
    /// The run of a plugin, when it is what one found.
    pub run: Option<RunId>,
    /// What that plugin is called.
    pub plugin: Option<String>,
    /// The text; empty when files came alone.
    pub body: String,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// Whether it came by email: then its author is only whom the email says.
    pub by_mail: bool,
    /// Whether its author said it on the telephone, and somebody of the hoster wrote it down.
    pub by_telephone: bool,
    /// Who of the hoster wrote it down then, for initials.
    #[serde(skip)]
    pub written_by: Option<UserId>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A message as the desk reads it.
#[derive(Debug, Clone)]
pub struct DeskMessage {
    /// Its id.
    pub id: TicketMessageId,
    /// Who wrote it.
    pub author_kind: AuthorKind,
    /// The person.
    pub author: Option<UserId>,
    /// Who reads it.
    pub visibility: Visibility,
    /// What the panel itself did; then there is no text, but for what a plugin found.
    pub event: Option<TicketEvent>,
    /// The change that was made, when it is the card of an action.
    pub change: Option<ChangeId>,
    /// The run of a plugin, when it is what one found.
    pub run: Option<RunId>,
    /// What that plugin is called.
    pub plugin: Option<String>,
    /// The text; empty when files came alone.
    pub body: String,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// Whether it came by email: then its author is only whom the email says.
    pub by_mail: bool,
    /// Who of the hoster wrote it down, when its author said it on the telephone.
    pub written_by: Option<UserId>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A message before it is written.
pub(crate) struct NewMessage<'a> {
    pub(crate) ticket: TicketId,
    pub(crate) author_kind: AuthorKind,
    pub(crate) visibility: Visibility,
    pub(crate) event: Option<TicketEvent>,
    pub(crate) body: &'a str,
}

/// What was written.
pub(crate) struct Wrote {
    /// The message.
    pub(crate) id: TicketMessageId,
    /// How many secrets were masked in it.
    pub(crate) masked: usize,
    /// The text as it is kept.
    pub(crate) text: String,
}

/// Writes a message in the name of who is at the door. Secrets in it are masked before they are kept.
pub(crate) async fn write(door: &mut Door<'_>, new: NewMessage<'_>) -> Result<Wrote, Fault> {
    let author = match new.author_kind {
        AuthorKind::System | AuthorKind::Contact => None,
        AuthorKind::Member | AuthorKind::Staff => door.actor().user,
    };
    // The panel writes in a person's name only what a letter said.
    let by_mail = door.actor().kind == ActorKind::System && author.is_some();
    insert(door, new, (author, None), by_mail).await
}

/// Writes down what a caller said, or what became of it, in their name.
pub(crate) async fn write_down(
    door: &mut Door<'_>,
    ticket: TicketId,
    heard: &Heard,
    (event, words): (Option<TicketEvent>, &str),
) -> Result<(), Fault> {
    let new = NewMessage {
        ticket,
        author_kind: AuthorKind::Member,
        visibility: Visibility::Public,
        event,
        body: words,
    };
    let people = (Some(heard.user), Some(heard.by.written_by));
    insert(door, new, people, false).await.map(|_wrote| ())
}

/// Writes what somebody without an account says, in the form or by mail.
pub(crate) async fn from_contact(
    door: &mut Door<'_>,
    ticket: TicketId,
    (body, by_mail): (&str, bool),
) -> Result<Wrote, Fault> {
    let new = NewMessage {
        ticket,
        author_kind: AuthorKind::Contact,
        visibility: Visibility::Public,
        event: None,
        body,
    };
    insert(door, new, (None, None), by_mail).await
}

/// How often something was changed on an instruction in a ticket.
pub(crate) async fn acted(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
) -> Result<i64, Fault> {
    let row = ACTED.bind(customer).bind(ticket).one(tx).await?;
    row.int("acted")
}

async fn insert(
    door: &mut Door<'_>,
    new: NewMessage<'_>,
    (author, written_by): (Option<UserId>, Option<UserId>),
    by_mail: bool,
) -> Result<Wrote, Fault> {
    let Masked { text, found } = mask(new.body);
    let id = TicketMessageId::new(door.now(), door.rng());
    let (customer, now) = (door.customer(), door.now());
    let query = INSERT
        .bind(id)
        .bind(customer)
        .bind(new.ticket)
        .bind(new.author_kind)
        .bind(author)
        .bind(new.visibility)
        .bind(new.event)
        .bind(&text)
        .bind(now)
        .bind(by_mail)
        .bind(written_by);
    query.execute_one(door.tx()).await?;
    Ok(Wrote {
        id,
        masked: found,
        text,
    })
}

/// Notes what happened to a ticket, for both sides to read.
pub(crate) async fn note_event(
    door: &mut Door<'_>,
    ticket: TicketId,
    event: TicketEvent,
) -> Result<(), Fault> {
    let new = NewMessage {
        ticket,
        author_kind: event.author_kind(),
        visibility: Visibility::Public,
        event: Some(event),
        body: "",
    };
    write(door, new).await.map(|_wrote| ())
}

/// Writes a change that staff made into the conversation.
pub(crate) async fn note_action(
    door: &mut Door<'_>,
    ticket: TicketId,
    (by, change): (UserId, ChangeId),
) -> Result<(), Fault> {
    let id = TicketMessageId::new(door.now(), door.rng());
    let (customer, now) = (door.customer(), door.now());
    let query = ACTION.bind(id).bind(customer).bind(ticket);
    let query = query.bind(AuthorKind::Staff).bind(by);
    let query = query.bind(Visibility::Public).bind(TicketEvent::Acted);
    query.bind(now).bind(change).execute_one(door.tx()).await
}

/// What a plugin found, before it is written.
pub(crate) struct RunSaid<'a> {
    pub(crate) run: RunId,
    /// What the plugin is called.
    pub(crate) plugin: &'a str,
    pub(crate) text: &'a str,
}

/// Writes what a plugin found, that staff set to work, into the conversation.
pub(crate) async fn note_run(
    door: &mut Door<'_>,
    ticket: TicketId,
    (by, said): (UserId, RunSaid<'_>),
) -> Result<(), Fault> {
    let id = TicketMessageId::new(door.now(), door.rng());
    let (customer, now) = (door.customer(), door.now());
    let event = TicketEvent::PluginRan;
    let query = RUN.bind(id).bind(customer).bind(ticket);
    let query = query.bind(event.author_kind()).bind(by);
    let query = query.bind(Visibility::Public).bind(event).bind(said.text);
    let query = query.bind(now).bind(said.run).bind(said.plugin);
    query.execute_one(door.tx()).await
}

fn public_from(row: &Row) -> Result<Message, Fault> {
    let author_kind: AuthorKind = row.parsed("author_kind")?;
    let person = row.parsed_or_null("author")?;
    let is = |kind| person.filter(|_| author_kind == kind);
    let written_by = row.parsed_or_null("written_by")?;
    Ok(Message {
        id: row.parsed("id")?,
        author_kind,
        author: is(AuthorKind::Member),
        staff: is(AuthorKind::Staff),
        event: row.parsed_or_null("event")?,
        change: row.parsed_or_null("change_id")?,
        run: row.parsed_or_null("run_id")?,
        plugin: row.text_or_null("plugin")?,
        body: row.text("body")?,
        attachments: Vec::new(),
        by_mail: row.int("by_mail")? != 0,
        by_telephone: written_by.is_some(),
        written_by,
        created_at: row.time("created_at")?,
    })
}

/// The public messages of a ticket, oldest first.
pub(crate) async fn public(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<Message>, Fault> {
    let rows = PUBLIC.bind(customer).bind(ticket).all(tx).await?;
    let mut files = attachment::public(tx, customer, ticket).await?;
    let mut found: Vec<Message> = rows.iter().map(public_from).collect::<Result<_, _>>()?;
    for message in &mut found {
        message.attachments = taken(&mut files, message.id);
    }
    Ok(found)
}

/// Everything that was written in a ticket, oldest first.
pub(crate) async fn all(tx: &mut Tx, ticket: TicketId) -> Result<Vec<DeskMessage>, Fault> {
    let rows = ALL.bind(ticket).all(tx).await?;
    let from = |row: &Row| {
        Ok(DeskMessage {
            id: row.parsed("id")?,
            author_kind: row.parsed("author_kind")?,
            author: row.parsed_or_null("author")?,
            visibility: row.parsed("visibility")?,
            event: row.parsed_or_null("event")?,
            change: row.parsed_or_null("change_id")?,
            run: row.parsed_or_null("run_id")?,
            plugin: row.text_or_null("plugin")?,
            body: row.text("body")?,
            attachments: Vec::new(),
            by_mail: row.int("by_mail")? != 0,
            written_by: row.parsed_or_null("written_by")?,
            created_at: row.time("created_at")?,
        })
    };
    let mut files = attachment::all(tx, ticket).await?;
    let mut found: Vec<DeskMessage> = rows.iter().map(from).collect::<Result<_, _>>()?;
    for message in &mut found {
        message.attachments = taken(&mut files, message.id);
    }
    Ok(found)
}

/// The files of this message, out of all of them.
fn taken(files: &mut Vec<Attachment>, message: TicketMessageId) -> Vec<Attachment> {
    files
        .extract_if(.., |file| file.message_id == message)
        .collect()
}

//! What was written in tickets; and the queue of the desk, for programs of the hoster's.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::problem::Problem;
use crate::ticket_plugin::{PluginAtTicket, at_ticket};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::instruction::Instruction;
use wabe_access::{Actor, ActorKind, Permission, Scope};
use wabe_audit::{Access, AccessBy};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_support::action::{Offered, offered, topics};
use wabe_support::instruction;
use wabe_support::ticket::queue::{self, QueueFilter, Queued};
use wabe_support::ticket::{self, Lane, Message};

const FILTERS: &[&str] = &[
    "limit",
    "after",
    "q",
    "lane",
    "status",
    "owner",
    "priority",
    "category",
    "due_before",
];

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let messages = Operation::get(
        "ticket_messages",
        "/api/v1/tickets/{id}/messages",
        Permission::TicketRead,
        Answers::List(|| schema_for!(Message)),
    );
    let queue = Operation::get(
        "staff_ticket_list",
        "/api/v1/staff/tickets",
        Permission::TicketDesk,
        Answers::List(|| schema_for!(Queued)),
    );
    let instructions = Operation::get(
        "instruction_list",
        "/api/v1/tickets/{id}/instructions",
        Permission::TicketRead,
        Answers::List(|| schema_for!(Instruction)),
    );
    let actions = Operation::get(
        "ticket_action_list",
        "/api/v1/staff/tickets/{id}/actions",
        Permission::TicketWork,
        Answers::Json(200, || schema_for!(Doable)),
    );
    let book = book.add(messages.id("tkt"), list_messages);
    book.add(instructions.id("tkt"), list_instructions)
        .add(queue.query(FILTERS), list_queue)
        .add(actions.id("tkt"), list_actions)
}

async fn list_messages(api: Api, call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    let mut look = call.look(&api).await?;
    let found = ticket::messages(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    let values: Result<Vec<_>, _> = found.iter().map(value_of).collect();
    Ok(answer::all(&values?))
}

async fn list_instructions(api: Api, call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    let mut look = call.look(&api).await?;
    let found = instruction::list(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    let values: Result<Vec<_>, _> = found.iter().map(value_of).collect();
    Ok(answer::all(&values?))
}

/// As whom somebody of the hoster looks at something, in a ticket if it is in one.
const fn by(actor: &Actor, ticket: Option<TicketId>) -> AccessBy {
    match actor.kind {
        ActorKind::Token(token) => AccessBy::Program(token, ticket),
        _ => AccessBy::Staff(ticket, None),
    }
}

/// Notes that staff look at what a ticket is about, before they see it.
pub(crate) async fn note(
    api: &Api,
    call: &Call,
    id: TicketId,
    area: &'static str,
) -> Result<(), Problem> {
    let mut tx = api.gate.store().write().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let customer = queue::load(&mut tx, &scope, id).await?.customer_id;
    let object = id.to_string();
    let access = Access {
        customer,
        user: call.actor().user,
        by: by(call.actor(), Some(id)),
        area,
        object_id: Some(&object),
        address: None,
    };
    api.streams.note_access(&mut tx, &access).await?;
    Ok(tx.commit().await?)
}

/// Notes that staff look at one thing of a customer in a ticket, before they see it.
pub(crate) async fn note_about(
    api: &Api,
    call: &Call,
    (customer, ticket): (CustomerId, TicketId),
    (object, area): (&str, &'static str),
) -> Result<(), Problem> {
    let access = Access {
        customer,
        user: call.actor().user,
        by: by(call.actor(), Some(ticket)),
        area,
        object_id: Some(object),
        address: None,
    };
    let mut tx = api.gate.store().write().await?;
    api.streams.note_access(&mut tx, &access).await?;
    Ok(tx.commit().await?)
}

/// What can be done in a ticket now.
#[derive(Debug, Serialize, JsonSchema)]
struct Doable {
    /// The ticket actions, all of them.
    items: Vec<Offered>,
    /// Nothing: there is no further part.
    next: Option<String>,
    /// The plugins of the customer's that can be asked what they offer.
    plugins: Vec<PluginAtTicket>,
}

async fn list_actions(api: Api, call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    note(&api, &call, id, "ticket.read").await?;
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let place = (id, api.gate.tools().clock.now());
    let known = (api.gate.commands(), api.gate.tools().house.as_ref());
    let items = offered(&mut tx, &scope, known, place).await?;
    let about = topics(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let plugins = at_ticket(&api, call.voice.language, &about).await?;
    answer::ok(&Doable {
        items,
        next: None,
        plugins,
    })
}

async fn list_queue(api: Api, call: Call) -> Answer {
    let page = call.page()?;
    let filter = QueueFilter {
        lane: call
            .parsed("lane", "not-a-choice")?
            .unwrap_or(Lane::Working),
        status: call.parsed("status", "not-a-choice")?,
        owner: call.parsed("owner", "not-an-id")?,
        priority: call.parsed("priority", "not-a-choice")?,
        category: call.parsed("category", "not-a-choice")?,
        due_before: call.parsed::<Timestamp>("due_before", "not-a-time")?,
    };
    // Across customers, with what the token may see.
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let found = if page.search.is_empty() {
        queue::list(&mut tx, &scope, &filter, &page).await?
    } else {
        queue::search(&mut tx, &scope, &page).await?
    };
    tx.rollback().await?;
    let customers = found.items.iter().map(|one| one.customer_id).collect();
    let place = (api.gate.store(), api.streams.as_ref());
    let who = (call.actor().user, by(call.actor(), None));
    queue::note(place, who, customers, None).await?;
    answer::ok(&found)
}

//! What plugins can be asked about in a ticket now.
//!
//! Invariant: a plugin sees of a ticket its number, its subject and the one thing that somebody asked about;
//! nothing that was written in it.

use crate::ticket::queue;
use crate::ticket::queue::Queued;
use serde_json::{Value, json};
use wabe_access::instruction::{self, Instruction};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_store::Tx;

/// Things of one ticket that plugins are asked about, at most.
const TOPICS_MAX: usize = 5;

/// A thing that somebody asked about who may have plugins act.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Whose.
    pub customer: CustomerId,
    /// The instruction.
    pub given: Instruction,
    /// Who opened the ticket: what is found is said in their language.
    pub opened_by: Option<UserId>,
    /// What a plugin sees of the ticket.
    pub shown: Value,
}

impl Topic {
    fn of(queued: &Queued, given: Instruction) -> Self {
        let ticket = &queued.ticket;
        let shown = json!({
            "number": ticket.number.to_string(),
            "subject": ticket.subject,
            "object": {
                "id": given.object, "kind": given.object_kind, "name": given.object_name,
            },
        });
        Self {
            customer: queued.customer_id,
            opened_by: ticket.opened_by,
            given,
            shown,
        }
    }
}

/// What plugins can be asked about in a ticket, each thing once; nothing when it is not open any more.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn topics(tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<Vec<Topic>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let queued = queue::load(tx, scope, ticket).await?;
    let place = (queued.customer_id, ticket);
    let given = match instruction::in_force(tx, place, Permission::AutomationWrite).await {
        Ok(given) => given,
        Err(Refusal::Conflict(_)) => Vec::new(),
        Err(refusal) => return Err(refusal),
    };
    let mut topics: Vec<Topic> = Vec::new();
    for one in given {
        let known = |had: &Topic| had.given.object == one.object;
        if topics.len() < TOPICS_MAX && !topics.iter().any(known) {
            topics.push(Topic::of(&queued, one));
        }
    }
    Ok(topics)
}

//! What plugins can be asked about in a ticket now.
//!
//! Invariant: a plugin sees of a ticket its number, its subject and the one thing that somebody asked about;
//! nothing that was written in it.

use crate::action::{KeepRun, RunFound};
use crate::ticket::queue;
use crate::ticket::queue::Queued;
use serde_json::{Value, json};
use wabe_access::command::BoxedCommand;
use wabe_access::instruction::{self, Instruction};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, InstallationId, RunId, TicketId, UserId};
use wabe_store::Tx;

/// What a customer's accesses call it when a plugin is asked what it offers, because staff look at a ticket.
pub const PLUGIN_LOOK: &str = "ticket.plugin_look";
/// What they call it when staff have one act.
pub const PLUGIN_ACT: &str = "ticket.plugin_act";

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

    /// The command that writes down what a plugin found about it, which `by` set to work in this ticket.
    #[must_use]
    pub fn kept(
        &self,
        (ticket, by): (TicketId, UserId),
        (run, installation): (RunId, InstallationId),
        (plugin, text): (String, String),
    ) -> BoxedCommand {
        let found = RunFound {
            by,
            object: self.given.object.clone(),
            run,
            installation,
            plugin,
            text,
        };
        Box::new(KeepRun::of(ticket, found))
    }
}

/// A ticket, and what plugins can be asked there about one thing; nothing for a thing that nobody asked about.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn topic(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
    object: &str,
) -> Result<(Queued, Option<Topic>), Refusal> {
    let queued = queue::load(tx, scope, ticket).await?;
    let mut about = topics(tx, scope, ticket).await?.into_iter();
    let topic = about.find(|one| one.given.object == object);
    Ok((queued, topic))
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
    // Nobody helps themselves here.
    let others = given.into_iter();
    for one in others.filter(|one| Some(one.given_by) != scope.user()) {
        let known = |had: &Topic| had.given.object == one.object;
        if topics.len() < TOPICS_MAX && !topics.iter().any(known) {
            topics.push(Topic::of(&queued, one));
        }
    }
    Ok(topics)
}

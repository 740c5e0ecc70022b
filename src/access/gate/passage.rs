//! A transaction on its way through the gate, and commands of any kind passing in it.

use crate::actor::{Actor, HOUSE};
use crate::command::{Authority, Command};
use crate::door::Record;
use crate::gate::{Done, Gate, Mode, Once};
use crate::refusal::Refusal;
use crate::ticket;
use serde_json::Value;
use wabe_kernel::desired::Working;
use wabe_kernel::id::{ChangeId, ConsentId, CustomerId, InstructionId};
use wabe_kernel::{Secret, State, Timestamp};
use wabe_store::Tx;

/// A transaction on its way through the gate.
pub struct Passage {
    pub(crate) tx: Tx,
    pub(crate) mode: Mode,
    pub(crate) customer: CustomerId,
    pub(crate) seq: i64,
    pub(crate) now: Timestamp,
    pub(crate) made: Vec<Made>,
    pub(crate) news: Vec<(String, Option<State>)>,
    pub(crate) wished: bool,
    /// What staff act on, when they act on the customer's behalf.
    pub(crate) instruction: Option<InstructionId>,
    /// The consent beside it, where that is not enough.
    pub(crate) consent: Option<ConsentId>,
    /// What a command made for the customer's people and nobody took care of yet.
    pub(crate) handed: Option<Secret>,
}

/// A change that was made in a transaction, or would be.
#[derive(Debug, Clone)]
pub struct Made {
    /// The record; also in a preview, where it is not kept.
    pub change: ChangeId,
    /// Its number within the customer.
    pub seq: i64,
    /// The command.
    pub command: &'static str,
    /// The noun it is about.
    pub object_kind: &'static str,
    /// The id it is about.
    pub object: String,
    /// What people call it.
    pub name: String,
    /// The object before; null when it was not there.
    pub before: Value,
    /// The object after; null when it is gone.
    pub after: Value,
    /// What staff acted on, when they acted on the customer's behalf.
    pub instruction: Option<InstructionId>,
}

impl Made {
    pub(crate) fn of<C: Command>(change: ChangeId, passage: &Passage, record: Record) -> Self {
        Self {
            change,
            seq: passage.seq,
            instruction: passage.instruction,
            command: C::NAME,
            object_kind: record.object.kind,
            object: record.object.id,
            name: record.object.name,
            before: record.before,
            after: record.after,
        }
    }
}

/// What one command left behind in an open transaction.
pub struct Passed<T> {
    pub(crate) output: T,
    pub(crate) change: ChangeId,
    pub(crate) object: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

impl<T> Passed<T> {
    pub(crate) fn of(output: T, made: &Made) -> Self {
        Self {
            output,
            change: made.change,
            object: made.object.clone(),
            before: made.before.clone(),
            after: made.after.clone(),
        }
    }

    pub(crate) fn done(self, steps: Vec<&'static str>) -> Done<T> {
        let Self {
            output,
            change,
            object,
            before,
            after,
        } = self;
        Done {
            output,
            change,
            object,
            before,
            after,
            steps,
        }
    }
}

/// A parsed command of any kind; what [`Gate::run_all`] takes.
pub trait AnyCommand: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Everything slow, before the transaction.
    fn prepare<'a>(
        &'a mut self,
        gate: &'a Gate,
        actor: &'a Actor,
    ) -> Working<'a, Result<(), Refusal>>;

    /// Its way through an open transaction.
    fn pass<'a>(
        &'a self,
        gate: &'a Gate,
        passage: &'a mut Passage,
        actor: &'a Actor,
        once: Option<&'a Once>,
    ) -> Working<'a, Result<Passed<Value>, Refusal>>;
}

impl<C: Command> AnyCommand for C {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn prepare<'a>(
        &'a mut self,
        gate: &'a Gate,
        actor: &'a Actor,
    ) -> Working<'a, Result<(), Refusal>> {
        Box::pin(gate.prepare(actor, self))
    }

    fn pass<'a>(
        &'a self,
        gate: &'a Gate,
        passage: &'a mut Passage,
        actor: &'a Actor,
        once: Option<&'a Once>,
    ) -> Working<'a, Result<Passed<Value>, Refusal>> {
        Box::pin(async move {
            let passed = gate.pass(passage, actor, self, once).await?;
            let Passed {
                output,
                change,
                object,
                before,
                after,
            } = passed;
            let output = serde_json::to_value(output)
                .map_err(|error| wabe_kernel::Fault::because("render an answer", error))?;
            Ok(Passed {
                output,
                change,
                object,
                before,
                after,
            })
        })
    }
}

impl Gate {
    /// The customer a command is about.
    pub(super) async fn customer_of<C: Command>(
        &self,
        actor: &Actor,
        command: &C,
    ) -> Result<CustomerId, Refusal> {
        let named = match (C::AUTHORITY, command.ticket()) {
            (Authority::Customer, _) => return Ok(actor.customer),
            (Authority::Ticket, Some(id)) => {
                let mut tx = self.store.read().await?;
                let found = ticket::find(&mut tx, id).await?;
                tx.rollback().await?;
                return found.map(|ticket| ticket.customer).ok_or(Refusal::NotFound);
            }
            (Authority::Hoster | Authority::Ticket, _) => command.customer(),
        };
        Ok(named.unwrap_or(HOUSE))
    }
}

//! `ticket.answer_by_problem`: the answer to everybody, in one ticket; and the schedule that asks for it.

use crate::problem::store;
use crate::ticket::message::{self, AuthorKind, NewMessage, Visibility};
use crate::ticket::model::Status;
use crate::ticket::{tell, work};
use wabe_access::{Actor, Authority, Command, Door, Gate, Mode, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::TicketId;

fields! {
    /// Writes the answer to a known problem into one of its tickets. Only whoever gave that answer does,
    /// and the panel asks for it.
    pub struct AnswerByProblem {
        /// Which ticket.
        pub id: TicketId,
    }
}

impl Command for AnswerByProblem {
    const NAME: &'static str = "ticket.answer_by_problem";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        let problem = store::find_of(door.tx(), self.id).await?;
        let answer = problem.and_then(|problem| problem.answer);
        let answer = answer.ok_or(Refusal::Conflict("problem-unanswered"))?;
        if door.actor().user != Some(answer.by) {
            return Err(Refusal::Forbidden);
        }
        if !store::take(door.tx(), (self.id, ticket.customer)).await? {
            return Err(Refusal::Conflict("problem-unanswered"));
        }
        if ticket.status == Status::Closed {
            return Err(Refusal::Conflict("ticket-closed"));
        }
        work::take_on(door, &mut ticket)?;
        let now = door.now();
        let new = NewMessage {
            ticket: self.id,
            author_kind: AuthorKind::Staff,
            visibility: Visibility::Public,
            event: None,
            body: &answer.body,
        };
        let wrote = message::write(door, new).await?;
        ticket.first_answer_at = ticket.first_answer_at.or(Some(now));
        ticket.turn(answer.then, now);
        work::keep(door, &ticket, before).await?;
        tell::answered(door, &ticket, &wrote.text).await
    }
}

/// Writes answers into tickets that wait for them; answers into how many. For a schedule.
///
/// # Errors
/// A fault.
pub async fn spread(gate: &Gate) -> Result<usize, Refusal> {
    let mut tx = gate.store().read().await?;
    let waiting = store::waiting(&mut tx).await?;
    tx.rollback().await?;
    let mut done = 0;
    for (id, by) in waiting {
        let now = gate.tools().clock.now();
        let actor = Actor::staff(by, now);
        match Box::pin(gate.run(&actor, AnswerByProblem { id }, Mode::Commit)).await {
            Ok(_) => done += 1,
            // Somebody was faster, or whoever answered does not work on tickets any more.
            Err(Refusal::Conflict(_) | Refusal::Forbidden | Refusal::NotFound) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(done)
}

//! `ticket.answer_by_problem`: the answer to everybody, in one ticket; and the schedule that asks for it.

use crate::attachment::Files;
use crate::problem::store;
use crate::ticket::answer::answer;
use crate::ticket::work;
use wabe_access::{Actor, Authority, Command, Door, Gate, Mode, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{TicketId, UserId};

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
        let found = work::begin(door, self.id).await?;
        let problem = store::find_of(door.tx(), self.id).await?;
        let said = problem.and_then(|problem| problem.answer);
        let said = said.ok_or(Refusal::Conflict("problem-unanswered"))?;
        if door.actor().user != Some(said.by) {
            return Err(Refusal::Forbidden);
        }
        if !store::take(door.tx(), (self.id, found.0.customer)).await? {
            return Err(Refusal::Conflict("problem-unanswered"));
        }
        answer(door, found, (&said.body, &Files::default()), said.then).await
    }
}

/// Writes answers into tickets that wait for them; answers into how many. For a schedule.
///
/// # Errors
/// A fault.
pub async fn spread(gate: &Gate) -> Result<usize, Refusal> {
    let (mut done, mut last) = (0, None);
    loop {
        let mut tx = gate.store().read().await?;
        let waiting = store::waiting(&mut tx, last).await?;
        tx.rollback().await?;
        let Some((end, _)) = waiting.last() else {
            return Ok(done);
        };
        last = Some(*end);
        done += written(gate, &waiting).await?;
    }
}

/// Writes the answer into these; those that cannot have it keep nobody else waiting.
async fn written(gate: &Gate, waiting: &[(TicketId, UserId)]) -> Result<usize, Refusal> {
    let mut done = 0;
    for (id, by) in waiting.iter().copied() {
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

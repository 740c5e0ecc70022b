//! `ticket.set_problem`: which known problem a ticket is of.

use crate::problem::store;
use crate::ticket::work;
use serde_json::json;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::{KnownProblemId, TicketId};
use wabe_kernel::{Problem, fields};

fields! {
    /// Says which known problem a ticket is of. Answers that come later reach it.
    pub struct SetTicketProblem {
        /// Which ticket.
        pub id: TicketId,
        /// Which problem; none when left out.
        pub problem: Option<KnownProblemId>,
    }
}

impl Command for SetTicketProblem {
    const NAME: &'static str = "ticket.set_problem";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ticket, _before) = work::begin(door, self.id).await?;
        let before = store::find_of(door.tx(), self.id).await?;
        let after = match self.problem {
            None => None,
            Some(id) => match store::find(door.tx(), id).await {
                Ok(problem) if problem.solved_at.is_none() => Some(problem),
                Ok(_) | Err(Refusal::NotFound) => {
                    return Err(Refusal::field("problem", Problem::new("not-a-choice")));
                }
                Err(refusal) => return Err(refusal),
            },
        };
        let place = (self.id, ticket.customer);
        store::link(door.tx(), self.problem, place).await?;
        let said = |title: Option<String>| json!({ "id": self.id, "problem": title });
        door.record(
            ticket.object(),
            said(before.map(|problem| problem.title)),
            said(after.map(|problem| problem.title)),
        );
        Ok(())
    }
}

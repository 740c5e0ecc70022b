//! `known_problem.answer`: one answer to everybody.

use crate::problem::store::{self, Answer, KnownProblem};
use crate::ticket::model::Status;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::KnownProblemId;
use wabe_kernel::{MessageText, fields};

fields! {
    /// Answers every ticket of a known problem that is not closed, in the name of whoever answers. The
    /// tickets get it within a minute, one after the other.
    pub struct AnswerKnownProblem {
        /// Which one.
        pub id: KnownProblemId,
        /// The text.
        pub body: MessageText,
        /// Whether the problem, and with it every ticket, is solved; otherwise the tickets stay open.
        pub solved: bool,
    }
}

impl Command for AnswerKnownProblem {
    const NAME: &'static str = "known_problem.answer";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let staff = door.actor().kind == ActorKind::Staff;
        let by = door.actor().user.filter(|_| staff);
        let by = by.ok_or(Refusal::Forbidden)?;
        let now = door.now();
        let before = store::find(door.tx(), self.id).await?;
        // An hour is enough for every ticket. Who gave an answer may have left before it reached all.
        let lately = |answer: &Answer| now.seconds_since(answer.at) < 3_600;
        let held = before.is_held();
        if !held && before.waiting > 0 && before.answer.as_ref().is_some_and(lately) {
            return Err(Refusal::Conflict("problem-answering"));
        }
        if !held && before.solved_at.is_some() {
            return Err(Refusal::Conflict("problem-solved"));
        }
        // What was solved does not come back because somebody else has to say so.
        let solved = self.solved || before.solved_at.is_some();
        let new = KnownProblem {
            solved_at: before.solved_at.or(self.solved.then_some(now)),
            answer: Some(Answer {
                body: self.body.to_string(),
                by,
                at: now,
                then: if solved { Status::Solved } else { Status::Open },
            }),
            ..before.clone()
        };
        store::answer(door.tx(), &new, held).await?;
        door.record(new.object(), before.snapshot(), new.snapshot());
        Ok(())
    }
}

//! `known_problem.create`, `known_problem.set`

use crate::problem::store::{self, KnownProblem};
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::KnownProblemId;
use wabe_kernel::{Line, MessageText, fields};

fields! {
    /// Says that many tickets will have one cause.
    pub struct CreateKnownProblem {
        /// What it is called.
        pub title: Line,
        /// What customers read before they ask; nothing when left out.
        pub notice: Option<MessageText>,
    }
}

fields! {
    /// Changes what a known problem is called, and what customers read before they ask.
    pub struct SetKnownProblem {
        /// Which one.
        pub id: KnownProblemId,
        /// What it is called.
        pub title: Line,
        /// What customers read before they ask; nothing when left out.
        pub notice: Option<MessageText>,
    }
}

fn text(notice: Option<&MessageText>) -> String {
    notice.map(ToString::to_string).unwrap_or_default()
}

impl Command for CreateKnownProblem {
    const NAME: &'static str = "known_problem.create";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = KnownProblem;

    async fn apply(&self, door: &mut Door<'_>) -> Result<KnownProblem, Refusal> {
        let now = door.now();
        let new = KnownProblem {
            id: KnownProblemId::new(now, door.rng()),
            title: self.title.to_string(),
            notice: text(self.notice.as_ref()),
            opened_at: now,
            solved_at: None,
            answer: None,
            tickets: 0,
            waiting: 0,
            orphaned: false,
        };
        store::insert(door.tx(), &new).await?;
        door.record(new.object(), Value::Null, new.snapshot());
        Ok(new)
    }
}

impl Command for SetKnownProblem {
    const NAME: &'static str = "known_problem.set";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let before = store::find(door.tx(), self.id).await?;
        let new = KnownProblem {
            title: self.title.to_string(),
            notice: text(self.notice.as_ref()),
            ..before.clone()
        };
        store::set(door.tx(), &new).await?;
        door.record(new.object(), before.snapshot(), new.snapshot());
        Ok(())
    }
}

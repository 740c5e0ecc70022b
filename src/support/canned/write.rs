//! `canned_reply.create`, `canned_reply.set`, `canned_reply.delete`

use crate::canned::store::{self, CannedReply};
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::CannedReplyId;
use wabe_kernel::{Line, MessageText, Problem, fields};

fn taken() -> Refusal {
    Refusal::field("title", Problem::new("name-taken"))
}

fields! {
    /// Keeps an answer to be sent again.
    pub struct CreateCannedReply {
        /// What it is called.
        pub title: Line,
        /// The text; `{customer}`, `{name}`, `{number}` and `{object}` are filled in.
        pub body: MessageText,
    }
}

impl Command for CreateCannedReply {
    const NAME: &'static str = "canned_reply.create";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = CannedReply;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CannedReply, Refusal> {
        let now = door.now();
        let new = CannedReply {
            id: CannedReplyId::new(now, door.rng()),
            title: self.title.to_string(),
            body: self.body.to_string(),
        };
        if !store::insert(door.tx(), &new, now).await? {
            return Err(taken());
        }
        door.record(new.object(), Value::Null, new.snapshot());
        Ok(new)
    }
}

fields! {
    /// Changes a canned reply.
    pub struct SetCannedReply {
        /// Which one.
        pub id: CannedReplyId,
        /// What it is called.
        pub title: Line,
        /// The text.
        pub body: MessageText,
    }
}

impl Command for SetCannedReply {
    const NAME: &'static str = "canned_reply.set";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let before = store::find(door.tx(), self.id).await?;
        let now = door.now();
        let new = CannedReply {
            id: self.id,
            title: self.title.to_string(),
            body: self.body.to_string(),
        };
        if !store::set(door.tx(), &new, now).await? {
            return Err(taken());
        }
        door.record(new.object(), before.snapshot(), new.snapshot());
        Ok(())
    }
}

fields! {
    /// Forgets a canned reply.
    pub struct DeleteCannedReply {
        /// Which one.
        pub id: CannedReplyId,
    }
}

impl Command for DeleteCannedReply {
    const NAME: &'static str = "canned_reply.delete";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let before = store::find(door.tx(), self.id).await?;
        store::delete(door.tx(), self.id).await?;
        door.record(before.object(), before.snapshot(), Value::Null);
        Ok(())
    }
}

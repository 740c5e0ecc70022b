//! `ticket.call`

use crate::attachment::Files;
use crate::ticket::model::{Channel, Priority};
use crate::ticket::opened::{self, Opening, TicketOpened};
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal, customer};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Line, MessageText, fields};

fields! {
    /// Opens a ticket for somebody who calls. Whoever took the call has it.
    pub struct CallTicket {
        /// Whose.
        pub customer: CustomerId,
        /// What it is about, in a line.
        pub subject: Line,
        /// What was said; the customer reads it.
        pub body: Option<MessageText>,
        /// The id of the thing that it is about.
        pub object: Option<Line>,
    }
}

impl Command for CallTicket {
    const NAME: &'static str = "ticket.call";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = TicketOpened;

    fn customer(&self) -> Option<CustomerId> {
        Some(self.customer)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<TicketOpened, Refusal> {
        if customer::find(door.tx(), self.customer).await?.is_none() {
            return Err(Refusal::NotFound);
        }
        let staff = door.actor().kind == ActorKind::Staff;
        let owner = door.actor().user.filter(|_| staff);
        let named = opened::named(door, self.object.as_ref()).await?;
        let opening = Opening {
            subject: &self.subject,
            body: self.body.as_ref(),
            files: &Files::default(),
            object: named.map(|named| named.about),
            category: None,
            priority: Priority::Normal,
            owner,
            channel: Channel::Phone,
        };
        opened::open(door, opening).await
    }
}

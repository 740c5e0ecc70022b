//! `consent.request_extension`: content shall be read for longer than a day.

use crate::approval::content;
use crate::approval::model::{Deed, OPEN_DAYS, Request};
use crate::approval::request::{asks, wait};
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk, ticket};
use wabe_kernel::id::{ApprovalId, ConsentId, TicketId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Problem, Reason, Timestamp, fields};

fields! {
    /// Asks, in an open ticket, that a consent to read mail, files or rows holds for as long as the customer
    /// gave it for, and not for a day. Somebody else at the hoster decides, who neither asked for the consent
    /// nor looked on it, within 7 days and while the days last that the customer gave. The customer sees it
    /// in the ticket and stops it there.
    pub struct RequestExtension {
        /// In which ticket.
        pub ticket: TicketId,
        /// Which consent.
        pub consent: ConsentId,
        /// Why a day is not enough; whoever decides reads it.
        pub reason: Reason,
    }
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExtensionRequested {
    /// What waits now.
    pub approval: ApprovalId,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

impl RequestExtension {
    /// What is asked for, where nothing stands in the way.
    async fn request(&self, door: &mut Door<'_>) -> Result<Request, Refusal> {
        let by = asks(door)?;
        let (customer, now) = (door.customer(), door.now());
        let id = ApprovalId::new(now, door.rng());
        let tx = door.tx();
        let about = ticket::load_of(tx, customer, self.ticket).await?;
        if !about.open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let wrong = || Refusal::field("consent", Problem::new("not-a-choice"));
        let found = match content::long(tx, (customer, self.consent), now).await {
            Err(Refusal::NotFound) => return Err(wrong()),
            found => found?,
        };
        if found.ticket != self.ticket {
            return Err(wrong());
        }
        Ok(Request {
            id,
            customer,
            ticket: self.ticket,
            deed: Deed::Content {
                consent: self.consent,
                asked_by: found.asked_by,
                until: found.agreed_until,
            },
            reason: mask(self.reason.as_str()).text,
            by,
            at: now,
            due_at: now,
            expires_at: found.agreed_until.min(now.plus_days(OPEN_DAYS)),
        })
    }
}

impl Command for RequestExtension {
    const NAME: &'static str = "consent.request_extension";
    const PERMISSION: Permission = Permission::TicketWork;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ExtensionRequested;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.ticket)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<ExtensionRequested, Refusal> {
        let request = self.request(door).await?;
        let taken = Refusal::Conflict("extension-open");
        let approval = wait(door, &request, &[], taken).await?;
        Ok(ExtensionRequested {
            approval: approval.id,
            expires_at: approval.expires_at,
        })
    }
}

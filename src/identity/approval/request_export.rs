//! `customer.request_export`: somebody of the customer asked in a ticket for everything that is kept of it.

use crate::approval::model::{Approval, Deed, OPEN_DAYS, Request};
use crate::approval::owner;
use crate::approval::request::{asks, wait};
use crate::export::ask;
use crate::export::model::New;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk, customer, member, ticket};
use wabe_kernel::id::{ApprovalId, ExportId, TicketId, UserId};
use wabe_kernel::{Reason, Timestamp, fields};

fields! {
    /// Asks, in an open ticket, that everything that the panel's tables hold of the customer is made into a
    /// file. Somebody else at the hoster decides within 7 days; the owners get it, and nobody of the
    /// hoster. The customer sees it in the ticket and stops it there.
    pub struct RequestExport {
        /// In which ticket.
        pub ticket: TicketId,
        /// Who asked for it, and why not by themselves; whoever decides reads it.
        pub reason: Reason,
    }
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExportRequested {
    /// What waits now.
    pub approval: ApprovalId,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

impl RequestExport {
    /// What is asked for, where nothing stands in the way.
    async fn request(&self, door: &mut Door<'_>) -> Result<Request, Refusal> {
        let by = asks(door)?;
        let (customer, now) = (door.customer(), door.now());
        let id = ApprovalId::new(now, door.rng());
        let export = ExportId::new(now, door.rng());
        let tx = door.tx();
        let about = ticket::load_of(tx, customer, self.ticket).await?;
        if !about.open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        // A ticket that is no customer's yet is about nobody's data.
        let known = customer::find(tx, customer).await?;
        known.ok_or(Refusal::NotFound)?;
        if member::role(tx, by, customer).await?.is_some() {
            return Err(Refusal::Conflict("yourself"));
        }
        let owners = owner::owners(tx, customer).await?;
        if owners.iter().all(|owner| owner.user.disabled_at.is_some()) {
            return Err(Refusal::Conflict("export-for-nobody"));
        }
        Ok(Request {
            id,
            customer,
            ticket: self.ticket,
            deed: Deed::Export { export },
            reason: self.reason.as_str().to_owned(),
            by,
            at: now,
            due_at: now,
            expires_at: now.plus_days(OPEN_DAYS),
        })
    }
}

impl Command for RequestExport {
    const NAME: &'static str = "customer.request_export";
    const PERMISSION: Permission = Permission::TicketWork;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ExportRequested;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.ticket)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<ExportRequested, Refusal> {
        let request = self.request(door).await?;
        let taken = Refusal::Conflict("export-asked");
        let approval = wait(door, &request, &[], taken).await?;
        Ok(ExportRequested {
            approval: approval.id,
            expires_at: approval.expires_at,
        })
    }
}

/// Has the file made, by an approval that `by` has just decided.
///
/// # Errors
/// `Conflict` while another one of the customer's is being made, or when nobody could get it any more.
pub(crate) async fn begin(
    door: &mut Door<'_>,
    approval: &Approval,
    (export, by): (ExportId, UserId),
) -> Result<(), Refusal> {
    let new = New {
        id: export,
        customer: door.customer(),
        by: approval.requested_by,
        approval: Some((approval.id, by)),
        at: door.now(),
    };
    let rng = door.tools().rng.clone();
    let tx = door.tx();
    let owners = owner::owners(tx, new.customer).await?;
    if owners.iter().all(|owner| owner.user.disabled_at.is_some()) {
        return Err(Refusal::Conflict("export-for-nobody"));
    }
    ask::begin(tx, &new, rng.as_ref()).await
}

//! `customer.request_erasure`: the contract is over, and everything of the customer's shall go.

use crate::approval::model::{Approval, Deed, OPEN_DAYS, Request};
use crate::approval::request::{asks, wait};
use crate::desk::Desk;
use crate::erasure::model::New;
use crate::erasure::{letter, store};
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk, customer, member, ticket};
use wabe_audit::erase::last_at;
use wabe_kernel::id::{ApprovalId, CustomerId, ErasureId, TicketId, UserId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Reason, Timestamp, fields};
use wabe_store::Tx;

fields! {
    /// Asks, in an open ticket, that everything of a customer that is switched off is removed for good.
    /// Somebody else at the hoster decides within 7 days. Then its owners have 14 days to stop it. The
    /// customer sees it in the ticket and stops it there, too.
    pub struct RequestErasure {
        /// In which ticket.
        pub ticket: TicketId,
        /// Why; whoever decides reads it, and so do the owners.
        pub reason: Reason,
    }
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErasureRequested {
    /// What waits now.
    pub approval: ApprovalId,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// What a customer is called that can be erased.
///
/// # Errors
/// `Conflict` while it is switched on, or when that waits already.
async fn erasable(tx: &mut Tx, id: CustomerId) -> Result<String, Refusal> {
    // A ticket that is no customer's yet is about nobody's data.
    let found = customer::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    if found.suspended_reason.is_none() {
        return Err(Refusal::Conflict("erasure-not-suspended"));
    }
    if store::waiting(tx, id).await?.is_some() {
        return Err(Refusal::Conflict("erasure-waits"));
    }
    Ok(found.name)
}

impl RequestErasure {
    /// What is asked for, where nothing stands in the way.
    async fn request(&self, door: &mut Door<'_>) -> Result<Request, Refusal> {
        let by = asks(door)?;
        let (customer, now) = (door.customer(), door.now());
        let id = ApprovalId::new(now, door.rng());
        let erasure = ErasureId::new(now, door.rng());
        let tx = door.tx();
        let about = ticket::load_of(tx, customer, self.ticket).await?;
        if !about.open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        erasable(tx, customer).await?;
        if member::role(tx, by, customer).await?.is_some() {
            return Err(Refusal::Conflict("yourself"));
        }
        Ok(Request {
            id,
            customer,
            ticket: self.ticket,
            deed: Deed::Erasure { erasure },
            reason: mask(self.reason.as_str()).text,
            by,
            at: now,
            due_at: now,
            expires_at: now.plus_days(OPEN_DAYS),
        })
    }
}

impl Command for RequestErasure {
    const NAME: &'static str = "customer.request_erasure";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ErasureRequested;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.ticket)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<ErasureRequested, Refusal> {
        let request = self.request(door).await?;
        let taken = Refusal::Conflict("erasure-asked");
        let approval = wait(door, &request, &[], taken).await?;
        Ok(ErasureRequested {
            approval: approval.id,
            expires_at: approval.expires_at,
        })
    }
}

/// Has everything removed once its days are over, by an approval that `by` has just decided, and tells the
/// owners. Answers when.
///
/// # Errors
/// `Conflict` when the customer is switched on again, or that waits already.
pub(crate) async fn begin(
    door: &mut Door<'_>,
    approval: &Approval,
    (erasure, by): (ErasureId, UserId),
) -> Result<Timestamp, Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let (desk, rng) = (Desk::of(door.tools())?, door.tools().rng.clone());
    let tx = door.tx();
    let name = erasable(tx, customer).await?;
    let id = customer.to_string();
    let new = New {
        id: erasure,
        customer,
        contract_ended_at: last_at(tx, customer, (id.as_str(), "customer.suspend")).await?,
        asked_by: approval.requested_by,
        asked_at: approval.requested_at,
        approval: approval.id,
        agreed_by: by,
        at: now,
    };
    let due_at = store::insert(tx, &new).await?;
    let due_at = due_at.ok_or(Refusal::Conflict("erasure-waits"))?;
    let said = (name.as_str(), approval.reason.as_str());
    let (about, time) = ((erasure, customer), (now, rng.as_ref()));
    letter::coming(tx, &desk, about, said, time).await?;
    Ok(due_at)
}

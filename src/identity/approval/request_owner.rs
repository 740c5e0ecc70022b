//! `customer.request_owner`: the owner is gone, and a member shall take their place.

use crate::approval::model::{Deed, OPEN_DAYS, Request, WAIT_SECONDS};
use crate::approval::owner::{self, Owner};
use crate::approval::request::{asks, wait};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk, Role, member, ticket};
use wabe_kernel::id::{ApprovalId, MemberId, TicketId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Problem, Reason, Timestamp, fields};

fields! {
    /// Asks, in an open ticket of a customer whose owner is gone, that one of its members becomes the
    /// owner; whoever owns it becomes an administrator. Somebody else at the hoster decides within 7 days.
    /// Every address of every owner is told at once, with a link that stops it, and nobody agrees before 72
    /// hours are over in which one of them could log in.
    pub struct RequestOwner {
        /// In which ticket.
        pub ticket: TicketId,
        /// Which member.
        pub member: MemberId,
        /// Why, and how the person was recognised; the owners read it.
        pub reason: Reason,
    }
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwnerRequested {
    /// What waits now.
    pub approval: ApprovalId,
    /// From when on somebody may agree.
    pub due_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl RequestOwner {
    /// What is asked for, where nothing stands in the way, and who owns the customer now.
    async fn request(&self, door: &mut Door<'_>) -> Result<(Request, Vec<Owner>), Refusal> {
        let by = asks(door)?;
        let (customer, now) = (door.customer(), door.now());
        let id = ApprovalId::new(now, door.rng());
        let tx = door.tx();
        let about = ticket::load_of(tx, customer, self.ticket).await?;
        if !about.open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let wrong = || Refusal::field("member", Problem::new("not-a-choice"));
        let found = member::find(tx, customer, self.member).await?;
        let found = found.filter(|member| member.role != Role::Owner);
        let found = found.ok_or_else(wrong)?;
        let user = users::find(tx, found.user).await?.ok_or_else(wrong)?;
        if user.id == by {
            return Err(Refusal::Conflict("yourself"));
        }
        if user.disabled_at.is_some() {
            return Err(Refusal::Conflict("login-disabled"));
        }
        let owners = owner::owners(tx, customer).await?;
        // The link that stops it works without a login: shutting theirs first takes nobody's 72 hours.
        let wait = if owners.is_empty() { 0 } else { WAIT_SECONDS };
        let request = Request {
            id,
            customer,
            ticket: self.ticket,
            deed: Deed::Owner {
                member: self.member,
                user: user.id,
                owners: owners.iter().map(|owner| owner.user.id).collect(),
            },
            reason: mask(self.reason.as_str()).text,
            by,
            at: now,
            due_at: now.plus_seconds(wait),
            expires_at: now.plus_days(OPEN_DAYS),
        };
        Ok((request, owners))
    }
}

impl Command for RequestOwner {
    const NAME: &'static str = "customer.request_owner";
    const PERMISSION: Permission = Permission::TicketWork;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = OwnerRequested;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.ticket)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<OwnerRequested, Refusal> {
        let (request, owners) = self.request(door).await?;
        let taken = Refusal::Conflict("approval-open");
        let approval = wait(door, &request, &owners, taken).await?;
        Ok(OwnerRequested {
            approval: approval.id,
            due_at: approval.due_at,
            expires_at: approval.expires_at,
        })
    }
}

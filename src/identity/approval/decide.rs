//! `approval.approve`, `approval.refuse`, `approval.retract`: what was asked for is done by the decision of
//! somebody else, or not at all.

use crate::approval::letter;
use crate::approval::model::{Approval, Deed, Ending};
use crate::approval::owner::{self, Change};
use crate::approval::store;
use crate::desk::Desk;
use crate::outbox::MailKind;
use crate::recovery::store as links;
use crate::staff::request::judge;
use serde_json::json;
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::{ApprovalId, CustomerId, UserId};

fields! {
    /// Agrees to what somebody else asked for, and does it in the same change. The purpose says on what the
    /// decision rests. Neither who asked nor who gains by it agrees.
    pub struct ApproveDeed {
        /// To what.
        pub id: ApprovalId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

fields! {
    /// Refuses what somebody else asked for. The purpose says why, and they read it.
    pub struct RefuseDeed {
        /// What.
        pub id: ApprovalId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

fields! {
    /// Takes back what one asked for oneself.
    pub struct RetractDeed {
        /// What.
        pub id: ApprovalId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

/// In whose record the decision is written.
async fn customer_of(with: &Preparing<'_>, id: ApprovalId) -> Result<Option<CustomerId>, Refusal> {
    let now = with.tools.clock.now();
    let mut tx = with.store.read().await?;
    let found = store::find(&mut tx, id, now).await?;
    tx.rollback().await?;
    let found = found.ok_or(Refusal::NotFound)?;
    Ok(Some(found.customer))
}

/// What waits, in the customer whose record is written.
async fn waiting(door: &mut Door<'_>, id: ApprovalId) -> Result<Approval, Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let found = store::find(door.tx(), id, now).await?;
    let found = found.filter(|found| found.customer == customer);
    found.ok_or(Refusal::NotFound)
}

/// A request on its way to a decision.
struct Case {
    approval: Approval,
    by: UserId,
    answer: String,
}

/// What waits, for somebody who may decide it.
async fn case(door: &mut Door<'_>, id: ApprovalId) -> Result<Case, Refusal> {
    let (by, answer) = judge(door)?;
    let approval = waiting(door, id).await?;
    if approval.requested_by == by {
        return Err(Refusal::Conflict("own-request"));
    }
    if approval.deed.user() == by {
        return Err(Refusal::Conflict("yourself"));
    }
    Ok(Case {
        approval,
        by,
        answer,
    })
}

async fn decide(door: &mut Door<'_>, case: &Case, ending: Ending) -> Result<(), Refusal> {
    let (id, now) = (case.approval.id, door.now());
    let by = (case.by, case.answer.as_str());
    if !store::decide(door.tx(), id, ending, by, now).await? {
        return Err(Refusal::NotFound);
    }
    Ok(links::void_owner_keep(door.tx(), id, now).await?)
}

/// Tells whoever was told that it was asked for that it does not happen.
async fn call_off(door: &mut Door<'_>, approval: &Approval) -> Result<(), Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let desk = Desk::of(door.tools())?;
    let tx = door.tx();
    let owners = owner::owners(tx, customer).await?;
    Ok(letter::off(tx, &desk, (approval, &owners), now).await?)
}

impl Command for ApproveDeed {
    const NAME: &'static str = "approval.approve";
    const PERMISSION: Permission = Permission::ApprovalDecide;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = ();

    fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.customer = customer_of(with, self.id).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let approval = &case.approval;
        if !approval.ticket_open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        if !approval.is_due(door.now()) {
            return Err(Refusal::Conflict("approval-waits"));
        }
        let Deed::Owner {
            member,
            user,
            owners,
        } = &approval.deed;
        let change = Change {
            member: *member,
            user: *user,
            owners,
        };
        let (was, is) = owner::make(door, approval, &change).await?;
        decide(door, &case, Ending::Approved).await?;
        let desk = Desk::of(door.tools())?;
        let answer = (MailKind::ApprovalApproved, case.answer.as_str());
        letter::requester(door.tx(), &desk, approval, answer).await?;
        let mut before = approval.snapshot("open");
        before["owner"] = json!(was);
        let mut after = approval.snapshot(Ending::Approved.word());
        after["owner"] = json!(is);
        door.record(approval.object(), before, after);
        Ok(())
    }
}

impl Command for RefuseDeed {
    const NAME: &'static str = "approval.refuse";
    const PERMISSION: Permission = Permission::ApprovalDecide;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = ();

    fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.customer = customer_of(with, self.id).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let approval = &case.approval;
        decide(door, &case, Ending::Refused).await?;
        call_off(door, approval).await?;
        let desk = Desk::of(door.tools())?;
        let answer = (MailKind::ApprovalRefused, case.answer.as_str());
        letter::requester(door.tx(), &desk, approval, answer).await?;
        door.record(
            approval.object(),
            approval.snapshot("open"),
            approval.snapshot(Ending::Refused.word()),
        );
        Ok(())
    }
}

impl Command for RetractDeed {
    const NAME: &'static str = "approval.retract";
    const PERMISSION: Permission = Permission::TicketWork;
    const RISK: Risk = Risk::Routine;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = ();

    fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.customer = customer_of(with, self.id).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (by, _why) = judge(door)?;
        let approval = waiting(door, self.id).await?;
        if approval.requested_by != by {
            return Err(Refusal::Conflict("anothers-request"));
        }
        let now = door.now();
        if !store::end(door.tx(), self.id, Ending::Retracted, now).await? {
            return Err(Refusal::NotFound);
        }
        links::void_owner_keep(door.tx(), self.id, now).await?;
        call_off(door, &approval).await?;
        door.record(
            approval.object(),
            approval.snapshot("open"),
            approval.snapshot(Ending::Retracted.word()),
        );
        Ok(())
    }
}

//! `approval.approve`, `approval.refuse`, `approval.retract`: what was asked for is done by the decision of
//! somebody else, or not at all.

use crate::approval::model::{Approval, Deed, Ending};
use crate::approval::owner::{self, Change};
use crate::approval::{content, end, letter, request_erasure, request_export, store};
use crate::desk::Desk;
use crate::outbox::MailKind;
use crate::recovery::store as links;
use crate::staff::request::judge;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Permission, Refusal, Risk, consent, member};
use wabe_kernel::fields;
use wabe_kernel::id::{ApprovalId, CustomerId, UserId};

fields! {
    /// Agrees to what somebody else asked for, and does it in the same change. The purpose says on what the
    /// decision rests. Neither who asked nor who gains by it agrees, nor anybody who belongs to the customer, and
    /// to reading for longer nobody who asked for that consent or looked on it.
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
    match &approval.deed {
        Deed::Owner { user, .. } if *user == by => return Err(Refusal::Conflict("yourself")),
        Deed::Content { asked_by, .. } if *asked_by == by => {
            return Err(Refusal::Conflict("own-request"));
        }
        Deed::Content { consent, .. } => {
            let place = (door.customer(), *consent);
            if consent::looked(door.tx(), place, by).await? {
                return Err(Refusal::Conflict("own-look"));
            }
        }
        Deed::Owner { .. } | Deed::Export { .. } | Deed::Erasure { .. } => {}
    }
    // Who belongs to the customer is on both sides of it: they would hand themselves what they could not see at
    // the desk, clear their own traces, or be the second person to a yes of their own.
    let customer = door.customer();
    if member::role(door.tx(), by, customer).await?.is_some() {
        return Err(Refusal::Conflict("own-customer"));
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

/// Does what was agreed to. Answers what is different by it: a word, before and after.
async fn carry_out(
    door: &mut Door<'_>,
    case: &Case,
) -> Result<(&'static str, Value, Value), Refusal> {
    let approval = &case.approval;
    match &approval.deed {
        Deed::Owner {
            member,
            user,
            owners,
        } => {
            let change = Change {
                member: *member,
                user: *user,
                owners,
            };
            let (was, is) = owner::make(door, approval, &change).await?;
            Ok(("owner", json!(was), json!(is)))
        }
        Deed::Content { consent, .. } => {
            let (was, is) = content::extend(door, approval, (*consent, case.by)).await?;
            Ok(("until", json!(was), json!(is)))
        }
        Deed::Export { export } => {
            request_export::begin(door, approval, (*export, case.by)).await?;
            Ok(("export", Value::Null, json!(export)))
        }
        Deed::Erasure { erasure } => {
            let due_at = request_erasure::begin(door, approval, (*erasure, case.by)).await?;
            Ok(("erasure_due_at", Value::Null, json!(due_at)))
        }
    }
}

impl Command for ApproveDeed {
    const NAME: &'static str = "approval.approve";
    const PERMISSION: Permission = Permission::ApprovalDecide;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let approval = &case.approval;
        if !approval.ticket_open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        if !approval.is_due(door.now()) {
            return Err(Refusal::Conflict("approval-waits"));
        }
        // What a consent holds by names an approval that was given.
        decide(door, &case, Ending::Approved).await?;
        let (what, was, is) = carry_out(door, &case).await?;
        let desk = Desk::of(door.tools())?;
        let answer = (MailKind::ApprovalApproved, case.answer.as_str());
        letter::requester(door.tx(), &desk, approval, answer).await?;
        let mut before = approval.snapshot("open");
        before[what] = was;
        let mut after = approval.snapshot(Ending::Approved.word());
        after[what] = is;
        door.record(approval.object(), before, after);
        Ok(())
    }
}

impl Command for RefuseDeed {
    const NAME: &'static str = "approval.refuse";
    const PERMISSION: Permission = Permission::ApprovalDecide;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let approval = &case.approval;
        let (now, desk) = (door.now(), Desk::of(door.tools())?);
        decide(door, &case, Ending::Refused).await?;
        end::call_off(door.tx(), &desk, approval, now).await?;
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
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (by, _why) = judge(door)?;
        let approval = waiting(door, self.id).await?;
        if approval.requested_by != by {
            return Err(Refusal::Conflict("anothers-request"));
        }
        let (now, desk) = (door.now(), Desk::of(door.tools())?);
        let taken_back = (&approval, Ending::Retracted);
        if !end::end(door.tx(), &desk, taken_back, now).await? {
            return Err(Refusal::NotFound);
        }
        door.record(
            approval.object(),
            approval.snapshot("open"),
            approval.snapshot(Ending::Retracted.word()),
        );
        Ok(())
    }
}

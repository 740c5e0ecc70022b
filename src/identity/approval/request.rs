//! What every request has in common: who asks, and what follows when it is kept.

use crate::approval::model::{Approval, Request};
use crate::approval::owner::Owner;
use crate::approval::{end, letter, store};
use crate::desk::Desk;
use crate::outbox::MailKind;
use serde_json::{Value, json};
use wabe_access::{ActorKind, Door, Refusal};
use wabe_kernel::id::UserId;

/// The person who asks. A program does not, and the panel neither.
pub(crate) fn asks(door: &Door<'_>) -> Result<UserId, Refusal> {
    let actor = door.actor();
    let person = actor.user.filter(|_| actor.kind == ActorKind::Staff);
    person.ok_or(Refusal::Forbidden)
}

/// Keeps what is asked for, and tells the owners where it is theirs to know, and whoever decides as soon as
/// they may; `taken` is what refuses it when such a thing waits already.
pub(crate) async fn wait(
    door: &mut Door<'_>,
    request: &Request,
    owners: &[Owner],
    taken: Refusal,
) -> Result<Approval, Refusal> {
    let (now, rng) = (door.now(), door.tools().rng.clone());
    let desk = Desk::of(door.tools())?;
    let tx = door.tx();
    // What nobody decided in time is in nobody's way.
    end::lapse(tx, &desk, now).await?;
    if !store::insert(tx, request).await? {
        return Err(taken);
    }
    let approval = store::find(tx, request.id, now).await?;
    let approval = approval.ok_or(Refusal::NotFound)?;
    letter::asked(tx, &desk, (&approval, owners), (now, rng.as_ref())).await?;
    if approval.is_due(now) && store::told(tx, approval.id, now).await? {
        let first = (MailKind::ApprovalWaiting, letter::FIRST);
        letter::deciders(tx, &desk, &approval, first).await?;
    }
    let mut after = approval.snapshot("open");
    after["due_at"] = json!(approval.due_at);
    door.record(approval.object(), Value::Null, after);
    Ok(approval)
}

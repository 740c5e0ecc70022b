//! The way to the content of a resource: found, permitted, switched on, live.

use crate::Api;
use crate::call::Call;
use crate::problem::{Kind, Problem};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use wabe_access::{Change, Permission, Refusal, customer, resource};
use wabe_audit::{Access, AccessBy};
use wabe_kernel::State;

/// How long a request waits for a resource that is still being set up.
const WAIT: Duration = Duration::from_secs(30);
/// How often the state is looked at without news: lost news costs time, never correctness.
const LOOK: Duration = Duration::from_secs(1);

/// Waits until the resource `id` can be used, and notes the access.
///
/// # Errors
/// `NotFound` for missing and foreign alike, `Forbidden`, `Suspended`, `Conflict` when it is switched
/// off or in the trash, `Busy` when it is not live within 30 seconds.
pub(super) async fn ready(
    api: &Api,
    call: &Call,
    id: &str,
    needs: Permission,
    area: &'static str,
) -> Result<(), Problem> {
    let mut news = api.gate.events().subscribe();
    let live = async {
        while !is_live(api, call, id, needs).await? {
            drop(tokio::time::timeout(LOOK, heard(&mut news, id)).await);
        }
        Ok(())
    };
    match tokio::time::timeout(WAIT, live).await {
        Ok(Ok(())) => note(api, call, id, area).await,
        Ok(Err(problem)) => Err(problem),
        Err(_elapsed) => Err(Problem::coded(Kind::Busy, "not-live-yet").after(5)),
    }
}

/// Finds the resource `id`, whether it is live or not, and notes the access.
///
/// # Errors
/// As [`ready`], but for `Busy`.
pub(super) async fn found(
    api: &Api,
    call: &Call,
    id: &str,
    needs: Permission,
    area: &'static str,
) -> Result<(), Problem> {
    is_live(api, call, id, needs).await?;
    note(api, call, id, area).await
}

async fn is_live(api: &Api, call: &Call, id: &str, needs: Permission) -> Result<bool, Problem> {
    let mut look = call.look(api).await?;
    look.scope.needs(needs)?;
    let customer = look.scope.customer();
    let found = resource::load_present(&mut look.tx, customer, id).await?;
    let owner = customer::find(&mut look.tx, customer).await?;
    look.end().await?;
    if owner.is_none_or(|owner| owner.suspended_reason.is_some()) {
        return Err(Refusal::CustomerSuspended.into());
    }
    if found.suspended_reason.is_some() {
        return Err(Problem::coded(Kind::Conflict, "resource-suspended"));
    }
    let waiting = match found.state {
        State::Pending => true,
        State::Failed => found.applied_revision == 0,
        _ => false,
    };
    Ok(!waiting)
}

/// Waits for news of this object, or for some that were missed.
async fn heard(news: &mut Receiver<Change>, id: &str) {
    loop {
        match news.recv().await {
            Ok(change) if change.object != id => {}
            _ => return,
        }
    }
}

async fn note(api: &Api, call: &Call, id: &str, area: &'static str) -> Result<(), Problem> {
    let actor = call.actor();
    let access = Access {
        customer: actor.customer,
        user: actor.user,
        by: AccessBy::Member,
        area,
        object_id: Some(id),
        address: None,
    };
    let mut tx = api.gate.store().write_for(actor.customer).await?;
    api.streams.note_access(&mut tx, &access).await?;
    Ok(tx.commit().await?)
}

//! What every resource can go through: switched off and on, into the trash and out of it, tried again.

use serde_json::{Value, json};
use wabe_access::door::Object;
use wabe_access::{ActorKind, Door, Refusal, resource};
use wabe_kernel::{Reason, ResourceKind, State};

fn object(kind: ResourceKind, id: &str, name: &str) -> Object {
    Object {
        kind: kind.word(),
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// Whether whoever acts does so in a ticket, on somebody's words: then they can what the customer can, and no more.
const fn is_for_customer(door: &Door<'_>) -> bool {
    door.actor().ticket.is_some()
}

/// Switches a resource off. The reason is what the customer reads.
pub(crate) async fn suspend(
    door: &mut Door<'_>,
    kind: ResourceKind,
    id: &str,
    reason: &Reason,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let found = resource::load_present(door.tx(), customer, id).await?;
    if found.suspended_reason.is_some() {
        return Err(Refusal::Conflict("already-suspended"));
    }
    let by_hoster = door.actor().kind == ActorKind::Staff && !is_for_customer(door);
    resource::set_suspended(door.tx(), customer, id, Some(reason), by_hoster).await?;
    door.wish(id).await?;
    let before = json!({ "id": id, "suspended_reason": null });
    let after = json!({ "id": id, "suspended_reason": reason });
    door.record(object(kind, id, &found.name), before, after);
    Ok(())
}

/// Switches a resource on again; what the hoster switched off, only the hoster switches on.
pub(crate) async fn resume(
    door: &mut Door<'_>,
    kind: ResourceKind,
    id: &str,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let found = resource::load_present(door.tx(), customer, id).await?;
    let Some(reason) = found.suspended_reason else {
        return Err(Refusal::Conflict("not-suspended"));
    };
    let hoster = matches!(door.actor().kind, ActorKind::Staff | ActorKind::System);
    let hoster = hoster && !is_for_customer(door);
    if found.suspended_by_hoster && !hoster {
        return Err(Refusal::Conflict("suspended-by-hoster"));
    }
    resource::set_suspended(door.tx(), customer, id, None, false).await?;
    door.wish(id).await?;
    let before = json!({ "id": id, "suspended_reason": reason });
    let after = json!({ "id": id, "suspended_reason": null });
    door.record(object(kind, id, &found.name), before, after);
    Ok(())
}

/// Puts a resource into the trash. The caller gives limits back and frees names.
pub(crate) async fn delete(
    door: &mut Door<'_>,
    kind: ResourceKind,
    id: &str,
    before: Value,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let found = resource::load_present(door.tx(), customer, id).await?;
    let now = door.now();
    resource::delete(door.tx(), customer, id, now).await?;
    door.wish(id).await?;
    door.record(object(kind, id, &found.name), before, Value::Null);
    Ok(())
}

/// Takes a resource out of the trash. The caller takes limits and names again.
pub(crate) async fn restore(
    door: &mut Door<'_>,
    kind: ResourceKind,
    id: &str,
    after: Value,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let found = resource::load(door.tx(), customer, id).await?;
    resource::restore(door.tx(), customer, id).await?;
    door.wish(id).await?;
    door.record(object(kind, id, &found.name), Value::Null, after);
    Ok(())
}

/// Tries what failed again at once, as if it had not failed before. Otherwise the wish stays what it was.
pub(crate) async fn retry(
    door: &mut Door<'_>,
    kind: ResourceKind,
    id: &str,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let found = resource::load_present(door.tx(), customer, id).await?;
    if found.state != State::Failed {
        return Err(Refusal::Conflict("not-failed"));
    }
    door.wish(id).await?;
    let said = |failure: Option<&str>| json!({ "id": id, "failure": failure });
    let before = said(found.failure.as_deref());
    door.record(object(kind, id, &found.name), before, said(None));
    Ok(())
}

/// Declares `noun.suspend` and `noun.resume` for a resource whose id type, kind and permission are
/// given.
macro_rules! suspend_and_resume {
    ($id:ty, $kind:expr, $permission:expr, $suspend:literal, $resume:literal) => {
        wabe_kernel::fields! {
            /// Switches it off; its data is kept.
            pub struct Suspend {
                /// Which one.
                pub id: $id,
                /// Why; shown wherever its state is shown.
                pub reason: wabe_kernel::Reason,
            }
        }

        impl wabe_access::Command for Suspend {
            const NAME: &'static str = $suspend;
            const PERMISSION: wabe_access::Permission = $permission;
            const IN_TICKETS: wabe_access::InTickets = wabe_access::InTickets::Instructed;
            type Output = ();

            async fn apply(&self, door: &mut wabe_access::Door<'_>) -> Result<(), wabe_access::Refusal> {
                crate::lifecycle::suspend(door, $kind, &self.id.to_string(), &self.reason).await
            }

            fn inverse(before: &serde_json::Value, _after: &serde_json::Value) -> Option<wabe_access::Inverse> {
                Some(wabe_access::Inverse::new($resume, serde_json::json!({ "id": before.get("id")? })))
            }
        }

        wabe_kernel::fields! {
            /// Switches it on again.
            pub struct Resume {
                /// Which one.
                pub id: $id,
            }
        }

        impl wabe_access::Command for Resume {
            const NAME: &'static str = $resume;
            const PERMISSION: wabe_access::Permission = $permission;
            const IN_TICKETS: wabe_access::InTickets = wabe_access::InTickets::Instructed;
            type Output = ();

            async fn apply(&self, door: &mut wabe_access::Door<'_>) -> Result<(), wabe_access::Refusal> {
                crate::lifecycle::resume(door, $kind, &self.id.to_string()).await
            }

            fn inverse(before: &serde_json::Value, _after: &serde_json::Value) -> Option<wabe_access::Inverse> {
                let (id, reason) = (before.get("id")?, before.get("suspended_reason")?);
                let input = serde_json::json!({ "id": id, "reason": reason });
                Some(wabe_access::Inverse::new($suspend, input))
            }
        }
    };
}
pub(crate) use suspend_and_resume;

/// Declares `noun.retry` for a resource whose id type, kind and permission are given.
macro_rules! retry_command {
    ($id:ty, $kind:expr, $permission:expr, $retry:literal) => {
        wabe_kernel::fields! {
            /// Tries a change that could not be carried out yet again at once, instead of later by itself.
            pub struct Retry {
                /// Which one.
                pub id: $id,
            }
        }

        impl wabe_access::Command for Retry {
            const NAME: &'static str = $retry;
            const PERMISSION: wabe_access::Permission = $permission;
            const IN_TICKETS: wabe_access::InTickets = wabe_access::InTickets::Instructed;
            type Output = ();

            async fn apply(
                &self,
                door: &mut wabe_access::Door<'_>,
            ) -> Result<(), wabe_access::Refusal> {
                crate::lifecycle::retry(door, $kind, &self.id.to_string()).await
            }
        }
    };
}
pub(crate) use retry_command;

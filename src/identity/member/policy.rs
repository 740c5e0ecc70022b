//! Who may deal with whom.

use wabe_access::member::{self, Member};
use wabe_access::{ActorKind, Door, Refusal, Role};
use wabe_kernel::id::MemberId;

/// Goes on when the actor may give or take `role` in this customer.
///
/// # Errors
/// `Forbidden` otherwise.
pub(crate) async fn may_assign(door: &mut Door<'_>, role: Role) -> Result<(), Refusal> {
    if door.actor().kind == ActorKind::System {
        return Ok(());
    }
    let user = door.actor().user.ok_or(Refusal::Forbidden)?;
    let customer = door.customer();
    match member::role(door.tx(), user, customer).await? {
        Some(own) if own.may_assign(role) => Ok(()),
        _ => Err(Refusal::Forbidden),
    }
}

/// The member of this id whom the actor may deal with.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub(crate) async fn dealt_with(door: &mut Door<'_>, id: MemberId) -> Result<Member, Refusal> {
    let customer = door.customer();
    let found = member::find(door.tx(), customer, id).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    may_assign(door, found.role).await?;
    Ok(found)
}

/// Refuses to take the last owner away.
///
/// # Errors
/// `Conflict` with `last-owner`.
pub(crate) async fn keep_an_owner(door: &mut Door<'_>, member: &Member) -> Result<(), Refusal> {
    let customer = door.customer();
    if member.role == Role::Owner && member::owners(door.tx(), customer).await? <= 1 {
        return Err(Refusal::Conflict("last-owner"));
    }
    Ok(())
}

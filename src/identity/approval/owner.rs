//! Who owns a customer, and making somebody else the owner.

use crate::approval::letter;
use crate::approval::model::Approval;
use crate::desk::Desk;
use crate::user::model::User;
use crate::user::store as users;
use wabe_access::member::{self, Member};
use wabe_access::{Door, Refusal, Role};
use wabe_kernel::Fault;
use wabe_kernel::id::{CustomerId, MemberId, UserId};
use wabe_store::Tx;

/// An owner of a customer.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) place: Member,
    pub(crate) user: User,
}

/// Who owns a customer, longest first. In a transaction of the system.
pub(crate) async fn owners(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Owner>, Fault> {
    let mut found = Vec::new();
    for place in member::list(tx, customer).await? {
        if place.role == Role::Owner
            && let Some(user) = users::find(tx, place.user).await?
        {
            found.push(Owner { place, user });
        }
    }
    Ok(found)
}

/// What the owners log in with.
pub(crate) fn names(owners: &[Owner]) -> Vec<String> {
    let names = owners.iter().map(|owner| owner.user.email.to_string());
    names.collect()
}

/// What is to be done, as it was asked for.
pub(crate) struct Change<'a> {
    pub(crate) member: MemberId,
    pub(crate) user: UserId,
    pub(crate) owners: &'a [UserId],
}

/// Makes a member the owner and whoever was it an administrator, and tells all of them. Answers what the
/// owners before and after log in with.
///
/// # Errors
/// `Conflict` when anything is no longer as it was when it was asked for.
pub(crate) async fn make(
    door: &mut Door<'_>,
    approval: &Approval,
    change: &Change<'_>,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let desk = Desk::of(door.tools())?;
    let tx = door.tx();
    let before = owners(tx, customer).await?;
    let known: Vec<UserId> = before.iter().map(|owner| owner.user.id).collect();
    if known != change.owners {
        return Err(Refusal::Conflict("owners-changed"));
    }
    let found = member::find(tx, customer, change.member).await?;
    let found = found.filter(|member| member.user == change.user);
    let user = users::find(tx, change.user).await?;
    let (Some(found), Some(user)) = (found, user) else {
        return Err(Refusal::Conflict("member-gone"));
    };
    if user.disabled_at.is_some() {
        return Err(Refusal::Conflict("login-disabled"));
    }
    for owner in &before {
        member::set_role(tx, customer, owner.place.id, Role::Administrator).await?;
    }
    member::set_role(tx, customer, found.id, Role::Owner).await?;
    letter::changed(tx, &desk, (approval, &before, &user), now).await?;
    Ok((names(&before), vec![user.email.to_string()]))
}

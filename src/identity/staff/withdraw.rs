//! `staff_role.withdraw`: taking a role away, at once.

use crate::access_review::store as reviews;
use crate::approval::end as approvals;
use crate::desk::Desk;
use crate::session::store as sessions;
use crate::token::store as tokens;
use crate::user::disable::object;
use crate::user::store as users;
use serde_json::json;
use wabe_access::actor::HOUSE;
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Permission, Refusal, Risk, StaffRole, grant, member};
use wabe_kernel::fields;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

fields! {
    /// Takes a role at the hoster away. It ends with the next request of the person; whoever has no role
    /// left is logged out of the desk, and their tokens of the hoster's end. To have it again, it must be
    /// asked for.
    pub struct WithdrawStaffRole {
        /// Whose.
        pub id: UserId,
        /// Which role.
        pub role: StaffRole,
    }
}

/// Refuses to leave the house without anybody who can give roles.
///
/// # Errors
/// `Conflict`, or a fault.
pub(crate) async fn somebody_stays(
    tx: &mut Tx,
    leaves: UserId,
    role: StaffRole,
) -> Result<(), Refusal> {
    if role != StaffRole::Operator {
        return Ok(());
    }
    for (user, other) in member::staff(tx).await? {
        if other != StaffRole::Operator || user == leaves {
            continue;
        }
        let found = users::find(tx, user).await?;
        if found.is_some_and(|user| user.disabled_at.is_none()) {
            return Ok(());
        }
    }
    Err(Refusal::Conflict("last-operator"))
}

/// Takes a role away, with what hangs on the last one.
///
/// # Errors
/// `NotFound` when the person has it not, `Conflict` when nobody else could give roles.
pub(crate) async fn take(
    door: &mut Door<'_>,
    (user, role): (UserId, StaffRole),
) -> Result<(), Refusal> {
    let (now, desk) = (door.now(), Desk::of(door.tools())?);
    let tx = door.tx();
    somebody_stays(tx, user, role).await?;
    if !member::delete_staff(tx, user, role).await? {
        return Err(Refusal::NotFound);
    }
    if member::staff_roles(tx, user).await?.is_empty() {
        end_at_the_desk(tx, &desk, user, now).await?;
        return Ok(reviews::gone(tx, user, None, now).await?);
    }
    Ok(reviews::gone(tx, user, Some(role.word()), now).await?)
}

/// Ends what somebody without any role has no use for.
async fn end_at_the_desk(
    tx: &mut Tx,
    desk: &Desk,
    user: UserId,
    now: Timestamp,
) -> Result<(), Fault> {
    approvals::leave(tx, desk, user, now).await?;
    grant::end_every(tx, user, None, now).await?;
    sessions::end_others(tx, user, None).await?;
    tokens::revoke_in_customer(tx, HOUSE, user).await?;
    Ok(())
}

impl Command for WithdrawStaffRole {
    const NAME: &'static str = "staff_role.withdraw";
    const PERMISSION: Permission = Permission::RightEnd;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = users::find(door.tx(), self.id).await?;
        let user = user.ok_or(Refusal::NotFound)?;
        let before = member::staff_roles(door.tx(), self.id).await?;
        take(door, (self.id, self.role)).await?;
        let after = member::staff_roles(door.tx(), self.id).await?;
        door.record(
            object(&user),
            json!({ "roles": before }),
            json!({ "roles": after }),
        );
        Ok(())
    }
}

//! Taking an invitation back.

use crate::invitation::invite::object;
use crate::invitation::store;
use crate::member::policy;
use serde_json::Value;
use wabe_access::{Command, Door, Limit, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::InvitationId;

fields! {
    /// Takes an invitation back; its link is void and its place free.
    pub struct RevokeInvitation {
        /// Which one.
        pub id: InvitationId,
    }
}

impl Command for RevokeInvitation {
    const NAME: &'static str = "member.revoke_invitation";
    const PERMISSION: Permission = Permission::MemberWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let found = store::find(door.tx(), customer, self.id).await?;
        let invitation = found.ok_or(Refusal::NotFound)?;
        policy::may_assign(door, invitation.role).await?;
        store::delete(door.tx(), &invitation).await?;
        door.give(Limit::Members, 1).await?;
        door.record(object(&invitation), invitation.snapshot(), Value::Null);
        Ok(())
    }
}

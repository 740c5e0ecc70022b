//! Sending an invitation again.

use crate::invitation::invite::{Invited, mail, object};
use crate::invitation::store::{self, INVITATION_DAYS};
use crate::member::policy;
use crate::secret_token::{self, digest};
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::InvitationId;

fields! {
    /// Sends an invitation again, with a new link for another 14 days; the old link is void.
    pub struct RenewInvitation {
        /// Which one.
        pub id: InvitationId,
    }
}

impl Command for RenewInvitation {
    const NAME: &'static str = "member.renew_invitation";
    const PERMISSION: Permission = Permission::MemberWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = Invited;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Invited, Refusal> {
        let (now, customer) = (door.now(), door.customer());
        let found = store::find(door.tx(), customer, self.id).await?;
        let mut invitation = found.ok_or(Refusal::NotFound)?;
        policy::may_assign(door, invitation.role).await?;
        let before = invitation.snapshot();
        let token = secret_token::new(door.rng());
        invitation.expires_at = now.plus_days(INVITATION_DAYS);
        let hash = digest(token.expose());
        store::renew(door.tx(), &invitation, &hash, invitation.expires_at).await?;
        mail(door, &invitation, &token).await?;
        door.record(object(&invitation), before, invitation.snapshot());
        Ok(Invited {
            id: invitation.id,
            expires_at: invitation.expires_at,
        })
    }
}

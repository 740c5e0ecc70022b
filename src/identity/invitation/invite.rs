//! Inviting somebody.

use crate::desk::Desk;
use crate::invitation::store::{self, INVITATION_DAYS, Invitation};
use crate::member::policy;
use crate::outbox::{MailKind, OutgoingMail};
use crate::secret_token::{self, digest};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::{
    Command, Door, Limit, Object, Permission, Refusal, Risk, Role, customer, member,
};
use wabe_kernel::id::InvitationId;
use wabe_kernel::{Language, MailAddress, Problem, Secret, Timestamp, fields};

fields! {
    /// Invites somebody to become a member.
    pub struct InviteMember {
        /// Whom.
        pub email: MailAddress,
        /// What they will be.
        pub role: Role,
    }
}

/// An invitation that is on its way.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Invited {
    /// Which one.
    pub id: InvitationId,
    /// Until when its link works.
    pub expires_at: Timestamp,
}

/// Queues the mail with the link. The language is the person's own, or else the inviter's.
pub(crate) async fn mail(
    door: &mut Door<'_>,
    invitation: &Invitation,
    token: &Secret,
) -> Result<(), Refusal> {
    let desk = Desk::of(door.tools())?;
    let inviter = door.actor().user;
    let tx = door.tx();
    let name = customer::find(tx, invitation.customer).await?;
    tx.unscope().await?;
    let mut language = Language::default();
    if let Some(user) = users::find_by_email(tx, &invitation.email).await? {
        language = user.language;
    } else if let Some(id) = inviter {
        let user = users::find(tx, id).await?;
        language = user.map_or(language, |user| user.language);
    }
    let mail = OutgoingMail::new(invitation.email.clone(), language, MailKind::Invitation);
    let mail = mail
        .with(
            "customer",
            &name.map(|found| found.name).unwrap_or_default(),
        )
        .with("role", &invitation.role)
        .with("until", &invitation.expires_at)
        .linking("invitation", token);
    desk.outbox.queue(tx, mail).await?;
    Ok(tx.rescope().await?)
}

pub(crate) fn object(invitation: &Invitation) -> Object {
    Object {
        kind: "invitation",
        id: invitation.id.to_string(),
        name: invitation.email.to_string(),
    }
}

impl Command for InviteMember {
    const NAME: &'static str = "member.invite";
    const PERMISSION: Permission = Permission::MemberWrite;
    const RISK: Risk = Risk::Sensitive;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Members, 1)];
    type Output = Invited;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Invited, Refusal> {
        policy::may_assign(door, self.role).await?;
        let (now, customer) = (door.now(), door.customer());
        let tx = door.tx();
        tx.unscope().await?;
        let user = users::find_by_email(tx, &self.email).await?;
        tx.rescope().await?;
        if let Some(user) = user
            && member::role(tx, user.id, customer).await?.is_some()
        {
            return Err(Refusal::field("email", Problem::new("already-member")));
        }
        let token = secret_token::new(door.rng());
        let invitation = Invitation {
            id: InvitationId::new(now, door.rng()),
            customer,
            email: self.email.clone(),
            role: self.role,
            invited_by: door.actor().user,
            created_at: now,
            expires_at: now.plus_days(INVITATION_DAYS),
        };
        let fresh = store::insert(door.tx(), &invitation, &digest(token.expose())).await?;
        if !fresh {
            return Err(Refusal::field("email", Problem::new("already-invited")));
        }
        mail(door, &invitation, &token).await?;
        door.record(object(&invitation), Value::Null, invitation.snapshot());
        Ok(Invited {
            id: invitation.id,
            expires_at: invitation.expires_at,
        })
    }
}

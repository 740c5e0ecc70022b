//! `staff.leave`: whoever leaves has nothing any more, from the next request on.

use crate::access_review::store as reviews;
use crate::approval::end as approvals;
use crate::desk::Desk;
use crate::lockout::store::device_revoke_all;
use crate::recovery::store as links;
use crate::session::store as sessions;
use crate::staff::request_store as requests;
use crate::staff::withdraw::somebody_stays;
use crate::token::store as tokens;
use crate::user::disable::object;
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Permission, Refusal, Risk, grant, member};
use wabe_kernel::id::UserId;
use wabe_kernel::{Problem, fields};

fields! {
    /// Ends somebody at the hoster: every role, session, known browser, mailed link, API token and look. Their
    /// open tickets go to a colleague, and what they asked for and nobody decided is taken back. Who is no
    /// customer either cannot log in any more.
    pub struct LeaveStaff {
        /// Who leaves.
        pub id: UserId,
        /// Who takes their open tickets on; needed when there are any.
        pub successor: Option<UserId>,
    }
}

/// What ended.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Left {
    /// How many sessions.
    pub sessions: u64,
    /// How many API tokens.
    pub tokens: u64,
    /// How many open tickets went to the colleague.
    pub tickets: i64,
    /// Whether the login is shut; it is not when the person belongs to a customer.
    pub disabled: bool,
}

impl LeaveStaff {
    /// Hands the work over.
    async fn hand_over(&self, door: &mut Door<'_>) -> Result<i64, Refusal> {
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        let Some(successor) = self.successor else {
            return match desk.assignments.count(tx, self.id).await? {
                0 => Ok(0),
                _ => Err(Refusal::field("successor", Problem::new("required"))),
            };
        };
        let roles = member::staff_roles(tx, successor).await?;
        let works = roles
            .iter()
            .any(|role| role.permissions().contains(&Permission::TicketWork));
        let found = users::find(tx, successor).await?;
        let here = found.is_some_and(|user| user.disabled_at.is_none());
        if successor == self.id || !works || !here {
            return Err(Refusal::field("successor", Problem::new("no-colleague")));
        }
        Ok(desk.assignments.hand_over(tx, self.id, successor).await?)
    }
}

impl Command for LeaveStaff {
    const NAME: &'static str = "staff.leave";
    const PERMISSION: Permission = Permission::RightEnd;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = Left;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Left, Refusal> {
        let (id, now, by) = (self.id, door.now(), door.actor().user);
        if by == Some(id) {
            return Err(Refusal::Conflict("yourself"));
        }
        let user = users::find(door.tx(), id).await?.ok_or(Refusal::NotFound)?;
        let roles = member::staff_roles(door.tx(), id).await?;
        if roles.is_empty() {
            return Err(Refusal::NotFound);
        }
        let tickets = self.hand_over(door).await?;
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        for role in &roles {
            somebody_stays(tx, id, *role).await?;
            member::delete_staff(tx, id, *role).await?;
        }
        reviews::gone(tx, id, None, now).await?;
        requests::retract_all(tx, id, now).await?;
        approvals::leave(tx, &desk, id, now).await?;
        links::supersede_all(tx, id, now).await?;
        device_revoke_all(tx, id).await?;
        grant::end_every(tx, id, by, now).await?;
        let left = Left {
            sessions: sessions::end_others(tx, id, None).await?,
            tokens: tokens::revoke_all(tx, id).await?,
            tickets,
            disabled: member::of_user(tx, id).await?.is_empty(),
        };
        if left.disabled {
            users::set_disabled(tx, id, Some(now)).await?;
        }
        let before = json!({ "roles": roles, "disabled_at": user.disabled_at });
        let after = json!({
            "roles": [], "disabled_at": left.disabled.then_some(now).or(user.disabled_at),
            "sessions_ended": left.sessions, "tokens_ended": left.tokens,
            "tickets_handed_over": left.tickets, "successor": self.successor,
        });
        door.record(object(&user), before, after);
        Ok(left)
    }
}

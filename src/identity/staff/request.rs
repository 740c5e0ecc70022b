//! `staff_role.request`, `staff_role.retract`: asking for a role.

use crate::desk::Desk;
use crate::outbox::MailKind;
use crate::staff::letter::{About, tell_all};
use crate::staff::request_store::{self as store, OPEN_DAYS, StaffRequest};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::Authority;
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, Risk, StaffRole, member};
use wabe_kernel::id::{StaffRequestId, UserId};
use wabe_kernel::{MailAddress, PersonName, Problem, fields};

fields! {
    /// Asks for roles at the hoster, for somebody who works here or begins to. The purpose says what for.
    /// Somebody else gives or refuses them within 14 days.
    pub struct RequestStaffRole {
        /// What they are called.
        pub name: PersonName,
        /// Where they are reached.
        pub email: MailAddress,
        /// What they shall do.
        pub roles: Vec<StaffRole>,
    }
}

fields! {
    /// Takes a request for a role back. Only who asked does that.
    pub struct RetractStaffRole {
        /// Which one.
        pub id: StaffRequestId,
    }
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StaffRequested {
    /// The request.
    pub request: StaffRequestId,
}

pub(crate) fn object(request: &StaffRequest) -> Object {
    Object {
        kind: "staff_request",
        id: request.id.to_string(),
        name: request.email.to_string(),
    }
}

pub(crate) fn snapshot(request: &StaffRequest, ending: &str) -> Value {
    json!({ "name": request.name, "email": request.email, "roles": request.roles, "state": ending })
}

/// The person who acts, and why. A program has no judgement, and the panel none either.
///
/// # Errors
/// `Forbidden`, or `PurposeMissing`.
pub(crate) fn judge(door: &Door<'_>) -> Result<(UserId, String), Refusal> {
    let actor = door.actor();
    if actor.kind != ActorKind::Staff {
        return Err(Refusal::Forbidden);
    }
    let user = actor.user.ok_or(Refusal::Forbidden)?;
    let purpose = actor.purpose.as_ref().ok_or(Refusal::PurposeMissing)?;
    Ok((user, purpose.as_str().to_owned()))
}

impl Command for RequestStaffRole {
    const NAME: &'static str = "staff_role.request";
    const PERMISSION: Permission = Permission::RightRequest;
    const RISK: Risk = Risk::Routine;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = StaffRequested;

    async fn apply(&self, door: &mut Door<'_>) -> Result<StaffRequested, Refusal> {
        let (by, reason) = judge(door)?;
        if self.roles.is_empty() {
            return Err(Refusal::field("roles", Problem::new("required")));
        }
        let (now, rng) = (door.now(), door.tools().rng.clone());
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        let asker = users::find(tx, by).await?.ok_or(Refusal::Forbidden)?.name;
        let known = users::find_by_email(tx, &self.email).await?;
        if let Some(known) = &known {
            let held = member::staff_roles(tx, known.id).await?;
            if self.roles.iter().all(|role| held.contains(role)) {
                return Err(Refusal::Conflict("roles-held"));
            }
        }
        let request = StaffRequest {
            id: StaffRequestId::new(now, rng.as_ref()),
            email: self.email.clone(),
            name: known
                .as_ref()
                .map_or(&self.name, |known| &known.name)
                .clone(),
            roles: self.roles.clone(),
            reason,
            asked_by: by,
            asker,
            asked_at: now,
            expires_at: now.plus_days(OPEN_DAYS),
        };
        if !store::insert(tx, &request).await? {
            return Err(Refusal::Conflict("request-open"));
        }
        let email = request.email.to_string();
        let about = About {
            kind: MailKind::StaffRequested,
            object: &email,
            message: "",
        };
        let whom: Vec<UserId> = known.iter().map(|known| known.id).chain([by]).collect();
        tell_all(tx, &desk, (&[Permission::StaffWrite], &whom), &about).await?;
        door.record(object(&request), Value::Null, snapshot(&request, "open"));
        Ok(StaffRequested {
            request: request.id,
        })
    }
}

impl Command for RetractStaffRole {
    const NAME: &'static str = "staff_role.retract";
    const PERMISSION: Permission = Permission::RightRequest;
    const RISK: Risk = Risk::Routine;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (by, _why) = judge(door)?;
        let now = door.now();
        let found = store::find(door.tx(), self.id, now).await?;
        let request = found.ok_or(Refusal::NotFound)?;
        if request.asked_by != by {
            return Err(Refusal::Conflict("anothers-request"));
        }
        store::retract(door.tx(), self.id, now).await?;
        door.record(
            object(&request),
            snapshot(&request, "open"),
            snapshot(&request, "retracted"),
        );
        Ok(())
    }
}

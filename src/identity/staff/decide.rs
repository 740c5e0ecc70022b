//! `staff_role.grant`, `staff_role.refuse`: somebody else decides, with a fresh second factor, and never
//! about themselves.

use crate::desk::Desk;
use crate::outbox::MailKind;
use crate::staff::create::StaffCreated;
use crate::staff::letter::{About, tell};
use crate::staff::request::{judge, object, snapshot};
use crate::staff::request_store::{self as store, StaffRequest};
use crate::user::first::{FirstPassword, Person};
use crate::user::store as users;
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Permission, Refusal, Risk, member};
use wabe_kernel::id::{StaffRequestId, UserId};
use wabe_kernel::{Language, fields};

fields! {
    /// Gives the roles that somebody else asked for; makes a login when the person has none yet. The
    /// purpose says on what the decision rests. Neither who asked nor whom it is for gives them.
    pub struct GrantStaffRole {
        /// Which request.
        pub id: StaffRequestId,
        /// Whether somebody new gets a link by mail instead of a password.
        pub setup_by_mail: bool,
    }
    prepared {
        first: FirstPassword,
    }
}

fields! {
    /// Refuses the roles that somebody else asked for. The purpose says why, and they read it.
    pub struct RefuseStaffRole {
        /// Which request.
        pub id: StaffRequestId,
    }
}

fn person(request: &StaffRequest) -> Person<'_> {
    Person {
        name: &request.name,
        email: &request.email,
        second_email: None,
        language: Language::default(),
    }
}

/// The request, for somebody who may decide it.
async fn case(
    door: &mut Door<'_>,
    id: StaffRequestId,
) -> Result<(StaffRequest, (UserId, String)), Refusal> {
    let (by, answer) = judge(door)?;
    let now = door.now();
    let request = store::find(door.tx(), id, now).await?;
    let request = request.ok_or(Refusal::NotFound)?;
    if request.asked_by == by {
        return Err(Refusal::Conflict("own-request"));
    }
    let known = users::find_by_email(door.tx(), &request.email).await?;
    if known.is_some_and(|known| known.id == by) {
        return Err(Refusal::Conflict("yourself"));
    }
    Ok((request, (by, answer)))
}

async fn answer(
    door: &mut Door<'_>,
    request: &StaffRequest,
    (kind, message): (MailKind, &str),
) -> Result<(), Refusal> {
    let desk = Desk::of(door.tools())?;
    let email = request.email.to_string();
    let about = About {
        kind,
        object: &email,
        message,
    };
    Ok(tell(door.tx(), &desk, request.asked_by, &about).await?)
}

impl Command for GrantStaffRole {
    const NAME: &'static str = "staff_role.grant";
    const PERMISSION: Permission = Permission::StaffWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = StaffCreated;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let now = with.tools.clock.now();
        let mut tx = with.store.read().await?;
        let request = store::find(&mut tx, self.id, now).await?;
        tx.rollback().await?;
        let request = request.ok_or(Refusal::NotFound)?;
        let by_mail = self.setup_by_mail;
        self.first =
            FirstPassword::prepare(with, &person(&request), ("password", None), by_mail).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<StaffCreated, Refusal> {
        let (request, (by, why)) = case(door, self.id).await?;
        let now = door.now();
        let made = self.first.make(door, &person(&request)).await?;
        let tx = door.tx();
        let user = users::find(tx, made.id).await?.ok_or(Refusal::NotFound)?;
        if user.disabled_at.is_some() {
            return Err(Refusal::Conflict("login-disabled"));
        }
        for role in &request.roles {
            member::insert_staff(tx, made.id, *role, now).await?;
        }
        let granted = Some(made.id);
        if !store::decide(tx, request.id, granted, (by, &why), now).await? {
            return Err(Refusal::NotFound);
        }
        answer(door, &request, (MailKind::StaffGranted, &why)).await?;
        door.record(
            object(&request),
            snapshot(&request, "open"),
            snapshot(&request, "granted"),
        );
        Ok(StaffCreated {
            user: made.id,
            initial_password: made
                .initial_password
                .map(|secret| secret.expose().to_owned()),
        })
    }
}

impl Command for RefuseStaffRole {
    const NAME: &'static str = "staff_role.refuse";
    const PERMISSION: Permission = Permission::StaffWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (request, (by, why)) = case(door, self.id).await?;
        let now = door.now();
        if !store::decide(door.tx(), request.id, None, (by, &why), now).await? {
            return Err(Refusal::NotFound);
        }
        answer(door, &request, (MailKind::StaffRefused, &why)).await?;
        door.record(
            object(&request),
            snapshot(&request, "open"),
            snapshot(&request, "refused"),
        );
        Ok(())
    }
}

//! Who works here, for pages.

use crate::desk::Desk;
use crate::staff::request_store::{self as requests, StaffRequest};
use crate::staff::used;
use crate::user::model::User;
use crate::user::store as users;
use wabe_access::{Permission, Refusal, Scope, StaffRole, Tools, member};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{StaffRequestId, UserId};
use wabe_store::Tx;

/// A role of somebody.
#[derive(Debug, Clone)]
pub struct Held {
    /// Which.
    pub role: StaffRole,
    /// Since when.
    pub since: Timestamp,
    /// The day on which what it is for was last done.
    pub last_used: Option<Timestamp>,
}

/// Somebody who works here, with what a page shows.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Who.
    pub user: User,
    /// What they may do.
    pub held: Vec<Held>,
    /// How many open tickets are theirs.
    pub tickets: i64,
}

/// One colleague. Needs `right:read`.
///
/// # Errors
/// `NotFound` for who does not work here, `Forbidden`, or a fault.
pub async fn colleague(
    tx: &mut Tx,
    (scope, tools): (&Scope, &Tools),
    id: UserId,
) -> Result<Colleague, Refusal> {
    scope.needs(Permission::RightRead)?;
    let all = member::staff_since(tx).await?;
    let own: Vec<(StaffRole, Timestamp)> = all
        .into_iter()
        .filter_map(|(user, role, since)| (user == id).then_some((role, since)))
        .collect();
    if own.is_empty() {
        return Err(Refusal::NotFound);
    }
    let user = users::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    let roles: Vec<StaffRole> = own.iter().map(|(role, _)| *role).collect();
    let last = used::of_roles(tx, id, &roles).await?;
    let held = own
        .into_iter()
        .zip(last)
        .map(|((role, since), last_used)| Held {
            role,
            since,
            last_used,
        });
    Ok(Colleague {
        user,
        held: held.collect(),
        tickets: Desk::of(tools)?.assignments.count(tx, id).await?,
    })
}

/// Everybody who could take the tickets of `but` on. Needs `right:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn successors(tx: &mut Tx, scope: &Scope, but: UserId) -> Result<Vec<User>, Refusal> {
    scope.needs(Permission::RightRead)?;
    let mut found: Vec<User> = Vec::new();
    for (id, role) in member::staff(tx).await? {
        let works = role.permissions().contains(&Permission::TicketWork);
        if !works || id == but || found.iter().any(|user| user.id == id) {
            continue;
        }
        let user = users::find(tx, id).await?;
        found.extend(user.filter(|user| user.disabled_at.is_none()));
    }
    Ok(found)
}

/// Every request that waits, longest first. Needs `right:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn requests(
    tx: &mut Tx,
    scope: &Scope,
    now: Timestamp,
) -> Result<Vec<StaffRequest>, Refusal> {
    scope.needs(Permission::RightRead)?;
    Ok(requests::open(tx, now).await?)
}

/// One request that waits. Needs `right:read`.
///
/// # Errors
/// `NotFound`, `Forbidden`, or a fault.
pub async fn request(
    tx: &mut Tx,
    scope: &Scope,
    (id, now): (StaffRequestId, Timestamp),
) -> Result<StaffRequest, Refusal> {
    scope.needs(Permission::RightRead)?;
    requests::find(tx, id, now).await?.ok_or(Refusal::NotFound)
}

//! What a read may see. There is no read of customer data without one.

use crate::actor::{Actor, ActorKind};
use crate::customer::CustomerState;
use crate::grant;
use crate::member;
use crate::refusal::Refusal;
use crate::role::Permission;
use std::collections::BTreeSet;
use wabe_kernel::id::{CustomerId, UserId};
use wabe_store::Tx;

/// One customer, and what may be seen and done there. Only authentication makes one.
#[derive(Debug, Clone)]
pub struct Scope {
    customer: CustomerId,
    user: Option<UserId>,
    runs: bool,
    permissions: BTreeSet<Permission>,
}

impl Scope {
    /// What `actor` may do in their customer, by the state of the tables now.
    ///
    /// # Errors
    /// `NotFound` when the person is no member there.
    pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Self, Refusal> {
        if let Some(looking) = actor.looking {
            return grant::scope(tx, actor, looking).await;
        }
        let mut permissions = member::permissions(tx, actor).await?;
        // Only owners and administrators deal with members.
        let runs = permissions.contains(&Permission::MemberWrite);
        if let Some(scopes) = &actor.scopes {
            permissions = permissions.intersection(scopes).copied().collect();
        }
        Ok(Self {
            customer: actor.customer,
            user: actor.user,
            runs,
            permissions,
        })
    }

    /// The system's own look at a customer: schedules, reconciler, notices.
    #[must_use]
    pub fn system(customer: CustomerId) -> Self {
        Self {
            customer,
            user: None,
            runs: true,
            permissions: Permission::ALL.iter().copied().collect(),
        }
    }

    /// What staff see of a customer in a ticket.
    pub(crate) fn looking(actor: &Actor, permissions: BTreeSet<Permission>) -> Self {
        Self {
            customer: actor.customer,
            user: actor.user,
            runs: false,
            permissions,
        }
    }

    /// Whose data.
    #[must_use]
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// Who looks; the person behind a token or a plugin; nobody for the system.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        self.user
    }

    /// Whether who looks runs the customer: an owner, an administrator, also behind a token.
    #[must_use]
    pub const fn runs_the_customer(&self) -> bool {
        self.runs
    }

    /// True when `permission` is given.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Goes on only with `permission`.
    ///
    /// # Errors
    /// `Forbidden` without it.
    pub fn needs(&self, permission: Permission) -> Result<(), Refusal> {
        if self.has(permission) {
            Ok(())
        } else {
            Err(Refusal::Forbidden)
        }
    }

    /// Everything given.
    #[must_use]
    pub const fn permissions(&self) -> &BTreeSet<Permission> {
        &self.permissions
    }
}

/// Refuses an actor of a suspended customer who is not the hoster, and everybody but the panel itself where a
/// customer is being erased.
pub(crate) fn admitted(actor: &Actor, state: CustomerState) -> Result<(), Refusal> {
    if state.erasing && actor.kind != ActorKind::System {
        return Err(Refusal::Conflict("customer-erased"));
    }
    let hoster = matches!(actor.kind, ActorKind::Staff | ActorKind::System);
    if state.suspended && !hoster {
        Err(Refusal::CustomerSuspended)
    } else {
        Ok(())
    }
}

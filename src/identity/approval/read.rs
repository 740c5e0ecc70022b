//! What waits for a second person, for pages.

use crate::approval::model::{Approval, Deed, InTicket};
use crate::approval::{content, owner, store};
use crate::user::model::User;
use crate::user::store as users;
use wabe_access::consent::{self, LongConsent};
use wabe_access::{Permission, Refusal, Role, Scope, member, ticket};
use wabe_kernel::id::{ApprovalId, CustomerId, MemberId, TicketId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Everything that waits, those first on which somebody may agree first. Needs `hoster:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn open(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Vec<Approval>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    Ok(store::open(tx, now).await?)
}

/// How things stand that one is about.
#[derive(Debug, Clone)]
pub enum Standing {
    /// What the owners log in with.
    Owners(Vec<String>),
    /// The consent, unless it holds as long as it was given for.
    Consent(Option<LongConsent>),
}

/// One that waits.
#[derive(Debug, Clone)]
pub struct Found {
    /// What was asked for.
    pub approval: Approval,
    /// How what it is about stands now.
    pub standing: Standing,
    /// Whether the reader may decide, if their role does.
    pub has_a_say: bool,
}

/// One that waits, and how what it is about stands now. Needs `hoster:read`.
///
/// # Errors
/// `NotFound`, `Forbidden`, or a fault.
pub async fn find(
    tx: &mut Tx,
    scope: &Scope,
    (id, now): (ApprovalId, Timestamp),
) -> Result<Found, Refusal> {
    scope.needs(Permission::HosterRead)?;
    let found = store::find(tx, id, now).await?.ok_or(Refusal::NotFound)?;
    let standing = match &found.deed {
        Deed::Owner { .. } | Deed::Export { .. } | Deed::Erasure { .. } => {
            let owners = owner::owners(tx, found.customer).await?;
            Standing::Owners(owner::names(&owners))
        }
        Deed::Content { consent: id, .. } => {
            Standing::Consent(consent::long(tx, (found.customer, *id)).await?)
        }
    };
    let has_a_say = match scope.user() {
        Some(user) => content::has_a_say(tx, &found, user).await?,
        None => false,
    };
    Ok(Found {
        approval: found,
        standing,
        has_a_say,
    })
}

/// How many wait, for the count beside the page's name.
///
/// # Errors
/// A fault of the database.
pub async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<i64, Fault> {
    store::waiting(tx, now).await
}

/// What waits in a customer that the reader may stop, oldest first: where it is about the owners, only they
/// stop it. Nothing for who runs nothing here.
///
/// # Errors
/// A fault of the database.
pub async fn stoppable(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Vec<InTicket>, Fault> {
    let user = scope.user().filter(|_| scope.has(Permission::MemberWrite));
    let Some(user) = user else {
        return Ok(Vec::new());
    };
    let customer = scope.customer();
    let owns = member::role(tx, user, customer).await? == Some(Role::Owner);
    let mut all = Vec::new();
    for one in store::of_customer(tx, customer, now).await? {
        let theirs = match &one.deed {
            Deed::Owner { .. } => owns,
            // What they took back stops by itself.
            Deed::Content { consent, .. } => content::waits(tx, (customer, *consent)).await?,
            Deed::Export { .. } | Deed::Erasure { .. } => true,
        };
        if theirs {
            all.push(one);
        }
    }
    Ok(all)
}

/// What was asked for in a ticket of a customer, oldest first; for who sees that ticket, which the caller
/// has made sure of.
///
/// # Errors
/// A fault of the database.
pub async fn of_ticket(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<InTicket>, Fault> {
    store::of_ticket(tx, customer, ticket).await
}

/// Who could become the owner of a customer, and who is it.
#[derive(Debug, Clone)]
pub struct Heirs {
    /// The members who could, with what they may now.
    pub members: Vec<(MemberId, User, Role)>,
    /// The owners.
    pub owners: Vec<User>,
}

impl Heirs {
    /// Whether there is an owner to say no, so that nobody agrees at once.
    #[must_use]
    pub const fn wait(&self) -> bool {
        !self.owners.is_empty()
    }
}

/// Who could become the owner of the customer that a ticket is of. Needs `ticket:work`.
///
/// # Errors
/// `NotFound`, `Forbidden`, or a fault.
pub async fn heirs(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Heirs, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let about = ticket::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    let mut heirs = Heirs {
        members: Vec::new(),
        owners: Vec::new(),
    };
    for place in member::list(tx, about.customer).await? {
        let Some(user) = users::find(tx, place.user).await? else {
            continue;
        };
        if place.role == Role::Owner {
            heirs.owners.push(user);
        } else if user.disabled_at.is_none() && scope.user() != Some(user.id) {
            heirs.members.push((place.id, user, place.role));
        }
    }
    Ok(heirs)
}

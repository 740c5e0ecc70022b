//! Who acts.

use crate::grant::Looking;
use crate::role::Permission;
use std::collections::BTreeSet;
use wabe_kernel::id::{CustomerId, InstallationId, RunId, TicketId, TokenId, UserId};
use wabe_kernel::{Reason, Timestamp};

/// The customer under which the hoster's own changes are recorded.
pub const HOUSE: CustomerId = CustomerId::from_uuid(uuid_nil());

const fn uuid_nil() -> wabe_kernel::macros::uuid::Uuid {
    wabe_kernel::macros::uuid::Uuid::nil()
}

/// In which capacity somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A member of a customer, in the portal.
    Member,
    /// A member's API token.
    Token(TokenId),
    /// A run of a plugin that a member installed and granted rights.
    Plugin {
        /// The plugin in this customer.
        installation: InstallationId,
        /// The invocation that asks.
        run: RunId,
    },
    /// An employee of the hoster.
    Staff,
    /// The panel itself: schedules, setup, the command line of whoever owns the machine.
    System,
}

impl ActorKind {
    /// The word in the record.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Token(_) => "token",
            Self::Plugin { .. } => "plugin",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }

    /// The installation that acts, if it is one.
    #[must_use]
    pub const fn installation(self) -> Option<InstallationId> {
        match self {
            Self::Plugin { installation, .. } => Some(installation),
            _ => None,
        }
    }
}

/// Who acts, for which customer, and how sure of them Wabe is. Made by whoever authenticated them.
#[derive(Debug, Clone)]
pub struct Actor {
    /// In which capacity.
    pub kind: ActorKind,
    /// The person; of a plugin the member who granted its rights; absent for the system.
    pub user: Option<UserId>,
    /// The customer acted for; [`HOUSE`] for the hoster's own affairs.
    pub customer: CustomerId,
    /// When the person last proved themselves with a password.
    pub authenticated_at: Option<Timestamp>,
    /// When the person last proved a second factor.
    pub second_factor_at: Option<Timestamp>,
    /// Whether nothing but a second factor proves the person: they have one.
    pub factor_wanted: bool,
    /// What a token may do at most; absent for people, who may what their role allows.
    pub scopes: Option<BTreeSet<Permission>>,
    /// Whether a token was granted sensitive commands.
    pub sensitive: bool,
    /// Why staff act with the hoster's authority; the customer sees it.
    pub purpose: Option<Reason>,
    /// The ticket in which staff, or a plugin that they set to work, act on the customer's behalf.
    pub ticket: Option<TicketId>,
    /// The look on which staff see a customer's pages. Whoever looks changes nothing.
    pub looking: Option<Looking>,
}

impl Actor {
    /// The panel itself, acting for `customer`.
    #[must_use]
    pub const fn system(customer: CustomerId) -> Self {
        Self {
            kind: ActorKind::System,
            user: None,
            customer,
            authenticated_at: None,
            second_factor_at: None,
            factor_wanted: false,
            scopes: None,
            sensitive: true,
            purpose: None,
            ticket: None,
            looking: None,
        }
    }

    /// A member in the portal.
    #[must_use]
    pub const fn member(user: UserId, customer: CustomerId, authenticated_at: Timestamp) -> Self {
        Self {
            kind: ActorKind::Member,
            user: Some(user),
            customer,
            authenticated_at: Some(authenticated_at),
            second_factor_at: None,
            factor_wanted: false,
            scopes: None,
            sensitive: false,
            purpose: None,
            ticket: None,
            looking: None,
        }
    }

    /// A run of a plugin: it may what is in `scopes` and what `granter` may by the tables at that
    /// time, never anything sensitive, and nothing of a person's own affairs.
    #[must_use]
    pub const fn plugin(
        (installation, run): (InstallationId, RunId),
        granter: UserId,
        customer: CustomerId,
        scopes: BTreeSet<Permission>,
    ) -> Self {
        Self {
            kind: ActorKind::Plugin { installation, run },
            user: Some(granter),
            customer,
            authenticated_at: None,
            second_factor_at: None,
            factor_wanted: false,
            scopes: Some(scopes),
            sensitive: false,
            purpose: None,
            ticket: None,
            looking: None,
        }
    }

    /// A member of staff who gave their password and proved their second factor at this time.
    #[must_use]
    pub const fn staff(user: UserId, proved_at: Timestamp) -> Self {
        Self {
            kind: ActorKind::Staff,
            user: Some(user),
            customer: HOUSE,
            authenticated_at: Some(proved_at),
            second_factor_at: Some(proved_at),
            factor_wanted: true,
            scopes: None,
            sensitive: false,
            purpose: None,
            ticket: None,
            looking: None,
        }
    }

    /// The same person, saying why they act.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Reason) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// The same employee or plugin, acting on a customer's behalf in a ticket of theirs. What that allows is
    /// decided at the gate, by the instructions that are in force there.
    #[must_use]
    pub const fn at_ticket(mut self, customer: CustomerId, ticket: TicketId) -> Self {
        self.customer = customer;
        self.ticket = Some(ticket);
        self
    }

    /// The same employee, looking at a customer's pages. Whether that stands is decided at every read.
    #[must_use]
    pub const fn looking_at(mut self, customer: CustomerId, looking: Looking) -> Self {
        self.customer = customer;
        self.looking = Some(looking);
        self
    }

    /// The same person, acting for another customer of theirs.
    #[must_use]
    pub const fn in_customer(mut self, customer: CustomerId) -> Self {
        self.customer = customer;
        self
    }
}

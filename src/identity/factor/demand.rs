//! Who must have a second factor.

use crate::desk::Desk;
use crate::factor::store;
use crate::identity::Identity;
use wabe_access::member;
use wabe_kernel::Fault;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// Why somebody must have a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// They work for the hoster. No profile is below that (bar 1.3 no. 17).
    Staff,
    /// The profile of the installation allows no password alone.
    Installation,
    /// An owner of this customer wants it.
    Customer(String),
}

impl Demand {
    /// The word in message names.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Installation => "installation",
            Self::Customer(_) => "customer",
        }
    }

    /// The customer's name, where it is one's wish.
    #[must_use]
    pub fn customer(&self) -> &str {
        match self {
            Self::Customer(name) => name,
            _ => "",
        }
    }
}

/// Why this user must have a second factor; nothing when they need not.
pub(crate) async fn of(tx: &mut Tx, desk: &Desk, user: UserId) -> Result<Option<Demand>, Fault> {
    if !member::staff_roles(tx, user).await?.is_empty() {
        return Ok(Some(Demand::Staff));
    }
    if !desk.profile.password_only_allowed {
        return Ok(Some(Demand::Installation));
    }
    Ok(store::required_by(tx, user).await?.map(Demand::Customer))
}

/// Whether a password of this user never opens anything alone: there is a second factor, or the login
/// does not end before there is one.
pub(crate) async fn stands_beside(tx: &mut Tx, desk: &Desk, user: UserId) -> Result<bool, Fault> {
    Ok(store::standing(tx, user).await?.any() || of(tx, desk, user).await?.is_some())
}

impl Identity {
    /// Whether this user's password stands beside a second factor, so that it may be shorter.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn stands_beside_factor(&self, user: UserId) -> Result<bool, Fault> {
        let mut tx = self.store.read().await?;
        let beside = stands_beside(&mut tx, &self.desk, user).await?;
        tx.rollback().await?;
        Ok(beside)
    }

    /// What second factors somebody has, and why they must have one.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn factors(&self, user: UserId) -> Result<(store::Standing, Option<Demand>), Fault> {
        let mut tx = self.store.read().await?;
        let standing = store::standing(&mut tx, user).await?;
        let demand = of(&mut tx, &self.desk, user).await?;
        tx.rollback().await?;
        Ok((standing, demand))
    }
}

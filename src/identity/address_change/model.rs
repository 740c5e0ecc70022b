//! What is known of a change of address.

use crate::user::model::User;
use wabe_kernel::id::{ChangeId, UserId};
use wabe_kernel::{MailAddress, Timestamp};

/// The addresses of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// What one logs in with.
    pub first: MailAddress,
    /// A second one, where the first depends on what is hosted here.
    pub second: Option<MailAddress>,
}

impl Addresses {
    /// Those in force.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self {
            first: user.email.clone(),
            second: user.second_email.clone(),
        }
    }

    /// Both, or the one there is.
    pub fn all(&self) -> impl Iterator<Item = &MailAddress> {
        std::iter::once(&self.first).chain(&self.second)
    }
}

/// A change of address, from being asked for to being taken back.
#[derive(Debug, Clone)]
pub struct AddressChange {
    /// Which one. It has no id of its own kind; a change's sorts by time like any other.
    pub id: ChangeId,
    /// Whose.
    pub user: UserId,
    /// What was in force.
    pub old: Addresses,
    /// What shall be.
    pub new: Addresses,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the first address was confirmed, or when it was asked for if it stays as it is.
    pub confirmed_at: Option<Timestamp>,
    /// The same of the second.
    pub second_confirmed_at: Option<Timestamp>,
    /// When it came into force.
    pub changed_at: Option<Timestamp>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

impl AddressChange {
    /// A change that somebody asks for; what stays needs no confirmation.
    #[must_use]
    pub fn asked(id: ChangeId, user: &User, new: Addresses, now: Timestamp) -> Self {
        let old = Addresses::of(user);
        let second_stays = new.second.is_none() || new.second == old.second;
        Self {
            id,
            user: user.id,
            confirmed_at: (new.first == old.first).then_some(now),
            second_confirmed_at: second_stays.then_some(now),
            old,
            new,
            asked_at: now,
            changed_at: None,
            undone_at: None,
        }
    }

    /// The addresses whose links are still to be followed.
    #[must_use]
    pub fn open(&self) -> Vec<MailAddress> {
        let first = self.confirmed_at.is_none().then_some(&self.new.first);
        let second = self.new.second.as_ref();
        let second = second.filter(|_| self.second_confirmed_at.is_none());
        first.into_iter().chain(second).cloned().collect()
    }
}

/// A change that waits for its links, for the page of whoever asked.
#[derive(Debug, Clone)]
pub struct Pending {
    /// What shall be.
    pub new: Addresses,
    /// What is still to be confirmed.
    pub open: Vec<MailAddress>,
    /// Until when.
    pub until: Timestamp,
}

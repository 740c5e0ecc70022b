//! Whose the programs of webspaces are.

use wabe_kernel::id::WebspaceId;

use crate::daemon::account::Account;
use crate::owners;
use crate::slices::Slice;

/// Who owns what a webspace runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The user: a number, or a name that the machine knows.
    pub user: String,
    /// The group: a number, or a name that the machine knows.
    pub group: String,
}

impl Owner {
    /// The owner with this number, which is that of the group as well.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        Self {
            user: number.to_string(),
            group: number.to_string(),
        }
    }

    /// Both numbers; nothing for names that nobody has, and for root.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        let named = || Account::of(&self.user).ok().flatten();
        let user = self.user.parse().ok().or_else(|| Some(named()?.user()))?;
        let group = self.group.parse().ok();
        let group = group.or_else(|| owners::group_here(&self.group).ok())?;
        (user > 0 && group > 0).then(|| Account::new(user, group))
    }
}

/// Knows the users of webspaces.
pub trait Owners: Send + Sync + 'static {
    /// The user that this webspace's programs run as; whoever runs us when absent.
    fn of(&self, webspace: WebspaceId) -> Option<Owner>;

    /// As whom this webspace's own server runs: its user, in a group that nothing else is in. None where it has no
    /// server of its own.
    fn server_of(&self, _webspace: WebspaceId) -> Option<Account> {
        None
    }

    /// The share of the machine that this webspace's programs run in; none when absent.
    fn slice_of(&self, _webspace: WebspaceId) -> Option<Slice> {
        None
    }
}

/// Every webspace belongs to whoever runs us.
pub struct NoOwners;

impl Owners for NoOwners {
    fn of(&self, _webspace: WebspaceId) -> Option<Owner> {
        None
    }
}

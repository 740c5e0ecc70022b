//! A user of the node for each customer: what customers run and upload is theirs, and the kernel keeps them apart.
//!
//! Invariants:
//! - A number is given to one customer, once, for ever; the group has the same number.
//! - No folder that tells us what to do (documents, certificates, logs) is a customer's to change; theirs are
//!   `files` and `tmp`.
//! - What lies in their folders is given by handle, never by name, and no link is followed.
//! - Whoever leaves leaves no process, and no line that names them.
//!
//! Start reading at [`Users`], then `ledger` (who is who) and `ground` (whose the folders are).

pub(crate) mod ground;
mod ledger;
mod processes;
mod range;
#[cfg(test)]
mod tests;
mod walk;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_kernel::SiteServer;
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::id::{CustomerId, WebspaceId};

use crate::daemon::account::Account;
use crate::embedded::web::Place;
use crate::owners::ledger::Ledger;
use crate::php::{Owner, Owners};
use crate::slices::{Slice, Slices};

pub use range::Range;

/// Where the lists of users are.
const LISTS: &str = "/etc";

/// Why customers have no users on a node.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// Only root becomes somebody else.
    #[error("customers get users of their own from root only")]
    NotRoot,
    /// The range says nothing.
    #[error("the range of users: {0}")]
    Range(String),
    /// A number of the range is somebody's.
    #[error(
        "the range of users meets /etc/{file}: {line}; choose another range, or take the line away"
    )]
    Clash {
        /// The list.
        file: &'static str,
        /// Its line.
        line: String,
    },
    /// The web server's user is not there.
    #[error("the web server's user: {0}")]
    Web(io::Error),
    /// Customers' processes would not come through.
    #[error("{} lets nobody pass: customers' processes need `chmod o+x` there", .0.display())]
    Barred(PathBuf),
    /// What the system says.
    #[error("the users of customers: {0}")]
    Disk(#[from] io::Error),
}

/// What the users of a node are made of.
pub struct Parts {
    /// The numbers that they are taken from.
    pub range: Range,
    /// Whom the web server's workers are; root when absent.
    pub web_user: Option<String>,
    /// The shares of the machine.
    pub slices: Arc<Slices>,
}

/// Keeps the users of customers: who is who, what is theirs, what they run.
pub struct Users {
    ledger: Ledger,
    range: Range,
    web: Account,
    slices: Arc<Slices>,
}

/// Why an act of a user's did not work, for the customer and for the operator.
fn failed(fault: impl std::fmt::Display) -> StepFailure {
    StepFailure::new("owner-failed", fault)
}

impl Users {
    /// The users of this node. Blocks on file work.
    ///
    /// # Errors
    /// Why there can be none.
    pub fn open(node_dir: &Path, parts: Parts) -> Result<Arc<Self>, OpenFault> {
        if !rustix::process::geteuid().is_root() {
            return Err(OpenFault::NotRoot);
        }
        let range = parts.range;
        if let Some(problem) = range.problems().into_iter().next() {
            return Err(OpenFault::Range(problem));
        }
        if let Some((file, line)) = range.clash(Path::new(LISTS))? {
            return Err(OpenFault::Clash { file, line });
        }
        let web = match parts.web_user {
            None => None,
            Some(name) => Account::of(&name).map_err(OpenFault::Web)?,
        };
        let web = web.unwrap_or(Account::new(0, 0));
        ground::open_node(node_dir, web.group())?;
        if let Some(barred) = ground::barred(node_dir)? {
            return Err(OpenFault::Barred(barred));
        }
        let used = ledger::used(&node_dir.join("web"), range);
        let used = used.max(ledger::served(&node_dir.join("apache/own"), range));
        let ledger = Ledger::open(node_dir.join("owners.json"), range, used)?;
        Ok(Arc::new(Self {
            ledger,
            range,
            web,
            slices: parts.slices,
        }))
    }

    /// What the machine shares out among customers.
    #[must_use]
    pub fn slices(&self) -> &Slices {
        &self.slices
    }

    /// Whom the web server's workers are.
    #[must_use]
    pub const fn web(&self) -> Account {
        self.web
    }

    /// Gives a customer, who has this webspace from now on, a user where they have none yet. Blocks on file
    /// work.
    ///
    /// # Errors
    /// `owner-failed`: no number is left, somebody else came to have it, or the webspace is another customer's.
    pub fn assign(&self, customer: CustomerId, webspace: WebspaceId) -> Result<(), StepFailure> {
        if !self.ledger.knows(customer) {
            self.look_for_clash()?;
        }
        let user = self.ledger.assign(customer, webspace).map_err(failed)?;
        tracing::debug!(webspace.id = %webspace, user, "a webspace has a user");
        Ok(())
    }

    /// Errors: `owner-failed` when somebody came to the machine since it was started who has a number of the range.
    fn look_for_clash(&self) -> Result<(), StepFailure> {
        match self.range.clash(Path::new(LISTS)).map_err(failed)? {
            Some((file, line)) => Err(failed(OpenFault::Clash { file, line })),
            None => Ok(()),
        }
    }

    /// Gives everything in the folder of a webspace to the user that it was [assigned](Self::assign). Blocks on
    /// file work.
    ///
    /// # Errors
    /// `owner-failed`; what was given is given, and the rest the next time.
    pub fn settle(&self, webspace: &Webspace, place: &Place) -> Result<(), StepFailure> {
        let Some((_, user)) = self.ledger.of(webspace.id) else {
            return Err(failed("nobody said whose the webspace is"));
        };
        let user = Account::new(user, user);
        if webspace.rules.server == SiteServer::Apache {
            if self.ledger.server_of(webspace.id).is_none() {
                self.look_for_clash()?;
            }
            let group = self.ledger.serve(webspace.id).map_err(failed)?;
            tracing::debug!(webspace.id = %webspace.id, group, "the server of a webspace has a group");
        }
        let passed = ground::settle(place, user, self.web, &webspace.document_root);
        let passed = passed.map_err(failed)?;
        if passed.left > 0 {
            tracing::warn!(webspace.id = %webspace.id, left = passed.left,
                "things with names elsewhere, or too deep, are not given to the customer's user");
        }
        tracing::debug!(webspace.id = %webspace.id, given = passed.given, "a webspace is its user's");
        Ok(())
    }

    /// Gives everything of a webspace to its user again, as after a restore. Blocks on file work.
    ///
    /// # Errors
    /// `owner-failed`.
    pub fn settle_again(&self, webspace: &Webspace, place: &Place) -> Result<(), StepFailure> {
        ground::unsettle(place).map_err(failed)?;
        self.settle(webspace, place)
    }

    /// Ends what a customer runs whose last webspace this is, before its folder goes. Blocks while something
    /// runs.
    ///
    /// # Errors
    /// `owner-failed` when something does not end.
    pub fn quiet(&self, webspace: WebspaceId) -> Result<(), StepFailure> {
        match self.ledger.of(webspace) {
            Some((customer, user)) if self.ledger.is_last(webspace) => {
                let ended = processes::end(user);
                self.slices.remove(customer).map_err(failed)?;
                // What outran every look ended with its slice, where there is one.
                ended
                    .or_else(|_outrun| processes::end(user))
                    .map_err(failed)
            }
            _ => Ok(()),
        }
    }

    /// Lets the user of a webspace into every folder of it again, so that they can delete all of it. Blocks on file
    /// work.
    ///
    /// # Errors
    /// `owner-failed`.
    pub fn unlock(&self, webspace: WebspaceId, place: &Place) -> Result<(), StepFailure> {
        match self.ledger.of(webspace) {
            Some(_) => ground::unlock(place).map_err(failed),
            None => Ok(()),
        }
    }

    /// Strikes a webspace off once its folder is gone, and with the last one its customer. Blocks while
    /// something of theirs runs.
    ///
    /// # Errors
    /// `owner-failed`; it is struck off the next time.
    pub fn strike(&self, webspace: WebspaceId) -> Result<(), StepFailure> {
        self.quiet(webspace)?;
        self.ledger.strike(webspace).map_err(failed)
    }
}

impl Owners for Users {
    fn of(&self, webspace: WebspaceId) -> Option<Owner> {
        let (_, user) = self.ledger.of(webspace)?;
        Some(Owner::numbered(user))
    }

    fn server_of(&self, webspace: WebspaceId) -> Option<Account> {
        let (_, user) = self.ledger.of(webspace)?;
        Some(Account::new(user, self.ledger.server_of(webspace)?))
    }

    fn slice_of(&self, webspace: WebspaceId) -> Option<Slice> {
        let (customer, _) = self.ledger.of(webspace)?;
        self.slices.of(customer).unwrap_or_else(|fault| {
            tracing::error!(customer.id = %customer, %fault, "a customer has no share of the machine");
            None
        })
    }
}

/// The number of the group of this name, on this machine.
///
/// # Errors
/// `NotFound` when there is none, or what reading the list says.
pub(crate) fn group_here(name: &str) -> io::Result<u32> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, format!("no group {name}"));
    group_of(Path::new(LISTS), name)?.ok_or_else(missing)
}

/// The number of a group by the lists in this folder. Source: group(5).
fn group_of(lists: &Path, name: &str) -> io::Result<Option<u32>> {
    let groups = std::fs::read_to_string(lists.join("group"))?;
    let number = |line: &str| {
        let mut words = line.split(':');
        (words.next() == Some(name)).then(|| words.nth(1)?.parse().ok())?
    };
    Ok(groups.lines().find_map(number))
}

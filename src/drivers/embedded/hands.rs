//! The embedded node's hands: each subject goes to the driver that knows it.

use crate::database_server::DatabaseServers;
use crate::embedded::database::Databases;
use crate::embedded::mail::Mailboxes;
use crate::embedded::web::Sites;
use std::sync::Arc;
use wabe_kernel::desired::{Driver, Observed, Step, StepFailure, Subject, Working};
use wabe_kernel::id::DatabaseId;

/// All embedded drivers as one.
pub struct Embedded {
    /// Webspaces, and redirects of domains.
    pub sites: Arc<Sites>,
    /// Mailboxes and aliases.
    pub mail: Arc<Mailboxes>,
    /// Databases in files.
    pub databases: Arc<Databases>,
    /// Databases on servers.
    pub servers: Arc<DatabaseServers>,
}

impl Embedded {
    async fn observe_database(&self, id: DatabaseId) -> Result<Observed, StepFailure> {
        if self.servers.knows(id).await? {
            self.servers.observe(id).await
        } else {
            self.databases.observe(id).await
        }
    }

    async fn apply_database(&self, id: DatabaseId, step: &Step) -> Result<(), StepFailure> {
        if self.servers.takes(id, step).await? {
            self.servers.apply(step).await
        } else {
            self.databases.apply(step).await
        }
    }
}

/// Sites by the agent of the node, the rest in this process.
pub struct Divided {
    /// Webspaces, and redirects of domains.
    pub sites: Arc<dyn Driver>,
    /// Mail and databases; its sites are never asked.
    pub rest: Embedded,
}

impl Divided {
    fn of(&self, subject: Subject) -> &dyn Driver {
        match subject {
            Subject::Webspace(_) | Subject::Domain(_) => self.sites.as_ref(),
            Subject::Mailbox(_) | Subject::Alias(_) | Subject::Database(_) => &self.rest,
        }
    }
}

impl Driver for Divided {
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>> {
        self.of(subject).observe(subject)
    }

    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>> {
        self.of(step.subject).apply(step)
    }
}

impl Driver for Embedded {
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>> {
        Box::pin(async move {
            match subject {
                Subject::Webspace(id) => self.sites.observe(id).await.map(Observed::Webspace),
                Subject::Mailbox(_) | Subject::Alias(_) => self.mail.observe(subject).await,
                Subject::Database(id) => self.observe_database(id).await,
                Subject::Domain(id) => self.sites.observe_redirect(id).await.map(Observed::Domain),
            }
        })
    }

    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>> {
        Box::pin(async move {
            match step.subject {
                Subject::Webspace(_) => self.sites.apply(step).await,
                Subject::Mailbox(_) | Subject::Alias(_) => self.mail.apply(step).await,
                Subject::Database(id) => self.apply_database(id, step).await,
                Subject::Domain(_) => self.sites.apply_redirect(step).await,
            }
        })
    }
}

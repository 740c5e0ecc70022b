//! Mail that goes nowhere and can be looked at.

use std::sync::{Mutex, PoisonError};
use wabe_identity::{HostedDomains, MailKind, Outbox, OutgoingMail};
use wabe_kernel::desired::Working;
use wabe_kernel::{DomainName, Fault};
use wabe_store::Tx;

/// Keeps what was queued, also when the transaction did not happen: tests of that look at rows.
#[derive(Default)]
pub struct Mails(Mutex<Vec<OutgoingMail>>);

impl Mails {
    /// Everything of this kind, in order.
    #[must_use]
    pub fn of(&self, kind: MailKind) -> Vec<OutgoingMail> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails
            .iter()
            .filter(|mail| mail.kind == kind)
            .cloned()
            .collect()
    }

    /// The secret at the end of the latest link of this kind.
    #[must_use]
    pub fn token(&self, kind: MailKind) -> Option<String> {
        let mail = self.of(kind).pop()?;
        let path = mail.path?;
        path.expose().rsplit('/').next().map(str::to_owned)
    }
}

impl Outbox for Mails {
    fn queue<'a>(&'a self, _tx: &'a mut Tx, mail: OutgoingMail) -> Working<'a, Result<(), Fault>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(mail);
        Box::pin(async { Ok(()) })
    }
}

/// Keeps nobody's mail here.
pub(crate) struct NothingHosted;

impl HostedDomains for NothingHosted {
    fn is_hosted<'a>(
        &'a self,
        _tx: &'a mut Tx,
        _name: &'a DomainName,
    ) -> Working<'a, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }
}

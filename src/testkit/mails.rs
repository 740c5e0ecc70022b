//! Mail that goes nowhere and can be looked at.

use std::sync::{Mutex, PoisonError};
use wabe_access::Tools;
use wabe_identity::recovery::by_mail::{ByMail, by_mail};
use wabe_identity::{HostedDomains, MailKind, Outbox, OutgoingMail};
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_kernel::{DomainName, Fault};
use wabe_store::Tx;
use wabe_support::confirmation::{self, ByLink};

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

/// What it takes to be somebody, as the panel knows it.
pub(crate) struct Logins;

impl confirmation::Logins for Logins {
    fn by_link<'a>(
        &'a self,
        tx: &'a mut Tx,
        tools: &'a Tools,
        user: UserId,
    ) -> Working<'a, Result<ByLink, Fault>> {
        Box::pin(async move {
            Ok(match by_mail(tx, tools, user).await? {
                ByMail::Enough => ByLink::Suffices,
                ByMail::TooLittle => ByLink::NeedsLogin,
                ByMail::ShutOut => ByLink::ShutOut,
            })
        })
    }
}

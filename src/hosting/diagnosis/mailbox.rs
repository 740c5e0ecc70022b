//! "Where is my mail?"

use crate::diagnosis::outside::{MailRoute, proved};
use crate::diagnosis::{Diagnosis, Finding, standing};
use crate::domain::{self, Domain};
use crate::mailbox::{self, Mailbox};
use wabe_access::command::House;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::PageRequest;
use wabe_kernel::content::MailboxUse;
use wabe_kernel::id::MailboxId;
use wabe_kernel::outside::Lookup;
use wabe_store::Tx;

/// What the tables say about a mailbox.
pub struct MailboxQuestion {
    mailbox: Mailbox,
    domains: Vec<Domain>,
    /// Whether the asker may know when mail arrived.
    reads: bool,
}

impl MailboxQuestion {
    /// Reads what the tables say.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or a fault.
    pub async fn load(tx: &mut Tx, scope: &Scope, id: MailboxId) -> Result<Self, Refusal> {
        let mailbox = mailbox::load(tx, scope, id).await?;
        let domains = if scope.has(Permission::DomainRead) {
            let search = mailbox.address.domain().to_string();
            let wanted = PageRequest {
                search,
                ..PageRequest::first(200)
            };
            domain::list(tx, scope, &wanted).await?.items
        } else {
            Vec::new()
        };
        Ok(Self {
            mailbox,
            domains,
            reads: scope.has(Permission::MailRead),
        })
    }

    /// The mailbox that it is about.
    #[must_use]
    pub const fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Looks outside, and says what follows; `measured` is what the mailbox holds now, absent when it cannot
    /// be reached.
    pub async fn answer(
        &self,
        lookup: &dyn Lookup,
        measured: Option<MailboxUse>,
        house: &House,
    ) -> Diagnosis {
        let route = MailRoute::ask(lookup, self.mailbox.address.domain()).await;
        let bytes = measured.map_or(self.mailbox.used_bytes, |used| used.bytes);
        let messages = measured.map_or(self.mailbox.messages, |used| used.messages);
        self.findings(&route, (bytes, messages), house)
    }

    pub(super) fn findings(
        &self,
        route: &MailRoute,
        (bytes, messages): (i64, i64),
        house: &House,
    ) -> Diagnosis {
        let mailbox = &self.mailbox;
        let object = mailbox.id.to_string();
        let mut found = vec![
            standing::standing(&mailbox.standing, &object),
            standing::room(bytes, mailbox.quota_bytes, &object),
        ];
        found.extend(proved(&self.domains, mailbox.address.domain()));
        found.extend(route.findings(house));
        if self.reads {
            found.push(match messages {
                0 => Finding::note("mail-none"),
                count => Finding::good("mail-some").with("count", &count),
            });
        }
        Diagnosis::of(found)
    }
}

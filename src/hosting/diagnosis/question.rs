//! Asking about a thing that is known by its id alone.

use crate::diagnosis::{Diagnosis, DomainQuestion, MailboxQuestion, WebsiteQuestion};
use wabe_access::command::Tools;
use wabe_access::{Refusal, Scope};
use wabe_kernel::content::Files;
use wabe_kernel::id::{DomainId, MailboxId, WebspaceId};
use wabe_store::Tx;

/// What the tables say about a thing.
pub enum Question {
    /// About a webspace's site.
    Website(WebsiteQuestion),
    /// About a mailbox.
    Mailbox(MailboxQuestion),
    /// About a domain.
    Domain(DomainQuestion),
}

impl Question {
    /// Reads what the tables say; absent when no question here is about what has such an id.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or a fault.
    pub async fn load(
        tx: &mut Tx,
        scope: &Scope,
        object: &str,
        tools: &Tools,
    ) -> Result<Option<Self>, Refusal> {
        let house = &tools.house;
        Ok(Some(if let Ok(id) = object.parse::<WebspaceId>() {
            Self::Website(WebsiteQuestion::load(tx, scope, id, house).await?)
        } else if let Ok(id) = object.parse::<MailboxId>() {
            Self::Mailbox(MailboxQuestion::load(tx, scope, id).await?)
        } else if let Ok(id) = object.parse::<DomainId>() {
            Self::Domain(DomainQuestion::load(tx, scope, id, house).await?)
        } else {
            return Ok(None);
        }))
    }

    /// The kind and the name of what it is about.
    #[must_use]
    pub fn about(&self) -> (&'static str, String) {
        match self {
            Self::Website(asked) => ("webspace", asked.webspace().name.to_string()),
            Self::Mailbox(asked) => ("mailbox", asked.mailbox().address.to_string()),
            Self::Domain(asked) => ("domain", asked.domain().name_unicode.clone()),
        }
    }

    /// Looks outside, and says what follows; of a mailbox with what was last measured.
    pub async fn answer(&self, tools: &Tools, files: &dyn Files) -> Diagnosis {
        let lookup = tools.lookup.as_ref();
        match self {
            Self::Website(asked) => asked.answer(lookup, files, tools.clock.now()).await,
            Self::Mailbox(asked) => asked.answer(lookup, None, &tools.house).await,
            Self::Domain(asked) => asked.answer(lookup, &tools.house).await,
        }
    }
}

//! What plugins may ask about that stands in no table: what the world's DNS says about the mail of a domain,
//! and when mail arrived. Each is one thing at a time, by its id.

use crate::plugin_records::{PluginRecords, value};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;
use wabe_access::{Permission, Refusal, Scope};
use wabe_automation::engine::{RecordQuery, RecordType};
use wabe_hosting::mail_dns::MailDns;
use wabe_hosting::{domain, mailbox};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Bytes, Fault, Problem, Timestamp};

/// How long the world may take to answer: less than a run that somebody waits for.
const PATIENCE: Duration = Duration::from_millis(1_200);
/// Arrivals that are told.
const ARRIVALS: usize = 5;

/// By the id of a domain; or of a mailbox, for the name behind its @, with the right to read mailboxes too.
pub(crate) const MAIL_DNS: RecordType = RecordType {
    name: "mail_dns",
    fields: &[
        "id",
        "name",
        "local",
        "servers",
        "expected_server",
        "spf",
        "dkim",
        "dmarc",
    ],
    permission: Permission::DomainRead,
    asks_outside: true,
};

/// By the id of a mailbox.
pub(crate) const MAIL_INTAKE: RecordType = RecordType {
    name: "mail_intake",
    fields: &["id", "messages", "used_bytes", "arrivals"],
    permission: Permission::MailRead,
    asks_outside: false,
};

/// What a mailbox holds and when the last mail arrived: no sender, no subject.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct MailIntake {
    /// The mailbox.
    id: String,
    /// Messages in it.
    messages: i64,
    /// Bytes in it.
    used_bytes: Bytes,
    /// When the newest arrived that are still in its inbox, the newest first.
    arrivals: Vec<Timestamp>,
}

impl PluginRecords {
    /// The answer to a question about what stands in no table; nothing for other questions.
    pub(crate) async fn reading(
        &self,
        scope: &Scope,
        query: &RecordQuery,
    ) -> Option<Result<Value, Refusal>> {
        let id = query.id.as_deref();
        let id = id.ok_or_else(|| Refusal::field("id", Problem::new("required")));
        match (query.kind.as_str(), id) {
            ("mail_dns", Ok(id)) => Some(self.mail_dns(scope, id).await),
            ("mail_intake", Ok(id)) => Some(self.mail_intake(scope, id).await),
            ("mail_dns" | "mail_intake", Err(refusal)) => Some(Err(refusal)),
            _ => None,
        }
    }

    async fn mail_dns(&self, scope: &Scope, id: &str) -> Result<Value, Refusal> {
        let mut tx = self.store.read_for(scope.customer()).await?;
        let name = match id.parse::<MailboxId>() {
            Ok(id) => {
                let mailbox = mailbox::load(&mut tx, scope, id).await?;
                mailbox.address.domain().clone()
            }
            Err(_other) => {
                let id = id.parse().map_err(|_form| Refusal::NotFound)?;
                domain::load(&mut tx, scope, id).await?.name
            }
        };
        // Nobody holds a transaction while the world takes its time.
        tx.rollback().await?;
        let silent = MailDns::unanswered(id.to_owned(), &name, &self.house);
        let asked = silent.clone().ask(self.lookup.as_ref(), &name);
        value(&timeout(PATIENCE, asked).await.unwrap_or(silent))
    }

    async fn mail_intake(&self, scope: &Scope, id: &str) -> Result<Value, Refusal> {
        scope.needs(Permission::MailRead)?;
        let id: MailboxId = id.parse().map_err(|_form| Refusal::NotFound)?;
        let mut tx = self.store.read_for(scope.customer()).await?;
        mailbox::load(&mut tx, scope, id).await?;
        tx.rollback().await?;
        let away = |_error| Fault::new("read what a mailbox holds");
        let mail = self.mail.get().ok_or(Fault::new("find the mail"))?;
        let used = mail.usage(id).await.map_err(away)?;
        let heads = mail.list(id, 0, ARRIVALS).await.map_err(away)?;
        value(&MailIntake {
            id: id.to_string(),
            messages: used.messages,
            used_bytes: used.bytes,
            arrivals: heads.iter().map(|head| head.received_at).collect(),
        })
    }
}

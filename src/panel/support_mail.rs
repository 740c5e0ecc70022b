//! Mail to the hoster's support: kept as it arrives, read by a job.

use crate::ground::Ground;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;
use wabe_drivers::embedded::mail::open_letter;
use wabe_drivers::embedded::mail::smtp::{Letter, Post};
use wabe_identity::user::store as user;
use wabe_jobs::queue::{self, Handler, JobFailure, NewJob};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{IncomingMailId, UserId};
use wabe_kernel::{Clock, Fault, MailAddress, Rng};
use wabe_store::{Store, Tx};
use wabe_support::mail::{self, Counter, Outcome, Senders, SupportAddress, Waiting};

/// The address of support that the operator configured.
#[must_use]
pub fn address(config: &crate::config::Config) -> Option<SupportAddress> {
    let address = config.mail.support.as_ref()?.parse().ok()?;
    Some(SupportAddress::new(address))
}

/// Takes mail for support at the intake.
pub struct SupportPost {
    address: SupportAddress,
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl fmt::Debug for SupportPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SupportPost")
    }
}

/// What takes mail for support, when there is an address.
#[must_use]
pub fn post(ground: &Ground) -> Option<Arc<dyn Post>> {
    let post = SupportPost {
        address: address(&ground.config)?,
        store: ground.store.clone(),
        clock: ground.clock.clone(),
        rng: ground.rng.clone(),
    };
    Some(Arc::new(post))
}

impl Post for SupportPost {
    fn takes(&self, recipient: &str) -> bool {
        self.address.sent_to(recipient).is_some()
    }

    fn keep(&self, letter: Letter) -> Working<'_, Result<(), Fault>> {
        Box::pin(async move {
            let now = self.clock.now();
            let waiting = Waiting {
                return_path: letter.return_path,
                recipient: letter.recipient,
                bytes: letter.bytes,
                arrived_at: now,
            };
            let mut tx = self.store.write().await?;
            let id = mail::keep(&mut tx, self.rng.as_ref(), &waiting).await?;
            let job = NewJob {
                kind: ReadMail::KIND,
                payload: json!({ "mail": id.to_string() }),
                run_at: now,
                dedupe_key: None,
            };
            queue::enqueue(&mut tx, now, self.rng.as_ref(), job).await?;
            tx.commit().await
        })
    }
}

/// Reads the letters that wait.
pub struct ReadMail {
    store: Store,
    counter: Counter,
}

impl ReadMail {
    /// A reader, when there is an address.
    ///
    /// # Errors
    /// A fault when the configured sender is no address.
    pub fn of(ground: &Ground) -> Result<Option<Self>, Fault> {
        let Some(address) = address(&ground.config) else {
            return Ok(None);
        };
        let from = ground.config.mail.from.parse();
        Ok(Some(Self {
            store: ground.store.clone(),
            counter: Counter {
                gate: ground.gate.clone(),
                senders: Arc::new(Logins),
                address,
                from: from.map_err(|_problem| Fault::new("read the configured sender"))?,
            },
        }))
    }
}

impl Handler for ReadMail {
    const KIND: &'static str = "ticket.mail";

    async fn run(&self, payload: Value) -> Result<(), JobFailure> {
        let id = payload.get("mail").and_then(Value::as_str);
        let id = id.and_then(|id| id.parse().ok());
        let id: IncomingMailId = id.ok_or(JobFailure::never("no-mail"))?;
        let mut tx = self.store.read().await?;
        let waiting = mail::waiting(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(waiting) = waiting else {
            return Ok(());
        };
        let bytes = waiting.bytes.clone();
        let opened = tokio::task::spawn_blocking(move || open_letter(&bytes)).await;
        let opened = opened.map_err(|_ended| JobFailure::later("mail-not-read"))?;
        let outcome = Box::pin(self.counter.receive(id, &waiting, &opened)).await?;
        let mut tx = self.store.write().await?;
        mail::done(&mut tx, id).await?;
        tx.commit().await?;
        match outcome {
            Outcome::Opened(ticket) | Outcome::Replied(ticket) => {
                tracing::info!(mail.id = %id, ticket.id = %ticket, "a letter is in its ticket");
            }
            Outcome::Silent(why) => tracing::info!(mail.id = %id, %why, "a letter of a program"),
            Outcome::Nameless => tracing::info!(mail.id = %id, "a letter of nobody"),
            Outcome::Flood => tracing::warn!(mail.id = %id, "too many letters of one sender"),
            Outcome::Unknown(answered) => {
                tracing::info!(mail.id = %id, answered, "a letter of somebody unknown");
            }
        }
        Ok(())
    }
}

/// Who logs in with which address.
#[derive(Debug, Clone, Copy)]
pub struct Logins;

impl Senders for Logins {
    fn user<'a>(
        &'a self,
        tx: &'a mut Tx,
        address: &'a MailAddress,
    ) -> Working<'a, Result<Option<UserId>, Fault>> {
        Box::pin(async move {
            let found = user::find_by_email(tx, address).await?;
            let open = found.filter(|user| user.disabled_at.is_none());
            Ok(open.map(|user| user.id))
        })
    }
}

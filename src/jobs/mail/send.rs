//! The job that sends one mail.

use crate::mail::letter::Draft;
use crate::mail::store::{self, Recipient, Waiting};
use crate::mail::{Letter, Transport};
use crate::queue::{Handler, JobFailure};
use crate::text::Texts;
use serde_json::Value;
use std::sync::Arc;
use wabe_kernel::desired::Working;
use wabe_kernel::id::{NoticeId, UserId};
use wabe_kernel::{Clock, Fault, Language, MailAddress, PersonName};
use wabe_store::Store;

/// Somebody who can be written to.
#[derive(Debug, Clone)]
pub struct Person {
    /// Where.
    pub address: MailAddress,
    /// In which language.
    pub language: Language,
    /// By which name, where it is known.
    pub name: Option<PersonName>,
}

/// Knows how to write to people; whoever owns the table of users is it.
pub trait People: Send + Sync + 'static {
    /// The person's address, language and name now; `None` when there is no such person any more.
    fn person(&self, user: UserId) -> Working<'_, Result<Option<Person>, Fault>>;
}

/// Sends queued mail.
pub struct SendMail {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who gets it.
    pub people: Arc<dyn People>,
    /// What it says, and who writes.
    pub texts: Arc<Texts>,
    /// How it leaves.
    pub transport: Arc<dyn Transport>,
}

impl SendMail {
    async fn attempt(&self, id: NoticeId, mail: &Waiting) -> Result<(), JobFailure> {
        if mail.expires_at <= self.clock.now() {
            return Err(JobFailure::never("expired"));
        }
        let person = match &mail.to {
            Recipient::Address(person) => Some(person.clone()),
            Recipient::User(user) => self.people.person(*user).await?,
        };
        let person = person.ok_or(JobFailure::never("no-such-person"))?;
        let draft = Draft {
            id,
            kind: mail.kind,
            args: &mail.args,
            to: &person,
            now: self.clock.now(),
        };
        let letter = Letter::write(&self.texts, &draft)?;
        self.transport.deliver(&letter).await
    }

    async fn finish(&self, id: NoticeId, failure: Option<&str>) -> Result<(), JobFailure> {
        let mut tx = self.store.write().await?;
        store::finish(&mut tx, id, self.clock.now(), failure).await?;
        Ok(tx.commit().await?)
    }
}

impl Handler for SendMail {
    const KIND: &'static str = "mail.send";
    /// With pauses of up to six hours this is about the seven days that a mail may wait.
    const ATTEMPTS_MAX: i64 = 40;

    async fn run(&self, payload: Value) -> Result<(), JobFailure> {
        let id = payload.get("mail").and_then(Value::as_str);
        let id = id.and_then(|id| id.parse().ok());
        let id: NoticeId = id.ok_or(JobFailure::never("no-mail"))?;
        let mut tx = self.store.read().await?;
        let mail = store::find(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(mail) = mail else {
            return Ok(());
        };
        match Box::pin(self.attempt(id, &mail)).await {
            Ok(()) => self.finish(id, None).await,
            Err(failure) if failure.retry => Err(failure),
            Err(failure) => {
                self.finish(id, Some(failure.code)).await?;
                Err(failure)
            }
        }
    }
}

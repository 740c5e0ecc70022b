//! The table of outgoing mail.

use crate::mail::{Person, SendMail};
use crate::queue::{self, Handler as _, NewJob};
use crate::text::{Args, NoticeKind};
use serde_json::json;
use wabe_kernel::id::{NoticeId, UserId};
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "jobs.mail.insert" =>
        "INSERT INTO outgoing_mail (id, user_id, recipient, name, language, kind, args, state, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)";
    FIND = "jobs.mail.find" =>
        "SELECT user_id, recipient, name, language, kind, args, expires_at FROM outgoing_mail \
         WHERE id = $1 AND state = 'queued'";
    FINISH = "jobs.mail.finish" =>
        "UPDATE outgoing_mail SET state = $1, failure = $2, finished_at = $3, args = NULL \
         WHERE id = $4 AND state = 'queued'";
    EXPIRE = "jobs.mail.expire" =>
        "UPDATE outgoing_mail SET state = 'failed', failure = 'expired', finished_at = $1, args = NULL \
         WHERE finished_at IS NULL AND expires_at < $1";
    FORGET = "jobs.mail.forget" => "DELETE FROM outgoing_mail WHERE finished_at < $1";
    RECENT = "jobs.mail.recent" =>
        "SELECT id, kind, state, failure, created_at, finished_at FROM outgoing_mail \
         ORDER BY id DESC LIMIT $1";
}

/// A mail waits at most so many days.
const QUEUE_DAYS: i64 = 7;
/// That a mail was sent is remembered for so many days.
const REMEMBER_DAYS: i64 = 30;

/// Who gets a mail.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// A person, at the address and in the language they have when it is sent.
    User(UserId),
    /// Exactly this address: a former one, or somebody who has no login yet.
    Address(Person),
}

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Who gets it.
    pub to: Recipient,
    /// What it is about.
    pub kind: NoticeKind,
    /// Everything that the kind's texts need.
    pub args: Args,
    /// From then on it is useless and is not sent: the end of its link. At most seven days.
    pub until: Option<Timestamp>,
}

/// What became of a mail, without what it said and to whom.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The mail.
    pub id: NoticeId,
    /// What it was about.
    pub kind: NoticeKind,
    /// `queued`, `sent` or `failed`.
    pub state: String,
    /// Why it failed; a code.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was sent or given up.
    pub finished_at: Option<Timestamp>,
}

/// A mail that waits.
pub(super) struct Waiting {
    pub(super) to: Recipient,
    pub(super) kind: NoticeKind,
    pub(super) args: Args,
    pub(super) expires_at: Timestamp,
}

/// Queues a mail in the caller's transaction; a job sends it after the commit.
///
/// # Errors
/// A fault of the database, or of a caller that forgot an argument.
pub async fn queue(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    mail: &Outgoing,
) -> Result<NoticeId, Fault> {
    mail.args.complete_for(mail.kind)?;
    let id = NoticeId::new(now, rng);
    let latest = now.plus_days(QUEUE_DAYS);
    let expires_at = mail.until.map_or(latest, |until| until.min(latest));
    let (user, person) = match &mail.to {
        Recipient::User(user) => (Some(*user), None),
        Recipient::Address(person) => (None, Some(person)),
    };
    tx.unscope().await?;
    let query = INSERT
        .bind(id)
        .bind(user)
        .bind(person.map(|person| &person.address))
        .bind(person.and_then(|person| person.name.as_ref()))
        .bind(person.map(|person| person.language));
    let query = query.bind(mail.kind).bind(mail.args.to_json()?);
    query.bind(now).bind(expires_at).execute_one(tx).await?;
    tx.rescope().await?;
    let job = NewJob {
        kind: SendMail::KIND,
        payload: json!({ "mail": id.to_string() }),
        run_at: now,
        dedupe_key: None,
    };
    queue::enqueue(tx, now, rng, job).await?;
    Ok(id)
}

/// A mail that still waits; `None` when it was sent or given up.
pub(super) async fn find(tx: &mut Tx, id: NoticeId) -> Result<Option<Waiting>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(waiting_from).transpose()
}

fn waiting_from(row: &Row) -> Result<Waiting, Fault> {
    let to = match row.parsed_or_null("user_id")? {
        Some(user) => Recipient::User(user),
        None => Recipient::Address(Person {
            address: row.parsed("recipient")?,
            name: row.parsed_or_null("name")?,
            language: row.parsed("language")?,
        }),
    };
    Ok(Waiting {
        to,
        kind: row.parsed("kind")?,
        args: Args::from_json(&row.text("args")?)?,
        expires_at: row.time("expires_at")?,
    })
}

/// Notes what became of a mail and erases what it said.
pub(super) async fn finish(
    tx: &mut Tx,
    id: NoticeId,
    now: Timestamp,
    failure: Option<&str>,
) -> Result<(), Fault> {
    let state = if failure.is_some() { "failed" } else { "sent" };
    let query = FINISH.bind(state).bind(failure).bind(now).bind(id);
    query.execute(tx).await.map(|_rows| ())
}

/// Gives up what waited too long and erases what it said; forgets what was finished 30 days ago. For
/// a schedule, hourly, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    EXPIRE.bind(now).execute(tx).await?;
    FORGET
        .bind(now.plus_days(-REMEMBER_DAYS))
        .execute(tx)
        .await?;
    Ok(())
}

fn sent_from(row: &Row) -> Result<Sent, Fault> {
    Ok(Sent {
        id: row.parsed("id")?,
        kind: row.parsed("kind")?,
        state: row.text("state")?,
        failure: row.text_or_null("failure")?,
        created_at: row.time("created_at")?,
        finished_at: row.time_or_null("finished_at")?,
    })
}

/// The latest mails and what became of them. For the operator, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn recent(tx: &mut Tx, limit: i64) -> Result<Vec<Sent>, Fault> {
    let rows = RECENT.bind(limit.clamp(1, 200)).all(tx).await?;
    rows.iter().map(sent_from).collect()
}

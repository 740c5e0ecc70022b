//! The rows of lost second factors.

use crate::approval::model::LATE_SECONDS;
use wabe_kernel::id::{ChangeId, CustomerId, UserId};
use wabe_kernel::{Fault, MailAddress, PersonName, Timestamp};
use wabe_store::{Row, Tx, statements};

/// How long everybody who reads an address of the account has to stop it. Source: bar 3.4 T5.
pub const WAIT_SECONDS: i64 = 72 * 3_600;
/// How long a request is open at most; whoever still needs it asks again.
pub const OPEN_DAYS: i64 = 30;
/// For how many days what became of one is kept here. The record keeps it longer.
const KEPT_DAYS: i64 = 365;
/// The most that the desk is shown at once.
const SHOWN: i64 = 200;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.user_id, l.customer_id, l.asked_at, l.due_at, u.name, u.email, \
             u.second_email, c.name AS customer_name FROM factor_loss l \
             JOIN wabe_user u ON u.id = l.user_id JOIN customer c ON c.id = l.customer_id ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.factor_loss.insert" =>
        "INSERT INTO factor_loss (id, user_id, customer_id, asked_at, due_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    OPEN_OF = "identity.factor_loss.open_of" =>
        select!("WHERE l.user_id = $1 AND l.ended_at IS NULL");
    OPEN = "identity.factor_loss.open" =>
        select!("WHERE l.ended_at IS NULL ORDER BY l.due_at, l.id LIMIT $1");
    DUE = "identity.factor_loss.due" =>
        select!("WHERE l.ended_at IS NULL AND l.due_at <= $1 AND l.told_at IS NULL ORDER BY l.due_at LIMIT $2");
    TOLD = "identity.factor_loss.told" =>
        "UPDATE factor_loss SET told_at = $1 WHERE id = $2 AND told_at IS NULL";
    LATE = "identity.factor_loss.late" =>
        select!("WHERE l.ended_at IS NULL AND l.due_at <= $1 AND l.escalated_at IS NULL \
                 ORDER BY l.due_at LIMIT $2");
    ESCALATED = "identity.factor_loss.escalated" =>
        "UPDATE factor_loss SET escalated_at = $1 WHERE id = $2 AND escalated_at IS NULL";
    END = "identity.factor_loss.end" =>
        "UPDATE factor_loss SET ended_at = $1, ending = $2 WHERE user_id = $3 AND ended_at IS NULL";
    DECIDE = "identity.factor_loss.decide" =>
        "UPDATE factor_loss SET ended_at = $1, ending = $2, decided_by = $3, reason = $4 \
         WHERE id = $5 AND ended_at IS NULL";
    LAPSE = "identity.factor_loss.lapse" =>
        "UPDATE factor_loss SET ended_at = $1, ending = 'lapsed' WHERE ended_at IS NULL AND due_at <= $2";
    PRUNE = "identity.factor_loss.prune" => "DELETE FROM factor_loss WHERE ended_at < $1";
}

/// How one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Somebody followed the link in the letter.
    Kept,
    /// The factor, or a recovery code, was used.
    Found,
    /// Somebody of the hoster took the factor away.
    Approved,
    /// Somebody of the hoster said no.
    Refused,
}

impl Ending {
    const fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Found => "found",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

/// A request that is open.
#[derive(Debug, Clone)]
pub struct Loss {
    /// Which one. It has no id of its own kind; a change's sorts by time like any other.
    pub id: ChangeId,
    /// Whose factor.
    pub user: UserId,
    /// In whose record the decision is written.
    pub customer: CustomerId,
    /// What they are called.
    pub name: PersonName,
    /// What they log in with.
    pub email: MailAddress,
    /// Their second address.
    pub second_email: Option<MailAddress>,
    /// The customer's name.
    pub customer_name: String,
    /// When they asked.
    pub asked_at: Timestamp,
    /// From when on somebody may decide.
    pub due_at: Timestamp,
}

impl Loss {
    /// Whether the wait is over.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.due_at
    }

    /// Every address that was told.
    pub fn addresses(&self) -> impl Iterator<Item = &MailAddress> {
        std::iter::once(&self.email).chain(&self.second_email)
    }
}

fn from_row(row: &Row) -> Result<Loss, Fault> {
    Ok(Loss {
        id: row.parsed("id")?,
        user: row.parsed("user_id")?,
        customer: row.parsed("customer_id")?,
        name: row.parsed("name")?,
        email: row.parsed("email")?,
        second_email: row.parsed_or_null("second_email")?,
        customer_name: row.text("customer_name")?,
        asked_at: row.time("asked_at")?,
        due_at: row.time("due_at")?,
    })
}

/// Adds a request; false when one is open already.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: ChangeId,
    (user, customer): (UserId, CustomerId),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = INSERT.bind(id).bind(user).bind(customer).bind(now);
    let due_at = now.plus_seconds(WAIT_SECONDS);
    Ok(query.bind(due_at).execute(tx).await? == 1)
}

/// The open request of a user.
pub(crate) async fn open_of(tx: &mut Tx, user: UserId) -> Result<Option<Loss>, Fault> {
    let row = OPEN_OF.bind(user).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// All open requests, those that may be decided first.
pub(crate) async fn open(tx: &mut Tx) -> Result<Vec<Loss>, Fault> {
    let rows = OPEN.bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Requests whose wait is over and of which nobody here was told yet.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Loss>, Fault> {
    let rows = DUE.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Notes that somebody here was told; false when that was done before.
pub(crate) async fn told(tx: &mut Tx, id: ChangeId, now: Timestamp) -> Result<bool, Fault> {
    Ok(TOLD.bind(now).bind(id).execute(tx).await? == 1)
}

/// Requests that nobody decided for a day after they could have, and of which management was not told yet.
pub(crate) async fn late(tx: &mut Tx, now: Timestamp) -> Result<Vec<Loss>, Fault> {
    let query = LATE.bind(now.plus_seconds(-LATE_SECONDS)).bind(SHOWN);
    query.all(tx).await?.iter().map(from_row).collect()
}

/// Notes that management was told; false when that was done before.
pub(crate) async fn escalated(tx: &mut Tx, id: ChangeId, now: Timestamp) -> Result<bool, Fault> {
    Ok(ESCALATED.bind(now).bind(id).execute(tx).await? == 1)
}

/// Ends the open request of a user without anybody's decision; false when there is none.
pub(crate) async fn end(
    tx: &mut Tx,
    user: UserId,
    ending: Ending,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = END.bind(now).bind(ending.word()).bind(user);
    Ok(query.execute(tx).await? == 1)
}

/// Ends a request by a decision; false when somebody was faster.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: ChangeId,
    ending: Ending,
    (by, reason): (UserId, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = DECIDE.bind(now).bind(ending.word()).bind(by);
    Ok(query.bind(reason).bind(id).execute(tx).await? == 1)
}

/// Ends what nobody decided for too long, and forgets what ended long ago.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let late = now.plus_days(-OPEN_DAYS).plus_seconds(WAIT_SECONDS);
    LAPSE.bind(now).bind(late).execute(tx).await?;
    let query = PRUNE.bind(now.plus_days(-KEPT_DAYS));
    query.execute(tx).await.map(|_rows| ())
}

//! The rows of who wants letters about accesses.

use crate::access_digest::Cadence;
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

/// The most letters of one turn of the schedule, for each cadence.
const TURN: i64 = 200;
/// How long an access may take until it stands in the log under its time, in seconds: what was noted
/// late must not fall between two letters.
const LATE_SECONDS: i64 = 60;

statements! {
    FIND = "jobs.access_digest.find" =>
        "SELECT cadence FROM access_digest WHERE customer_id = $1 AND user_id = $2";
    SET = "jobs.access_digest.set" =>
        "INSERT INTO access_digest (customer_id, user_id, cadence, told_until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (customer_id, user_id) DO UPDATE SET cadence = excluded.cadence";
    REMOVE = "jobs.access_digest.remove" =>
        "DELETE FROM access_digest WHERE customer_id = $1 AND user_id = $2";
    DUE = "jobs.access_digest.due" =>
        "SELECT customer_id, user_id, told_until FROM access_digest \
         WHERE cadence = $1 AND told_until <= $2 ORDER BY told_until LIMIT $3";
    TOLD = "jobs.access_digest.told" =>
        "UPDATE access_digest SET told_until = $1 \
         WHERE customer_id = $2 AND user_id = $3 AND told_until = $4";
}

/// A letter that is due, if there is anything to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// About whose data.
    pub customer: CustomerId,
    /// To whom.
    pub user: UserId,
    /// What happened later than that,
    pub after: Timestamp,
    /// and then at the latest.
    pub until: Timestamp,
}

/// How often somebody wants letters about a customer.
///
/// # Errors
/// A fault of the database.
pub async fn chosen(tx: &mut Tx, (customer, user): (CustomerId, UserId)) -> Result<Cadence, Fault> {
    let row = FIND.bind(customer).bind(user).optional(tx).await?;
    row.map_or(Ok(Cadence::Never), |row| row.parsed("cadence"))
}

/// Keeps how often; what the first letter tells begins now.
pub(super) async fn choose(
    tx: &mut Tx,
    (customer, user): (CustomerId, UserId),
    cadence: Cadence,
    now: Timestamp,
) -> Result<(), Fault> {
    if cadence == Cadence::Never {
        return forget(tx, (customer, user)).await;
    }
    let query = SET.bind(customer).bind(user).bind(cadence).bind(now);
    query.execute_one(tx).await
}

/// The letters that are due. In a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Wanted>, Fault> {
    let mut all = Vec::new();
    let whole = now.plus_seconds(-LATE_SECONDS);
    for cadence in Cadence::ALL {
        let Some(seconds) = cadence.seconds() else {
            continue;
        };
        let before = whole.plus_seconds(-seconds);
        let rows = DUE.bind(*cadence).bind(before).bind(TURN).all(tx).await?;
        for row in &rows {
            let after = row.time("told_until")?;
            let times = whole.seconds_since(after) / seconds;
            all.push(Wanted {
                customer: row.parsed("customer_id")?,
                user: row.parsed("user_id")?,
                after,
                until: after.plus_seconds(times * seconds),
            });
        }
    }
    Ok(all)
}

/// Notes what was told; false when somebody else was faster.
///
/// # Errors
/// A fault of the database.
pub async fn told(tx: &mut Tx, wanted: &Wanted) -> Result<bool, Fault> {
    let query = TOLD.bind(wanted.until).bind(wanted.customer);
    let query = query.bind(wanted.user).bind(wanted.after);
    Ok(query.execute(tx).await? == 1)
}

/// Forgets that somebody wants letters.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut Tx, (customer, user): (CustomerId, UserId)) -> Result<(), Fault> {
    let query = REMOVE.bind(customer).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

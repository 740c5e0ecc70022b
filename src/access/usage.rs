//! How much of a plan is taken.

use crate::limit::Limit;
use crate::refusal::Refusal;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;
use wabe_store::{Tx, statements};

statements! {
    TAKE = "access.usage.take" =>
        "UPDATE usage SET used = used + $1 \
         WHERE customer_id = $2 AND name = $3 AND used + $1 <= max";
    GIVE = "access.usage.give" =>
        "UPDATE usage SET used = used - $1 WHERE customer_id = $2 AND name = $3 AND used >= $1";
    FIND = "access.usage.find" =>
        "SELECT used, max FROM usage WHERE customer_id = $1 AND name = $2";
    LIST = "access.usage.list" =>
        "SELECT name, used, max FROM usage WHERE customer_id = $1";
    SET = "access.usage.set" =>
        "INSERT INTO usage (customer_id, name, used, max) VALUES ($1, $2, 0, $3) \
         ON CONFLICT (customer_id, name) DO UPDATE SET max = excluded.max";
}

/// How much of one limit is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Which.
    pub limit: Limit,
    /// Taken now.
    pub used: i64,
    /// Allowed at most.
    pub max: i64,
}

impl Use {
    /// How full, in percent, 0 to 100.
    #[must_use]
    pub fn percent(&self) -> i64 {
        if self.max <= 0 {
            return 100;
        }
        (i128::from(self.used) * 100 / i128::from(self.max))
            .clamp(0, 100)
            .try_into()
            .unwrap_or(100)
    }
}

/// All limits of a customer in the order of [`Limit::ALL`].
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Use>, Fault> {
    let mut found = Vec::new();
    for row in LIST.bind(customer).all(tx).await? {
        let limit = row.parsed("name")?;
        found.push(Use {
            limit,
            used: row.int("used")?,
            max: row.int("max")?,
        });
    }
    found.sort_by_key(|item| Limit::ALL.iter().position(|limit| *limit == item.limit));
    Ok(found)
}

/// Takes `wanted` of a limit, or refuses. The comparison and the change are one statement.
pub(crate) async fn take(
    tx: &mut Tx,
    customer: CustomerId,
    limit: Limit,
    wanted: i64,
) -> Result<(), Refusal> {
    if TAKE
        .bind(wanted)
        .bind(customer)
        .bind(limit.word())
        .execute(tx)
        .await?
        == 1
    {
        return Ok(());
    }
    let row = FIND.bind(customer).bind(limit.word()).optional(tx).await?;
    let (used, max) = match row {
        Some(row) => (row.int("used")?, row.int("max")?),
        None => (0, 0),
    };
    Err(Refusal::Limit {
        limit,
        used,
        max,
        wanted,
    })
}

/// Gives `amount` of a limit back.
pub(crate) async fn give(
    tx: &mut Tx,
    customer: CustomerId,
    limit: Limit,
    amount: i64,
) -> Result<(), Refusal> {
    Ok(GIVE
        .bind(amount)
        .bind(customer)
        .bind(limit.word())
        .execute_one(tx)
        .await?)
}

/// Sets the most a customer may take of a limit; what is taken stays.
pub(crate) async fn set(
    tx: &mut Tx,
    customer: CustomerId,
    limit: Limit,
    max: i64,
) -> Result<(), Fault> {
    SET.bind(customer)
        .bind(limit.word())
        .bind(max)
        .execute_one(tx)
        .await
}

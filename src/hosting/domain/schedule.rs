//! Looking at domains by itself: claims until they are proved, proofs once a week.

use crate::domain::{VerifyDomain, WithdrawDomain, proof, store};
use wabe_access::{Actor, Gate, Mode, Refusal};
use wabe_kernel::id::{CustomerId, DomainId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::statements;

statements! {
    DUE = "hosting.domain.due" =>
        "SELECT id, customer_id, verified_at FROM domain WHERE next_check_at IS NOT NULL \
         AND next_check_at <= $1 AND active = 1 ORDER BY next_check_at LIMIT 50";
    NOTE = "hosting.domain.note_check" =>
        "UPDATE domain SET finding = $1, checked_at = $2, next_check_at = $3, \
         failed_checks = failed_checks + $4 WHERE id = $5 RETURNING failed_checks";
}

/// Weekly checks in a row that may fail before a proof is taken back.
const FAILED_CHECKS_MAX: i64 = 2;

/// What became of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Newly proved.
    Proved(CustomerId, DomainId),
    /// Its proof was taken back.
    Lost(CustomerId, DomainId),
    /// Nothing new.
    Same,
}

/// Looks at the domains that are due, at most 50 of them.
///
/// # Errors
/// A fault of the database; each domain stands for itself.
pub async fn check_due(gate: &Gate) -> Result<Vec<Outcome>, Refusal> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let rows = DUE.bind(now).all(&mut tx).await?;
    tx.rollback().await?;
    let mut outcomes = Vec::new();
    for row in rows {
        let (id, customer) = (row.parsed("id")?, row.parsed("customer_id")?);
        outcomes.push(match row.time_or_null("verified_at")? {
            Some(_) => recheck(gate, customer, id, now).await?,
            None => check(gate, customer, id, now).await?,
        });
    }
    Ok(outcomes)
}

async fn check(
    gate: &Gate,
    customer: CustomerId,
    id: DomainId,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    let actor = Actor::system(customer);
    let command = <VerifyDomain as wabe_kernel::Fields>::from_json(&one_id(id))?;
    let finding = match gate.run(&actor, command, Mode::Commit).await {
        Ok(_) => return Ok(Outcome::Proved(customer, id)),
        Err(Refusal::Conflict("domain-needs-consent")) => "needs-consent",
        Err(Refusal::Conflict("domain-proved-elsewhere")) => "proved-elsewhere",
        Err(Refusal::Conflict(_) | Refusal::NotFound) => "not-seen-yet",
        Err(other) => return Err(other),
    };
    note(
        gate,
        id,
        Note {
            finding,
            now,
            next: now.plus_seconds(300),
            failed: 0,
        },
    )
    .await?;
    Ok(Outcome::Same)
}

async fn recheck(
    gate: &Gate,
    customer: CustomerId,
    id: DomainId,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    let mut tx = gate.store().read().await?;
    let domain = store::find(&mut tx, customer, id).await?;
    tx.rollback().await?;
    if proof::look(gate.tools(), &domain).await.is_some() {
        let mut tx = gate.store().write().await?;
        let method = domain.method.ok_or(Refusal::NotFound)?;
        store::prove(
            &mut tx,
            customer,
            id,
            method,
            domain.verified_at.unwrap_or(now),
        )
        .await?;
        NOTE.bind("proved")
            .bind(now)
            .bind(now.plus_days(7))
            .bind(0)
            .bind(id)
            .one(&mut tx)
            .await?;
        tx.commit().await?;
        return Ok(Outcome::Same);
    }
    let failed = note(
        gate,
        id,
        Note {
            finding: "proof-missing",
            now,
            next: now.plus_days(7),
            failed: 1,
        },
    )
    .await?;
    if failed < FAILED_CHECKS_MAX {
        return Ok(Outcome::Same);
    }
    let command = <WithdrawDomain as wabe_kernel::Fields>::from_json(&one_id(id))?;
    gate.run(&Actor::system(customer), command, Mode::Commit)
        .await?;
    Ok(Outcome::Lost(customer, id))
}

fn one_id(id: DomainId) -> serde_json::Map<String, serde_json::Value> {
    let mut object = serde_json::Map::new();
    object.insert("id".to_owned(), id.to_string().into());
    object
}

/// What a look at a domain found, and when to look again.
struct Note {
    finding: &'static str,
    now: Timestamp,
    next: Timestamp,
    failed: i64,
}

async fn note(gate: &Gate, id: DomainId, note: Note) -> Result<i64, Fault> {
    let Note {
        finding,
        now,
        next,
        failed,
    } = note;
    let mut tx = gate.store().write().await?;
    let query = NOTE
        .bind(finding)
        .bind(now)
        .bind(next)
        .bind(failed)
        .bind(id);
    let count = query.one(&mut tx).await?.int("failed_checks")?;
    tx.commit().await?;
    Ok(count)
}

//! Looking at domains by itself: proofs once a week, and claims until they are proved.
//!
//! Invariants: each domain stands for itself; proofs are looked at before claims, however many there are of
//! those; a claim is looked at less often the longer it takes; who does not answer has not said no.

use crate::domain::proof::{self, Look};
use crate::domain::{VerifyDomain, WithdrawDomain, store};
use futures_util::future::join_all;
use wabe_access::{Actor, Gate, Mode, Refusal};
use wabe_kernel::id::{CustomerId, DomainId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, statements};

statements! {
    PROOFS_DUE = "hosting.domain.proofs_due" =>
        "SELECT d.id, d.customer_id, d.verified_at, d.next_check_at, r.updated_at FROM domain d \
         JOIN resource r ON r.id = d.id WHERE d.next_check_at IS NOT NULL AND d.next_check_at <= $1 \
         AND d.active = 1 AND d.verified_at IS NOT NULL ORDER BY d.next_check_at LIMIT $2";
    CLAIMS_DUE = "hosting.domain.claims_due" =>
        "SELECT d.id, d.customer_id, d.verified_at, d.next_check_at, r.updated_at FROM domain d \
         JOIN resource r ON r.id = d.id WHERE d.next_check_at IS NOT NULL AND d.next_check_at <= $1 \
         AND d.active = 1 AND d.verified_at IS NULL ORDER BY d.next_check_at LIMIT $2";
    // A look takes its time: what somebody found meanwhile, by asking themselves, moved the next one and stands.
    NOTE = "hosting.domain.note_check" =>
        "UPDATE domain SET finding = $1, checked_at = $2, next_check_at = $3, \
         failed_checks = failed_checks + $4 WHERE id = $5 AND next_check_at = $6 RETURNING failed_checks";
    SEEN = "hosting.domain.note_seen" =>
        "UPDATE domain SET finding = 'proved', checked_at = $1, next_check_at = $2, failed_checks = 0 \
         WHERE id = $3 AND verified_at IS NOT NULL AND next_check_at = $4";
    LATER = "hosting.domain.look_later" =>
        "UPDATE domain SET next_check_at = $1 WHERE id = $2 AND next_check_at = $3";
}

/// Weekly checks in a row that may fail before a proof is taken back.
const FAILED_CHECKS_MAX: i64 = 2;
/// What a proof that was looked for in vain is told as.
const MISSING: &str = "proof-missing";
/// Days from one check of a proof to the next.
const CHECK_DAYS: i64 = 7;
/// A name that nobody answered for is asked again after so many seconds.
const SILENCE_SECONDS: i64 = 3_600;
/// Nor does silence keep a proof for ever: so many days after the last answer it counts as missing.
const SILENCE_DAYS_MAX: i64 = 14;
/// Behind the day on which it was to be there again, silence is asked again for so many days more.
const MISSING_DAYS_MORE: i64 = 1;
/// The pauses between two looks at a claim, in seconds: a tenth of the time it has taken, within these.
const CLAIM_SECONDS: (i64, i64) = (300, 86_400);
/// Domains of each sort that one round looks at.
const ROUND: i64 = 50;
/// Domains looked at side by side: one look may take as long as the outside does not answer.
const AT_ONCE: usize = 10;

/// What became of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Newly proved.
    Proved(CustomerId, DomainId),
    /// Its proof is gone; unless it is back by then, it is taken back.
    Missing(CustomerId, DomainId, Timestamp),
    /// Its proof was taken back.
    Lost(CustomerId, DomainId),
    /// Nothing new.
    Same,
}

/// A domain whose time has come.
#[derive(Debug, Clone, Copy)]
struct Due {
    id: DomainId,
    customer: CustomerId,
    verified: bool,
    /// The time that has come.
    at: Timestamp,
    /// When its row last changed: claimed, restored, its proof lost, or something done about it.
    since: Timestamp,
}

impl Due {
    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.parsed("id")?,
            customer: row.parsed("customer_id")?,
            verified: row.time_or_null("verified_at")?.is_some(),
            at: row.time("next_check_at")?,
            since: row.time("updated_at")?,
        })
    }

    /// How long a claim waits for the next look.
    fn pause(self, now: Timestamp) -> i64 {
        let (least, most) = CLAIM_SECONDS;
        (now.seconds_since(self.since) / 10).clamp(least, most)
    }
}

/// Looks at the domains that are due: proofs first, then claims, at most 50 of each. A domain that cannot
/// be looked at is put off and delays no other.
///
/// # Errors
/// A fault of the database before the first look.
pub async fn check_due(gate: &Gate) -> Result<Vec<Outcome>, Refusal> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let mut rows = PROOFS_DUE.bind(now).bind(ROUND).all(&mut tx).await?;
    rows.extend(CLAIMS_DUE.bind(now).bind(ROUND).all(&mut tx).await?);
    tx.rollback().await?;
    let due: Vec<Due> = rows.iter().map(Due::from_row).collect::<Result<_, _>>()?;
    let mut outcomes = Vec::with_capacity(due.len());
    for some in due.chunks(AT_ONCE) {
        let looks = some.iter().map(|due| Box::pin(look_at(gate, *due, now)));
        let looks: Vec<_> = looks.collect();
        outcomes.extend(join_all(looks).await);
    }
    Ok(outcomes)
}

async fn look_at(gate: &Gate, due: Due, now: Timestamp) -> Outcome {
    let looked = if due.verified {
        recheck(gate, due, now).await
    } else {
        check(gate, due, now).await
    };
    match looked {
        Ok(outcome) => outcome,
        Err(refusal) => {
            tracing::error!(domain.id = %due.id, ?refusal, "a domain could not be looked at");
            if let Err(fault) = later(gate, due, now).await {
                tracing::error!(domain.id = %due.id, cause = %fault.chain(),
                    "a domain could not be put off");
            }
            Outcome::Same
        }
    }
}

async fn check(gate: &Gate, due: Due, now: Timestamp) -> Result<Outcome, Refusal> {
    let actor = Actor::system(due.customer);
    let command = <VerifyDomain as wabe_kernel::Fields>::from_json(&one_id(due.id))?;
    let finding = match gate.run(&actor, command, Mode::Commit).await {
        Ok(_) => return Ok(Outcome::Proved(due.customer, due.id)),
        Err(Refusal::Conflict("domain-needs-consent")) => "needs-consent",
        Err(Refusal::Conflict("domain-proved-elsewhere")) => "proved-elsewhere",
        // Somebody asked themselves meanwhile.
        Err(Refusal::Conflict("domain-already-proved")) => return Ok(Outcome::Same),
        Err(Refusal::Conflict(_) | Refusal::NotFound) => "not-seen-yet",
        Err(other) => return Err(other),
    };
    let note = Note {
        finding,
        now,
        next: now.plus_seconds(due.pause(now)),
        failed: 0,
    };
    note_check(gate, due, note).await?;
    Ok(Outcome::Same)
}

async fn recheck(gate: &Gate, due: Due, now: Timestamp) -> Result<Outcome, Refusal> {
    let mut tx = gate.store().read().await?;
    let domain = store::find(&mut tx, due.customer, due.id).await?;
    tx.rollback().await?;
    let answered = domain.checked_at.or(domain.verified_at).unwrap_or(now);
    // Once it was told as missing, silence helps for a day and no longer.
    let patience = if domain.finding == MISSING {
        CHECK_DAYS + MISSING_DAYS_MORE
    } else {
        SILENCE_DAYS_MAX
    };
    let patient = now < answered.plus_days(patience);
    match proof::look(gate.tools(), &domain).await {
        Look::Seen(_) => {
            seen(gate, due, now).await?;
            return Ok(Outcome::Same);
        }
        Look::Silent if patient => {
            later(gate, due, now).await?;
            return Ok(Outcome::Same);
        }
        Look::Silent | Look::Missing => {}
    }
    let next = now.plus_days(CHECK_DAYS);
    let note = Note {
        finding: MISSING,
        now,
        next,
        failed: 1,
    };
    match note_check(gate, due, note).await? {
        None => return Ok(Outcome::Same),
        Some(failed) if failed < FAILED_CHECKS_MAX => {
            return Ok(Outcome::Missing(due.customer, due.id, next));
        }
        Some(_) => {}
    }
    let command = <WithdrawDomain as wabe_kernel::Fields>::from_json(&one_id(due.id))?;
    gate.run(&Actor::system(due.customer), command, Mode::Commit)
        .await?;
    Ok(Outcome::Lost(due.customer, due.id))
}

fn one_id(id: DomainId) -> serde_json::Map<String, serde_json::Value> {
    let mut object = serde_json::Map::new();
    object.insert("id".to_owned(), id.to_string().into());
    object
}

/// Notes that a proof is still in place.
async fn seen(gate: &Gate, due: Due, now: Timestamp) -> Result<(), Fault> {
    let mut tx = gate.store().write().await?;
    let query = SEEN.bind(now).bind(now.plus_days(CHECK_DAYS));
    let query = query.bind(due.id).bind(due.at);
    query.execute(&mut tx).await?;
    tx.commit().await
}

/// Puts the next look off without saying anything of this one.
async fn later(gate: &Gate, due: Due, now: Timestamp) -> Result<(), Fault> {
    let mut tx = gate.store().write().await?;
    let query = LATER.bind(now.plus_seconds(SILENCE_SECONDS));
    let query = query.bind(due.id).bind(due.at);
    query.execute(&mut tx).await?;
    tx.commit().await
}

/// What a look at a domain found, and when to look again.
struct Note {
    finding: &'static str,
    now: Timestamp,
    next: Timestamp,
    failed: i64,
}

/// Answers how many checks in a row failed; nothing when somebody was faster.
async fn note_check(gate: &Gate, due: Due, note: Note) -> Result<Option<i64>, Fault> {
    let mut tx = gate.store().write().await?;
    let query = NOTE
        .bind(note.finding)
        .bind(note.now)
        .bind(note.next)
        .bind(note.failed)
        .bind(due.id)
        .bind(due.at);
    let row = query.optional(&mut tx).await?;
    tx.commit().await?;
    row.map(|row| row.int("failed_checks")).transpose()
}

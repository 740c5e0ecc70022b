//! Letters about what the hoster's people saw and changed of a customer's, to who asked for them.
//!
//! Invariants: what one tells is read with what its reader may see at that moment, and told once; who is
//! no member any more is forgotten; where nothing happened, nothing is sent.

use wabe_access::{Actor, Gate, Permission, Refusal, Scope};
use wabe_audit::Streams;
use wabe_identity::token::store::name_hoster;
use wabe_identity::user::model::User;
use wabe_identity::user::store as users;
use wabe_jobs::access_digest::{self, Wanted};
use wabe_jobs::mail::{self, Outgoing, Recipient};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_portal::access_lines;
use wabe_store::Tx;

/// The most accesses that one letter names.
const LINES: i64 = 50;

/// Queues every letter that is due; answers how many. One that fails keeps back no other: it is due
/// again at the next turn.
///
/// # Errors
/// A fault of the database.
pub async fn send(gate: &Gate, streams: &Streams) -> Result<usize, Refusal> {
    let mut tx = gate.store().read().await?;
    let due = access_digest::due(&mut tx, gate.tools().clock.now()).await?;
    tx.rollback().await?;
    let mut sent = 0;
    for wanted in due {
        let mut tx = gate.store().write().await?;
        match one(gate, streams, &mut tx, &wanted).await {
            Ok(told) => {
                tx.commit().await?;
                sent += usize::from(told);
            }
            Err(refusal) => {
                tx.rollback().await?;
                let customer = wanted.customer;
                tracing::error!(customer.id = %customer, ?refusal, "a digest of accesses failed");
            }
        }
    }
    Ok(sent)
}

/// Tells one reader, unless there is nothing to tell.
async fn one(
    gate: &Gate,
    streams: &Streams,
    tx: &mut Tx,
    wanted: &Wanted,
) -> Result<bool, Refusal> {
    // Another one of several panels was faster.
    if !access_digest::told(tx, wanted).await? {
        return Ok(false);
    }
    let reader = Actor::member(wanted.user, wanted.customer, gate.tools().clock.now());
    let scope = match Scope::of(tx, &reader).await {
        Ok(scope) => scope,
        Err(Refusal::NotFound) => {
            access_digest::forget(tx, (wanted.customer, wanted.user)).await?;
            return Ok(false);
        }
        Err(refusal) => return Err(refusal),
    };
    let found = users::find(tx, wanted.user).await?;
    let found = found.filter(|user| user.disabled_at.is_none());
    match found {
        Some(user) if scope.has(Permission::ChangeRead) => {
            tell(gate, streams, (tx, &scope), (wanted, &user)).await
        }
        _ => Ok(false),
    }
}

async fn tell(
    gate: &Gate,
    streams: &Streams,
    (tx, scope): (&mut Tx, &Scope),
    (wanted, user): (&Wanted, &User),
) -> Result<bool, Refusal> {
    let time = (wanted.after, wanted.until);
    let found = streams
        .seen_between(tx, wanted.customer, time, LINES)
        .await?;
    let (mut all, count) = found;
    if all.is_empty() {
        return Ok(false);
    }
    name_hoster(tx, &mut all).await?;
    let more = count - i64::try_from(all.len()).unwrap_or(count);
    let words = (gate.recorder().as_ref(), user.language);
    let lines = access_lines(words, (&mut *tx, scope), all).await?;
    let customer = wabe_access::customer::find(tx, wanted.customer).await?;
    let customer = customer.ok_or(Refusal::NotFound)?;
    let args = Args::new()
        .text("customer", customer.name)
        .time("from", wanted.after)
        .time("until", wanted.until)
        .count("count", count)
        .count("more", more)
        .prose("message", lines.join("\n"));
    let letter = Outgoing {
        to: Recipient::User(wanted.user),
        kind: NoticeKind::AccessDigest,
        args,
        until: None,
    };
    let tools = gate.tools();
    mail::queue(tx, tools.clock.now(), tools.rng.as_ref(), &letter).await?;
    Ok(true)
}

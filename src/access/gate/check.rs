//! What the gate checks in the transaction, and what it leaves in the record.

use crate::actor::{Actor, ActorKind, HOUSE};
use crate::command::{Authority, Command, Risk};
use crate::gate::{Once, Passage};
use crate::instruction;
use crate::refusal::Refusal;
use crate::scope::Scope;
use serde_json::Value;
use wabe_audit::Entry;
use wabe_kernel::Timestamp;
use wabe_kernel::id::ChangeId;
use wabe_store::{Tx, statements};

statements! {
    ONCE = "access.gate.once" =>
        "INSERT INTO idempotency (customer_id, key, request_hash, change_id, created_at) \
         VALUES ($1, $2, $3, $4, $5)";
    FIND_ONCE = "access.gate.find_once" =>
        "SELECT request_hash, change_id FROM idempotency WHERE customer_id = $1 AND key = $2";
}

/// How long a proof of identity opens sensitive commands, in seconds. Source: bar 3.6 T5.
pub const STEP_UP_SECONDS: i64 = 600;

/// The top-level fields in which two snapshots differ.
#[must_use]
pub fn touched(before: &Value, after: &Value) -> Vec<String> {
    let empty = serde_json::Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let keys = before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)));
    keys.filter(|key| before.get(*key) != after.get(*key))
        .cloned()
        .collect()
}

/// Permission, purpose and fresh proof, by the tables' state in this transaction.
pub(crate) async fn check<C: Command>(
    tx: &mut Tx,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), Refusal> {
    // A look opens nothing but reads.
    if actor.looking.is_some() {
        return Err(Refusal::Forbidden);
    }
    let plugin = actor.kind.installation().is_some();
    // Staff hold no right on customers' data: what they do there stands on an instruction, and so does
    // what a plugin does that they set to work there, within its own rights.
    if let Some(ticket) = actor.ticket {
        instruction::check::<C>(tx, actor, (ticket, now)).await?;
        if !plugin {
            return proved::<C>(actor, now);
        }
    }
    Scope::of(tx, actor).await?.needs(C::PERMISSION)?;
    // Nobody stands behind a plugin who could prove themselves, and no grant takes that place.
    if plugin && (C::RISK != Risk::Routine || C::AUTHORITY != Authority::Customer) {
        return Err(Refusal::Forbidden);
    }
    let people = matches!(actor.kind, ActorKind::Staff | ActorKind::Token(_));
    if C::AUTHORITY == Authority::Hoster && people && actor.purpose.is_none() {
        return Err(Refusal::PurposeMissing);
    }
    proved::<C>(actor, now)
}

/// Whether a proof still counts. One from further ahead than it counts is from before the clock was set back, and
/// nobody knows how old it is.
#[must_use]
pub fn is_fresh(proved_at: Timestamp, now: Timestamp) -> bool {
    (-STEP_UP_SECONDS..=STEP_UP_SECONDS).contains(&now.seconds_since(proved_at))
}

/// Whether the actor proved themselves lately, where a command asks for that.
fn proved<C: Command>(actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
    if C::RISK == Risk::Routine || actor.sensitive {
        return Ok(());
    }
    // A password proves whoever has nothing better. Source: bar 3.6 T5.
    let factor = actor.factor_wanted || actor.kind == ActorKind::Staff;
    let password = actor.authenticated_at.filter(|_| !factor);
    let proofs = [password, actor.second_factor_at];
    if proofs.iter().flatten().any(|at| is_fresh(*at, now)) {
        Ok(())
    } else {
        Err(Refusal::StepUp)
    }
}

pub(crate) async fn refuse_repeated(passage: &mut Passage, once: &Once) -> Result<(), Refusal> {
    let found = FIND_ONCE
        .bind(passage.customer)
        .bind(&once.key)
        .optional(&mut passage.tx)
        .await?;
    match found {
        None => Ok(()),
        Some(row) if row.text("request_hash")? == once.request_hash => {
            Err(Refusal::Repeated(row.parsed("change_id")?))
        }
        Some(_) => Err(Refusal::Conflict("key-reused")),
    }
}

pub(crate) async fn remember(
    passage: &mut Passage,
    once: &Once,
    change: ChangeId,
) -> Result<(), Refusal> {
    let query = ONCE
        .bind(passage.customer)
        .bind(&once.key)
        .bind(&once.request_hash);
    Ok(query
        .bind(change)
        .bind(passage.now)
        .execute_one(&mut passage.tx)
        .await?)
}

/// On whose authority a change is made, as the record's column says it.
fn authority<C: Command>(actor: &Actor, passage: &Passage) -> &'static str {
    match C::AUTHORITY {
        Authority::Customer if passage.consent.is_some() => "consented",
        Authority::Customer if actor.ticket.is_some() => "instructed",
        // The hoster's people about themselves.
        Authority::Customer if passage.customer == HOUSE => "hoster",
        Authority::Customer => "customer",
        Authority::Ticket => "ticket",
        Authority::Hoster => "hoster",
    }
}

pub(crate) fn entry<C: Command>(
    actor: &Actor,
    passage: &Passage,
    command: &C,
    record: &crate::door::Record,
) -> Entry {
    // Work on a ticket itself is in that ticket.
    let at_work = command.ticket();
    let at_work = at_work.filter(|_| C::AUTHORITY == Authority::Ticket);
    Entry {
        customer: passage.customer,
        seq: passage.seq,
        at: passage.now,
        actor_kind: actor.kind.word(),
        actor_user: actor.user,
        actor_token: match actor.kind {
            ActorKind::Token(token) => Some(token),
            _ => None,
        },
        actor_installation: actor.kind.installation(),
        purpose: actor.purpose.as_ref().map(ToString::to_string),
        authority: authority::<C>(actor, passage),
        ticket: actor.ticket.or(at_work),
        instruction: passage.instruction,
        consent: passage.consent,
        command: C::NAME,
        object_kind: record.object.kind,
        object_id: record.object.id.clone(),
        object_name: record.object.name.clone(),
        before: record.before.clone(),
        after: record.after.clone(),
    }
}

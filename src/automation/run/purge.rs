//! What is kept of runs, and for how long.

use crate::installation::{export, kv};
use crate::run::{recording, usage};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Store, Tx, statements};

statements! {
    FORGET_INPUT = "automation.run.forget_input" =>
        "UPDATE run SET entry = NULL, log = NULL, result = NULL, difference = NULL WHERE id IN \
         (SELECT id FROM run WHERE queued_at < $1 AND queued_at >= $2 AND entry IS NOT NULL \
          AND state IN ('done', 'failed', 'dead', 'dropped') ORDER BY queued_at LIMIT $3)";
    FORGET_SHOWN = "automation.run.forget_shown" =>
        "UPDATE run_effect SET shown = NULL WHERE shown IS NOT NULL AND run_id IN \
         (SELECT id FROM run WHERE queued_at < $1 AND queued_at >= $2)";
    FORGET_EFFECTS = "automation.run.forget_effects" =>
        "DELETE FROM run_effect WHERE run_id IN \
         (SELECT id FROM run WHERE queued_at < $1 ORDER BY queued_at LIMIT $2)";
    FORGET_RECORDINGS = "automation.run.forget_recordings" =>
        "DELETE FROM run_recording WHERE run_id IN \
         (SELECT id FROM run WHERE queued_at < $1 ORDER BY queued_at LIMIT $2)";
    FORGET = "automation.run.forget" =>
        "DELETE FROM run WHERE id IN \
         (SELECT id FROM run WHERE queued_at < $1 ORDER BY queued_at LIMIT $2)";
    FORGET_KEYS = "automation.run.forget_keys" => "DELETE FROM effect_key WHERE applied_at < $1";
    FORGET_SEEN = "automation.run.forget_seen" =>
        "DELETE FROM effect_key WHERE applied_at < $1 AND key >= $2 AND key < $3";
}

/// Days that runs are in the list.
pub(crate) const RUN_DAYS: i64 = 30;
/// Days that the key of an effect counts.
pub(crate) const KEY_DAYS: i64 = 30;
/// How the keys of requests begin that were signed and seen, and what sorts behind them: no key of a
/// plugin has a control character.
pub(crate) const SEEN_BEGIN: &str = "\u{1}";
const SEEN_END: &str = "\u{2}";
/// Rows of one transaction: others want to write meanwhile.
const BATCH: i64 = 500;

/// Forgets what is too old; once a day is enough.
///
/// # Errors
/// A fault of the database; what was forgotten by then stays so.
pub(crate) async fn purge(store: &Store, now: Timestamp) -> Result<(), Fault> {
    let (old, gone) = (now.plus_days(-recording::DAYS), now.plus_days(-RUN_DAYS));
    loop {
        let mut tx = store.write().await?;
        let query = FORGET_INPUT.bind(old).bind(gone).bind(BATCH);
        let count = query.execute(&mut tx).await?;
        tx.commit().await?;
        if count < BATCH.unsigned_abs() {
            break;
        }
    }
    while forget_runs(store, gone).await? > 0 {}
    let mut tx = store.write().await?;
    FORGET_SHOWN.bind(old).bind(gone).execute(&mut tx).await?;
    let before = now.plus_days(-KEY_DAYS);
    FORGET_KEYS.bind(before).execute(&mut tx).await?;
    // A signature is too old long before.
    let query = FORGET_SEEN.bind(now.plus_days(-1)).bind(SEEN_BEGIN);
    query.bind(SEEN_END).execute(&mut tx).await?;
    recording::forget(&mut tx, now).await?;
    usage::forget(&mut tx, now).await?;
    kv::forget(&mut tx, now).await?;
    export::forget(&mut tx, now).await?;
    tx.commit().await
}

async fn forget_runs(store: &Store, before: Timestamp) -> Result<u64, Fault> {
    let mut tx: Tx = store.write().await?;
    for statement in [FORGET_EFFECTS, FORGET_RECORDINGS] {
        let query = statement.bind(before).bind(BATCH);
        query.execute(&mut tx).await?;
    }
    let count = FORGET.bind(before).bind(BATCH).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(count)
}

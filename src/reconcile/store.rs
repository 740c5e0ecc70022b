//! The reconciler's bookkeeping in the resource table.

use wabe_access::resource::{self, Resource};
use wabe_kernel::{Fault, State, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    DUE = "reconcile.due" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE desired_revision <> applied_revision AND gone_at IS NULL \
         AND (retry_at IS NULL OR retry_at <= $1) ORDER BY id LIMIT $2";
    LOAD = "reconcile.load" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE id = $1 AND gone_at IS NULL";
    NEXT = "reconcile.next_retry" =>
        "SELECT min(retry_at) AS next FROM resource \
         WHERE desired_revision <> applied_revision AND gone_at IS NULL AND retry_at IS NOT NULL";
    STALE = "reconcile.stale" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE checked_at < $1 AND gone_at IS NULL \
         AND desired_revision = applied_revision ORDER BY checked_at LIMIT $2";
    ASKED = "reconcile.asked" =>
        "SELECT id FROM resource WHERE checked_at = 0 AND gone_at IS NULL \
         AND desired_revision = applied_revision LIMIT 1";
    CHECKED = "reconcile.checked" => "UPDATE resource SET checked_at = $1 WHERE id = $2";
    APPLIED = "reconcile.applied" =>
        "UPDATE resource SET applied_revision = $1, failure = $2, attempts = 0, retry_at = NULL, \
         checked_at = $3, updated_at = $3, \
         state = CASE WHEN desired_revision = $1 THEN $4 ELSE state END \
         WHERE id = $5 AND applied_revision <= $1";
    FAILED = "reconcile.failed" =>
        "UPDATE resource SET failure = $1, attempts = attempts + 1, retry_at = $2, updated_at = $3, \
         state = CASE WHEN deleted_at IS NULL THEN 'failed' ELSE 'deleting' END \
         WHERE id = $4 AND desired_revision = $5";
    DRIFTED = "reconcile.drifted" =>
        "UPDATE resource SET desired_revision = desired_revision + 1, failure = $1, \
         attempts = attempts + 1, retry_at = $2, checked_at = $3, updated_at = $3, \
         state = CASE WHEN deleted_at IS NULL THEN 'failed' ELSE 'deleting' END \
         WHERE id = $4 AND desired_revision = $5 AND applied_revision = $5";
    GONE = "reconcile.gone" => "UPDATE resource SET gone_at = $1, name = id WHERE id = $2";
    EMPTY_TRASH = "reconcile.empty_trash" =>
        "UPDATE resource SET desired_revision = desired_revision + 1 \
         WHERE deleted_at IS NOT NULL AND deleted_at <= $1 AND gone_at IS NULL \
         AND desired_revision = applied_revision";
    SEQ = "reconcile.change_seq" => "SELECT change_seq FROM customer WHERE id = $1";
}

pub(crate) async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Resource>, Fault> {
    DUE.bind(now)
        .bind(limit)
        .all(tx)
        .await?
        .iter()
        .map(resource::from_row)
        .collect()
}

pub(crate) async fn load(tx: &mut Tx, id: &str) -> Result<Option<Resource>, Fault> {
    LOAD.bind(id)
        .optional(tx)
        .await?
        .as_ref()
        .map(resource::from_row)
        .transpose()
}

pub(crate) async fn next_retry(tx: &mut Tx) -> Result<Option<Timestamp>, Fault> {
    NEXT.query().one(tx).await?.time_or_null("next")
}

pub(crate) async fn stale(
    tx: &mut Tx,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Resource>, Fault> {
    STALE
        .bind(before)
        .bind(limit)
        .all(tx)
        .await?
        .iter()
        .map(resource::from_row)
        .collect()
}

/// Whether something that is as wished was set to be looked at.
pub(crate) async fn is_asked(tx: &mut Tx) -> Result<bool, Fault> {
    let found = ASKED.query().optional(tx).await?;
    Ok(found.is_some())
}

pub(crate) async fn checked(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), Fault> {
    CHECKED.bind(now).bind(id).execute(tx).await.map(|_rows| ())
}

/// Writes down that the node is as wanted, and what part of it waits for.
pub(crate) async fn applied(
    tx: &mut Tx,
    resource: &Resource,
    (state, waits_for): (State, Option<&'static str>),
    now: Timestamp,
) -> Result<(), Fault> {
    let query = APPLIED
        .bind(resource.desired_revision)
        .bind(waits_for)
        .bind(now)
        .bind(state)
        .bind(&resource.id);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn failed(
    tx: &mut Tx,
    resource: &Resource,
    code: &str,
    retry_at: Timestamp,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = FAILED
        .bind(code)
        .bind(retry_at)
        .bind(now)
        .bind(&resource.id);
    query
        .bind(resource.desired_revision)
        .execute(tx)
        .await
        .map(|_rows| ())
}

/// Writes down that something is no longer as it was left and could not be repaired: it is wished once
/// more, and so tried again like any failed change. Answers whether that was news; a newer wish is not
/// touched.
pub(crate) async fn drifted(
    tx: &mut Tx,
    resource: &Resource,
    code: &str,
    retry_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = DRIFTED
        .bind(code)
        .bind(retry_at)
        .bind(now)
        .bind(&resource.id);
    let noted = query.bind(resource.desired_revision).execute(tx).await?;
    Ok(noted == 1)
}

pub(crate) async fn gone(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), Fault> {
    GONE.bind(now).bind(id).execute_one(tx).await
}

pub(crate) async fn empty_trash(tx: &mut Tx, before: Timestamp) -> Result<u64, Fault> {
    EMPTY_TRASH.bind(before).execute(tx).await
}

pub(crate) async fn change_seq(tx: &mut Tx, resource: &Resource) -> Result<i64, Fault> {
    SEQ.bind(resource.customer).one(tx).await?.int("change_seq")
}

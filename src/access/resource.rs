//! One row per thing of a customer: its state, and how far the wish got.

use crate::limit::Limit;
use crate::refusal::Refusal;
use crate::standing::Standing;
use crate::usage;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Reason, ResourceKind, State, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "access.resource.insert" =>
        "INSERT INTO resource (id, customer_id, kind, name, state, desired_revision, \
         applied_revision, created_at, updated_at) VALUES ($1, $2, $3, $4, 'pending', 1, 0, $5, $5)";
    BUMP = "access.resource.bump" =>
        "UPDATE resource SET desired_revision = desired_revision + 1, failure = NULL, attempts = 0, \
         retry_at = NULL, updated_at = $1, \
         state = CASE WHEN deleted_at IS NOT NULL THEN 'deleting' \
                      WHEN state = 'pending' THEN 'pending' ELSE 'updating' END \
         WHERE id = $2 AND customer_id = $3 AND gone_at IS NULL \
         RETURNING id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at";
    LOOK = "access.resource.look_again" =>
        "UPDATE resource SET checked_at = 0 WHERE customer_id = $1 AND kind = $2 AND gone_at IS NULL";
    LOOK_AT = "access.resource.look_at" =>
        "UPDATE resource SET checked_at = 0 WHERE id = $1 AND customer_id = $2 AND gone_at IS NULL";
    FIND = "access.resource.find" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE id = $1 AND customer_id = $2 AND gone_at IS NULL";
    WHOSE = "access.resource.whose" =>
        "SELECT customer_id, name FROM resource WHERE id = $1 AND gone_at IS NULL";
    UNSETTLED = "access.resource.unsettled" =>
        "SELECT kind, state, CAST(count(*) AS BIGINT) AS count FROM resource \
         WHERE customer_id = $1 AND kind >= '' AND gone_at IS NULL AND deleted_at IS NULL \
         AND state <> 'live' GROUP BY kind, state";
    ATTENTION = "access.resource.attention" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE customer_id = $1 AND kind >= '' AND gone_at IS NULL AND deleted_at IS NULL \
         AND state <> 'live' ORDER BY updated_at DESC LIMIT 20";
    TRASH = "access.resource.trash" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE customer_id = $1 AND kind >= '' AND gone_at IS NULL \
         AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 200";
    SEARCH = "access.resource.search" =>
        "SELECT id, customer_id, kind, name, state, desired_revision, applied_revision, failure, \
         attempts, retry_at, suspended_reason, suspended_by_hoster, deleted_at, created_at, updated_at \
         FROM resource WHERE customer_id = $1 AND kind >= '' AND gone_at IS NULL \
         AND name LIKE $2 ESCAPE '!' ORDER BY kind, name LIMIT 50";
    SUSPEND = "access.resource.suspend" =>
        "UPDATE resource SET suspended_reason = $1, suspended_by_hoster = $2 \
         WHERE id = $3 AND customer_id = $4";
    DELETE = "access.resource.delete" =>
        "UPDATE resource SET deleted_at = $1 WHERE id = $2 AND customer_id = $3 AND deleted_at IS NULL";
    RESTORE = "access.resource.restore" =>
        "UPDATE resource SET deleted_at = NULL, state = 'pending' \
         WHERE id = $1 AND customer_id = $2 AND deleted_at IS NOT NULL AND gone_at IS NULL";
    // Those that are as somebody wished last are wished once more; those that are on their way stay on it.
    END = "access.resource.end" =>
        "UPDATE resource SET deleted_at = $1, state = 'deleting', \
         desired_revision = desired_revision + 1, failure = NULL, attempts = 0, retry_at = NULL, \
         updated_at = $2 WHERE id IN (SELECT id FROM resource WHERE customer_id = $3 AND gone_at IS NULL \
         AND (deleted_at IS NULL OR deleted_at > $1 OR desired_revision = applied_revision) LIMIT $4)";
    LEFT = "access.resource.left" =>
        "SELECT id FROM resource WHERE customer_id = $1 AND gone_at IS NULL LIMIT 1";
    RENAME = "access.resource.rename" =>
        "UPDATE resource SET name = $1 WHERE id = $2 AND customer_id = $3";
}

/// The most things that a search answers.
pub const SEARCH_MAX: usize = 50;

/// Days that deleted things stay in the trash.
pub const TRASH_DAYS: i64 = 14;

/// A thing of a customer, as the lists see it.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its id, with the prefix of its kind.
    pub id: String,
    /// Whose.
    pub customer: CustomerId,
    /// What it is.
    pub kind: ResourceKind,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// How many wishes there were.
    pub desired_revision: i64,
    /// Up to which wish the node is.
    pub applied_revision: i64,
    /// Why the last attempt failed, or what it waits for: a code of the message catalogue.
    pub failure: Option<String>,
    /// Failed attempts in a row.
    pub attempts: i64,
    /// When it is tried next.
    pub retry_at: Option<Timestamp>,
    /// Why it is switched off.
    pub suspended_reason: Option<String>,
    /// Switched off by the hoster, so that only the hoster switches it on.
    pub suspended_by_hoster: bool,
    /// Since when it is in the trash.
    pub deleted_at: Option<Timestamp>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Reads a resource row; for rooms whose own statements select these columns.
///
/// # Errors
/// A fault when the row is inconsistent.
pub fn from_row(row: &Row) -> Result<Resource, Fault> {
    Ok(Resource {
        id: row.text("id")?,
        customer: row.parsed("customer_id")?,
        kind: row.parsed("kind")?,
        name: row.text("name")?,
        state: row.parsed("state")?,
        desired_revision: row.int("desired_revision")?,
        applied_revision: row.int("applied_revision")?,
        failure: row.text_or_null("failure")?,
        attempts: row.int("attempts")?,
        retry_at: row.time_or_null("retry_at")?,
        suspended_reason: row.text_or_null("suspended_reason")?,
        suspended_by_hoster: row.flag("suspended_by_hoster")?,
        deleted_at: row.time_or_null("deleted_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// What a new resource is made of.
pub(crate) struct NewResource<'a> {
    pub(crate) id: &'a str,
    pub(crate) customer: CustomerId,
    pub(crate) kind: ResourceKind,
    pub(crate) name: &'a str,
    pub(crate) now: Timestamp,
}

pub(crate) async fn insert(tx: &mut Tx, new: &NewResource<'_>) -> Result<(), Fault> {
    let query = INSERT
        .bind(new.id)
        .bind(new.customer)
        .bind(new.kind)
        .bind(new.name);
    query.bind(new.now).execute_one(tx).await
}

pub(crate) async fn bump(
    tx: &mut Tx,
    customer: CustomerId,
    id: &str,
    now: Timestamp,
) -> Result<Standing, Refusal> {
    let row = BUMP.bind(now).bind(id).bind(customer).optional(tx).await?;
    Ok((&from_row(&row.ok_or(Refusal::NotFound)?)?).into())
}

/// Has everything of a kind compared with the node at once: what is wished there changed with something else. In a
/// transaction of the system.
///
/// # Errors
/// A fault of the database.
pub async fn look_again(
    tx: &mut Tx,
    customer: CustomerId,
    kind: ResourceKind,
) -> Result<(), Fault> {
    LOOK.bind(customer).bind(kind).execute(tx).await?;
    Ok(())
}

/// Has one thing compared with the node at once, as [`look_again`] does with all of a kind.
///
/// # Errors
/// A fault of the database.
pub async fn look_at(tx: &mut Tx, customer: CustomerId, id: &str) -> Result<(), Fault> {
    LOOK_AT.bind(id).bind(customer).execute(tx).await?;
    Ok(())
}

/// A resource of this customer, also from the trash.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: &str) -> Result<Resource, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(from_row(&row)?)
}

/// A resource of this customer that is not in the trash.
///
/// # Errors
/// `NotFound`; `Conflict` with `in-trash` when it is there.
pub async fn load_present(
    tx: &mut Tx,
    customer: CustomerId,
    id: &str,
) -> Result<Resource, Refusal> {
    let found = load(tx, customer, id).await?;
    if found.deleted_at.is_some() {
        Err(Refusal::Conflict("in-trash"))
    } else {
        Ok(found)
    }
}

/// Whose a resource is and what people call it; for the panel's own work, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn whose(tx: &mut Tx, id: &str) -> Result<Option<(CustomerId, String)>, Fault> {
    let row = WHOSE.bind(id).optional(tx).await?;
    row.map(|row| Ok((row.parsed("customer_id")?, row.text("name")?)))
        .transpose()
}

/// How many of each kind are in each state, trash aside. Only what is not live is counted; the rest
/// is what the limits say is taken, so that a customer with a million things is no slower.
///
/// # Errors
/// A fault of the database.
pub async fn counts(
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Vec<(ResourceKind, State, i64)>, Fault> {
    let rows = UNSETTLED.bind(customer).all(tx).await?;
    let mut found: Vec<(ResourceKind, State, i64)> = rows
        .iter()
        .map(|row| Ok((row.parsed("kind")?, row.parsed("state")?, row.int("count")?)))
        .collect::<Result<_, Fault>>()?;
    for taken in usage::list(tx, customer).await? {
        let Some(kind) = counted_by(taken.limit) else {
            continue;
        };
        let unsettled = found.iter().filter(|(of, _, _)| *of == kind);
        let live = taken.used - unsettled.map(|(_, _, count)| count).sum::<i64>();
        if live > 0 {
            found.push((kind, State::Live, live));
        }
    }
    Ok(found)
}

/// What a limit counts; it is taken and given back in the transaction of the thing itself.
const fn counted_by(limit: Limit) -> Option<ResourceKind> {
    match limit {
        Limit::Webspaces => Some(ResourceKind::Webspace),
        Limit::Domains => Some(ResourceKind::Domain),
        Limit::Mailboxes => Some(ResourceKind::Mailbox),
        Limit::Aliases => Some(ResourceKind::Alias),
        Limit::Databases => Some(ResourceKind::Database),
        Limit::Members | Limit::Installations | Limit::CronJobs | Limit::StorageBytes => None,
    }
}

/// Up to 20 things that are not simply live, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn needing_attention(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Resource>, Fault> {
    ATTENTION
        .bind(customer)
        .all(tx)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// What is in the trash, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn trash(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Resource>, Fault> {
    TRASH
        .bind(customer)
        .all(tx)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Up to 50 things whose name contains `text`.
///
/// # Errors
/// A fault of the database.
pub async fn search(tx: &mut Tx, customer: CustomerId, text: &str) -> Result<Vec<Resource>, Fault> {
    let escaped = text
        .to_lowercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    let rows = SEARCH
        .bind(customer)
        .bind(format!("%{escaped}%"))
        .all(tx)
        .await?;
    rows.iter().map(from_row).collect()
}

/// Switches a resource off with a reason, or on again. The caller wishes afterwards.
///
/// # Errors
/// A fault when it is not there.
pub async fn set_suspended(
    tx: &mut Tx,
    customer: CustomerId,
    id: &str,
    reason: Option<&Reason>,
    by_hoster: bool,
) -> Result<(), Fault> {
    SUSPEND
        .bind(reason)
        .bind(by_hoster)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// Puts a resource into the trash. The caller wishes afterwards.
///
/// # Errors
/// A fault when it is there already.
pub async fn delete(
    tx: &mut Tx,
    customer: CustomerId,
    id: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    DELETE
        .bind(now)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// Takes a resource out of the trash. The caller wishes afterwards.
///
/// # Errors
/// `Conflict` with `not-in-trash` when it is not there.
pub async fn restore(tx: &mut Tx, customer: CustomerId, id: &str) -> Result<(), Refusal> {
    match RESTORE.bind(id).bind(customer).execute(tx).await? {
        1 => Ok(()),
        _ => Err(Refusal::Conflict("not-in-trash")),
    }
}

/// Wishes up to `limit` of a customer's things away for good, as if they had been in the trash since `since`,
/// which is its days ago; answers how many. Those that are wished away already are left to the reconciler,
/// which the caller wakes. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub async fn end(
    tx: &mut Tx,
    customer: CustomerId,
    since: Timestamp,
    (now, limit): (Timestamp, i64),
) -> Result<u64, Fault> {
    let query = END.bind(since).bind(now).bind(customer).bind(limit);
    query.execute(tx).await
}

/// Whether a node may still have something of a customer's.
///
/// # Errors
/// A fault of the database.
pub async fn is_left(tx: &mut Tx, customer: CustomerId) -> Result<bool, Fault> {
    Ok(LEFT.bind(customer).optional(tx).await?.is_some())
}

/// Gives a resource another name in the lists.
///
/// # Errors
/// A fault when it is not there.
pub async fn rename(tx: &mut Tx, customer: CustomerId, id: &str, name: &str) -> Result<(), Fault> {
    RENAME
        .bind(name)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

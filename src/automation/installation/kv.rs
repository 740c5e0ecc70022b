//! The plugins' own store: keys with versions, bounded, for each installation its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wabe_access::Refusal;
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    GET = "automation.kv.get" =>
        "SELECT value, version, bytes FROM installation_kv WHERE customer_id = $1 \
         AND installation_id = $2 AND key = $3 AND (expires_at IS NULL OR expires_at > $4)";
    TOTALS = "automation.kv.totals" =>
        "SELECT CAST(count(*) AS BIGINT) AS keys, CAST(COALESCE(sum(bytes), 0) AS BIGINT) AS bytes \
         FROM installation_kv WHERE customer_id = $1 AND installation_id = $2";
    KEYS = "automation.kv.keys" =>
        "SELECT key FROM installation_kv WHERE customer_id = $1 AND installation_id = $2 \
         AND key >= $3 AND key < $4 AND key > $5 AND (expires_at IS NULL OR expires_at > $6) \
         ORDER BY key LIMIT $7";
    PUT = "automation.kv.put" =>
        "INSERT INTO installation_kv (installation_id, customer_id, key, value, bytes, version, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (installation_id, key) \
         DO UPDATE SET value = excluded.value, bytes = excluded.bytes, expires_at = excluded.expires_at, \
         version = CASE WHEN installation_kv.version >= excluded.version \
                   THEN installation_kv.version + 1 ELSE excluded.version END";
    DROP = "automation.kv.drop" =>
        "DELETE FROM installation_kv WHERE customer_id = $1 AND installation_id = $2 AND key = $3";
    DROP_ALL = "automation.kv.drop_all" =>
        "DELETE FROM installation_kv WHERE customer_id = $1 AND installation_id = $2";
    EVERYTHING = "automation.kv.everything" =>
        "SELECT key, value, version, expires_at FROM installation_kv \
         WHERE customer_id = $1 AND installation_id = $2 ORDER BY key";
    FORGET = "automation.kv.forget" => "DELETE FROM installation_kv WHERE expires_at < $1";
}

/// The most keys of one installation.
pub const KEYS_MAX: i64 = 10_000;
/// The most bytes of one installation, keys and values together.
pub const BYTES_MAX: i64 = 1 << 20;
/// The most bytes of one value.
pub const VALUE_MAX: usize = 64 << 10;
/// The most bytes of one key.
pub const KEY_MAX: usize = 512;

/// Whose store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf {
    pub(crate) customer: CustomerId,
    pub(crate) installation: InstallationId,
}

/// A value with its version, and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) value: Vec<u8>,
    pub(crate) version: i64,
    pub(crate) bytes: i64,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) keys: i64,
    pub(crate) bytes: i64,
}

/// A write that waits for the end of its run.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) key: String,
    /// Absent for a deletion.
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) version: i64,
    /// The version that must still be there, 0 for none; absent when any will do.
    pub(crate) expected: Option<i64>,
    pub(crate) expires_at: Option<Timestamp>,
}

/// What a key and its value count.
pub(crate) fn weight(key: &str, value: &[u8]) -> i64 {
    i64::try_from(key.len() + value.len()).unwrap_or(i64::MAX)
}

pub(crate) async fn get(
    tx: &mut Tx,
    shelf: Shelf,
    key: &str,
    now: Timestamp,
) -> Result<Option<Found>, Fault> {
    let query = GET.bind(shelf.customer).bind(shelf.installation);
    let Some(row) = query.bind(key).bind(now).optional(tx).await? else {
        return Ok(None);
    };
    let value = STANDARD.decode(row.text("value")?);
    Ok(Some(Found {
        value: value.map_err(|error| Fault::because("read a value", error))?,
        version: row.int("version")?,
        bytes: row.int("bytes")?,
    }))
}

pub(crate) async fn totals(tx: &mut Tx, shelf: Shelf) -> Result<Totals, Fault> {
    let query = TOTALS.bind(shelf.customer).bind(shelf.installation);
    let row = query.one(tx).await?;
    Ok(Totals {
        keys: row.int("keys")?,
        bytes: row.int("bytes")?,
    })
}

/// Up to `limit` keys behind `after` that begin with `prefix`, in order.
pub(crate) async fn keys(
    tx: &mut Tx,
    shelf: Shelf,
    (prefix, after): (&str, &str),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<String>, Fault> {
    let query = KEYS.bind(shelf.customer).bind(shelf.installation);
    let query = query.bind(prefix).bind(format!("{prefix}\u{10ffff}"));
    let rows = query.bind(after).bind(now).bind(limit).all(tx).await?;
    rows.iter().map(|row| row.text("key")).collect()
}

/// Applies the writes of a run that ended well.
///
/// # Errors
/// `Conflict` with `kv-conflict` when another run was faster, with `kv-full` when it is too much.
pub(crate) async fn apply(
    tx: &mut Tx,
    shelf: Shelf,
    writes: &[Write],
    now: Timestamp,
) -> Result<(), Refusal> {
    if writes.is_empty() {
        return Ok(());
    }
    for write in writes {
        if let Some(expected) = write.expected {
            let found = get(tx, shelf, &write.key, now).await?;
            if found.map_or(0, |found| found.version) != expected {
                return Err(Refusal::Conflict("kv-conflict"));
            }
        }
        let Some(value) = &write.value else {
            let query = DROP.bind(shelf.customer).bind(shelf.installation);
            query.bind(&write.key).execute(tx).await?;
            continue;
        };
        let query = PUT.bind(shelf.installation).bind(shelf.customer);
        let query = query.bind(&write.key).bind(STANDARD.encode(value));
        let query = query.bind(weight(&write.key, value)).bind(write.version);
        query.bind(write.expires_at).execute_one(tx).await?;
    }
    let totals = totals(tx, shelf).await?;
    if totals.keys > KEYS_MAX || totals.bytes > BYTES_MAX {
        return Err(Refusal::Conflict("kv-full"));
    }
    Ok(())
}

/// Everything that an installation keeps, for its export.
pub(crate) async fn everything(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<Value, Fault> {
    let rows = EVERYTHING.bind(customer).bind(installation).all(tx).await?;
    let one = |row: &Row| {
        Ok(json!({
            "key": row.text("key")?, "value_base64": row.text("value")?,
            "version": row.int("version")?, "expires_at": row.time_or_null("expires_at")?,
        }))
    };
    rows.iter().map(one).collect()
}

pub(crate) async fn remove_all(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<(), Fault> {
    let query = DROP_ALL.bind(customer).bind(installation);
    query.execute(tx).await.map(|_rows| ())
}

/// Forgets what has expired.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(now).execute(tx).await
}

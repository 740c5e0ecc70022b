//! The rows of such files, and their parts.

use crate::export::model::{Ending, Export, KEPT_DAYS, MADE_DAYS, New, Progress, Work};
use wabe_kernel::id::{CustomerId, ExportId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// For how many days is said that there was one.
const TOLD_DAYS: i64 = 90;
/// The most that are shown, and that are ended at once.
const MOST: i64 = 20;

statements! {
    INSERT = "identity.export.insert" =>
        "INSERT INTO customer_export (id, customer_id, asked_by, asked_at, approval_id, approval_ending, \
         agreed_by, place, after_key, parts, lines, bytes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', 0, 0, 0) ON CONFLICT DO NOTHING";
    LIST = "identity.export.list" =>
        "SELECT id, asked_at, approval_id, place, parts, lines, bytes, ready_at, expires_at, ended_at, ending \
         FROM customer_export WHERE customer_id = $1 ORDER BY id DESC LIMIT $2";
    FIND = "identity.export.find" =>
        "SELECT id, asked_at, approval_id, place, parts, lines, bytes, ready_at, expires_at, ended_at, ending \
         FROM customer_export WHERE customer_id = $1 AND id = $2";
    WORK = "identity.export.work" =>
        "SELECT id, customer_id, asked_at, place, after_key, parts, lines, bytes FROM customer_export \
         WHERE id = $1 AND ready_at IS NULL AND ended_at IS NULL";
    ADD_PART = "identity.export.add_part" =>
        "INSERT INTO customer_export_part (export_id, customer_id, place, sealed) VALUES ($1, $2, $3, $4)";
    // Who was slower than another one changes nothing.
    ADVANCE = "identity.export.advance" =>
        "UPDATE customer_export SET place = $1, after_key = $2, parts = $3, lines = $4, bytes = $5 \
         WHERE id = $6 AND parts = $7 AND ready_at IS NULL AND ended_at IS NULL";
    RESTART = "identity.export.restart" =>
        "UPDATE customer_export SET place = 0, after_key = '', parts = 0, lines = 0, bytes = 0 \
         WHERE id = $1 AND parts = $2 AND ready_at IS NULL AND ended_at IS NULL";
    READY = "identity.export.ready" =>
        "UPDATE customer_export SET ready_at = $1, expires_at = $2 \
         WHERE id = $3 AND ready_at IS NULL AND ended_at IS NULL";
    OLDER = "identity.export.older" =>
        "SELECT id FROM customer_export WHERE customer_id = $1 AND id <> $2 AND ready_at IS NOT NULL \
         AND ended_at IS NULL";
    PART = "identity.export.part" =>
        "SELECT sealed FROM customer_export_part WHERE customer_id = $1 AND export_id = $2 AND place = $3";
    OVER = "identity.export.over" =>
        "SELECT id FROM customer_export WHERE ended_at IS NULL AND expires_at <= $1 \
         ORDER BY expires_at LIMIT $2";
    STUCK = "identity.export.stuck" =>
        "SELECT id FROM customer_export WHERE ready_at IS NULL AND ended_at IS NULL AND asked_at <= $1 \
         ORDER BY asked_at LIMIT $2";
    END = "identity.export.end" =>
        "UPDATE customer_export SET ended_at = $1, ending = $2 WHERE id = $3 AND ended_at IS NULL";
    DROP_PARTS = "identity.export.drop_parts" => "DELETE FROM customer_export_part WHERE export_id = $1";
    PRUNE = "identity.export.prune" => "DELETE FROM customer_export WHERE ended_at < $1";
}

fn from_row(row: &Row) -> Result<Export, Fault> {
    let ending: Option<Ending> = row.parsed_or_null("ending")?;
    let ready_at = row.time_or_null("ready_at")?;
    Ok(Export {
        id: row.parsed("id")?,
        asked_at: row.time("asked_at")?,
        by_hoster: row.text_or_null("approval_id")?.is_some(),
        place: row.int("place")?,
        parts: row.int("parts")?,
        lines: row.int("lines")?,
        bytes: row.int("bytes")?,
        ready: ready_at.zip(row.time_or_null("expires_at")?),
        ended: ending.zip(row.time_or_null("ended_at")?),
    })
}

/// Adds one; false when another one of the customer's is being made. In a transaction of the system, as
/// everything here that writes.
pub(crate) async fn insert(tx: &mut Tx, new: &New) -> Result<bool, Fault> {
    let (approval, second) = new.approval.unzip();
    let query = INSERT.bind(new.id).bind(new.customer).bind(new.by);
    let query = query.bind(new.at).bind(approval);
    let query = query.bind(approval.map(|_| "approved")).bind(second);
    Ok(query.execute(tx).await? == 1)
}

/// A customer's latest, those first.
pub(crate) async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Export>, Fault> {
    let rows = LIST.bind(customer).bind(MOST).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// One of a customer's.
pub(crate) async fn find(
    tx: &mut Tx,
    (customer, id): (CustomerId, ExportId),
) -> Result<Option<Export>, Fault> {
    let row = FIND.bind(customer).bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// One that is being made.
pub(crate) async fn work(tx: &mut Tx, id: ExportId) -> Result<Option<Work>, Fault> {
    let Some(row) = WORK.bind(id).optional(tx).await? else {
        return Ok(None);
    };
    let left = row.text("after_key")?;
    let (left_at, after) = left.split_once(' ').unwrap_or(("", ""));
    Ok(Some(Work {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        asked_at: row.time("asked_at")?,
        progress: Progress {
            place: row.int("place")?,
            after: after.to_owned(),
            parts: row.int("parts")?,
            lines: row.int("lines")?,
            bytes: row.int("bytes")?,
        },
        left_at: left_at.to_owned(),
    }))
}

/// Adds the part that follows on `work`, and says how far it is with that; false, and nothing is added, when
/// somebody else was faster.
pub(crate) async fn add(
    tx: &mut Tx,
    work: &Work,
    (to, sealed): (&Progress, &str),
) -> Result<bool, Fault> {
    let left = format!("{} {}", to.stands_at(), to.after);
    let query = ADVANCE.bind(to.place).bind(left).bind(to.parts);
    let query = query.bind(to.lines).bind(to.bytes).bind(work.id);
    if query.bind(work.progress.parts).execute(tx).await? != 1 {
        return Ok(false);
    }
    let query = ADD_PART.bind(work.id).bind(work.customer);
    let query = query.bind(work.progress.parts).bind(sealed);
    query.execute_one(tx).await?;
    Ok(true)
}

/// Begins one anew, unless somebody else went on with it meanwhile.
pub(crate) async fn restart(tx: &mut Tx, work: &Work) -> Result<(), Fault> {
    let query = RESTART.bind(work.id).bind(work.progress.parts);
    if query.execute(tx).await? == 1 {
        DROP_PARTS.bind(work.id).execute(tx).await?;
    }
    Ok(())
}

/// Says that one is whole, from `now` on for its days, and ends the one before; answers until when.
pub(crate) async fn ready(
    tx: &mut Tx,
    (customer, id): (CustomerId, ExportId),
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let until = now.plus_days(KEPT_DAYS);
    READY.bind(now).bind(until).bind(id).execute_one(tx).await?;
    for row in OLDER.bind(customer).bind(id).all(tx).await? {
        end(tx, (row.parsed("id")?, Ending::Removed), now).await?;
    }
    Ok(until)
}

/// A part as it is kept.
pub(crate) async fn part(
    tx: &mut Tx,
    (customer, id, place): (CustomerId, ExportId, i64),
) -> Result<Option<String>, Fault> {
    let row = PART
        .bind(customer)
        .bind(id)
        .bind(place)
        .optional(tx)
        .await?;
    row.map(|row| row.text("sealed")).transpose()
}

/// Ends one, and removes its parts.
pub(crate) async fn end(
    tx: &mut Tx,
    (id, ending): (ExportId, Ending),
    now: Timestamp,
) -> Result<(), Fault> {
    END.bind(now).bind(ending).bind(id).execute(tx).await?;
    DROP_PARTS.bind(id).execute(tx).await?;
    Ok(())
}

/// Ends those whose days are over, and those that could not be made; forgets what ended long ago.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    for row in OVER.bind(now).bind(MOST).all(tx).await? {
        end(tx, (row.parsed("id")?, Ending::Removed), now).await?;
    }
    let since = now.plus_days(-MADE_DAYS);
    for row in STUCK.bind(since).bind(MOST).all(tx).await? {
        end(tx, (row.parsed("id")?, Ending::Failed), now).await?;
    }
    let query = PRUNE.bind(now.plus_days(-TOLD_DAYS));
    query.execute(tx).await.map(|_rows| ())
}

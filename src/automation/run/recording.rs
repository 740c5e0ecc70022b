//! Recordings of runs: what went in and out, secrets left out, for seven days.

use crate::packed;
use crate::run::model::Run;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, RunId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::record::Recording;
use wabe_store::{Tx, statements};

statements! {
    THERE = "automation.recording.there" =>
        "SELECT released_at FROM run_recording WHERE customer_id = $1 AND run_id = $2";
    FIND = "automation.recording.find" =>
        "SELECT content FROM run_recording WHERE customer_id = $1 AND run_id = $2";
    RELEASED = "automation.recording.released" =>
        "SELECT customer_id, content FROM run_recording WHERE run_id = $1 AND released_at IS NOT NULL";
    RELEASE = "automation.recording.release" =>
        "UPDATE run_recording SET released_at = $1, released_by = $2 \
         WHERE customer_id = $3 AND run_id = $4 AND released_at IS NULL";
    FORGET = "automation.recording.forget" => "DELETE FROM run_recording WHERE created_at < $1";
}

/// Days that a recording is kept.
pub const DAYS: i64 = 7;

pub(crate) async fn is_there(tx: &mut Tx, customer: CustomerId, run: RunId) -> Result<bool, Fault> {
    let query = THERE.bind(customer).bind(run);
    Ok(query.optional(tx).await?.is_some())
}

/// Whether a recording is there, and since when its author may see it.
pub(crate) async fn standing(
    tx: &mut Tx,
    customer: CustomerId,
    run: RunId,
) -> Result<(bool, Option<Timestamp>), Fault> {
    match THERE.bind(customer).bind(run).optional(tx).await? {
        Some(row) => Ok((true, row.time_or_null("released_at")?)),
        None => Ok((false, None)),
    }
}

/// The recording, for a replay.
pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    run: RunId,
) -> Result<Option<Recording>, Fault> {
    let Some(row) = FIND.bind(customer).bind(run).optional(tx).await? else {
        return Ok(None);
    };
    let bytes = packed::unpack(&row.text("content")?)?;
    let read = Recording::read("recording", &String::from_utf8_lossy(&bytes));
    read.map(Some)
        .map_err(|flaw| Fault::because("read a recording", flaw))
}

/// Lets the author see it; false when there is none, or it was released before.
pub(crate) async fn release(
    tx: &mut Tx,
    run: &Run,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = RELEASE.bind(now).bind(by).bind(run.customer);
    Ok(query.bind(run.id).execute(tx).await? == 1)
}

pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(now.plus_days(-DAYS)).execute(tx).await
}

/// The recording of a run as JSON: what `wabe plugin replay` takes. For the customer's own members;
/// secrets are not in it.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, run: RunId) -> Result<Vec<u8>, Refusal> {
    scope.needs(Permission::AutomationWrite)?;
    let row = FIND.bind(scope.customer()).bind(run).optional(tx).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    Ok(packed::unpack(&row.text("content")?)?)
}

/// A recording that its customer released to the plugin's author.
pub struct Released {
    /// Whose run it is; whoever looks is noted there.
    pub customer: CustomerId,
    /// JSON: what `wabe plugin replay` takes.
    pub content: Vec<u8>,
}

/// The recording of a run that its customer released to the plugin's author; for staff.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load_released(tx: &mut Tx, scope: &Scope, run: RunId) -> Result<Released, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let row = RELEASED.bind(run).optional(tx).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    Ok(Released {
        customer: row.parsed("customer_id")?,
        content: packed::unpack(&row.text("content")?)?,
    })
}

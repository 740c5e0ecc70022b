//! When the scheduled triggers of an installation come next.

use crate::installation::model::{Installation, InstallationState};
use crate::installation::rights::Rights;
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::{Manifest, Trigger};
use wabe_store::{Tx, statements};

statements! {
    CLEAR = "automation.schedule.clear" =>
        "DELETE FROM installation_schedule WHERE customer_id = $1 AND installation_id = $2";
    INSERT = "automation.schedule.insert" =>
        "INSERT INTO installation_schedule (installation_id, customer_id, name, next_at) \
         VALUES ($1, $2, $3, $4)";
    LIST = "automation.schedule.list" =>
        "SELECT name, next_at FROM installation_schedule \
         WHERE customer_id = $1 AND installation_id = $2 ORDER BY name";
    DUE = "automation.schedule.due" =>
        "SELECT installation_id, customer_id, name, next_at FROM installation_schedule \
         WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    MOVE = "automation.schedule.move" =>
        "UPDATE installation_schedule SET next_at = $1 \
         WHERE installation_id = $2 AND name = $3 AND next_at = $4";
    DROP = "automation.schedule.drop" =>
        "DELETE FROM installation_schedule WHERE installation_id = $1 AND name = $2";
}

/// The scheduled triggers that may run, each with its next time.
fn upcoming(manifest: &Manifest, rights: &Rights, now: Timestamp) -> Vec<(String, Timestamp)> {
    let triggers = manifest.triggers.iter();
    let allowed = triggers.filter(|trigger| rights.may_trigger(trigger));
    let next = allowed.filter_map(|trigger| match trigger {
        Trigger::Schedule { name, cron, zone } => {
            Some((name.to_string(), cron.next_after(now, *zone)?))
        }
        _ => None,
    });
    next.collect()
}

/// Plans anew: what is paused, or has no right to the clock, comes never.
pub(crate) async fn plan(
    tx: &mut Tx,
    installation: &Installation,
    manifest: &Manifest,
    rights: &Rights,
    now: Timestamp,
) -> Result<(), Fault> {
    let (customer, id) = (installation.customer, installation.id);
    clear(tx, customer, id).await?;
    if installation.state == InstallationState::Active {
        for (name, at) in upcoming(manifest, rights, now) {
            let query = INSERT.bind(id).bind(customer).bind(name);
            query.bind(at).execute_one(tx).await?;
        }
    }
    Ok(())
}

pub(crate) async fn clear(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<(), Fault> {
    let query = CLEAR.bind(customer).bind(id);
    query.execute(tx).await.map(|_rows| ())
}

/// The next times, by the triggers' names.
pub(crate) async fn list(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<Vec<(String, Timestamp)>, Fault> {
    let rows = LIST.bind(customer).bind(id).all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.text("name")?, row.time("next_at")?)))
        .collect()
}

/// A time that has come.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) installation: InstallationId,
    pub(crate) customer: CustomerId,
    pub(crate) name: String,
    pub(crate) at: Timestamp,
}

/// What is due, in every customer.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Due>, Fault> {
    let rows = DUE.bind(now).bind(limit).all(tx).await?;
    let one = |row: &wabe_store::Row| {
        Ok(Due {
            installation: row.parsed("installation_id")?,
            customer: row.parsed("customer_id")?,
            name: row.text("name")?,
            at: row.time("next_at")?,
        })
    };
    rows.iter().map(one).collect()
}

/// Moves on to the next time; false when somebody else did so meanwhile.
pub(crate) async fn advance(
    tx: &mut Tx,
    due: &Due,
    next: Option<Timestamp>,
) -> Result<bool, Fault> {
    let Some(next) = next else {
        let query = DROP.bind(due.installation).bind(&due.name);
        return Ok(query.execute(tx).await? == 1);
    };
    let query = MOVE.bind(next).bind(due.installation);
    Ok(query.bind(&due.name).bind(due.at).execute(tx).await? == 1)
}

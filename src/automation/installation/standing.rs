//! Whether an installation may act now, and whether a run of it that is under way may go on.

use crate::installation::model::InstallationState;
use crate::plugin;
use wabe_kernel::Fault;
use wabe_kernel::id::{CustomerId, InstallationId, PluginVersionId};
use wabe_package::Grants;
use wabe_store::{Row, Tx, statements};

statements! {
    STANDING = "automation.installation.standing" =>
        "SELECT i.state, i.generation, v.state AS version_state FROM installation i \
         JOIN plugin_version v ON v.id = i.version_id WHERE i.customer_id = $1 AND i.id = $2";
    UNDER_WAY = "automation.installation.under_way" =>
        "SELECT i.state, i.generation, v.state AS version_state, r.state AS run_state, r.ceiling, \
         c.suspended_reason FROM installation i JOIN customer c ON c.id = i.customer_id \
         JOIN plugin_version v ON v.id = i.version_id JOIN plugin_version r ON r.id = $3 \
         WHERE i.customer_id = $1 AND i.id = $2";
}

/// The generation that may act now; none when it is paused, withdrawn or gone.
pub(crate) async fn generation(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<Option<i64>, Fault> {
    let row = STANDING.bind(customer).bind(id).optional(tx).await?;
    row.map_or(Ok(None), |row| acting(&row))
}

/// The generation in this row, when it may act.
fn acting(row: &Row) -> Result<Option<i64>, Fault> {
    let acts = row.parsed::<InstallationState>("state")? == InstallationState::Active
        && row.text("version_state")? != "withdrawn";
    Ok(if acts {
        Some(row.int("generation")?)
    } else {
        None
    })
}

/// How things stand for a run that is under way.
#[derive(Debug)]
pub(crate) struct UnderWay {
    /// The generation that may act now; none when the installation is paused, or one of its version and
    /// the run's is withdrawn.
    pub(crate) generation: Option<i64>,
    /// The most that any customer may grant the run's version.
    pub(crate) ceiling: Option<Grants>,
    /// Whether the customer is suspended.
    pub(crate) suspended: bool,
}

/// How things stand for a run of this version; none when the installation is gone.
pub(crate) async fn under_way(
    tx: &mut Tx,
    (customer, id): (CustomerId, InstallationId),
    version: PluginVersionId,
) -> Result<Option<UnderWay>, Fault> {
    let query = UNDER_WAY.bind(customer).bind(id).bind(version);
    let Some(row) = query.optional(tx).await? else {
        return Ok(None);
    };
    let generation = acting(&row)?;
    let withdrawn = row.text("run_state")? == "withdrawn";
    Ok(Some(UnderWay {
        generation: generation.filter(|_| !withdrawn),
        ceiling: plugin::store::ceiling(&row)?,
        suspended: row.text_or_null("suspended_reason")?.is_some(),
    }))
}

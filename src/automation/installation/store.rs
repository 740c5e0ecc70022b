//! The installations' rows.

use crate::installation::model::{Installation, InstallationState, Installed, PausedBy};
use crate::installation::secret;
use crate::plugin::{self, PluginVersion};
use std::collections::BTreeMap;
use std::sync::Arc;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, InstallationId, PluginVersionId};
use wabe_kernel::{Cursor, Fault, Page, PageRequest, Timestamp};
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.customer_id, i.plugin_id, i.version_id, i.previous_version_id, \
             i.parked_version_id, i.skipped_version_id, i.state, i.paused_reason, i.paused_by, \
             i.generation, i.granted, i.granted_by, i.granted_at, i.settings, i.webhook_slug, \
             i.event_cursor, i.failures_in_row, i.created_at, i.updated_at FROM installation i ",
            $rest
        )
    };
}

statements! {
    INSERT = "automation.installation.insert" =>
        "INSERT INTO installation (id, customer_id, plugin_id, version_id, state, generation, granted, \
         granted_by, granted_at, settings, webhook_slug, listening, event_cursor, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, 'active', 1, $5, $6, $7, $8, $9, $10, $11, $7, $7)";
    FIND = "automation.installation.find" => select!("WHERE i.customer_id = $1 AND i.id = $2");
    LIST = "automation.installation.list" =>
        select!("WHERE i.customer_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3");
    WITH_CARDS = "automation.installation.with_cards" =>
        select!("JOIN plugin_version v ON v.id = i.version_id \
                 WHERE i.customer_id = $1 AND v.cards = 1 ORDER BY i.id LIMIT $2");
    LISTENING = "automation.installation.listening" =>
        select!("WHERE i.customer_id = $1 AND i.listening = 1 ORDER BY i.id");
    BY_SLUG = "automation.installation.by_slug" => select!("WHERE i.webhook_slug = $1");
    SEQ = "automation.installation.seq" => "SELECT change_seq FROM customer WHERE id = $1";
    SAVE = "automation.installation.save" =>
        "UPDATE installation SET version_id = $1, previous_version_id = $2, parked_version_id = $3, \
         skipped_version_id = $4, state = $5, paused_reason = $6, paused_by = $7, generation = $8, \
         granted = $9, granted_by = $10, granted_at = $11, settings = $12, webhook_slug = $13, \
         listening = $14, event_cursor = $15, failures_in_row = $16, updated_at = $17 \
         WHERE customer_id = $18 AND id = $19";
    MOVE_CURSOR = "automation.installation.move_cursor" =>
        "UPDATE installation SET event_cursor = $1 \
         WHERE customer_id = $2 AND id = $3 AND event_cursor = $4";
    FAILED = "automation.installation.failed" =>
        "UPDATE installation SET failures_in_row = failures_in_row + 1 \
         WHERE customer_id = $1 AND id = $2 RETURNING failures_in_row";
    SUCCEEDED = "automation.installation.succeeded" =>
        "UPDATE installation SET failures_in_row = 0 \
         WHERE customer_id = $1 AND id = $2 AND failures_in_row <> 0";
    DELETE = "automation.installation.delete" =>
        "DELETE FROM installation WHERE customer_id = $1 AND id = $2";
    OUTDATED = "automation.installation.outdated" =>
        "SELECT i.id, i.customer_id FROM installation i \
         WHERE i.plugin_id = $1 AND i.version_id <> $2 AND i.id > $3 \
         AND (i.parked_version_id IS NULL OR i.parked_version_id <> $2) \
         AND (i.skipped_version_id IS NULL OR i.skipped_version_id <> $2) ORDER BY i.id LIMIT 100";
    OF_VERSION = "automation.installation.of_version" =>
        "SELECT i.id, i.customer_id FROM installation i \
         WHERE i.version_id = $1 AND i.state = 'active' AND i.id > $2 ORDER BY i.id LIMIT 100";
    LISTENERS = "automation.installation.listeners" =>
        "SELECT DISTINCT i.customer_id FROM installation i WHERE i.listening = 1";
    BEHIND = "automation.installation.behind" =>
        "SELECT DISTINCT i.customer_id FROM installation i JOIN customer c ON c.id = i.customer_id \
         WHERE i.listening = 1 AND i.event_cursor < c.change_seq";
}

fn from_row(row: &Row) -> Result<Installation, Fault> {
    Ok(Installation {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        plugin: row.parsed("plugin_id")?,
        version: row.parsed("version_id")?,
        previous: row.parsed_or_null("previous_version_id")?,
        parked: row.parsed_or_null("parked_version_id")?,
        skipped: row.parsed_or_null("skipped_version_id")?,
        state: row.parsed("state")?,
        paused_reason: row.text_or_null("paused_reason")?,
        paused_by: row.parsed_or_null("paused_by")?,
        generation: row.int("generation")?,
        granted: serde_json::from_str(&row.text("granted")?)
            .map_err(|error| Fault::because("read a grant", error))?,
        granted_by: row.parsed("granted_by")?,
        granted_at: row.time("granted_at")?,
        settings: row.json("settings")?,
        webhook_slug: row.text_or_null("webhook_slug")?,
        event_cursor: row.int("event_cursor")?,
        failures_in_row: row.int("failures_in_row")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn granted(installation: &Installation) -> Result<String, Fault> {
    serde_json::to_string(&installation.granted)
        .map_err(|error| Fault::because("write a grant", error))
}

pub(crate) async fn insert(tx: &mut Tx, new: &Installation, listening: bool) -> Result<(), Fault> {
    let query = INSERT.bind(new.id).bind(new.customer).bind(new.plugin);
    let query = query.bind(new.version).bind(granted(new)?);
    let query = query.bind(new.granted_by).bind(new.granted_at);
    let query = query.bind(&new.settings).bind(new.webhook_slug.clone());
    let query = query.bind(listening).bind(new.event_cursor);
    query.execute_one(tx).await
}

/// Writes everything that commands change.
pub(crate) async fn save(
    tx: &mut Tx,
    changed: &Installation,
    listening: bool,
) -> Result<(), Fault> {
    let query = SAVE.bind(changed.version).bind(changed.previous);
    let query = query.bind(changed.parked).bind(changed.skipped);
    let query = query
        .bind(changed.state)
        .bind(changed.paused_reason.clone());
    let query = query.bind(changed.paused_by).bind(changed.generation);
    let query = query.bind(granted(changed)?).bind(changed.granted_by);
    let query = query.bind(changed.granted_at).bind(&changed.settings);
    let query = query.bind(changed.webhook_slug.clone()).bind(listening);
    let query = query
        .bind(changed.event_cursor)
        .bind(changed.failures_in_row);
    let query = query.bind(changed.updated_at).bind(changed.customer);
    query.bind(changed.id).execute_one(tx).await
}

/// An installation of this customer.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<Installation, Refusal> {
    let row = FIND.bind(customer).bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// The installation that an address for webhooks leads to.
pub(crate) async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Installation>, Fault> {
    let row = BY_SLUG.bind(slug).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Those of a customer that listen to events.
pub(crate) async fn listening(
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Vec<Installation>, Fault> {
    let rows = LISTENING.bind(customer).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// The number of the customer's latest change.
pub(crate) async fn seq(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    SEQ.bind(customer).one(tx).await?.int("change_seq")
}

/// Moves on over changes; false when somebody else did so meanwhile.
pub(crate) async fn move_cursor(
    tx: &mut Tx,
    installation: &Installation,
    to: i64,
) -> Result<bool, Fault> {
    let query = MOVE_CURSOR.bind(to).bind(installation.customer);
    let query = query.bind(installation.id).bind(installation.event_cursor);
    Ok(query.execute(tx).await? == 1)
}

/// Counts a failed try; answers how many there were since the last that did not fail.
pub(crate) async fn failed(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<i64, Fault> {
    let row = FAILED.bind(customer).bind(id).optional(tx).await?;
    row.map_or(Ok(0), |row| row.int("failures_in_row"))
}

/// Begins to count anew.
pub(crate) async fn succeeded(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<(), Fault> {
    let query = SUCCEEDED.bind(customer).bind(id);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn delete(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
) -> Result<(), Fault> {
    DELETE.bind(customer).bind(id).execute_one(tx).await
}

/// Installations with their customers.
type Named = Vec<(InstallationId, CustomerId)>;

fn named(rows: &[Row]) -> Result<Named, Fault> {
    let one = |row: &Row| Ok((row.parsed("id")?, row.parsed("customer_id")?));
    rows.iter().map(one).collect()
}

/// Up to 100 installations that this version would be news for, in every customer.
pub(crate) async fn outdated(
    tx: &mut Tx,
    version: &PluginVersion,
    after: &str,
) -> Result<Named, Fault> {
    let query = OUTDATED.bind(version.plugin).bind(version.id);
    named(&query.bind(after).all(tx).await?)
}

/// Up to 100 active installations of this version, in every customer.
pub(crate) async fn of_version(
    tx: &mut Tx,
    version: PluginVersionId,
    after: &str,
) -> Result<Named, Fault> {
    named(&OF_VERSION.bind(version).bind(after).all(tx).await?)
}

/// The customers in which something listens to events; with `behind`, those with news for it.
pub(crate) async fn listeners(tx: &mut Tx, behind: bool) -> Result<Vec<CustomerId>, Fault> {
    let statement = if behind { BEHIND } else { LISTENERS };
    let rows = statement.query().all(tx).await?;
    rows.iter().map(|row| row.parsed("customer_id")).collect()
}

/// An installation with what it is about, for the engine and for commands.
pub(crate) async fn installed(
    tx: &mut Tx,
    installation: Installation,
) -> Result<Installed, Refusal> {
    one_of_many(tx, installation, &mut Versions::new()).await
}

/// Versions that were read already: many installations are of the same.
type Versions = BTreeMap<PluginVersionId, Arc<PluginVersion>>;

async fn version(
    tx: &mut Tx,
    id: PluginVersionId,
    known: &mut Versions,
) -> Result<Arc<PluginVersion>, Refusal> {
    if let Some(found) = known.get(&id) {
        return Ok(Arc::clone(found));
    }
    let missing = || Refusal::from(Fault::new("an installation without its version"));
    let found = plugin::store::find(tx, id).await?;
    let found = Arc::new(found.ok_or_else(missing)?);
    known.insert(id, Arc::clone(&found));
    Ok(found)
}

async fn one_of_many(
    tx: &mut Tx,
    installation: Installation,
    known: &mut Versions,
) -> Result<Installed, Refusal> {
    let parked = match installation.parked {
        Some(id) => Some(version(tx, id, known).await?),
        None => None,
    };
    let version = version(tx, installation.version, known).await?;
    let secrets = secret::names(tx, installation.customer, installation.id).await?;
    Ok(Installed {
        installation,
        version,
        parked,
        secrets,
    })
}

/// The installations of a customer, in the order in which they were made.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Page<Installed>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let after = page.after.as_ref().map_or("", Cursor::key);
    let query = LIST.bind(scope.customer()).bind(after);
    let rows = query.bind(page.limit + 1).all(tx).await?;
    let (mut found, mut known) = (Vec::new(), Versions::new());
    for row in &rows {
        found.push(one_of_many(tx, from_row(row)?, &mut known).await?);
    }
    Ok(Page::from_rows(found, page.limit, |one| {
        one.installation.id.to_string()
    }))
}

/// The most that cards are looked for in.
const WITH_CARDS_MAX: i64 = 100;

/// The installations of a customer whose plugin has cards for the dashboard.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn with_cards(tx: &mut Tx, scope: &Scope) -> Result<Vec<Installed>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let query = WITH_CARDS.bind(scope.customer()).bind(WITH_CARDS_MAX);
    let (mut found, mut known) = (Vec::new(), Versions::new());
    for row in query.all(tx).await? {
        found.push(one_of_many(tx, from_row(&row)?, &mut known).await?);
    }
    Ok(found)
}

/// The most installations of a customer that are asked for acts.
const ALL_MAX: i64 = 100;

/// The installations of a customer, for the engine.
pub(crate) async fn all(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Installed>, Refusal> {
    let rows = LIST.bind(customer).bind("").bind(ALL_MAX).all(tx).await?;
    let (mut found, mut known) = (Vec::new(), Versions::new());
    for row in &rows {
        found.push(one_of_many(tx, from_row(row)?, &mut known).await?);
    }
    Ok(found)
}

/// One installation of a customer.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: InstallationId) -> Result<Installed, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let found = find(tx, scope.customer(), id).await?;
    installed(tx, found).await
}

/// Stops an installation, before it is saved.
pub(crate) fn pause(
    installation: &mut Installation,
    reason: Option<String>,
    by: PausedBy,
    now: Timestamp,
) {
    installation.state = InstallationState::Paused;
    installation.paused_reason = reason;
    installation.paused_by = Some(by);
    installation.generation += 1;
    installation.updated_at = now;
}

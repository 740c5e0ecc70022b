//! Secrets of installations, sealed: what the customer typed for the plugin to use and never to see.

use crate::installation::model::WEBHOOK_SECRET;
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    SET = "automation.secret.set" =>
        "INSERT INTO installation_secret (installation_id, customer_id, name, sealed, set_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (installation_id, name) \
         DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at";
    FIND = "automation.secret.find" =>
        "SELECT sealed FROM installation_secret \
         WHERE customer_id = $1 AND installation_id = $2 AND name = $3";
    NAMES = "automation.secret.names" =>
        "SELECT name FROM installation_secret WHERE customer_id = $1 AND installation_id = $2 \
         ORDER BY name";
    ALL = "automation.secret.all" =>
        "SELECT name, sealed FROM installation_secret WHERE customer_id = $1 AND installation_id = $2 \
         ORDER BY name";
    DROP = "automation.secret.drop" =>
        "DELETE FROM installation_secret WHERE customer_id = $1 AND installation_id = $2 AND name = $3";
    DROP_ALL = "automation.secret.drop_all" =>
        "DELETE FROM installation_secret WHERE customer_id = $1 AND installation_id = $2";
}

/// A sealed secret opens under its own installation and name only.
fn at(installation: InstallationId, name: &str) -> Vec<u8> {
    place(&["installation_secret", &installation.to_string(), name])
}

/// Which secret of whose installation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) customer: CustomerId,
    pub(crate) installation: InstallationId,
    pub(crate) name: &'a str,
}

pub(crate) async fn set(
    tx: &mut Tx,
    (key, rng): (&SealKey, &dyn Rng),
    named: Named<'_>,
    value: &Secret,
    now: Timestamp,
) -> Result<(), Fault> {
    let place = at(named.installation, named.name);
    let sealed = key.seal(rng, &place, value.expose().as_bytes())?;
    let query = SET.bind(named.installation).bind(named.customer);
    let query = query.bind(named.name).bind(sealed).bind(now);
    query.execute_one(tx).await
}

/// The secret itself; for the webhook's check, for signatures and for filling in requests.
pub(crate) async fn open(
    tx: &mut Tx,
    key: &SealKey,
    named: Named<'_>,
) -> Result<Option<Secret>, Fault> {
    let query = FIND.bind(named.customer).bind(named.installation);
    let Some(row) = query.bind(named.name).optional(tx).await? else {
        return Ok(None);
    };
    unsealed(key, named, &row.text("sealed")?).map(Some)
}

fn unsealed(key: &SealKey, named: Named<'_>, sealed: &str) -> Result<Secret, Fault> {
    let opened = key.open(&at(named.installation, named.name), sealed)?;
    let text = std::str::from_utf8(&opened);
    let text = text.map_err(|error| Fault::because("open a secret", error))?;
    Ok(Secret::new(text))
}

/// Every secret of an installation, also the webhook's own and those that are not granted any more: to
/// keep them out of what runs leave behind, and for nothing else. A secret that does not open is a
/// fault of its own.
pub(crate) async fn all(
    tx: &mut Tx,
    key: &SealKey,
    (customer, installation): (CustomerId, InstallationId),
) -> Result<Vec<(String, Result<Secret, Fault>)>, Fault> {
    let rows = ALL.bind(customer).bind(installation).all(tx).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, sealed) = (row.text("name")?, row.text("sealed")?);
        let named = Named {
            customer,
            installation,
            name: &name,
        };
        let opened = unsealed(key, named, &sealed);
        all.push((name, opened));
    }
    Ok(all)
}

/// The names of those that are set, without the webhook's own.
pub(crate) async fn names(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<Vec<String>, Fault> {
    let rows = NAMES.bind(customer).bind(installation).all(tx).await?;
    let names: Result<Vec<String>, Fault> = rows.iter().map(|row| row.text("name")).collect();
    let mut names = names?;
    names.retain(|name| name != WEBHOOK_SECRET);
    Ok(names)
}

/// Forgets one; false when it was not set.
pub(crate) async fn remove(tx: &mut Tx, named: Named<'_>) -> Result<bool, Fault> {
    let query = DROP.bind(named.customer).bind(named.installation);
    Ok(query.bind(named.name).execute(tx).await? == 1)
}

pub(crate) async fn remove_all(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<(), Fault> {
    let query = DROP_ALL.bind(customer).bind(installation);
    query.execute(tx).await.map(|_rows| ())
}

//! The SSH keys of webspaces.

use crate::webspace::access_key::AccessKey;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::Fault;
use wabe_kernel::id::{AccessKeyId, CustomerId, WebspaceId};
use wabe_store::{Tx, statements};

statements! {
    KEYS = "hosting.access_key.list" =>
        "SELECT id, name, public_key, created_at FROM access_key \
         WHERE customer_id = $1 AND webspace_id = $2 ORDER BY created_at, id";
    KEY_INSERT = "hosting.access_key.insert" =>
        "INSERT INTO access_key (id, customer_id, webspace_id, name, public_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (customer_id, webspace_id, public_key) DO NOTHING";
    KEY_DELETE = "hosting.access_key.delete" =>
        "DELETE FROM access_key WHERE customer_id = $1 AND webspace_id = $2 AND id = $3";
}

/// The SSH keys that open a webspace, oldest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn access_keys(
    tx: &mut Tx,
    scope: &Scope,
    id: WebspaceId,
) -> Result<Vec<AccessKey>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    Ok(keys(tx, scope.customer(), id).await?)
}

pub(crate) async fn keys(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Vec<AccessKey>, Fault> {
    let rows = KEYS.bind(customer).bind(id).all(tx).await?;
    rows.iter()
        .map(|row| AccessKey::from_row(row, id))
        .collect()
}

pub(crate) async fn insert_key(
    tx: &mut Tx,
    customer: CustomerId,
    key: &AccessKey,
) -> Result<bool, Fault> {
    let query = KEY_INSERT
        .bind(key.id)
        .bind(customer)
        .bind(key.webspace_id)
        .bind(&key.name);
    Ok(query
        .bind(&key.public_key)
        .bind(key.created_at)
        .execute(tx)
        .await?
        == 1)
}

pub(crate) async fn delete_key(
    tx: &mut Tx,
    customer: CustomerId,
    webspace: WebspaceId,
    id: AccessKeyId,
) -> Result<bool, Fault> {
    Ok(KEY_DELETE
        .bind(customer)
        .bind(webspace)
        .bind(id)
        .execute(tx)
        .await?
        == 1)
}

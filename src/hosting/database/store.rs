//! The tables of databases.

use crate::database::model::Database;
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{CustomerId, DatabaseId};
use wabe_kernel::{DatabaseName, Engine, Fault, Page, PageRequest, Quota};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.database.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.engine, d.quota_bytes, COALESCE(u.bytes, 0) AS used_bytes \
         FROM resource r JOIN database d ON d.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.customer_id = $1 AND r.kind = 'database' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.database.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.engine, d.quota_bytes, COALESCE(u.bytes, 0) AS used_bytes \
         FROM resource r JOIN database d ON d.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    TAKEN = "hosting.database.taken" =>
        "SELECT id FROM database WHERE customer_id = $1 AND name = $2 AND active = 1";
    INSERT = "hosting.database.insert" =>
        "INSERT INTO database (id, customer_id, name, engine, quota_bytes, active) VALUES ($1, $2, $3, $4, $5, 1)";
    SET_QUOTA = "hosting.database.set_quota" =>
        "UPDATE database SET quota_bytes = $1 WHERE id = $2 AND customer_id = $3";
    SET_ACTIVE = "hosting.database.set_active" =>
        "UPDATE database SET active = $1 WHERE id = $2 AND customer_id = $3";
}

fn from_row(row: &Row) -> Result<Database, Fault> {
    let resource = resource::from_row(row)?;
    Ok(Database {
        id: row.parsed("id")?,
        name: row.parsed("name")?,
        engine: row.parsed("engine")?,
        quota_bytes: row.int("quota_bytes")?,
        used_bytes: row.int("used_bytes")?,
        standing: (&resource).into(),
    })
}

/// The databases of a customer, by name; the trash aside.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Page<Database>, Refusal> {
    scope.needs(Permission::DatabaseRead)?;
    let query = LIST
        .bind(scope.customer())
        .bind(page.after_key())
        .bind(&page.search);
    let query = query.bind(page.search_pattern()).bind(page.limit + 1);
    let rows = query
        .all(tx)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_rows(rows, page.limit, |item| {
        item.name.to_string()
    }))
}

/// One database of a customer, also from the trash.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: DatabaseId) -> Result<Database, Refusal> {
    scope.needs(Permission::DatabaseRead)?;
    find(tx, scope.customer(), id).await
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
) -> Result<Database, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(from_row(&row)?)
}

pub(crate) async fn is_taken(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DatabaseName,
) -> Result<bool, Fault> {
    Ok(TAKEN
        .bind(customer)
        .bind(name)
        .optional(tx)
        .await?
        .is_some())
}

pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    name: &DatabaseName,
    (engine, quota): (Engine, Quota),
) -> Result<(), Fault> {
    let query = INSERT
        .bind(id)
        .bind(customer)
        .bind(name)
        .bind(engine)
        .bind(quota);
    query.execute_one(tx).await
}

pub(crate) async fn set_quota(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    quota: Quota,
) -> Result<(), Fault> {
    SET_QUOTA
        .bind(quota)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_active(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    active: bool,
) -> Result<(), Fault> {
    SET_ACTIVE
        .bind(active)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

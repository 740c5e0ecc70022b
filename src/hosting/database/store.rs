//! The tables of databases.

use crate::database::model::Database;
use crate::database::set_connections::DEFAULT;
use wabe_access::{Permission, Refusal, Scope, plan, resource};
use wabe_kernel::database_login::STATEMENT_SECONDS;
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::id::{CustomerId, DatabaseId};
use wabe_kernel::{
    DatabaseName, Engine, Fault, Page, PageRequest, PasswordVerifier, Quota, RemoteAddresses,
    ServerName,
};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.database.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.engine, d.quota_bytes, d.server_name, d.connections, \
         d.remote_addresses, s.remote_host, s.host, s.port, COALESCE(u.bytes, 0) AS used_bytes \
         FROM resource r JOIN database d ON d.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         LEFT JOIN database_server s ON s.engine = d.engine AND d.server_name IS NOT NULL \
         WHERE r.customer_id = $1 AND r.kind = 'database' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.database.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.engine, d.quota_bytes, d.server_name, d.connections, \
         d.remote_addresses, s.remote_host, s.host, s.port, COALESCE(u.bytes, 0) AS used_bytes \
         FROM resource r JOIN database d ON d.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         LEFT JOIN database_server s ON s.engine = d.engine AND d.server_name IS NOT NULL \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    TAKEN = "hosting.database.taken" =>
        "SELECT id FROM database WHERE customer_id = $1 AND name = $2 AND active = 1";
    INSERT = "hosting.database.insert" =>
        "INSERT INTO database (id, customer_id, name, engine, quota_bytes, active, server_name, \
         password_verifier, connections) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8) ON CONFLICT DO NOTHING";
    LOGIN = "hosting.database.login" =>
        "SELECT server_name, password_verifier, connections, remote_addresses FROM database \
         WHERE id = $1 AND customer_id = $2";
    SERVER_NAME_TAKEN = "hosting.database.server_name_taken" =>
        "SELECT id FROM database WHERE engine = $1 AND server_name = $2";
    SET_VERIFIER = "hosting.database.set_verifier" =>
        "UPDATE database SET password_verifier = $1 WHERE id = $2 AND customer_id = $3";
    CONNECTIONS_USED = "hosting.database.connections_used" =>
        "SELECT CAST(COALESCE(SUM(d.connections), 0) AS BIGINT) AS used FROM resource r \
         JOIN database d ON d.id = r.id WHERE r.customer_id = $1 AND r.kind = 'database' \
         AND r.gone_at IS NULL AND d.server_name IS NOT NULL AND d.id <> $2";
    SET_CONNECTIONS = "hosting.database.set_connections" =>
        "UPDATE database SET connections = $1 WHERE id = $2 AND customer_id = $3";
    SET_REMOTE = "hosting.database.set_remote_addresses" =>
        "UPDATE database SET remote_addresses = $1 WHERE id = $2 AND customer_id = $3";
    SET_QUOTA = "hosting.database.set_quota" =>
        "UPDATE database SET quota_bytes = $1 WHERE id = $2 AND customer_id = $3";
    SET_ACTIVE = "hosting.database.set_active" =>
        "UPDATE database SET active = $1 WHERE id = $2 AND customer_id = $3";
}

fn remote_addresses(row: &Row) -> Result<RemoteAddresses, Fault> {
    serde_json::from_value(row.json("remote_addresses")?)
        .map_err(|error| Fault::because("read the addresses of a database", error))
}

fn from_row(row: &Row) -> Result<Database, Fault> {
    let resource = resource::from_row(row)?;
    let database = row.text_or_null("server_name")?;
    let connections = row.int("connections")?;
    let is_served = database.is_some();
    Ok(Database {
        id: row.parsed("id")?,
        name: row.parsed("name")?,
        engine: row.parsed("engine")?,
        host: row.text_or_null("host")?,
        port: row.int_or_null("port")?,
        user: database.clone(),
        database,
        connections: is_served.then_some(connections),
        statement_seconds: is_served.then_some(i64::from(STATEMENT_SECONDS)),
        remote_addresses: remote_addresses(row)?,
        remote_host: row.text_or_null("remote_host")?,
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

/// What opens a database; nothing where no server runs it. Programs elsewhere come in where the plan lets them.
pub(crate) async fn login(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
) -> Result<Option<DatabaseLogin>, Fault> {
    let row = LOGIN.bind(id).bind(customer).one(tx).await?;
    let name = row.parsed_or_null("server_name")?;
    let verifier = row.parsed_or_null("password_verifier")?;
    let connections = u32::try_from(row.int("connections")?);
    let connections = connections.map_err(|error| Fault::because("read a database", error))?;
    let mut remote = remote_addresses(&row)?;
    if !remote.is_empty() && !plan::database_remote(tx, customer).await? {
        remote = RemoteAddresses::default();
    }
    let login = |(name, verifier)| DatabaseLogin {
        name,
        verifier,
        connections,
        remote,
    };
    Ok(name.zip(verifier).map(login))
}

/// Whether a server has a database of this name, whose it ever is. The transaction must not be scoped.
pub(crate) async fn is_server_name_taken(
    tx: &mut Tx,
    engine: Engine,
    name: &ServerName,
) -> Result<bool, Fault> {
    let query = SERVER_NAME_TAKEN.bind(engine).bind(name);
    Ok(query.optional(tx).await?.is_some())
}

/// What a new database is made of.
pub(crate) struct NewDatabase<'a> {
    pub(crate) id: DatabaseId,
    pub(crate) name: &'a DatabaseName,
    pub(crate) engine: Engine,
    pub(crate) quota: Quota,
    pub(crate) login: Option<&'a DatabaseLogin>,
}

/// Adds one; false when somebody else took its name on the server meanwhile.
pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    new: &NewDatabase<'_>,
) -> Result<bool, Fault> {
    let query = INSERT
        .bind(new.id)
        .bind(customer)
        .bind(new.name)
        .bind(new.engine)
        .bind(new.quota);
    let query = query.bind(new.login.map(|login| &login.name));
    let query = query.bind(new.login.map(|login| &login.verifier));
    // One without logins keeps what it never needs.
    let connections = new.login.map(|login| i64::from(login.connections));
    let query = query.bind(connections.unwrap_or(DEFAULT));
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn set_verifier(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    verifier: &PasswordVerifier,
) -> Result<(), Fault> {
    SET_VERIFIER
        .bind(verifier)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// Connections of a customer's databases on servers together, also of those in the trash; but for one of them.
pub(crate) async fn connections_used(
    tx: &mut Tx,
    customer: CustomerId,
    but: Option<DatabaseId>,
) -> Result<i64, Fault> {
    let but = but.map_or_else(String::new, |id| id.to_string());
    let row = CONNECTIONS_USED.bind(customer).bind(but).one(tx).await?;
    row.int("used")
}

pub(crate) async fn set_connections(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    connections: i64,
) -> Result<(), Fault> {
    SET_CONNECTIONS
        .bind(connections)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_remote_addresses(
    tx: &mut Tx,
    customer: CustomerId,
    id: DatabaseId,
    addresses: &RemoteAddresses,
) -> Result<(), Fault> {
    let addresses = serde_json::to_value(addresses)
        .map_err(|error| Fault::because("write the addresses of a database", error))?;
    SET_REMOTE
        .bind(&addresses)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
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

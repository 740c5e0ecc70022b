//! The table of aliases.

use crate::alias::model::Alias;
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{AliasId, CustomerId, DomainId};
use wabe_kernel::{Fault, MailAddress, Page, PageRequest};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.alias.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, a.domain_id, a.targets \
         FROM resource r JOIN alias a ON a.id = r.id \
         WHERE r.customer_id = $1 AND r.kind = 'alias' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.alias.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, a.domain_id, a.targets \
         FROM resource r JOIN alias a ON a.id = r.id \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    INSERT = "hosting.alias.insert" =>
        "INSERT INTO alias (id, customer_id, domain_id, address, targets) VALUES ($1, $2, $3, $4, $5)";
    SET_TARGETS = "hosting.alias.set_targets" =>
        "UPDATE alias SET targets = $1 WHERE id = $2 AND customer_id = $3";
}

fn from_row(row: &Row) -> Result<Alias, Fault> {
    let resource = resource::from_row(row)?;
    let targets = serde_json::from_value(row.json("targets")?);
    Ok(Alias {
        id: row.parsed("id")?,
        address: row.parsed("name")?,
        domain_id: row.parsed("domain_id")?,
        targets: targets.map_err(|error| Fault::because("read an alias's targets", error))?,
        standing: (&resource).into(),
    })
}

/// The aliases of a customer, by address; the trash aside.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, page: &PageRequest) -> Result<Page<Alias>, Refusal> {
    scope.needs(Permission::MailboxRead)?;
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
        item.address.to_string()
    }))
}

/// One alias of a customer, also from the trash.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: AliasId) -> Result<Alias, Refusal> {
    scope.needs(Permission::MailboxRead)?;
    find(tx, scope.customer(), id).await
}

pub(crate) async fn find(tx: &mut Tx, customer: CustomerId, id: AliasId) -> Result<Alias, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(from_row(&row)?)
}

fn rendered(targets: &[MailAddress]) -> serde_json::Value {
    targets.iter().map(ToString::to_string).collect()
}

pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    (id, domain): (AliasId, DomainId),
    address: &MailAddress,
    targets: &[MailAddress],
) -> Result<(), Fault> {
    let query = INSERT.bind(id).bind(customer).bind(domain).bind(address);
    query.bind(&rendered(targets)).execute_one(tx).await
}

pub(crate) async fn set_targets(
    tx: &mut Tx,
    customer: CustomerId,
    id: AliasId,
    targets: &[MailAddress],
) -> Result<(), Fault> {
    SET_TARGETS
        .bind(&rendered(targets))
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

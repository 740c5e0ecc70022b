//! The tables of mailboxes, and the list of addresses.

use crate::mailbox::model::Mailbox;
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{CustomerId, DomainId, MailboxId};
use wabe_kernel::{Fault, MailAddress, Page, PageRequest, Quota};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.mailbox.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, m.domain_id, m.quota_bytes, COALESCE(u.bytes, 0) AS used_bytes, \
         COALESCE(u.messages, 0) AS messages \
         FROM resource r JOIN mailbox m ON m.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.customer_id = $1 AND r.kind = 'mailbox' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.mailbox.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, m.domain_id, m.quota_bytes, COALESCE(u.bytes, 0) AS used_bytes, \
         COALESCE(u.messages, 0) AS messages \
         FROM resource r JOIN mailbox m ON m.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    INSERT = "hosting.mailbox.insert" =>
        "INSERT INTO mailbox (id, customer_id, domain_id, address, quota_bytes, password_hash) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    SET_QUOTA = "hosting.mailbox.set_quota" =>
        "UPDATE mailbox SET quota_bytes = $1 WHERE id = $2 AND customer_id = $3";
    SET_PASSWORD = "hosting.mailbox.set_password" =>
        "UPDATE mailbox SET password_hash = $1 WHERE id = $2 AND customer_id = $3";
    RESERVE = "hosting.mail_address.reserve" =>
        "INSERT INTO mail_address (address, customer_id, resource_id) VALUES ($1, $2, $3) \
         ON CONFLICT (address) DO UPDATE SET customer_id = excluded.customer_id, \
         resource_id = excluded.resource_id WHERE mail_address.customer_id <> excluded.customer_id";
    OWNER = "hosting.mail_address.owner" =>
        "SELECT resource_id FROM mail_address WHERE address = $1 AND customer_id = $2";
}

fn from_row(row: &Row) -> Result<Mailbox, Fault> {
    let resource = resource::from_row(row)?;
    Ok(Mailbox {
        id: row.parsed("id")?,
        address: row.parsed("name")?,
        domain_id: row.parsed("domain_id")?,
        quota_bytes: row.int("quota_bytes")?,
        used_bytes: row.int("used_bytes")?,
        messages: row.int("messages")?,
        standing: (&resource).into(),
    })
}

/// The mailboxes of a customer, by address; the trash aside.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Page<Mailbox>, Refusal> {
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

/// One mailbox of a customer, also from the trash.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: MailboxId) -> Result<Mailbox, Refusal> {
    scope.needs(Permission::MailboxRead)?;
    find(tx, scope.customer(), id).await
}

/// The id of the resource that an address of this customer belongs to.
///
/// # Errors
/// A fault of the database.
pub async fn find_address(
    tx: &mut Tx,
    customer: CustomerId,
    address: &MailAddress,
) -> Result<Option<String>, Fault> {
    let row = OWNER.bind(address).bind(customer).optional(tx).await?;
    row.map(|row| row.text("resource_id")).transpose()
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: MailboxId,
) -> Result<Mailbox, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(from_row(&row)?)
}

/// What a new mailbox is made of.
pub(crate) struct NewMailbox<'a> {
    pub(crate) id: MailboxId,
    pub(crate) domain: DomainId,
    pub(crate) address: &'a MailAddress,
    pub(crate) quota: Quota,
    pub(crate) password_hash: &'a str,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    new: &NewMailbox<'_>,
) -> Result<(), Fault> {
    let query = INSERT
        .bind(new.id)
        .bind(customer)
        .bind(new.domain)
        .bind(new.address);
    query
        .bind(new.quota)
        .bind(new.password_hash)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_quota(
    tx: &mut Tx,
    customer: CustomerId,
    id: MailboxId,
    quota: Quota,
) -> Result<(), Fault> {
    SET_QUOTA
        .bind(quota)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_password(
    tx: &mut Tx,
    customer: CustomerId,
    id: MailboxId,
    hash: &str,
) -> Result<(), Fault> {
    SET_PASSWORD
        .bind(hash)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// Takes an address for a mailbox or alias, also from another customer: the caller has found that this
/// one has proved its domain, so that nobody else has. False when this customer uses it already. The
/// transaction must not be scoped.
pub(crate) async fn reserve(
    tx: &mut Tx,
    customer: CustomerId,
    address: &MailAddress,
    resource: &str,
) -> Result<bool, Fault> {
    Ok(RESERVE
        .bind(address)
        .bind(customer)
        .bind(resource)
        .execute(tx)
        .await?
        == 1)
}

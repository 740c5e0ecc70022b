//! The tables of webspaces.

use crate::domain;
use crate::webspace::certificate::Certificate;
use crate::webspace::model::{Webspace, site_url};
use crate::webspace::{proxy_store, rule_store};
use std::collections::BTreeMap;
use wabe_access::command::House;
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{
    DomainName, Fault, Page, PageRequest, PhpVersion, Quota, RelPath, Secret, Timestamp,
    WebspaceName,
};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.webspace.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, w.preview_label, w.document_root, w.quota_bytes, w.https_redirect, \
         w.full_addresses_until, w.password_hash, w.php, w.redirects, w.error_pages, w.hsts, w.upload_bytes, w.folder_keys, w.php_settings, w.server, w.proxy, w.proxy_addresses, w.proxy_trouble, \
         COALESCE(u.bytes, 0) AS used_bytes, c.names, c.issuer, c.ends_at \
         FROM resource r JOIN webspace w ON w.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         LEFT JOIN webspace_certificate c ON c.webspace_id = r.id \
         WHERE r.customer_id = $1 AND r.kind = 'webspace' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.webspace.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, w.preview_label, w.document_root, w.quota_bytes, w.https_redirect, \
         w.full_addresses_until, w.password_hash, w.php, w.redirects, w.error_pages, w.hsts, w.upload_bytes, w.folder_keys, w.php_settings, w.server, w.proxy, w.proxy_addresses, w.proxy_trouble, \
         COALESCE(u.bytes, 0) AS used_bytes, c.names, c.issuer, c.ends_at \
         FROM resource r JOIN webspace w ON w.id = r.id LEFT JOIN content_use u ON u.resource_id = r.id \
         LEFT JOIN webspace_certificate c ON c.webspace_id = r.id \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    HOSTS = "hosting.webspace.hosts" =>
        "SELECT name FROM webspace_host WHERE customer_id = $1 AND webspace_id = $2 ORDER BY position, name";
    ALL_HOSTS = "hosting.webspace.all_hosts" =>
        "SELECT webspace_id, name FROM webspace_host WHERE customer_id = $1 \
         AND webspace_id >= '' ORDER BY position, name";
    TAKEN = "hosting.webspace.taken" =>
        "SELECT id FROM webspace WHERE customer_id = $1 AND name = $2 AND active = 1";
    LABEL_TAKEN = "hosting.webspace.label_taken" => "SELECT id FROM webspace WHERE preview_label = $1";
    INSERT = "hosting.webspace.insert" =>
        "INSERT INTO webspace (id, customer_id, name, preview_label, document_root, quota_bytes, \
         https_redirect, password_hash, active) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 1)";
    ADD_HOST = "hosting.webspace.add_host" =>
        "INSERT INTO webspace_host (webspace_id, customer_id, name, position) \
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    REMOVE_HOST = "hosting.webspace.remove_host" =>
        "DELETE FROM webspace_host WHERE customer_id = $1 AND webspace_id = $2 AND name = $3";
    REMOVE_HOSTS = "hosting.webspace.remove_hosts" =>
        "DELETE FROM webspace_host WHERE customer_id = $1 AND webspace_id = $2";
    SET_ROOT = "hosting.webspace.set_root" =>
        "UPDATE webspace SET document_root = $1 WHERE id = $2 AND customer_id = $3";
    SET_REDIRECT = "hosting.webspace.set_redirect" =>
        "UPDATE webspace SET https_redirect = $1 WHERE id = $2 AND customer_id = $3";
    SET_QUOTA = "hosting.webspace.set_quota" =>
        "UPDATE webspace SET quota_bytes = $1 WHERE id = $2 AND customer_id = $3";
    SET_FULL = "hosting.webspace.set_full_addresses" =>
        "UPDATE webspace SET full_addresses_until = $1 WHERE id = $2 AND customer_id = $3";
    PASSWORD = "hosting.webspace.password" =>
        "SELECT password_hash FROM webspace WHERE id = $1 AND customer_id = $2";
    SET_PASSWORD = "hosting.webspace.set_password" =>
        "UPDATE webspace SET password_hash = $1 WHERE id = $2 AND customer_id = $3";
    SET_PHP = "hosting.webspace.set_php" =>
        "UPDATE webspace SET php = $1 WHERE id = $2 AND customer_id = $3";
    SET_ACTIVE = "hosting.webspace.set_active" =>
        "UPDATE webspace SET active = $1 WHERE id = $2 AND customer_id = $3";
}

/// `served`: those of the names that are this customer's now.
fn from_row(
    row: &Row,
    (hosts, served): (Vec<DomainName>, &[DomainName]),
    house: &House,
) -> Result<Webspace, Fault> {
    let resource = resource::from_row(row)?;
    let label = row.text("preview_label")?;
    let preview = house.preview_suffix.below(&label);
    let preview_host = preview.ok_or(Fault::new("make a preview address"))?;
    let rules = rule_store::from_row(row)?;
    Ok(Webspace {
        id: row.parsed("id")?,
        name: row.parsed("name")?,
        preview_url: site_url(house, &preview_host),
        url: site_url(house, served.first().unwrap_or(&preview_host)),
        preview_host,
        hosts,
        document_root: row.parsed("document_root")?,
        quota_bytes: row.int("quota_bytes")?,
        used_bytes: row.int("used_bytes")?,
        https_redirect: row.flag("https_redirect")?,
        full_addresses_until: row.time_or_null("full_addresses_until")?,
        php: row.parsed_or_null("php")?,
        redirects: rules.redirects,
        error_pages: rules.error_pages,
        hsts: rules.hsts,
        upload_bytes: rules.upload_bytes,
        php_settings: rule_store::php_settings(row)?,
        server: rules.server,
        proxy: rules.proxy.map(|proxy| proxy.upstream),
        proxy_addresses: proxy_store::addresses(row)?,
        proxy_trouble: row.text_or_null("proxy_trouble")?,
        folder_keys: rules.keys.iter().map(Into::into).collect(),
        certificate: Certificate::from_row(row)?,
        sftp: house.sftp.clone(),
        sftp_login: label,
        has_upload_password: row.text_or_null("password_hash")?.is_some(),
        standing: (&resource).into(),
    })
}

/// The webspaces of a customer, by name; the trash aside.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
    house: &House,
) -> Result<Page<Webspace>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    let mut hosts: BTreeMap<String, Vec<DomainName>> = BTreeMap::new();
    for row in ALL_HOSTS.bind(scope.customer()).all(tx).await? {
        hosts
            .entry(row.text("webspace_id")?)
            .or_default()
            .push(row.parsed("name")?);
    }
    let query = LIST
        .bind(scope.customer())
        .bind(page.after_key())
        .bind(&page.search);
    let query = query.bind(page.search_pattern()).bind(page.limit + 1);
    let mut found = Vec::new();
    for row in query.all(tx).await? {
        let own = hosts.remove(&row.text("id")?).unwrap_or_default();
        found.push((row, own));
    }
    let all: Vec<DomainName> = found.iter().flat_map(|(_, own)| own.clone()).collect();
    let served = domain::served(tx, scope.customer(), &all).await?;
    let mut rows = Vec::new();
    for (row, own) in found {
        let mut shown = own.clone();
        shown.retain(|host| served.contains(host));
        rows.push(from_row(&row, (own, &shown), house)?);
    }
    Ok(Page::from_rows(rows, page.limit, |item| {
        item.name.to_string()
    }))
}

/// One webspace of a customer, also from the trash.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: WebspaceId,
    house: &House,
) -> Result<Webspace, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    find(tx, scope.customer(), id, house).await
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    house: &House,
) -> Result<Webspace, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    let hosts = HOSTS.bind(customer).bind(id).all(tx).await?;
    let hosts: Vec<DomainName> = hosts
        .iter()
        .map(|row| row.parsed("name"))
        .collect::<Result<_, _>>()?;
    let served = domain::served(tx, customer, &hosts).await?;
    Ok(from_row(&row, (hosts, &served), house)?)
}

pub(crate) async fn is_taken(
    tx: &mut Tx,
    customer: CustomerId,
    name: &WebspaceName,
) -> Result<bool, Fault> {
    Ok(TAKEN
        .bind(customer)
        .bind(name)
        .optional(tx)
        .await?
        .is_some())
}

/// Whether a preview label is used; concerns all customers.
pub(crate) async fn is_label_taken(tx: &mut Tx, label: &str) -> Result<bool, Fault> {
    Ok(LABEL_TAKEN.bind(label).optional(tx).await?.is_some())
}

/// What a new webspace is made of.
pub(crate) struct NewWebspace<'a> {
    pub(crate) id: WebspaceId,
    pub(crate) name: &'a WebspaceName,
    pub(crate) label: &'a str,
    pub(crate) document_root: &'a RelPath,
    pub(crate) quota: Quota,
    pub(crate) password_hash: &'a str,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    new: &NewWebspace<'_>,
) -> Result<(), Fault> {
    let query = INSERT
        .bind(new.id)
        .bind(customer)
        .bind(new.name)
        .bind(new.label);
    query
        .bind(new.document_root)
        .bind(new.quota)
        .bind(new.password_hash)
        .execute_one(tx)
        .await
}

/// Adds a host name; false when it leads to a webspace of this customer already.
pub(crate) async fn add_host(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    host: &DomainName,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(ADD_HOST
        .bind(id)
        .bind(customer)
        .bind(host)
        .bind(now)
        .execute(tx)
        .await?
        == 1)
}

pub(crate) async fn remove_host(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    host: &DomainName,
) -> Result<bool, Fault> {
    Ok(REMOVE_HOST
        .bind(customer)
        .bind(id)
        .bind(host)
        .execute(tx)
        .await?
        == 1)
}

pub(crate) async fn remove_hosts(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<(), Fault> {
    REMOVE_HOSTS
        .bind(customer)
        .bind(id)
        .execute(tx)
        .await
        .map(|_rows| ())
}

pub(crate) async fn set_root(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    root: &RelPath,
) -> Result<(), Fault> {
    SET_ROOT
        .bind(root)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_redirect(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    redirect: bool,
) -> Result<(), Fault> {
    SET_REDIRECT
        .bind(redirect)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_quota(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    quota: Quota,
) -> Result<(), Fault> {
    SET_QUOTA
        .bind(quota)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_full_addresses(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    until: Option<Timestamp>,
) -> Result<(), Fault> {
    SET_FULL
        .bind(until)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_php(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    php: Option<PhpVersion>,
) -> Result<(), Fault> {
    SET_PHP
        .bind(php.map(|version| version.to_string()))
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// The hash of the upload password, by which its tries are counted; absent without a password.
pub(crate) async fn password_hash(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<Secret>, Fault> {
    let row = PASSWORD.bind(id).bind(customer).one(tx).await?;
    Ok(row.text_or_null("password_hash")?.map(Secret::new))
}

pub(crate) async fn set_password(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    hash: &str,
) -> Result<(), Fault> {
    SET_PASSWORD
        .bind(hash)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_active(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    active: bool,
) -> Result<(), Fault> {
    SET_ACTIVE
        .bind(active)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

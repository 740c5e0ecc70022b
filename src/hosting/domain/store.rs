//! The table of domains.

use crate::domain::model::{Domain, Method};
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{CustomerId, DomainId};
use wabe_kernel::{DomainName, Fault, Page, PageRequest, RedirectTarget, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.domain.list" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.token, d.method, d.verified_at, d.finding, d.checked_at, \
         d.next_check_at, d.consented_by, d.redirect FROM resource r JOIN domain d ON d.id = r.id \
         WHERE r.customer_id = $1 AND r.kind = 'domain' AND r.name > $2 AND r.gone_at IS NULL \
         AND r.deleted_at IS NULL AND ($3 = '' OR r.name LIKE $4 ESCAPE '!') ORDER BY r.name LIMIT $5";
    FIND = "hosting.domain.find" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, d.token, d.method, d.verified_at, d.finding, d.checked_at, \
         d.next_check_at, d.consented_by, d.redirect FROM resource r JOIN domain d ON d.id = r.id \
         WHERE r.id = $1 AND r.customer_id = $2 AND r.gone_at IS NULL";
    FIND_NAME = "hosting.domain.find_name" =>
        "SELECT id, verified_at, redirect FROM domain WHERE customer_id = $1 AND name = $2 AND active = 1";
    PROVED = "hosting.domain.proved" =>
        "SELECT customer_id FROM domain WHERE name = $1 AND verified_at IS NOT NULL";
    PROVED_SINCE = "hosting.domain.proved_since" =>
        "SELECT DISTINCT customer_id FROM domain WHERE verified_at > $1 ORDER BY customer_id";
    INSERT = "hosting.domain.insert" =>
        "INSERT INTO domain (id, customer_id, name, token, finding, next_check_at, active) \
         VALUES ($1, $2, $3, $4, $5, $6, 1)";
    PROVE = "hosting.domain.prove" =>
        "UPDATE domain SET method = $1, verified_at = $2, finding = 'proved', checked_at = $2, \
         next_check_at = $3, failed_checks = 0 WHERE id = $4 AND customer_id = $5";
    WITHDRAW = "hosting.domain.withdraw" =>
        "UPDATE domain SET method = NULL, verified_at = NULL, finding = $1, next_check_at = $2, \
         failed_checks = 0 WHERE id = $3 AND customer_id = $4";
    SET_ACTIVE = "hosting.domain.set_active" =>
        "UPDATE domain SET active = $1, method = NULL, verified_at = NULL, finding = 'not-seen-yet', \
         next_check_at = $2 WHERE id = $3 AND customer_id = $4";
    SET_REDIRECT = "hosting.domain.set_redirect" =>
        "UPDATE domain SET redirect = $1 WHERE id = $2 AND customer_id = $3";
    IS_HOST = "hosting.domain.is_host" =>
        "SELECT webspace_id FROM webspace_host WHERE customer_id = $1 AND name = $2";
    WEBSPACES_ON = "hosting.domain.webspaces_on" =>
        "SELECT DISTINCT h.webspace_id FROM webspace_host h JOIN resource r ON r.id = h.webspace_id \
         WHERE h.customer_id = $1 AND (h.name = $2 OR h.name LIKE $3 ESCAPE '!') \
         AND r.deleted_at IS NULL AND r.gone_at IS NULL ORDER BY h.webspace_id";
    MAIL_ON = "hosting.domain.mail_on" =>
        "SELECT m.id FROM mailbox m JOIN resource r ON r.id = m.id \
         WHERE m.customer_id = $1 AND m.address LIKE $2 ESCAPE '!' \
         AND r.deleted_at IS NULL AND r.gone_at IS NULL \
         UNION ALL SELECT a.id FROM alias a JOIN resource r ON r.id = a.id \
         WHERE a.customer_id = $1 AND (a.address LIKE $2 ESCAPE '!' OR a.targets LIKE $3 ESCAPE '!') \
         AND r.deleted_at IS NULL AND r.gone_at IS NULL";
    RECLAIM = "hosting.mail_address.reclaim" =>
        "INSERT INTO mail_address (address, customer_id, resource_id) \
         SELECT m.address, m.customer_id, m.id FROM mailbox m JOIN resource r ON r.id = m.id \
         WHERE m.customer_id = $1 AND m.address LIKE $2 ESCAPE '!' AND r.gone_at IS NULL \
         AND NOT EXISTS (SELECT h.address FROM mail_address h WHERE h.resource_id = m.id) \
         UNION ALL SELECT a.address, a.customer_id, a.id FROM alias a JOIN resource r ON r.id = a.id \
         WHERE a.customer_id = $1 AND a.address LIKE $2 ESCAPE '!' AND r.gone_at IS NULL \
         AND NOT EXISTS (SELECT h.address FROM mail_address h WHERE h.resource_id = a.id) \
         ON CONFLICT (address) DO UPDATE SET customer_id = excluded.customer_id, \
         resource_id = excluded.resource_id WHERE mail_address.customer_id <> excluded.customer_id";
    CONSENT = "hosting.domain.consent" =>
        "UPDATE domain SET consented_by = $1, next_check_at = $2 WHERE id = $3 AND active = 1 RETURNING name";
    CLAIMS = "hosting.domain.claims" =>
        "SELECT d.id, d.name, c.number FROM domain d JOIN customer c ON c.id = d.customer_id \
         WHERE d.finding = 'needs-consent' AND d.active = 1 AND d.consented_by IS NULL \
         AND d.customer_id <> $1 AND d.name LIKE $2 ESCAPE '!' ORDER BY d.name LIMIT 50";
    IN_USE = "hosting.domain.in_use" =>
        "SELECT m.id FROM mailbox m JOIN resource r ON r.id = m.id \
         WHERE m.customer_id = $1 AND m.domain_id = $2 AND r.deleted_at IS NULL AND r.gone_at IS NULL \
         UNION ALL SELECT a.id FROM alias a JOIN resource r ON r.id = a.id \
         WHERE a.customer_id = $1 AND a.domain_id = $2 AND r.deleted_at IS NULL AND r.gone_at IS NULL \
         UNION ALL SELECT h.webspace_id FROM webspace_host h WHERE h.customer_id = $1 \
         AND (h.name = $3 OR h.name LIKE $4 ESCAPE '!') LIMIT 1";
}

fn from_row(row: &Row) -> Result<Domain, Fault> {
    let resource = resource::from_row(row)?;
    let name: DomainName = row.parsed("name")?;
    let verified_at = row.time_or_null("verified_at")?;
    Ok(Domain {
        id: row.parsed("id")?,
        name_unicode: name.unicode(),
        name,
        verified: verified_at.is_some(),
        method: row.parsed_or_null("method")?,
        verified_at,
        finding: row.text("finding")?,
        checked_at: row.time_or_null("checked_at")?,
        next_check_at: row.time_or_null("next_check_at")?,
        proofs: None,
        standing: (&resource).into(),
        token: row.text("token")?,
        consented_by: row.parsed_or_null("consented_by")?,
        redirect: row.parsed_or_null("redirect")?,
    })
}

/// The domains of a customer, by name; the trash aside.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, page: &PageRequest) -> Result<Page<Domain>, Refusal> {
    scope.needs(Permission::DomainRead)?;
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

/// One domain of a customer, also from the trash.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: DomainId) -> Result<Domain, Refusal> {
    scope.needs(Permission::DomainRead)?;
    find(tx, scope.customer(), id).await
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: DomainId,
) -> Result<Domain, Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .optional(tx)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(from_row(&row)?)
}

/// What the other nouns need to know of a domain.
pub(crate) struct Known {
    pub(crate) id: DomainId,
    pub(crate) verified_at: Option<Timestamp>,
    pub(crate) redirects: bool,
}

pub(crate) async fn find_name(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
) -> Result<Option<Known>, Fault> {
    let row = FIND_NAME.bind(customer).bind(name).optional(tx).await?;
    row.map(|row| {
        Ok(Known {
            id: row.parsed("id")?,
            verified_at: row.time_or_null("verified_at")?,
            redirects: row.text_or_null("redirect")?.is_some(),
        })
    })
    .transpose()
}

/// Who has proved exactly this name. Concerns all customers, so the transaction must not be scoped.
///
/// # Errors
/// A fault of the database.
pub async fn proved(tx: &mut Tx, name: &DomainName) -> Result<Option<CustomerId>, Fault> {
    let row = PROVED.bind(name).optional(tx).await?;
    row.map(|row| row.parsed("customer_id")).transpose()
}

/// Whose domains were proved after `since`. Concerns all customers, so the transaction must not be
/// scoped.
///
/// # Errors
/// A fault of the database.
pub async fn proved_since(tx: &mut Tx, since: Timestamp) -> Result<Vec<CustomerId>, Fault> {
    let rows = PROVED_SINCE.bind(since).all(tx).await?;
    rows.iter().map(|row| row.parsed("customer_id")).collect()
}

pub(crate) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    (id, name): (DomainId, &DomainName),
    (token, finding): (&str, &str),
    next_check_at: Timestamp,
) -> Result<(), Fault> {
    let query = INSERT
        .bind(id)
        .bind(customer)
        .bind(name)
        .bind(token)
        .bind(finding);
    query.bind(next_check_at).execute_one(tx).await
}

pub(crate) async fn prove(
    tx: &mut Tx,
    customer: CustomerId,
    id: DomainId,
    method: Method,
    now: Timestamp,
) -> Result<(), Fault> {
    // Proofs that nothing outside can take away are not asked for again.
    let lasting = matches!(method, Method::Import | Method::Demo);
    let next = (!lasting).then_some(now.plus_days(7));
    let query = PROVE
        .bind(method.word())
        .bind(now)
        .bind(next)
        .bind(id)
        .bind(customer);
    query.execute_one(tx).await
}

pub(crate) async fn withdraw(
    tx: &mut Tx,
    customer: CustomerId,
    id: DomainId,
    finding: &str,
    next_check_at: Timestamp,
) -> Result<(), Fault> {
    WITHDRAW
        .bind(finding)
        .bind(next_check_at)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_active(
    tx: &mut Tx,
    customer: CustomerId,
    id: DomainId,
    active: bool,
    next_check_at: Option<Timestamp>,
) -> Result<(), Fault> {
    SET_ACTIVE
        .bind(active)
        .bind(next_check_at)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

pub(crate) async fn set_redirect(
    tx: &mut Tx,
    customer: CustomerId,
    id: DomainId,
    redirect: Option<&RedirectTarget>,
) -> Result<(), Fault> {
    SET_REDIRECT
        .bind(redirect)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await
}

/// Whether a webspace of this customer has exactly this name as a host. What others have there is not
/// served while the name is this customer's.
pub(crate) async fn is_host(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
) -> Result<bool, Fault> {
    let row = IS_HOST.bind(customer).bind(name).optional(tx).await?;
    Ok(row.is_some())
}

/// The webspaces of a customer that have this name or one below it, the trash aside.
pub(crate) async fn webspaces_on(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
) -> Result<Vec<String>, Fault> {
    let query = WEBSPACES_ON.bind(customer).bind(name).bind(below(name));
    let rows = query.all(tx).await?;
    rows.iter().map(|row| row.text("webspace_id")).collect()
}

/// The mailboxes and aliases of a customer at this name, and the aliases that deliver there, the trash
/// aside.
pub(crate) async fn mail_on(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
) -> Result<Vec<String>, Fault> {
    let at = format!("%@{}", escaped(name));
    // Targets are stored as a list of quoted texts.
    let target = format!("{at}\"%");
    let rows = MAIL_ON.bind(customer).bind(at).bind(target).all(tx).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Gives the addresses at this name to the mailboxes and aliases that a customer has there, whoever has
/// them now. The caller has proved the name for that customer; the transaction must not be scoped.
pub(crate) async fn reclaim(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
) -> Result<(), Fault> {
    let at = format!("%@{}", escaped(name));
    let query = RECLAIM.bind(customer).bind(at);
    query.execute(tx).await.map(|_rows| ())
}

/// Another customer's claim below a domain of one's own, waiting for consent.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The claim.
    pub id: DomainId,
    /// The name claimed.
    pub name: DomainName,
    /// The number of the customer who claims it.
    pub customer_number: String,
}

/// A name in a pattern, in which it stands for itself.
fn escaped(name: &DomainName) -> String {
    let text = name.as_str().replace('!', "!!");
    text.replace('%', "!%").replace('_', "!_")
}

fn below(name: &DomainName) -> String {
    format!("%.{}", escaped(name))
}

/// Claims of other customers below `name` that wait for its owner's consent. The transaction must not
/// be scoped; the caller has checked that `name` is proved by `owner`.
///
/// # Errors
/// A fault of the database.
pub async fn claims_below(
    tx: &mut Tx,
    owner: CustomerId,
    name: &DomainName,
) -> Result<Vec<Claim>, Fault> {
    let rows = CLAIMS.bind(owner).bind(below(name)).all(tx).await?;
    let claim = |row: &Row| {
        Ok(Claim {
            id: row.parsed("id")?,
            name: row.parsed("name")?,
            customer_number: row.text("number")?,
        })
    };
    rows.iter().map(claim).collect()
}

pub(crate) async fn consent(
    tx: &mut Tx,
    owner: CustomerId,
    claim: DomainId,
    now: Timestamp,
) -> Result<(), Fault> {
    CONSENT
        .bind(owner)
        .bind(now)
        .bind(claim)
        .one(tx)
        .await
        .map(|_row| ())
}

pub(crate) async fn is_in_use(
    tx: &mut Tx,
    customer: CustomerId,
    domain: &Domain,
) -> Result<bool, Fault> {
    let query = IN_USE
        .bind(customer)
        .bind(domain.id)
        .bind(&domain.name)
        .bind(below(&domain.name));
    Ok(query.optional(tx).await?.is_some())
}

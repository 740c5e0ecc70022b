//! The tables of certificates.

use crate::certificate::order;
use crate::certificate::{Desk, public_names};
use std::fmt;
use std::str::FromStr;
use wabe_access::{Permission, Refusal, Scope};
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::certificate::{Bundle, Checked, OrderTrouble};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{DomainName, Fault, Problem, Rng, Secret, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    HELD = "hosting.site_certificate.held" =>
        "SELECT source, serial, issuer, starts_at, ends_at, chain FROM site_certificate \
         WHERE webspace_id = $1 AND customer_id = $2";
    SERVING = "hosting.site_certificate.serving" =>
        "SELECT source, fingerprint, ends_at FROM site_certificate \
         WHERE webspace_id = $1 AND customer_id = $2";
    INSERT = "hosting.site_certificate.insert" =>
        "INSERT INTO site_certificate (webspace_id, customer_id, source, fingerprint, serial, names, issuer, \
         starts_at, ends_at, chain, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    DELETE = "hosting.site_certificate.delete" =>
        "DELETE FROM site_certificate WHERE webspace_id = $1 AND customer_id = $2 AND source = $3";
    KEY_INSERT = "hosting.site_certificate.insert_key" =>
        "INSERT INTO site_certificate_key (webspace_id, source, customer_id, sealed) \
         VALUES ($1, $2, $3, $4)";
    KEY_DELETE = "hosting.site_certificate.delete_key" =>
        "DELETE FROM site_certificate_key WHERE webspace_id = $1 AND customer_id = $2 AND source = $3";
    OPEN = "hosting.site_certificate.open" =>
        "SELECT c.customer_id, c.source, c.chain, k.sealed FROM site_certificate c \
         JOIN site_certificate_key k ON k.webspace_id = c.webspace_id AND k.source = c.source \
         WHERE c.webspace_id = $1 AND c.fingerprint = $2";
    UNWANTED = "hosting.site_certificate.unwanted" =>
        "SELECT unwanted_certificate FROM webspace WHERE id = $1 AND customer_id = $2";
}

/// Where a certificate is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody of the customer handed it in.
    Own,
    /// An authority issued it on our order.
    Ordered,
}

impl Source {
    /// The word in the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Ordered => "ordered",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Source {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = [Self::Own, Self::Ordered];
        let found = found.into_iter().find(|known| known.word() == text);
        found.ok_or(Problem::new("not-a-choice"))
    }
}

/// A certificate that is kept, without its key.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) source: Source,
    pub(crate) serial: String,
    pub(crate) issuer: String,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) chain: String,
}

/// Names as they stand in a row.
pub(crate) fn json_of(names: &[DomainName]) -> serde_json::Value {
    names.iter().map(DomainName::as_str).collect()
}

fn held_from(row: &Row) -> Result<Held, Fault> {
    Ok(Held {
        source: row.parsed("source")?,
        serial: row.text("serial")?,
        issuer: row.text("issuer")?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        chain: row.text("chain")?,
    })
}

/// Every certificate that is kept for a webspace.
pub(crate) async fn held(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Vec<Held>, Fault> {
    let rows = HELD.bind(id).bind(customer).all(tx).await?;
    rows.iter().map(held_from).collect()
}

/// The fingerprint of what the public names of a webspace are to be served with; nothing while nothing is kept.
pub(crate) async fn serving(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let mut ordered = None;
    for row in SERVING.bind(id).bind(customer).all(tx).await? {
        match row.parsed("source")? {
            Source::Own if row.time("ends_at")? > now => return row.text("fingerprint").map(Some),
            Source::Own => {}
            Source::Ordered => ordered = Some(row.text("fingerprint")?),
        }
    }
    Ok(ordered)
}

/// What somebody of the customer handed in.
pub(crate) async fn find_own(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<Held>, Fault> {
    let held = held(tx, customer, id).await?;
    Ok(held.into_iter().find(|held| held.source == Source::Own))
}

/// A sealed key opens for its own webspace, source and customer only.
fn at(customer: CustomerId, id: WebspaceId, source: Source) -> Vec<u8> {
    let (id, customer) = (id.to_string(), customer.to_string());
    place(&[
        "site_certificate_key",
        "sealed",
        &id,
        source.word(),
        &customer,
    ])
}

/// Keeps a certificate in place of the one of the same source.
pub(crate) async fn put(
    tx: &mut Tx,
    (key, rng): (&SealKey, &dyn Rng),
    (customer, id, source): (CustomerId, WebspaceId, Source),
    checked: &Checked,
    now: Timestamp,
) -> Result<(), Fault> {
    remove(tx, (customer, id, source)).await?;
    let Checked { bundle, told } = checked;
    let query = INSERT.bind(id).bind(customer).bind(source.word());
    let query = query.bind(&told.fingerprint).bind(&told.serial);
    let query = query.bind(&json_of(&told.names)).bind(&told.issuer);
    let query = query.bind(told.starts_at).bind(told.ends_at);
    query.bind(&bundle.chain).bind(now).execute_one(tx).await?;
    let plain = bundle.key.expose().as_bytes();
    let sealed = key.seal(rng, &at(customer, id, source), plain)?;
    let query = KEY_INSERT.bind(id).bind(source.word()).bind(customer);
    query.bind(sealed).execute_one(tx).await
}

/// Forgets a certificate, its key first.
pub(crate) async fn remove(
    tx: &mut Tx,
    (customer, id, source): (CustomerId, WebspaceId, Source),
) -> Result<(), Fault> {
    for statement in [KEY_DELETE, DELETE] {
        let query = statement.bind(id).bind(customer).bind(source.word());
        query.execute(tx).await?;
    }
    Ok(())
}

/// Forgets what somebody of the customer handed in.
pub(crate) async fn remove_own(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<(), Fault> {
    remove(tx, (customer, id, Source::Own)).await
}

/// A certificate with its key, for the node that serves it. The transaction must not be scoped.
///
/// # Errors
/// A fault of the database, or when the key cannot be opened.
pub async fn bundle(
    tx: &mut Tx,
    key: &SealKey,
    (id, fingerprint): (WebspaceId, &str),
) -> Result<Option<Bundle>, Fault> {
    let row = OPEN.bind(id).bind(fingerprint).optional(tx).await?;
    let Some(row) = row else { return Ok(None) };
    let (customer, source) = (row.parsed("customer_id")?, row.parsed("source")?);
    let opened = key.open(&at(customer, id, source), &row.text("sealed")?)?;
    let text = std::str::from_utf8(&opened);
    let text = text.map_err(|error| Fault::because("open a certificate's key", error))?;
    Ok(Some(Bundle {
        chain: row.text("chain")?,
        key: Secret::new(text),
    }))
}

/// The serial number of the certificate that somebody wants replaced.
pub(crate) async fn unwanted(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<String>, Fault> {
    let row = UNWANTED.bind(id).bind(customer).optional(tx).await?;
    row.map_or(Ok(None), |row| row.text_or_null("unwanted_certificate"))
}

/// How it stands with the certificate for a webspace's public names.
#[derive(Debug, Clone)]
pub struct CertificateStanding {
    /// Where the certificate is from that they are to be served with; one stands in while absent.
    pub source: Option<Source>,
    /// Who issued what was handed in, and until when it is valid.
    pub own: Option<(String, Timestamp)>,
    /// When what is held is replaced by itself.
    pub renew_at: Option<Timestamp>,
    /// Why nothing was issued the last time.
    pub failure: Option<OrderTrouble>,
    /// The name that this is about, where it is about one.
    pub failure_host: Option<DomainName>,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
}

/// How it stands; nothing where a webspace has no public name.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn standing(
    tx: &mut Tx,
    scope: &Scope,
    (id, hosts): (WebspaceId, &[DomainName]),
    now: Timestamp,
) -> Result<Option<CertificateStanding>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    if public_names(hosts).is_empty() {
        return Ok(None);
    }
    let customer = scope.customer();
    let held = held(tx, customer, id).await?;
    let order = order::find(tx, customer, id).await?;
    let own = held.iter().find(|held| held.source == Source::Own);
    let serves_own = own.is_some_and(|own| own.ends_at > now);
    let ordered = held.iter().any(|held| held.source == Source::Ordered);
    let source = match (serves_own, ordered) {
        (true, _) => Some(Source::Own),
        (false, true) => Some(Source::Ordered),
        (false, false) => None,
    };
    Ok(Some(CertificateStanding {
        source,
        own: own.map(|own| (own.issuer.clone(), own.ends_at)),
        renew_at: order.as_ref().and_then(|order| order.renew_at),
        failure: order.as_ref().and_then(|order| order.failure),
        failure_host: order.as_ref().and_then(|order| order.failure_host.clone()),
        next_at: order.map(|order| order.next_at),
    }))
}

/// Whether certificates are ordered here at all.
///
/// # Errors
/// A fault when the wiring forgot it.
pub fn orders(tools: &wabe_access::Tools) -> Result<bool, Fault> {
    Desk::of(tools).map(|desk| desk.orders)
}

//! Applications elsewhere that answer for sites, in the table of webspaces.

use std::net::IpAddr;
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{Fault, SiteProxy, Timestamp, Upstream};
use wabe_store::{Row, Tx, statements};

statements! {
    SET = "hosting.webspace.set_proxy" =>
        "UPDATE webspace SET proxy = $1, proxy_addresses = $2, proxy_trouble = NULL, proxy_good_at = $3, \
         proxy_next_at = $4 WHERE id = $5 AND customer_id = $6";
    DUE = "hosting.webspace.proxies_due" =>
        "SELECT id, customer_id, proxy, proxy_addresses, proxy_good_at, proxy_next_at FROM webspace \
         WHERE proxy_next_at IS NOT NULL AND proxy_next_at <= $1 AND active = 1 \
         ORDER BY proxy_next_at LIMIT $2";
    // A look takes its time: what somebody said meanwhile moved the next one and stands.
    NOTE = "hosting.webspace.note_proxy" =>
        "UPDATE webspace SET proxy_addresses = $1, proxy_trouble = $2, proxy_good_at = $3, proxy_next_at = $4 \
         WHERE id = $5 AND customer_id = $6 AND proxy = $7 AND proxy_next_at = $8";
}

/// Addresses as they stand in the column.
fn rendered(addresses: &[IpAddr]) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(addresses)
        .map_err(|error| Fault::because("write the addresses of a site", error))
}

/// The addresses in a row with that column.
pub(crate) fn addresses(row: &Row) -> Result<Vec<IpAddr>, Fault> {
    serde_json::from_value(row.json("proxy_addresses")?)
        .map_err(|error| Fault::because("read the addresses of a site", error))
}

/// The application of a row with these columns, where there is one.
pub(crate) fn from_row(row: &Row) -> Result<Option<SiteProxy>, Fault> {
    let Some(upstream) = row.parsed_or_null("proxy")? else {
        return Ok(None);
    };
    Ok(Some(SiteProxy {
        upstream,
        addresses: addresses(row)?,
    }))
}

/// When an application was found, and when it is looked for next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) good: Timestamp,
    pub(crate) next: Timestamp,
}

/// Has this application answer from now on, found where it says; the site's own files when there is none.
pub(crate) async fn set(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    proxy: Option<&SiteProxy>,
    times: Times,
) -> Result<(), Fault> {
    let addresses = proxy.map_or(&[][..], |proxy| proxy.addresses.as_slice());
    let query = SET.bind(proxy.map(|proxy| proxy.upstream.to_string()));
    let query = query.bind(&rendered(addresses)?);
    let query = query.bind(proxy.map(|_| times.good));
    let query = query.bind(proxy.map(|_| times.next));
    query.bind(id).bind(customer).execute_one(tx).await
}

/// An application whose time has come.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) id: WebspaceId,
    pub(crate) customer: CustomerId,
    pub(crate) upstream: Upstream,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) good_at: Option<Timestamp>,
    /// The time that has come.
    pub(crate) at: Timestamp,
}

/// So many of those that are due, longest due first.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp, most: i64) -> Result<Vec<Due>, Fault> {
    let rows = DUE.bind(now).bind(most).all(tx).await?;
    let due = |row: &Row| {
        Ok(Due {
            id: row.parsed("id")?,
            customer: row.parsed("customer_id")?,
            upstream: row.parsed("proxy")?,
            addresses: addresses(row)?,
            good_at: row.time_or_null("proxy_good_at")?,
            at: row.time("proxy_next_at")?,
        })
    };
    rows.iter().map(due).collect()
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) trouble: Option<&'static str>,
    pub(crate) good_at: Option<Timestamp>,
}

/// Notes what a look found, and when the next one is; false when somebody was faster.
pub(crate) async fn note(
    tx: &mut Tx,
    due: &Due,
    found: &Found,
    next: Timestamp,
) -> Result<bool, Fault> {
    let query = NOTE.bind(&rendered(&found.addresses)?);
    let query = query.bind(found.trouble).bind(found.good_at).bind(next);
    let query = query.bind(due.id).bind(due.customer);
    let query = query.bind(due.upstream.to_string()).bind(due.at);
    Ok(query.execute(tx).await? == 1)
}

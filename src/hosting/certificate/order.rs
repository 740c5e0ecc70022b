//! The table of orders.

use crate::certificate::pause::third_left;
use crate::certificate::store::{Source, json_of, put, remove};
use wabe_audit::seal::SealKey;
use wabe_kernel::certificate::{Checked, OrderFailure, OrderTrouble};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{DomainName, Fault, Rng, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    ORDER = "hosting.certificate_order.find" =>
        "SELECT webspace_id, customer_id, names, next_at, attempts, failure, failure_host, tried_at, orders, \
         orders_since, renew_at FROM certificate_order WHERE webspace_id = $1 AND customer_id = $2";
    DUE = "hosting.certificate_order.due" =>
        "SELECT webspace_id, customer_id, names, next_at, attempts, failure, failure_host, tried_at, orders, \
         orders_since, renew_at FROM certificate_order WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    BEGIN = "hosting.certificate_order.begin" =>
        "INSERT INTO certificate_order (webspace_id, customer_id, names, next_at, attempts, orders, \
         orders_since) VALUES ($1, $2, $3, $4, 0, 0, $4) ON CONFLICT (webspace_id) DO NOTHING";
    NAMES = "hosting.certificate_order.set_names" =>
        "UPDATE certificate_order SET names = $1, next_at = $2 WHERE webspace_id = $3 AND customer_id = $4";
    SOON = "hosting.certificate_order.soon" =>
        "UPDATE certificate_order SET next_at = $1 WHERE webspace_id = $2 AND customer_id = $3 \
         AND next_at > $1";
    // Whoever worked on it meanwhile moved the time, and what they found stands.
    LATER = "hosting.certificate_order.later" =>
        "UPDATE certificate_order SET next_at = $1, renew_at = $2, failure = $3, failure_host = NULL \
         WHERE webspace_id = $4 AND next_at = $5";
    TRIED = "hosting.certificate_order.tried" =>
        "UPDATE certificate_order SET tried_at = $1, next_at = $2, orders = $3, orders_since = $4 \
         WHERE webspace_id = $5 AND next_at = $6";
    FAILED = "hosting.certificate_order.failed" =>
        "UPDATE certificate_order SET attempts = $1, failure = $2, failure_host = $3, next_at = $4, \
         tried_at = $5 WHERE webspace_id = $6";
    // When the names changed meanwhile, the time was moved for them.
    ISSUED = "hosting.certificate_order.issued" =>
        "UPDATE certificate_order SET attempts = 0, failure = NULL, failure_host = NULL, renew_at = $1, \
         next_at = CASE WHEN names = $2 THEN $3 ELSE next_at END WHERE webspace_id = $4";
    END = "hosting.certificate_order.end" =>
        "DELETE FROM certificate_order WHERE webspace_id = $1 AND customer_id = $2";
}

/// Seconds after which an authority is asked again when it wants a certificate to be replaced.
pub(crate) const ASK_SECONDS: i64 = 21_600;
/// Seconds between two tries that somebody asked for.
const BETWEEN_SECONDS: i64 = 600;
/// Failures in a row after which the pauses are days, which nobody shortens.
const PATIENT: i64 = 5;

/// What is to be ordered for a webspace.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: WebspaceId,
    pub(crate) customer: CustomerId,
    pub(crate) names: Vec<DomainName>,
    pub(crate) next_at: Timestamp,
    pub(crate) attempts: i64,
    pub(crate) failure: Option<OrderTrouble>,
    pub(crate) failure_host: Option<DomainName>,
    pub(crate) tried_at: Option<Timestamp>,
    pub(crate) orders: i64,
    pub(crate) orders_since: Timestamp,
    pub(crate) renew_at: Option<Timestamp>,
}

fn names_of(row: &Row) -> Result<Vec<DomainName>, Fault> {
    serde_json::from_value(row.json("names")?)
        .map_err(|error| Fault::because("read a certificate's names", error))
}

fn order_from(row: &Row) -> Result<Order, Fault> {
    Ok(Order {
        id: row.parsed("webspace_id")?,
        customer: row.parsed("customer_id")?,
        names: names_of(row)?,
        next_at: row.time("next_at")?,
        attempts: row.int("attempts")?,
        failure: row.parsed_or_null("failure")?,
        failure_host: row.parsed_or_null("failure_host")?,
        tried_at: row.time_or_null("tried_at")?,
        orders: row.int("orders")?,
        orders_since: row.time("orders_since")?,
        renew_at: row.time_or_null("renew_at")?,
    })
}

/// What is to be ordered for a webspace.
pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<Order>, Fault> {
    let row = ORDER.bind(id).bind(customer).optional(tx).await?;
    row.as_ref().map(order_from).transpose()
}

/// Notes which public names a webspace that is shown has now, so that certificates are ordered for them; what
/// was ordered is forgotten with the last of them. For whoever looks at the node, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn note_names(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    names: &[DomainName],
    now: Timestamp,
) -> Result<(), Fault> {
    let known = find(tx, customer, id).await?;
    match known {
        None if names.is_empty() => Ok(()),
        None => {
            let query = BEGIN.bind(id).bind(customer).bind(&json_of(names));
            query.bind(now).execute(tx).await.map(|_rows| ())
        }
        Some(_) if names.is_empty() => {
            END.bind(id).bind(customer).execute(tx).await?;
            remove(tx, (customer, id, Source::Ordered)).await
        }
        Some(order) if order.names != names => {
            // After failures, other names wait as long as these did: whoever changes them does not hurry us.
            let next = if order.attempts == 0 {
                now
            } else {
                order.next_at
            };
            let query = NAMES.bind(&json_of(names)).bind(next);
            let query = query.bind(id).bind(customer);
            query.execute(tx).await.map(|_rows| ())
        }
        Some(_) => Ok(()),
    }
}

/// Looks at an order as soon as may be: at once, unless it failed lately. Answers whether one that failed is
/// tried sooner now.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn hurry(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(order) = find(tx, customer, id).await? else {
        return Ok(false);
    };
    // What the world said no to never came to the authority, whose patience is spared.
    let own = matches!(
        order.failure,
        Some(OrderTrouble::Forbidden | OrderTrouble::Silent | OrderTrouble::Nowhere)
    );
    if order.attempts >= PATIENT && !own {
        return Ok(false);
    }
    let tried = order.tried_at.filter(|_| order.attempts > 0);
    let at = tried.map_or(now, |tried| now.max(tried.plus_seconds(BETWEEN_SECONDS)));
    let moved = SOON.bind(at).bind(id).bind(customer).execute(tx).await? == 1;
    Ok(moved && order.attempts > 0)
}

/// The orders whose time has come.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Order>, Fault> {
    let rows = DUE.bind(now).bind(limit).all(tx).await?;
    rows.iter().map(order_from).collect()
}

/// Looks again then; `renew_at`: when what is held is replaced, `failure`: why nothing is ordered until then.
pub(crate) async fn later(
    tx: &mut Tx,
    order: &Order,
    next: Timestamp,
    (renew_at, failure): (Option<Timestamp>, Option<OrderTrouble>),
) -> Result<(), Fault> {
    let failure = failure.map(OrderTrouble::word);
    let query = LATER.bind(next).bind(renew_at).bind(failure);
    let query = query.bind(order.id).bind(order.next_at);
    query.execute(tx).await.map(|_rows| ())
}

/// Notes that an order is about to be placed, so that a process which ends meanwhile is remembered to have
/// tried; answers whether nobody else was faster.
pub(crate) async fn trying(
    tx: &mut Tx,
    order: &Order,
    (now, next): (Timestamp, Timestamp),
    (orders, since): (i64, Timestamp),
) -> Result<bool, Fault> {
    let query = TRIED.bind(now).bind(next).bind(orders).bind(since);
    let query = query.bind(order.id).bind(order.next_at);
    Ok(query.execute(tx).await? == 1)
}

/// Notes that nothing was issued.
pub(crate) async fn failed(
    tx: &mut Tx,
    (order, attempts): (&Order, i64),
    failure: &OrderFailure,
    (now, next): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let query = FAILED.bind(attempts).bind(failure.trouble.word());
    let query = query.bind(failure.host.as_ref()).bind(next).bind(now);
    query.bind(order.id).execute(tx).await.map(|_rows| ())
}

/// Keeps what was issued.
pub(crate) async fn issued(
    tx: &mut Tx,
    sealing: (&SealKey, &dyn Rng),
    order: &Order,
    checked: &Checked,
    now: Timestamp,
) -> Result<(), Fault> {
    let place = (order.customer, order.id, Source::Ordered);
    put(tx, sealing, place, checked, now).await?;
    let renew_at = third_left(checked.told.starts_at, checked.told.ends_at);
    let next = renew_at.min(now.plus_seconds(ASK_SECONDS));
    let query = ISSUED.bind(renew_at).bind(&json_of(&order.names));
    let query = query.bind(next).bind(order.id);
    query.execute(tx).await.map(|_rows| ())
}

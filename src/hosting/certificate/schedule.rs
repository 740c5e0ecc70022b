//! Ordering certificates by itself: when names have none, when one is to be renewed, and after failures.
//!
//! Invariants: each webspace stands for itself; that an order is placed is written down before it is, so that no
//! restart shortens a pause; nothing is asked of an authority that the world already says no to.

use crate::certificate::order::{self as table, ASK_SECONDS, Order};
use crate::certificate::pause::{next_try, third_left};
use crate::certificate::store::{self, Held, Source};
use crate::certificate::{Desk, caa};
use futures_util::future::join_all;
use wabe_access::command::Tools;
use wabe_access::{Gate, resource};
use wabe_kernel::certificate::{Authority, Checked, OrderFailure, OrderTrouble};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::rng::below;
use wabe_kernel::{DomainName, Fault, Timestamp};

/// Webspaces that one round looks at.
const ROUND: i64 = 32;
/// Orders side by side.
const AT_ONCE: usize = 4;
/// Orders of one webspace a day.
const ORDERS_A_DAY: i64 = 5;
/// Before what was handed in ends, something is ordered that can take its place, in days.
const OWN_DAYS: i64 = 3;
/// Seconds after which an order counts as failed of which nothing was heard.
const LOST_SECONDS: i64 = 900;

/// What became of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is another certificate.
    Issued(CustomerId, WebspaceId),
    /// Nothing was issued.
    Failed(Failed),
    /// Nothing new.
    Same,
}

/// An order that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// Whose.
    pub customer: CustomerId,
    /// For which webspace.
    pub id: WebspaceId,
    /// Why.
    pub trouble: OrderTrouble,
    /// How often in a row.
    pub attempts: i64,
    /// When it is tried again.
    pub next: Timestamp,
    /// Until when the one is good that was ordered before; absent without one.
    pub held_until: Option<Timestamp>,
}

/// What orders are placed with.
#[derive(Clone, Copy)]
struct At<'a> {
    gate: &'a Gate,
    authority: &'a dyn Authority,
    desk: &'a Desk,
}

impl<'a> At<'a> {
    fn tools(self) -> &'a Tools {
        self.gate.tools()
    }
}

/// Looks at the orders that are due, at most 32. One that cannot be looked at delays no other.
///
/// # Errors
/// A fault of the database before the first look.
pub async fn order_due(gate: &Gate, authority: &dyn Authority) -> Result<Vec<Outcome>, Fault> {
    let desk = Desk::of(gate.tools())?;
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let due = table::due(&mut tx, now, ROUND).await?;
    tx.rollback().await?;
    let at = At {
        gate,
        authority,
        desk,
    };
    let mut outcomes = Vec::with_capacity(due.len());
    for some in due.chunks(AT_ONCE) {
        let looks = some.iter().map(|order| Box::pin(look_at(at, order)));
        let looks: Vec<_> = looks.collect();
        for (looked, order) in join_all(looks).await.into_iter().zip(some) {
            outcomes.push(looked.unwrap_or_else(|fault| {
                tracing::error!(webspace.id = %order.id, cause = %fault.chain(),
                    "a certificate could not be looked at");
                Outcome::Same
            }));
        }
    }
    Ok(outcomes)
}

/// What is known of a webspace.
struct Known {
    held: Vec<Held>,
    /// The serial number of the one that somebody does not want any more.
    unwanted: Option<String>,
    /// Whether visitors see it.
    shown: bool,
}

async fn known(at: At<'_>, order: &Order) -> Result<Known, Fault> {
    let mut tx = at.gate.store().read().await?;
    let held = store::held(&mut tx, order.customer, order.id).await?;
    let unwanted = store::unwanted(&mut tx, order.customer, order.id).await?;
    let found = resource::load(&mut tx, order.customer, &order.id.to_string()).await;
    tx.rollback().await?;
    let seen =
        |found: resource::Resource| found.deleted_at.is_none() && found.suspended_reason.is_none();
    Ok(Known {
        held,
        unwanted,
        shown: found.is_ok_and(seen),
    })
}

async fn look_at(at: At<'_>, order: &Order) -> Result<Outcome, Fault> {
    let now = at.tools().clock.now();
    let Known {
        held,
        unwanted,
        shown,
    } = known(at, order).await?;
    if !shown {
        let said = (order.renew_at, order.failure);
        return rest(at, order, now.plus_days(1), said).await;
    }
    let of = |source| held.iter().find(|held| held.source == source);
    let spare = |own: &&Held| own.ends_at.plus_days(-OWN_DAYS) > now;
    if let Some(own) = of(Source::Own).filter(spare) {
        let next = own.ends_at.plus_days(-OWN_DAYS);
        return rest(at, order, next, (None, None)).await;
    }
    let ordered = of(Source::Ordered);
    let fits = |held: &&Held| {
        let uncovered = at.desk.inspector.uncovered(&held.chain, &order.names);
        uncovered.is_none() && unwanted.as_ref() != Some(&held.serial)
    };
    if let Some(held) = ordered.filter(fits) {
        let (renew_at, asked) = renewal(at, order, held).await;
        if renew_at > now {
            let next = if asked {
                renew_at.min(now.plus_seconds(ASK_SECONDS))
            } else {
                renew_at
            };
            return rest(at, order, next, (Some(renew_at), order.failure)).await;
        }
    }
    Box::pin(place(at, order, ordered)).await
}

/// Looks again then.
async fn rest(
    at: At<'_>,
    order: &Order,
    next: Timestamp,
    said: (Option<Timestamp>, Option<OrderTrouble>),
) -> Result<Outcome, Fault> {
    let mut tx = at.gate.store().write().await?;
    table::later(&mut tx, order, next, said).await?;
    tx.commit().await?;
    Ok(Outcome::Same)
}

/// When what is held is replaced, and whether the authority said so: at a time of its window that is drawn
/// once, else when a third of its life is left; a day before its end at the latest.
async fn renewal(at: At<'_>, order: &Order, held: &Held) -> (Timestamp, bool) {
    let last = held.ends_at.plus_days(-1);
    let Some(window) = at.authority.renewal(&held.chain).await else {
        return (third_left(held.starts_at, held.ends_at).min(last), false);
    };
    let drawn = order.renew_at;
    let drawn = drawn.filter(|at| (window.from..=window.until).contains(at));
    let renew_at = drawn.unwrap_or_else(|| {
        let span = u64::try_from(window.until.seconds_since(window.from)).unwrap_or(0);
        let into = below(at.tools().rng.as_ref(), span.max(1));
        window.from.plus_seconds(i64::try_from(into).unwrap_or(0))
    });
    (renew_at.min(last), true)
}

/// Places an order, unless enough were today or the world says no.
async fn place(at: At<'_>, order: &Order, held: Option<&Held>) -> Result<Outcome, Fault> {
    let now = at.tools().clock.now();
    let day_over = order.orders_since.plus_days(1) <= now;
    let (orders, since) = if day_over {
        (0, now)
    } else {
        (order.orders, order.orders_since)
    };
    if orders >= ORDERS_A_DAY {
        let said = (order.renew_at, Some(OrderTrouble::Limited));
        return rest(at, order, since.plus_days(1), said).await;
    }
    let held_until = held.map(|held| held.ends_at).filter(|until| *until > now);
    if let Err(failure) = permitted(at, &order.names).await {
        return note(at, (order, held_until), &failure).await;
    }
    // Whoever ends in the middle has tried.
    let lost = now.plus_seconds(LOST_SECONDS);
    let mut tx = at.gate.store().write().await?;
    let first = table::trying(&mut tx, order, (now, lost), (orders + 1, since)).await?;
    tx.commit().await?;
    if !first {
        return Ok(Outcome::Same);
    }
    let replaces = held.map(|held| held.chain.as_str());
    match at.authority.order(&order.names, replaces).await {
        Ok(checked) => keep(at, order, &checked).await,
        Err(failure) => note(at, (order, held_until), &failure).await,
    }
}

async fn keep(at: At<'_>, order: &Order, checked: &Checked) -> Result<Outcome, Fault> {
    let (now, rng) = (at.tools().clock.now(), at.tools().rng.as_ref());
    let sealing = (at.desk.secrets.as_ref(), rng);
    let mut tx = at.gate.store().write().await?;
    table::issued(&mut tx, sealing, order, checked, now).await?;
    tx.commit().await?;
    Ok(Outcome::Issued(order.customer, order.id))
}

async fn note(
    at: At<'_>,
    (order, held_until): (&Order, Option<Timestamp>),
    failure: &OrderFailure,
) -> Result<Outcome, Fault> {
    let (now, attempts) = (at.tools().clock.now(), order.attempts + 1);
    tracing::warn!(webspace.id = %order.id, trouble = failure.trouble.word(), attempts,
        detail = %failure.detail, "no certificate was issued");
    let next = next_try(now, (attempts, failure.trouble), at.tools().rng.as_ref());
    let mut tx = at.gate.store().write().await?;
    table::failed(&mut tx, (order, attempts), failure, (now, next)).await?;
    tx.commit().await?;
    Ok(Outcome::Failed(Failed {
        customer: order.customer,
        id: order.id,
        trouble: failure.trouble,
        attempts,
        next,
        held_until,
    }))
}

/// Whether the world lets a certificate be issued for all of these names.
async fn permitted(at: At<'_>, names: &[DomainName]) -> Result<(), OrderFailure> {
    let identities = at.authority.identities().await?;
    // At once: servers that take their time with one name keep nobody else waiting for all of them.
    let asked = names
        .iter()
        .map(|name| one_permitted(at, &identities, name));
    join_all(asked).await.into_iter().collect()
}

async fn one_permitted(
    at: At<'_>,
    identities: &[String],
    name: &DomainName,
) -> Result<(), OrderFailure> {
    let lookup = at.tools().lookup.as_ref();
    let no = |trouble| OrderFailure::new(trouble, "not asked for").about(name);
    caa::permitted(lookup, identities, name).await.map_err(no)?;
    match lookup.addresses(name).await {
        Some(found) if found.is_empty() => Err(no(OrderTrouble::Nowhere)),
        _ => Ok(()),
    }
}

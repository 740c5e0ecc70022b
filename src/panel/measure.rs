//! How much webspaces, mailboxes and databases hold: soon after their content changed, and all of them
//! now and then, in case something else wrote.
//!
//! Invariant: one that cannot be measured delays no other; what was measured before stays.

use crate::ground::Ground;
use crate::node::Node;
use std::sync::Arc;
use wabe_access::events::Change;
use wabe_automation::engine::{self, QuotaReached};
use wabe_drivers::embedded::touched::Touched;
use wabe_hosting::content_use::{self, Measured};
use wabe_jobs::notice::{self, About, QuotaUse};
use wabe_kernel::content::{Files as _, Mail as _, Sql as _};
use wabe_kernel::id::{CustomerId, DatabaseId, MailboxId, WebspaceId};
use wabe_kernel::{Fault, Quota, ResourceKind, Timestamp};
use wabe_store::{Row, statements};

statements! {
    ALL = "panel.measure.all" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, u.bytes, u.messages, c.change_seq FROM resource r \
         JOIN customer c ON c.id = r.customer_id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.id > $1 AND r.gone_at IS NULL AND r.kind IN ('webspace', 'mailbox', 'database') \
         ORDER BY r.id LIMIT 500";
    ONE = "panel.measure.one" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, u.bytes, u.messages, c.change_seq FROM resource r \
         JOIN customer c ON c.id = r.customer_id LEFT JOIN content_use u ON u.resource_id = r.id \
         WHERE r.id = $1 AND r.gone_at IS NULL";
    QUOTA_WEB = "panel.measure.webspace" =>
        "SELECT quota_bytes FROM webspace WHERE id = $1 AND customer_id = $2";
    QUOTA_MAIL = "panel.measure.mailbox" =>
        "SELECT quota_bytes FROM mailbox WHERE id = $1 AND customer_id = $2";
    QUOTA_DATA = "panel.measure.database" =>
        "SELECT quota_bytes FROM database WHERE id = $1 AND customer_id = $2";
    LOOK = "panel.measure.look_again" => "UPDATE resource SET checked_at = 0 WHERE id = $1";
}

/// A thing whose content can be measured.
struct Thing {
    id: String,
    customer: CustomerId,
    seq: i64,
    kind: ResourceKind,
    name: String,
    /// Bytes and messages as last measured.
    before: (Option<i64>, Option<i64>),
}

impl Thing {
    fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.text("id")?,
            customer: row.parsed("customer_id")?,
            seq: row.int("change_seq")?,
            kind: row.parsed("kind")?,
            name: row.text("name")?,
            before: (row.int_or_null("bytes")?, row.int_or_null("messages")?),
        })
    }
}

/// Measures whatever is touched, until it is dropped.
pub async fn follow(ground: Arc<Ground>, node: Arc<Node>, touched: Touched) {
    loop {
        for id in touched.next().await {
            if let Err(fault) = one(&ground, &node, &id).await {
                tracing::warn!(cause = %fault.chain(), object.id = %id, "content was not measured");
            }
        }
    }
}

/// Has the reconciler look at whatever is told of here, until it is dropped.
pub async fn look_again(ground: Arc<Ground>, told: Touched) {
    loop {
        for id in told.next().await {
            if let Err(fault) = look_at(&ground, &id).await {
                tracing::warn!(cause = %fault.chain(), object.id = %id, "nobody looks at what was lost");
            }
        }
    }
}

async fn look_at(ground: &Ground, id: &str) -> Result<(), Fault> {
    let mut tx = ground.store.write().await?;
    LOOK.bind(id).execute(&mut tx).await?;
    tx.commit().await?;
    ground.gate.events().wake();
    Ok(())
}

/// Measures everything once.
///
/// # Errors
/// A fault of the database.
pub async fn all(ground: Arc<Ground>, node: Arc<Node>) -> Result<(), Fault> {
    let mut after = String::new();
    loop {
        let mut tx = ground.store.read().await?;
        let rows = ALL.bind(&after).all(&mut tx).await?;
        tx.rollback().await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.text("id")?;
        for row in &rows {
            renew(&ground, &node, Thing::from_row(row)?).await?;
        }
    }
}

async fn one(ground: &Ground, node: &Node, id: &str) -> Result<(), Fault> {
    let mut tx = ground.store.read().await?;
    let row = ONE.bind(id).optional(&mut tx).await?;
    tx.rollback().await?;
    match row {
        Some(row) => renew(ground, node, Thing::from_row(&row)?).await,
        None => Ok(()),
    }
}

async fn renew(ground: &Ground, node: &Node, thing: Thing) -> Result<(), Fault> {
    let found = measured(node, &thing).await;
    match found.filter(|now| thing.before != (Some(now.bytes), Some(now.messages))) {
        Some(measured) => keep(ground, thing, measured).await,
        None => Ok(()),
    }
}

async fn measured(node: &Node, thing: &Thing) -> Option<Measured> {
    let only_bytes = |bytes| Measured { bytes, messages: 0 };
    match thing.kind {
        ResourceKind::Webspace => {
            let id = thing.id.parse::<WebspaceId>().ok()?;
            node.files.usage(id).await.ok().map(only_bytes)
        }
        ResourceKind::Mailbox => {
            let id = thing.id.parse::<MailboxId>().ok()?;
            let used = node.mail.usage(id).await.ok()?;
            Some(Measured {
                bytes: used.bytes,
                messages: used.messages,
            })
        }
        ResourceKind::Database => {
            let id = thing.id.parse::<DatabaseId>().ok()?;
            node.sql.usage(id).await.ok().map(only_bytes)
        }
        ResourceKind::Domain | ResourceKind::Alias => None,
    }
}

fn quota_reached(
    used: &QuotaUse,
    (kind, percent): (ResourceKind, i64),
    at: Timestamp,
) -> QuotaReached {
    QuotaReached {
        customer: used.customer,
        object: (kind.word(), used.about.id.clone(), used.about.name.clone()),
        used_bytes: used.used,
        max_bytes: used.max.bytes(),
        percent,
        at,
    }
}

async fn keep(ground: &Ground, thing: Thing, measured: Measured) -> Result<(), Fault> {
    let now = ground.clock.now();
    let mut tx = ground.store.write().await?;
    content_use::set(&mut tx, thing.customer, &thing.id, measured, now).await?;
    let statement = match thing.kind {
        ResourceKind::Webspace => QUOTA_WEB,
        ResourceKind::Mailbox => QUOTA_MAIL,
        _ => QUOTA_DATA,
    };
    let query = statement.bind(&thing.id).bind(thing.customer);
    let row = query.optional(&mut tx).await?;
    let quota = row.map(|row| row.int("quota_bytes")).transpose()?;
    // A database that became full, or has room again, is in another state: the reconciler says so.
    let over = |bytes: i64| quota.is_some_and(|max| bytes > max);
    let crossed = over(thing.before.0.unwrap_or(0)) != over(measured.bytes);
    let crossed = crossed && thing.kind == ResourceKind::Database;
    if crossed {
        LOOK.bind(&thing.id).execute(&mut tx).await?;
    }
    let news = Change::of(thing.customer, thing.seq, thing.id.clone(), None);
    if let Some(max) = quota.and_then(Quota::new) {
        let about = About {
            kind: Some(thing.kind),
            id: thing.id,
            name: thing.name,
        };
        let used = QuotaUse {
            customer: thing.customer,
            about,
            used: measured.bytes,
            max,
        };
        if let Some(percent) = notice::quota(&mut tx, now, ground.rng.as_ref(), &used).await? {
            let reached = quota_reached(&used, (thing.kind, percent), now);
            engine::quota_reached(&mut tx, ground.rng.as_ref(), &reached).await?;
        }
    }
    tx.commit().await?;
    ground.gate.events().publish(news);
    if crossed {
        ground.gate.events().wake();
    }
    Ok(())
}

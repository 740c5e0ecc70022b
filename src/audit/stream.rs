//! Two logs beside the record, each with its own end: who looked at what, and what went wrong while
//! somebody proved who they are.
//!
//! Invariants: addresses are shortened before they are stored; what somebody typed as a login is
//! stored as a keyed hash only (bar 3.16 T1).

use crate::access::Access;
use crate::area;
use crate::keys::Keys;
use crate::seen::{self, Seen};
use schemars::JsonSchema;
use serde::Serialize;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use wabe_kernel::id::{CustomerId, UserId, uuid_at};
use wabe_kernel::{Clock, Fault, Page, PageRequest, Rng, Timestamp, hex};
use wabe_store::{Row, Statement, Store, Tx, statements};

statements! {
    NOTE_ACCESS = "audit.access.note" =>
        "INSERT INTO access_log (id, customer_id, at, user_id, area, object_id, address, actor_kind, \
         ticket_id, grant_id, token_id, detail, reach_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    LIST_ACCESS = "audit.access.list" =>
        "SELECT id, customer_id, at, user_id, area, object_id, address FROM access_log \
         WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    DROP_ACCESS = "audit.access.drop" =>
        "DELETE FROM access_log WHERE id IN \
         (SELECT id FROM access_log WHERE at < $1 ORDER BY at LIMIT $2)";
    NOTE_SECURITY = "audit.security.note" =>
        "INSERT INTO security_log (id, at, event, user_id, subject_hash, address, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LIST_SECURITY = "audit.security.list" =>
        "SELECT id, at, event, user_id, subject_hash, address, detail FROM security_log \
         WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    DROP_SECURITY = "audit.security.drop" =>
        "DELETE FROM security_log WHERE id IN \
         (SELECT id FROM security_log WHERE at < $1 ORDER BY at LIMIT $2)";
}

/// Rows deleted per transaction: others want to write meanwhile.
const FORGET_BATCH: i64 = 1_000;

/// Sorts after every id.
const NEWEST: &str = "~";

/// An access as it was noted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AccessRecord {
    /// When.
    pub at: Timestamp,
    /// Whose data.
    pub customer: CustomerId,
    /// Who.
    pub user: Option<UserId>,
    /// The area or the read.
    pub area: String,
    /// What exactly.
    pub object_id: Option<String>,
    /// The network it came from.
    pub address: Option<String>,
}

/// Whom a security event concerns.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A known user.
    User(UserId),
    /// What was typed as a login; stored as a keyed hash.
    Login(&'a str),
    /// Nobody in particular.
    Nobody,
}

/// Something about proving who one is.
#[derive(Debug, Clone, Copy)]
pub struct Security<'a> {
    /// A code, such as `login.failed`.
    pub event: &'a str,
    /// Whom it concerns.
    pub subject: Subject<'a>,
    /// From where; stored shortened.
    pub address: Option<IpAddr>,
    /// A code that says more; never what somebody typed.
    pub detail: Option<&'static str>,
}

/// A security event as it was noted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SecurityRecord {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: String,
    /// The user, when known.
    pub user: Option<UserId>,
    /// A keyed hash of the login, when the user is not known.
    pub subject_hash: Option<String>,
    /// The network it came from.
    pub address: Option<String>,
    /// What more there is to say, as a code.
    pub detail: Option<String>,
}

/// How long the streams are kept, in days of 24 hours. Source: controls MIN-II.2-03, MWK-3-15.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// The access log.
    pub access_days: i64,
    /// The security log.
    pub security_days: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            access_days: 45,
            security_days: 90,
        }
    }
}

/// The network an address is part of: /24 of IPv4, /48 of IPv6.
#[must_use]
pub fn shorten(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// Writes and reads the streams.
pub struct Streams {
    pub(crate) keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl Streams {
    /// Streams with these keys.
    #[must_use]
    pub fn new(keys: Arc<Keys>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { keys, clock, rng }
    }

    fn id(&self, now: Timestamp) -> String {
        hex(uuid_at(now, self.rng.as_ref()).as_bytes())
    }

    /// Notes an access. Tenancy: the customer's own transaction may.
    ///
    /// # Errors
    /// A fault of the database; then the access must not happen either.
    pub async fn note_access(&self, tx: &mut Tx, access: &Access<'_>) -> Result<(), Fault> {
        self.note_content(tx, access, None).await
    }

    /// Notes an access, and which part of the object it was: the name of a file or a table, the key of a
    /// message. Tenancy: the customer's own transaction may.
    ///
    /// # Errors
    /// A fault for what is no area of [`area::AREAS`], or of the database, which takes no look of staff at content
    /// on a grant that does not reach it;
    /// then the access must not happen either.
    pub async fn note_content(
        &self,
        tx: &mut Tx,
        access: &Access<'_>,
        detail: Option<&str>,
    ) -> Result<(), Fault> {
        // What customers could not be told of is not looked at.
        if !area::is_known(access.area) {
            return Err(Fault::new("note an access to an area without a name"));
        }
        let now = self.clock.now();
        let query = NOTE_ACCESS
            .bind(self.id(now))
            .bind(access.customer)
            .bind(now);
        let query = query
            .bind(access.user)
            .bind(access.area)
            .bind(access.object_id);
        let (ticket, grant, token) = access.by.place();
        query
            .bind(access.address.map(shorten))
            .bind(access.by.word())
            .bind(ticket)
            .bind(grant)
            .bind(token)
            .bind(detail)
            .bind(access.reach())
            .execute_one(tx)
            .await
    }

    /// A page of what the hoster's people saw and changed of a customer's, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn list_seen(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        page: &PageRequest,
    ) -> Result<Page<Seen>, Fault> {
        seen::list(tx, &self.keys, customer, page).await
    }

    /// The latest of what the hoster's people saw and changed of a customer's within a time (later than its
    /// beginning, not later than its end), oldest first, `most` at most; and how much it was in all.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn seen_between(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        time: (Timestamp, Timestamp),
        most: i64,
    ) -> Result<(Vec<Seen>, i64), Fault> {
        seen::between(tx, &self.keys, customer, time, most).await
    }

    /// The sign of an employee: what customers are told in place of a name.
    #[must_use]
    pub fn sign_of(&self, user: UserId) -> String {
        self.keys.sign_of(user)
    }

    /// A page of the accesses to a customer's data, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn list_access(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        page: &PageRequest,
    ) -> Result<Page<AccessRecord>, Fault> {
        let query = LIST_ACCESS
            .bind(customer)
            .bind(older_than(page))
            .bind(page.limit + 1);
        paged(&query.all(tx).await?, page, |row| {
            Ok(AccessRecord {
                at: row.time("at")?,
                customer: row.parsed("customer_id")?,
                user: row.parsed_or_null("user_id")?,
                area: row.text("area")?,
                object_id: row.text_or_null("object_id")?,
                address: row.text_or_null("address")?,
            })
        })
    }

    /// Notes a security event. Tenancy: belongs to no customer, so only a transaction of the system.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn note_security(&self, tx: &mut Tx, event: &Security<'_>) -> Result<(), Fault> {
        let now = self.clock.now();
        let (user, hash) = match event.subject {
            Subject::User(user) => (Some(user), None),
            Subject::Login(login) => (None, Some(self.keys.pseudonym(login))),
            Subject::Nobody => (None, None),
        };
        let query = NOTE_SECURITY
            .bind(self.id(now))
            .bind(now)
            .bind(event.event)
            .bind(user)
            .bind(hash);
        query
            .bind(event.address.map(shorten))
            .bind(event.detail)
            .execute_one(tx)
            .await
    }

    /// A page of the security events of a user, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn list_security(
        &self,
        tx: &mut Tx,
        user: UserId,
        page: &PageRequest,
    ) -> Result<Page<SecurityRecord>, Fault> {
        let query = LIST_SECURITY
            .bind(user)
            .bind(older_than(page))
            .bind(page.limit + 1);
        paged(&query.all(tx).await?, page, |row| {
            Ok(SecurityRecord {
                at: row.time("at")?,
                event: row.text("event")?,
                user: row.parsed_or_null("user_id")?,
                subject_hash: row.text_or_null("subject_hash")?,
                address: row.text_or_null("address")?,
                detail: row.text_or_null("detail")?,
            })
        })
    }

    /// Deletes what is older than its retention; answers how many rows.
    ///
    /// # Errors
    /// A fault of the database; what was deleted by then stays deleted.
    pub async fn forget(
        &self,
        store: &Store,
        now: Timestamp,
        keep: Retention,
    ) -> Result<u64, Fault> {
        let access = drop_before(store, DROP_ACCESS, now.plus_days(-keep.access_days)).await?;
        let security =
            drop_before(store, DROP_SECURITY, now.plus_days(-keep.security_days)).await?;
        Ok(access + security)
    }
}

fn older_than(page: &PageRequest) -> &str {
    page.after.as_ref().map_or(NEWEST, |cursor| cursor.key())
}

fn paged<T>(
    rows: &[Row],
    page: &PageRequest,
    read: impl Fn(&Row) -> Result<T, Fault>,
) -> Result<Page<T>, Fault> {
    let read = |row| Ok((Row::text(row, "id")?, read(row)?));
    let items = rows.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    Ok(Page::from_rows(items, page.limit, |(id, _)| id.clone()).map(|(_, item)| item))
}

async fn drop_before(store: &Store, statement: Statement, before: Timestamp) -> Result<u64, Fault> {
    let mut dropped = 0;
    loop {
        let mut tx = store.write().await?;
        let now = statement
            .bind(before)
            .bind(FORGET_BATCH)
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        dropped += now;
        if now < FORGET_BATCH.unsigned_abs() {
            return Ok(dropped);
        }
    }
}

#[cfg(test)]
mod test {
    use super::shorten;

    #[test]
    fn addresses_lose_what_points_at_one_machine() {
        let short = |text: &str| shorten(text.parse().unwrap());
        assert_eq!(short("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(short("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(short("2001:db8:1:2::77"), "2001:db8:1::/48");
    }
}

//! Looks of staff at a customer's pages: on a consent, for an hour, in one ticket.
//!
//! Invariants: a grant stands only while its ticket is open, its consent was given and is neither over nor
//! withdrawn, whoever gave it still runs the customer, and whoever looks still works on tickets; it belongs
//! to the sessions that were there when it began; it opens what members see of the state of things, of what
//! is in them only what its consent reaches, and no command. All of that is asked again at every read.
//! Source: bar 3.8 T1 to T3.

use crate::actor::Actor;
use crate::instruction::of_staff;
use crate::reach::{Content, Reach};
use crate::refusal::Refusal;
use crate::role::Permission;
use crate::scope::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use wabe_kernel::id::{ConsentId, CustomerId, GrantId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// How long one look lasts at most, in seconds. Source: bar 3.8 T1.
pub const GRANT_SECONDS: i64 = 3_600;

statements! {
    INSERT = "access.grant.insert" =>
        "INSERT INTO access_grant (id, customer_id, ticket_id, consent_id, staff_user, started_at, until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    REACH = "access.grant.reach" =>
        "INSERT INTO grant_reach (id, customer_id, grant_id, consent_id, content, reads_mail, reads_files, \
         reads_rows) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    LIVE = "access.grant.live" =>
        "SELECT g.id, g.customer_id, g.ticket_id, g.consent_id, g.staff_user, g.started_at, g.until, \
         t.number, c.reads_mail, c.reads_files, c.reads_rows, c.acts \
         FROM access_grant g JOIN consent c ON c.id = g.consent_id \
         JOIN ticket t ON t.id = g.ticket_id \
         WHERE g.staff_user = $1 AND g.started_at >= $2 AND g.until > $3 AND g.ended_at IS NULL \
         AND c.answer = 'given' AND c.until > $3 AND c.withdrawn_at IS NULL \
         AND t.status NOT IN ('solved', 'closed') \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = g.customer_id \
             AND m.user_id = c.answered_by AND m.role IN ('owner', 'administrator')) \
         ORDER BY g.started_at DESC LIMIT 1";
    OF_CUSTOMER = "access.grant.of_customer" =>
        "SELECT g.id, g.customer_id, g.ticket_id, g.consent_id, g.staff_user, g.started_at, g.until, \
         t.number, c.reads_mail, c.reads_files, c.reads_rows, c.acts \
         FROM access_grant g JOIN consent c ON c.id = g.consent_id \
         JOIN ticket t ON t.id = g.ticket_id \
         WHERE g.customer_id = $1 AND g.until > $2 AND g.ended_at IS NULL \
         AND c.withdrawn_at IS NULL AND c.until > $2 AND t.status NOT IN ('solved', 'closed') \
         ORDER BY g.started_at DESC";
    FIND = "access.grant.find" =>
        "SELECT g.id, g.customer_id, g.ticket_id, g.consent_id, g.staff_user, g.started_at, g.until, \
         t.number, c.reads_mail, c.reads_files, c.reads_rows, c.acts \
         FROM access_grant g JOIN consent c ON c.id = g.consent_id \
         JOIN ticket t ON t.id = g.ticket_id WHERE g.customer_id = $1 AND g.id = $2";
    END = "access.grant.end" =>
        "UPDATE access_grant SET ended_by = $1, ended_at = $2 \
         WHERE customer_id = $3 AND id = $4 AND ended_at IS NULL AND until > $2";
    OF_CONSENT = "access.grant.of_consent" =>
        "SELECT id FROM access_grant WHERE customer_id = $1 AND consent_id = $2 AND until > $3 \
         AND ended_at IS NULL";
    END_EVERY = "access.grant.end_every" =>
        "UPDATE access_grant SET ended_by = $1, ended_at = $2 \
         WHERE staff_user = $3 AND ended_at IS NULL AND until > $2";
    END_OF_STAFF = "access.grant.end_of_staff" =>
        "UPDATE access_grant SET ended_by = $1, ended_at = $2 \
         WHERE staff_user = $1 AND customer_id = $3 AND ended_at IS NULL AND until > $2";
}

/// One look.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Whose pages.
    pub customer: CustomerId,
    /// The ticket in which it holds.
    pub ticket: TicketId,
    /// The number of that ticket, as people say it.
    pub ticket_number: i64,
    /// What it stands on.
    pub consent: ConsentId,
    /// How far that reaches.
    pub reach: Reach,
    /// Who looks. Customers are told a sign, never a name.
    #[serde(skip)]
    pub staff: UserId,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when at most.
    pub until: Timestamp,
}

fn from_row(row: &Row) -> Result<Grant, Fault> {
    Ok(Grant {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        ticket: row.parsed("ticket_id")?,
        ticket_number: row.int("number")?,
        consent: row.parsed("consent_id")?,
        reach: Reach::given(row)?,
        staff: row.parsed("staff_user")?,
        started_at: row.time("started_at")?,
        until: row.time("until")?,
    })
}

/// What every look shows: how things stand. Never what is in them, and nothing that could be changed.
#[must_use]
pub fn shown() -> BTreeSet<Permission> {
    use Permission as P;
    [
        P::WebspaceRead,
        P::DomainRead,
        P::MailboxRead,
        P::DatabaseRead,
        P::ChangeRead,
        P::CustomerRead,
    ]
    .into()
}

/// Keeps a grant, and what of the customer's content it opens.
///
/// # Errors
/// A fault of the database; its constraints allow an hour, and no content that the consent does not reach.
pub async fn insert(tx: &mut Tx, grant: &Grant) -> Result<(), Fault> {
    let query = INSERT
        .bind(grant.id)
        .bind(grant.customer)
        .bind(grant.ticket);
    let query = query.bind(grant.consent).bind(grant.staff);
    let query = query.bind(grant.started_at).bind(grant.until);
    query.execute_one(tx).await?;
    for content in grant.reach.contents() {
        let reads = |other: Content| (content == other).then_some(true);
        let query = REACH.bind(format!("{}.{content}", grant.id));
        let query = query.bind(grant.customer).bind(grant.id);
        let query = query.bind(grant.consent).bind(content);
        let query = query.bind(reads(Content::Mail)).bind(reads(Content::Files));
        query.bind(reads(Content::Rows)).execute_one(tx).await?;
    }
    Ok(())
}

/// The look that an employee has open, if its session is `since` then.
///
/// # Errors
/// A fault of the database.
pub async fn live(
    tx: &mut Tx,
    staff: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<Option<Grant>, Fault> {
    let row = LIVE.bind(staff).bind(since).bind(now).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Who looks at a customer's pages now, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<Grant>, Fault> {
    let rows = OF_CUSTOMER.bind(customer).bind(now).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// The looks that stand on a consent now.
///
/// # Errors
/// A fault of the database.
pub async fn of_consent(
    tx: &mut Tx,
    customer: CustomerId,
    consent: ConsentId,
    now: Timestamp,
) -> Result<Vec<GrantId>, Fault> {
    let query = OF_CONSENT.bind(customer).bind(consent).bind(now);
    let rows = query.all(tx).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// One look at a customer's pages, also one that is over.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub async fn find(tx: &mut Tx, customer: CustomerId, id: GrantId) -> Result<Grant, Refusal> {
    let row = FIND.bind(customer).bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Ends one look of a customer's; false when it was over.
///
/// # Errors
/// A fault of the database.
pub async fn end(
    tx: &mut Tx,
    (customer, id): (CustomerId, GrantId),
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = END.bind(by).bind(now).bind(customer).bind(id);
    Ok(query.execute(tx).await? == 1)
}

/// Ends every look of an employee's at a customer's pages; answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn end_of_staff(
    tx: &mut Tx,
    customer: CustomerId,
    staff: UserId,
    now: Timestamp,
) -> Result<u64, Fault> {
    END_OF_STAFF
        .bind(staff)
        .bind(now)
        .bind(customer)
        .execute(tx)
        .await
}

/// Ends every look of an employee's, at whosever pages; answers how many. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub async fn end_every(
    tx: &mut Tx,
    staff: UserId,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<u64, Fault> {
    END_EVERY.bind(by).bind(now).bind(staff).execute(tx).await
}

/// What an employee sees in this transaction on the look that their session opened.
///
/// # Errors
/// `NotFound` when it stands no longer.
pub(crate) async fn scope(tx: &mut Tx, actor: &Actor, looking: Looking) -> Result<Scope, Refusal> {
    if !of_staff(tx, actor).await?.contains(&Permission::TicketWork) {
        return Err(Refusal::NotFound);
    }
    let user = actor.user.ok_or(Refusal::NotFound)?;
    let found = live(tx, user, looking.since, looking.now).await?;
    let same = |found: &Grant| found.id == looking.grant && found.customer == actor.customer;
    let found = found.filter(same).ok_or(Refusal::NotFound)?;
    Ok(Scope::looking(actor, found.reach.shown()))
}

/// The look on which an employee sees a customer's pages in this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// Which.
    pub grant: GrantId,
    /// Since when their session is there.
    pub since: Timestamp,
    /// When the request came in.
    pub now: Timestamp,
}

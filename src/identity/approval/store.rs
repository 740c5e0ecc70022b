//! The rows of what waits for a second person.

use crate::approval::model::{Approval, Deed, Ending, Heir, InTicket, LATE_SECONDS, Request};
use wabe_kernel::id::{ApprovalId, CustomerId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// For how many days what became of one is kept here. The record keeps it longer.
const KEPT_DAYS: i64 = 1_096;
/// The most that are shown at once.
const SHOWN: i64 = 200;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.customer_id, a.ticket_id, a.kind, a.arguments, a.user_id, a.reason, \
             a.requested_by, a.requested_at, a.due_at, a.expires_at, c.name AS customer_name, \
             t.number, t.subject, t.status, u.name, u.email, r.name AS requester FROM approval a \
             JOIN customer c ON c.id = a.customer_id JOIN ticket t ON t.id = a.ticket_id \
             LEFT JOIN wabe_user u ON u.id = a.user_id JOIN wabe_user r ON r.id = a.requested_by ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.approval.insert" =>
        "INSERT INTO approval (id, customer_id, ticket_id, kind, object_id, arguments, user_id, reason, \
         requested_by, requested_at, due_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    FIND = "identity.approval.find" =>
        select!("WHERE a.id = $1 AND a.ended_at IS NULL AND a.expires_at > $2");
    OPEN = "identity.approval.open" =>
        select!("WHERE a.ended_at IS NULL AND a.expires_at > $1 ORDER BY a.due_at, a.id LIMIT $2");
    DUE = "identity.approval.due" =>
        select!("WHERE a.ended_at IS NULL AND a.due_at <= $1 AND a.expires_at > $1 \
                 AND a.told_at IS NULL ORDER BY a.due_at LIMIT $2");
    LATE = "identity.approval.late" =>
        select!("WHERE a.ended_at IS NULL AND a.due_at <= $1 AND a.expires_at > $2 \
                 AND a.escalated_at IS NULL ORDER BY a.due_at LIMIT $3");
    LAPSING = "identity.approval.lapsing" =>
        select!("WHERE a.ended_at IS NULL AND a.expires_at <= $1 ORDER BY a.expires_at LIMIT $2");
    OF_REQUESTER = "identity.approval.of_requester" =>
        select!("WHERE a.ended_at IS NULL AND a.requested_by = $1 ORDER BY a.id");
    // As a customer's own transaction sees it: of people no more than their ids.
    OF_CUSTOMER = "identity.approval.of_customer" =>
        "SELECT id, ticket_id, kind, arguments, user_id, requested_by, due_at, expires_at, ended_at, ending \
         FROM approval WHERE customer_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id";
    OF_TICKET = "identity.approval.of_ticket" =>
        "SELECT id, ticket_id, kind, arguments, user_id, requested_by, due_at, expires_at, ended_at, ending \
         FROM approval WHERE customer_id = $1 AND ticket_id = $2 ORDER BY id";
    WAITING = "identity.approval.waiting" =>
        "SELECT CAST(count(*) AS BIGINT) AS waiting FROM approval \
         WHERE ended_at IS NULL AND expires_at > $1";
    TOLD = "identity.approval.told" =>
        "UPDATE approval SET told_at = $1 WHERE id = $2 AND told_at IS NULL";
    ESCALATED = "identity.approval.escalated" =>
        "UPDATE approval SET escalated_at = $1 WHERE id = $2 AND escalated_at IS NULL";
    DECIDE = "identity.approval.decide" =>
        "UPDATE approval SET ended_at = $1, ending = $2, decided_by = $3, answer = $4 \
         WHERE id = $5 AND ended_at IS NULL";
    END = "identity.approval.end" =>
        "UPDATE approval SET ended_at = $1, ending = $2 WHERE id = $3 AND ended_at IS NULL";
    // What a consent or an erasure stands on stays as long as that does.
    PRUNE = "identity.approval.prune" =>
        "DELETE FROM approval WHERE ended_at < $1 AND NOT EXISTS \
         (SELECT 1 FROM consent_extension e WHERE e.approval_id = approval.id) AND NOT EXISTS \
         (SELECT 1 FROM customer_erasure c WHERE c.approval_id = approval.id)";
}

fn deed(row: &Row) -> Result<Deed, Fault> {
    let (kind, arguments) = (row.text("kind")?, row.json("arguments")?);
    Deed::read(&kind, &arguments, row.parsed_or_null("user_id")?)
}

fn from_row(row: &Row) -> Result<Approval, Fault> {
    let status = row.text("status")?;
    let (name, email) = (row.parsed_or_null("name")?, row.parsed_or_null("email")?);
    Ok(Approval {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        customer_name: row.text("customer_name")?,
        ticket: row.parsed("ticket_id")?,
        ticket_number: row.int("number")?,
        ticket_subject: row.text("subject")?,
        ticket_open: !matches!(status.as_str(), "solved" | "closed"),
        deed: deed(row)?,
        heir: name.zip(email).map(|(name, email)| Heir { name, email }),
        reason: row.text("reason")?,
        requested_by: row.parsed("requested_by")?,
        requester: row.parsed("requester")?,
        requested_at: row.time("requested_at")?,
        due_at: row.time("due_at")?,
        expires_at: row.time("expires_at")?,
    })
}

fn in_ticket(row: &Row) -> Result<InTicket, Fault> {
    let ending: Option<Ending> = row.parsed_or_null("ending")?;
    Ok(InTicket {
        id: row.parsed("id")?,
        ticket: row.parsed("ticket_id")?,
        deed: deed(row)?,
        requested_by: row.parsed("requested_by")?,
        due_at: row.time("due_at")?,
        expires_at: row.time("expires_at")?,
        ended: ending.zip(row.time_or_null("ended_at")?),
    })
}

/// Adds one; false when one of its kind waits in this customer already, or about this consent.
pub(crate) async fn insert(tx: &mut Tx, request: &Request) -> Result<bool, Fault> {
    let deed = &request.deed;
    let query = INSERT.bind(request.id).bind(request.customer);
    let query = query.bind(request.ticket).bind(deed.kind());
    let query = query.bind(deed.object()).bind(&deed.arguments());
    let query = query.bind(deed.user()).bind(&request.reason);
    let query = query.bind(request.by).bind(request.at).bind(request.due_at);
    let query = query.bind(request.expires_at);
    Ok(query.execute(tx).await? == 1)
}

/// One that waits.
pub(crate) async fn find(
    tx: &mut Tx,
    id: ApprovalId,
    now: Timestamp,
) -> Result<Option<Approval>, Fault> {
    let row = FIND.bind(id).bind(now).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// All that wait, those first on which somebody may agree first.
pub(crate) async fn open(tx: &mut Tx, now: Timestamp) -> Result<Vec<Approval>, Fault> {
    let rows = OPEN.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those on which somebody may agree by now and of which nobody was told.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Approval>, Fault> {
    let rows = DUE.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those that wait too long and of which management was not told.
pub(crate) async fn late(tx: &mut Tx, now: Timestamp) -> Result<Vec<Approval>, Fault> {
    let query = LATE.bind(now.plus_seconds(-LATE_SECONDS)).bind(now);
    let rows = query.bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those that nobody decided in time, the oldest first.
pub(crate) async fn lapsing(tx: &mut Tx, now: Timestamp) -> Result<Vec<Approval>, Fault> {
    let rows = LAPSING.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those that somebody asked for and nobody decided.
pub(crate) async fn of_requester(tx: &mut Tx, by: UserId) -> Result<Vec<Approval>, Fault> {
    let rows = OF_REQUESTER.bind(by).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those that wait in a customer, oldest first. In a transaction of the customer, or the system's.
pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<InTicket>, Fault> {
    let rows = OF_CUSTOMER.bind(customer).bind(now).all(tx).await?;
    rows.iter().map(in_ticket).collect()
}

/// Everything of a ticket, oldest first. In a transaction of the customer, or the system's.
pub(crate) async fn of_ticket(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<InTicket>, Fault> {
    let rows = OF_TICKET.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(in_ticket).collect()
}

/// How many wait.
pub(crate) async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<i64, Fault> {
    WAITING.bind(now).one(tx).await?.int("waiting")
}

/// Notes that whoever may decide was told; false when that was done before.
pub(crate) async fn told(tx: &mut Tx, id: ApprovalId, now: Timestamp) -> Result<bool, Fault> {
    Ok(TOLD.bind(now).bind(id).execute(tx).await? == 1)
}

/// Notes that management was told; false when that was done before.
pub(crate) async fn escalated(tx: &mut Tx, id: ApprovalId, now: Timestamp) -> Result<bool, Fault> {
    Ok(ESCALATED.bind(now).bind(id).execute(tx).await? == 1)
}

/// Ends one by a decision; false when somebody was faster.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: ApprovalId,
    ending: Ending,
    (by, answer): (UserId, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = DECIDE.bind(now).bind(ending).bind(by).bind(answer);
    Ok(query.bind(id).execute(tx).await? == 1)
}

/// Ends one without a decision; false when somebody was faster.
pub(crate) async fn end(
    tx: &mut Tx,
    id: ApprovalId,
    ending: Ending,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(END.bind(now).bind(ending).bind(id).execute(tx).await? == 1)
}

/// Forgets what ended long ago.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let query = PRUNE.bind(now.plus_days(-KEPT_DAYS));
    query.execute(tx).await.map(|_rows| ())
}

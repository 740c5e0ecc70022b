//! Consents as the gate asks for them: whether staff may carry out a sensitive act in a ticket now. And as
//! the room that knows what takes two people asks for them: whether content is read for longer than a day.
//! Asked for, given and withdrawn they are in the room `support`.
//!
//! Invariants: a consent reaches acts only where it says so, in its own ticket, while that is open, while it
//! is neither over nor withdrawn, and while whoever gave it still runs the customer. It never takes the
//! place of an instruction: it comes beside one. It reads content for as long as was agreed to, and not
//! for a day, only when what is kept here names the approval of a second person. Source: bar 3.8 T1 to T3.

use crate::reach::Reach;
use crate::refusal::Refusal;
use wabe_kernel::id::{ApprovalId, ConsentId, CustomerId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    ACTS = "access.consent.acts" =>
        "SELECT c.id FROM consent c JOIN ticket t ON t.id = c.ticket_id \
         WHERE c.customer_id = $1 AND c.ticket_id = $2 AND c.acts = 1 AND c.answer = 'given' \
         AND c.until > $3 AND c.withdrawn_at IS NULL AND t.status NOT IN ('solved', 'closed') \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = c.customer_id \
             AND m.user_id = c.answered_by AND m.role IN ('owner', 'administrator')) \
         ORDER BY c.id DESC LIMIT 1";
    LONG = "access.consent.long" =>
        "SELECT ticket_id, asked_by, answered_by, until, agreed_until, withdrawn_at, reads_mail, \
         reads_files, reads_rows, acts FROM consent WHERE id = $1 AND customer_id = $2 \
         AND answer = 'given' AND extension_id IS NULL AND agreed_until > until \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = consent.customer_id \
             AND m.user_id = consent.answered_by AND m.role IN ('owner', 'administrator'))";
    // The approval that it names holds the rest of it to be so.
    EXTENSION = "access.consent.extension" =>
        "INSERT INTO consent_extension (id, customer_id, approval_id, ending, agreed_by) \
         VALUES ($1, $2, $3, 'approved', $4)";
    EXTEND = "access.consent.extend" =>
        "UPDATE consent SET until = agreed_until, extension_id = id \
         WHERE id = $1 AND customer_id = $2 AND answer = 'given' AND extension_id IS NULL \
         AND withdrawn_at IS NULL AND agreed_until > $3";
    AGREED_BY = "access.consent.agreed_by" =>
        "SELECT agreed_by FROM consent_extension WHERE id = $1 AND customer_id = $2";
    LOOKED = "access.consent.looked" =>
        "SELECT id FROM access_grant WHERE customer_id = $1 AND consent_id = $2 AND staff_user = $3 \
         LIMIT 1";
}

/// The consent on which staff may carry out sensitive acts in a ticket now.
///
/// # Errors
/// `Conflict` with `acts-not-consented` when there is none in force that reaches them.
pub async fn acts(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    now: Timestamp,
) -> Result<ConsentId, Refusal> {
    let query = ACTS.bind(customer).bind(ticket).bind(now);
    let row = query.optional(tx).await?;
    let row = row.ok_or(Refusal::Conflict("acts-not-consented"))?;
    Ok(row.parsed("id")?)
}

/// A consent that was given for longer than it holds without a second person of the hoster.
#[derive(Debug, Clone)]
pub struct LongConsent {
    /// In which ticket.
    pub ticket: TicketId,
    /// How far it reaches.
    pub reach: Reach,
    /// Who of the hoster asked for it.
    pub asked_by: UserId,
    /// Who gave it.
    pub answered_by: UserId,
    /// Until when it holds.
    pub until: Timestamp,
    /// Until when it was given.
    pub agreed_until: Timestamp,
    /// Since when it was taken back.
    pub withdrawn_at: Option<Timestamp>,
}

/// A consent of a customer that was given for longer than it holds, by somebody who still runs the customer;
/// nothing for one that holds as long as it was given for, for missing and for somebody else's alike.
///
/// # Errors
/// A fault of the database.
pub async fn long(
    tx: &mut Tx,
    (customer, id): (CustomerId, ConsentId),
) -> Result<Option<LongConsent>, Fault> {
    let Some(row) = LONG.bind(id).bind(customer).optional(tx).await? else {
        return Ok(None);
    };
    Ok(Some(LongConsent {
        ticket: row.parsed("ticket_id")?,
        reach: Reach::given(&row)?,
        asked_by: row.parsed("asked_by")?,
        answered_by: row.parsed("answered_by")?,
        until: row.time("until")?,
        agreed_until: row.time("agreed_until")?,
        withdrawn_at: row.time_or_null("withdrawn_at")?,
    }))
}

/// Has a consent hold for as long as it was given for, by an approval and whoever decided it. False when it
/// does already, or is over or withdrawn; then the transaction must end without a trace.
///
/// # Errors
/// A fault of the database, which takes no approval that is about another consent, was not given, or was
/// given by somebody else.
pub async fn extend(
    tx: &mut Tx,
    (customer, id): (CustomerId, ConsentId),
    (approval, agreed_by): (ApprovalId, UserId),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = EXTENSION.bind(id).bind(customer).bind(approval);
    query.bind(agreed_by).execute_one(tx).await?;
    let query = EXTEND.bind(id).bind(customer).bind(now);
    Ok(query.execute(tx).await? == 1)
}

/// Who agreed, as the second person, that a consent holds for as long as it was given for.
///
/// # Errors
/// A fault of the database.
pub async fn agreed_by(
    tx: &mut Tx,
    (customer, id): (CustomerId, ConsentId),
) -> Result<Option<UserId>, Fault> {
    let row = AGREED_BY.bind(id).bind(customer).optional(tx).await?;
    row.map(|row| row.parsed("agreed_by")).transpose()
}

/// Whether somebody of the hoster looks on a consent, or did.
///
/// # Errors
/// A fault of the database.
pub async fn looked(
    tx: &mut Tx,
    (customer, id): (CustomerId, ConsentId),
    staff: UserId,
) -> Result<bool, Fault> {
    let query = LOOKED.bind(customer).bind(id).bind(staff);
    Ok(query.optional(tx).await?.is_some())
}

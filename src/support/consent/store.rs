//! Consents in the database.

use crate::consent::model::{ANEW_DAYS, Consent};
use crate::ticket::TicketNumber;
use wabe_access::caller::ByTelephone;
use wabe_access::{Reach, Refusal};
use wabe_kernel::id::{ConsentId, CustomerId, TicketId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Query, Row, Tx, statements};

/// What [`from_row`] reads, of the consents that the rest says.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.customer_id, c.ticket_id, c.reason, c.asked_by, c.asked_at, c.answer, \
             c.answered_by, c.answered_at, c.until, c.withdrawn_at, c.written_by, c.proved_at, \
             c.asks_mail, c.asks_files, c.asks_rows, c.asks_acts, c.reads_mail, c.reads_files, \
             c.reads_rows, c.acts, c.agreed_until, c.extension_id, t.number, t.subject, t.status \
             FROM consent c JOIN ticket t ON t.id = c.ticket_id ",
            $rest
        )
    };
}

statements! {
    INSERT = "support.consent.insert" =>
        "INSERT INTO consent (id, customer_id, ticket_id, reason, asked_by, asked_at, asks_mail, \
         asks_files, asks_rows, asks_acts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OF_TICKET = "support.consent.of_ticket" =>
        select!("WHERE c.customer_id = $1 AND c.ticket_id = $2 ORDER BY c.id");
    OF_CUSTOMER = "support.consent.of_customer" => select!(
        "WHERE c.customer_id = $1 AND t.status NOT IN ('solved', 'closed') ORDER BY c.id DESC LIMIT 100"
    );
    FIND = "support.consent.find" =>
        select!("WHERE c.id = $1 AND c.customer_id = $2");
    // What was open for less than a moment waited, and was not read.
    FIRST_READING = "support.consent.first_reading" =>
        "SELECT CAST(min(c.answered_at) AS BIGINT) AS since FROM consent c \
         JOIN ticket t ON t.id = c.ticket_id WHERE c.customer_id = $1 AND c.id <> $2 \
         AND c.answer = 'given' AND c.until - c.answered_at > 1 AND c.until > $3 \
         AND (c.withdrawn_at IS NULL OR c.withdrawn_at > $3) \
         AND (t.status NOT IN ('solved', 'closed') OR t.solved_at IS NULL OR t.solved_at > $3) \
         AND ((c.reads_mail = 1 AND $4 = 1) OR (c.reads_files = 1 AND $5 = 1) \
             OR (c.reads_rows = 1 AND $6 = 1))";
    ANSWER = "support.consent.answer" =>
        "UPDATE consent SET answer = $1, answered_by = $2, answered_at = $3, until = $4, \
         reads_mail = $5, reads_files = $6, reads_rows = $7, acts = $8, agreed_until = $9 \
         WHERE id = $10 AND customer_id = $11 AND answer IS NULL";
    ANSWER_BY_TELEPHONE = "support.consent.answer_by_telephone" =>
        "UPDATE consent SET answer = $1, answered_by = $2, answered_at = $3, until = $4, \
         reads_mail = $5, reads_files = $6, reads_rows = $7, acts = $8, agreed_until = $9, \
         written_by = $10, proved_at = $11 WHERE id = $12 AND customer_id = $13 AND answer IS NULL";
    WITHDRAW = "support.consent.withdraw" =>
        "UPDATE consent SET withdrawn_by = $1, withdrawn_at = $2 \
         WHERE id = $3 AND customer_id = $4 AND withdrawn_at IS NULL";
}

fn from_row(row: &Row) -> Result<Consent, Fault> {
    let number: TicketNumber = TicketNumber(row.int("number")?);
    let status = row.text("status")?;
    let telephone = ByTelephone::from_row(row)?;
    Ok(Consent {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        ticket: row.parsed("ticket_id")?,
        ticket_name: format!("{number} {}", row.text("subject")?),
        ticket_open: !matches!(status.as_str(), "solved" | "closed"),
        reason: row.text("reason")?,
        asks: Reach::asked(row)?,
        reach: Reach::given(row)?,
        asked_by: row.parsed("asked_by")?,
        asked_at: row.time("asked_at")?,
        answer: row.parsed_or_null("answer")?,
        answered_by: row.parsed_or_null("answered_by")?,
        answered_at: row.time_or_null("answered_at")?,
        by_telephone: telephone.is_some(),
        telephone,
        until: row.time_or_null("until")?,
        agreed_until: row.time_or_null("agreed_until")?,
        extended: row.text_or_null("extension_id")?.is_some(),
        withdrawn_at: row.time_or_null("withdrawn_at")?,
    })
}

/// The query with the four values of a reach.
fn reaching(query: Query, reach: Reach) -> Query {
    let query = query.bind(reach.reads_mail).bind(reach.reads_files);
    query.bind(reach.reads_rows).bind(reach.acts)
}

pub(crate) async fn insert(tx: &mut Tx, consent: &Consent) -> Result<(), Fault> {
    let query = INSERT.bind(consent.id).bind(consent.customer);
    let query = query.bind(consent.ticket).bind(&consent.reason);
    let query = query.bind(consent.asked_by).bind(consent.asked_at);
    reaching(query, consent.asks).execute_one(tx).await
}

pub(crate) async fn of_ticket(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<Consent>, Fault> {
    let rows = OF_TICKET.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

pub(crate) async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Consent>, Fault> {
    let rows = OF_CUSTOMER.bind(customer).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// One consent of a customer; `NotFound` for missing and for somebody else's alike.
pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: ConsentId,
) -> Result<Consent, Refusal> {
    let row = FIND.bind(id).bind(customer).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Since when the customer's other consents have opened some of the content that this reach does, out of those
/// that were over no longer than [`ANEW_DAYS`] ago; nothing where none did.
pub(crate) async fn first_reading(
    tx: &mut Tx,
    consent: &Consent,
    reach: Reach,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let query = FIRST_READING.bind(consent.customer).bind(consent.id);
    let query = query.bind(now.plus_days(-ANEW_DAYS));
    let query = query.bind(reach.reads_mail).bind(reach.reads_files);
    let row = query.bind(reach.reads_rows).one(tx).await?;
    row.time_or_null("since")
}

/// Keeps an answer; false when there was one before.
pub(crate) async fn answer(tx: &mut Tx, consent: &Consent) -> Result<bool, Fault> {
    let query = ANSWER.bind(consent.answer).bind(consent.answered_by);
    let query = query.bind(consent.answered_at).bind(consent.until);
    let query = reaching(query, consent.reach).bind(consent.agreed_until);
    let query = query.bind(consent.id).bind(consent.customer);
    Ok(query.execute(tx).await? == 1)
}

/// Keeps an answer that a caller gave; false when there was one before.
pub(crate) async fn answer_by_telephone(
    tx: &mut Tx,
    consent: &Consent,
    by: ByTelephone,
) -> Result<bool, Fault> {
    let query = ANSWER_BY_TELEPHONE
        .bind(consent.answer)
        .bind(consent.answered_by);
    let query = query.bind(consent.answered_at).bind(consent.until);
    let query = reaching(query, consent.reach).bind(consent.agreed_until);
    let query = query.bind(by.written_by).bind(by.proved_at);
    let query = query.bind(consent.id).bind(consent.customer);
    Ok(query.execute(tx).await? == 1)
}

/// Takes one back; false when it was taken back before.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    consent: &Consent,
    by: Option<wabe_kernel::id::UserId>,
) -> Result<bool, Fault> {
    let query = WITHDRAW.bind(by).bind(consent.withdrawn_at);
    let query = query.bind(consent.id).bind(consent.customer);
    Ok(query.execute(tx).await? == 1)
}

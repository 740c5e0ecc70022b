//! The rows of erasures, and the last of people. Everything in transactions of the system, but for
//! [`waiting`].

use crate::erasure::model::{Ending, Erasure, New, WAIT_DAYS, Waiting, Work};
use wabe_kernel::id::{CustomerId, ErasureId, MemberId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// The most that are shown at once.
const SHOWN: i64 = 200;
/// The most that are carried out side by side.
const AT_ONCE: i64 = 20;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.customer_id, c.number, c.name AS customer_name, p.name AS plan_name, \
             c.created_at, e.contract_ended_at, COALESCE(a.name, e.asked_by) AS asker, \
             e.asked_at, COALESCE(b.name, e.agreed_by) AS agreer, e.agreed_at, e.due_at, e.ended_at, e.ending, e.begun_at, e.erased_rows, e.erased_people, e.key_gone_at, \
             e.done_at FROM customer_erasure e JOIN customer c ON c.id = e.customer_id \
             JOIN plan p ON p.id = c.plan_id LEFT JOIN wabe_user a ON a.id = e.asked_by \
             LEFT JOIN wabe_user b ON b.id = e.agreed_by ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.erasure.insert" =>
        "INSERT INTO customer_erasure (id, customer_id, contract_ended_at, asked_by, asked_at, approval_id, \
         approval_ending, agreed_by, agreed_at, due_at, place, touched, past_seq, erased_rows, erased_people) \
         VALUES ($1, $2, $3, $4, $5, $6, 'approved', $7, $8, $9, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING";
    WAITING = "identity.erasure.waiting" =>
        "SELECT id, customer_id, asked_by, agreed_by, due_at, begun_at FROM customer_erasure \
         WHERE customer_id = $1 AND ended_at IS NULL AND done_at IS NULL";
    FIND_WAITING = "identity.erasure.find_waiting" =>
        "SELECT id, customer_id, asked_by, agreed_by, due_at, begun_at FROM customer_erasure \
         WHERE id = $1 AND ended_at IS NULL AND begun_at IS NULL";
    STOP = "identity.erasure.stop" =>
        "UPDATE customer_erasure SET ended_at = $1, ending = $2 \
         WHERE id = $3 AND ended_at IS NULL AND begun_at IS NULL";
    DUE = "identity.erasure.due" =>
        "SELECT id FROM customer_erasure WHERE ended_at IS NULL AND done_at IS NULL AND due_at <= $1 \
         ORDER BY due_at LIMIT $2";
    WORK = "identity.erasure.work" =>
        "SELECT id, customer_id, agreed_at, due_at, begun_at, place, touched, past_seq, past_read_at, \
         key_gone_at FROM customer_erasure WHERE id = $1 AND ended_at IS NULL AND done_at IS NULL";
    BEGIN = "identity.erasure.begin" =>
        "UPDATE customer_erasure SET begun_at = $1 \
         WHERE id = $2 AND ended_at IS NULL AND begun_at IS NULL AND due_at <= $1";
    // Who was slower than another one changes nothing.
    STEP = "identity.erasure.step" =>
        "UPDATE customer_erasure SET place = $1, touched = $2, erased_rows = erased_rows + $3 \
         WHERE id = $4 AND place = $5 AND touched = $6";
    PAST = "identity.erasure.past" =>
        "UPDATE customer_erasure SET past_seq = $1, past_read_at = $2 WHERE id = $3";
    PERSON = "identity.erasure.person" =>
        "UPDATE customer_erasure SET erased_people = erased_people + 1 WHERE id = $1";
    KEY_GONE = "identity.erasure.key_gone" =>
        "UPDATE customer_erasure SET key_gone_at = $1, place = 0, touched = 0 \
         WHERE id = $2 AND key_gone_at IS NULL";
    FINISH = "identity.erasure.finish" =>
        "UPDATE customer_erasure SET done_at = $1 \
         WHERE id = $2 AND key_gone_at IS NOT NULL AND done_at IS NULL";
    LIST = "identity.erasure.list" =>
        select!("WHERE e.agreed_at <= $1 ORDER BY e.agreed_at DESC LIMIT $2");
    OF_CUSTOMER = "identity.erasure.of_customer" =>
        select!("WHERE e.customer_id = $1 ORDER BY e.id DESC LIMIT 1");
    // Whoever worked here belongs to the hoster, too.
    BELONGS = "identity.erasure.belongs" =>
        "SELECT CAST(1 AS BIGINT) AS elsewhere FROM member WHERE user_id = $1 AND customer_id <> $2 \
         UNION ALL SELECT CAST(1 AS BIGINT) AS elsewhere FROM staff WHERE user_id = $1 \
         UNION ALL SELECT CAST(1 AS BIGINT) AS elsewhere FROM staff_request WHERE user_id = $1 \
         UNION ALL SELECT CAST(1 AS BIGINT) AS elsewhere FROM permission_use WHERE user_id = $1 \
         UNION ALL SELECT CAST(1 AS BIGINT) AS elsewhere FROM ticket_view WHERE user_id = $1 LIMIT 1";
    SHUT = "identity.erasure.shut_user" =>
        "UPDATE wabe_user SET disabled_at = $1 WHERE id = $2 AND disabled_at IS NULL";
    EMPTY = "identity.erasure.empty_user" =>
        "UPDATE wabe_user SET email = id || '@erased.invalid', second_email = NULL, \
         second_email_asked = NULL, phone = NULL, phone_reversed = NULL, name = id, \
         theme = 'auto', password_hash = NULL, \
         password_changed_at = NULL, must_change_password = 0, initial_expires_at = NULL, \
         last_login_at = NULL WHERE id = $1 AND email <> id || '@erased.invalid'";
    LEAVE = "identity.erasure.leave" => "DELETE FROM member WHERE customer_id = $1 AND id = $2";
    // What other customers' rows refer to stays as an id.
    DROP_USER = "identity.erasure.drop_user" =>
        "DELETE FROM wabe_user WHERE id = $1 \
         AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.user_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM confirmation f WHERE f.user_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM caller_proof p WHERE p.user_id = $1)";
}

fn waiting_from(row: &Row) -> Result<Waiting, Fault> {
    Ok(Waiting {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        asked_by: row.parsed("asked_by")?,
        agreed_by: row.parsed("agreed_by")?,
        due_at: row.time("due_at")?,
        begun: row.time_or_null("begun_at")?.is_some(),
    })
}

fn work_from(row: &Row) -> Result<Work, Fault> {
    Ok(Work {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        agreed_at: row.time("agreed_at")?,
        due_at: row.time("due_at")?,
        begun: row.time_or_null("begun_at")?.is_some(),
        place: row.int("place")?,
        touched: row.int("touched")?,
        past_seq: row.int("past_seq")?,
        past_read: row.time_or_null("past_read_at")?.is_some(),
        keyless: row.time_or_null("key_gone_at")?.is_some(),
    })
}

fn from_row(row: &Row) -> Result<Erasure, Fault> {
    let ending: Option<Ending> = row.parsed_or_null("ending")?;
    Ok(Erasure {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        number: row.parsed("number")?,
        customer_name: row.text("customer_name")?,
        plan: row.text("plan_name")?,
        since: row.time("created_at")?,
        contract_ended_at: row.time_or_null("contract_ended_at")?,
        asker: row.text("asker")?,
        asked_at: row.time("asked_at")?,
        second: row.text("agreer")?,
        agreed_at: row.time("agreed_at")?,
        due_at: row.time("due_at")?,
        ended: ending.zip(row.time_or_null("ended_at")?),
        begun_at: row.time_or_null("begun_at")?,
        rows: row.int("erased_rows")?,
        people: row.int("erased_people")?,
        key_gone_at: row.time_or_null("key_gone_at")?,
        done_at: row.time_or_null("done_at")?,
    })
}

/// Adds one; nothing when the customer has one that was not stopped. Answers when it is due.
pub(crate) async fn insert(tx: &mut Tx, new: &New) -> Result<Option<Timestamp>, Fault> {
    let due_at = new.at.plus_days(WAIT_DAYS);
    let query = INSERT.bind(new.id).bind(new.customer);
    let query = query.bind(new.contract_ended_at).bind(new.asked_by);
    let query = query.bind(new.asked_at).bind(new.approval);
    let query = query.bind(new.agreed_by).bind(new.at).bind(due_at);
    let added = query.execute(tx).await? == 1;
    Ok(added.then_some(due_at))
}

/// The customer's that was not stopped and is not done. In a transaction of the customer, or the system's.
pub(crate) async fn waiting(tx: &mut Tx, customer: CustomerId) -> Result<Option<Waiting>, Fault> {
    let row = WAITING.bind(customer).optional(tx).await?;
    row.as_ref().map(waiting_from).transpose()
}

/// One that can be stopped.
pub(crate) async fn find_waiting(tx: &mut Tx, id: ErasureId) -> Result<Option<Waiting>, Fault> {
    let row = FIND_WAITING.bind(id).optional(tx).await?;
    row.as_ref().map(waiting_from).transpose()
}

/// Stops one; false when it was before, or began.
pub(crate) async fn stop(
    tx: &mut Tx,
    id: ErasureId,
    ending: Ending,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(STOP.bind(now).bind(ending).bind(id).execute(tx).await? == 1)
}

/// Those whose day has come, that first which waits longest.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<ErasureId>, Fault> {
    let rows = DUE.bind(now).bind(AT_ONCE).all(tx).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// One that is neither stopped nor done.
pub(crate) async fn work(tx: &mut Tx, id: ErasureId) -> Result<Option<Work>, Fault> {
    let row = WORK.bind(id).optional(tx).await?;
    row.as_ref().map(work_from).transpose()
}

/// Begins one whose day has come; false when somebody was faster.
pub(crate) async fn begin(tx: &mut Tx, id: ErasureId, now: Timestamp) -> Result<bool, Fault> {
    Ok(BEGIN.bind(now).bind(id).execute(tx).await? == 1)
}

/// Says how far the walk is, and how many rows the last step took; false when somebody else was faster.
pub(crate) async fn step(
    tx: &mut Tx,
    work: &Work,
    (place, touched): (i64, i64),
    rows: i64,
) -> Result<bool, Fault> {
    let query = STEP.bind(place).bind(touched).bind(rows).bind(work.id);
    let query = query.bind(work.place).bind(work.touched);
    Ok(query.execute(tx).await? == 1)
}

/// Says up to which entry of the record former members were looked for, and when that was all of it.
pub(crate) async fn past(
    tx: &mut Tx,
    id: ErasureId,
    (seq, read_at): (i64, Option<Timestamp>),
) -> Result<(), Fault> {
    PAST.bind(seq).bind(read_at).bind(id).execute_one(tx).await
}

/// Counts a person who is gone.
pub(crate) async fn count_person(tx: &mut Tx, id: ErasureId) -> Result<(), Fault> {
    PERSON.bind(id).execute_one(tx).await
}

/// Says that the key is destroyed, and begins the walk anew.
pub(crate) async fn key_gone(tx: &mut Tx, id: ErasureId, now: Timestamp) -> Result<(), Fault> {
    KEY_GONE
        .bind(now)
        .bind(id)
        .execute(tx)
        .await
        .map(|_rows| ())
}

/// Says that it is done; false when it is not so far, or was before.
pub(crate) async fn finish(tx: &mut Tx, id: ErasureId, now: Timestamp) -> Result<bool, Fault> {
    Ok(FINISH.bind(now).bind(id).execute(tx).await? == 1)
}

/// All, the latest first.
pub(crate) async fn list(tx: &mut Tx, now: Timestamp) -> Result<Vec<Erasure>, Fault> {
    let rows = LIST.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// A customer's latest.
pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Option<Erasure>, Fault> {
    let row = OF_CUSTOMER.bind(customer).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Whether a person belongs to another customer, or to the hoster.
pub(crate) async fn belongs(
    tx: &mut Tx,
    user: UserId,
    customer: CustomerId,
) -> Result<bool, Fault> {
    let row = BELONGS.bind(user).bind(customer).optional(tx).await?;
    Ok(row.is_some())
}

/// Shuts somebody's login.
pub(crate) async fn shut(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    SHUT.bind(now).bind(user).execute(tx).await.map(|_rows| ())
}

/// Takes a member's place away; nothing when somebody was faster.
pub(crate) async fn leave(tx: &mut Tx, customer: CustomerId, place: MemberId) -> Result<(), Fault> {
    let query = LEAVE.bind(customer).bind(place);
    query.execute(tx).await.map(|_rows| ())
}

/// Takes away what a person's row says, and the row, unless another customer's refers to it; false when there
/// is no such person, or that was done before.
pub(crate) async fn drop_user(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    let there = EMPTY.bind(user).execute(tx).await? == 1;
    DROP_USER.bind(user).execute(tx).await?;
    Ok(there)
}

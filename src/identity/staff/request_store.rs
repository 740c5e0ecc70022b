//! The rows of roles that were asked for.

use serde_json::json;
use wabe_access::StaffRole;
use wabe_kernel::id::{StaffRequestId, UserId};
use wabe_kernel::{Fault, MailAddress, PersonName, Timestamp};
use wabe_store::{Row, Tx, statements};

/// How long one waits at most.
pub(crate) const OPEN_DAYS: i64 = 14;
/// After so many days everybody who may decide is told again.
const REMINDER_DAYS: i64 = 3;
/// For how many days what became of one is kept here. The record keeps it longer.
const KEPT_DAYS: i64 = 1_096;
/// The most that are shown at once.
const SHOWN: i64 = 200;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.email, r.name, r.roles, r.reason, r.asked_by, r.asked_at, r.expires_at, \
             u.name AS asker FROM staff_request r JOIN wabe_user u ON u.id = r.asked_by ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.staff_request.insert" =>
        "INSERT INTO staff_request (id, email, name, roles, reason, asked_by, asked_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    FIND = "identity.staff_request.find" =>
        select!("WHERE r.id = $1 AND r.ended_at IS NULL AND r.expires_at > $2");
    OPEN = "identity.staff_request.open" =>
        select!("WHERE r.ended_at IS NULL AND r.expires_at > $1 ORDER BY r.asked_at, r.id LIMIT $2");
    LATE = "identity.staff_request.late" =>
        select!("WHERE r.ended_at IS NULL AND r.expires_at > $1 AND r.asked_at <= $2 \
                 AND r.reminded_at IS NULL ORDER BY r.asked_at LIMIT $3");
    REMINDED = "identity.staff_request.reminded" =>
        "UPDATE staff_request SET reminded_at = $1 WHERE id = $2 AND reminded_at IS NULL";
    DECIDE = "identity.staff_request.decide" =>
        "UPDATE staff_request SET ended_at = $1, ending = $2, decided_by = $3, answer = $4, user_id = $5 \
         WHERE id = $6 AND ended_at IS NULL";
    RETRACT = "identity.staff_request.retract" =>
        "UPDATE staff_request SET ended_at = $1, ending = 'retracted' WHERE id = $2 AND ended_at IS NULL";
    RETRACT_ALL = "identity.staff_request.retract_all" =>
        "UPDATE staff_request SET ended_at = $1, ending = 'retracted' \
         WHERE asked_by = $2 AND ended_at IS NULL";
    LAPSE = "identity.staff_request.lapse" =>
        "UPDATE staff_request SET ended_at = $1, ending = 'lapsed' WHERE ended_at IS NULL AND expires_at <= $1";
    PRUNE = "identity.staff_request.prune" => "DELETE FROM staff_request WHERE ended_at < $1";
}

/// A role that somebody asked for, and nobody answered yet.
#[derive(Debug, Clone)]
pub struct StaffRequest {
    /// Which one.
    pub id: StaffRequestId,
    /// Where the person is reached.
    pub email: MailAddress,
    /// What they are called.
    pub name: PersonName,
    /// Which roles.
    pub roles: Vec<StaffRole>,
    /// What for.
    pub reason: String,
    /// Who asked.
    pub asked_by: UserId,
    /// What they are called.
    pub asker: PersonName,
    /// When they asked.
    pub asked_at: Timestamp,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

fn from_row(row: &Row) -> Result<StaffRequest, Fault> {
    let roles = row.json("roles")?;
    let words = roles.as_array().map(Vec::as_slice).unwrap_or_default();
    // A role that no longer exists permits nothing.
    let words = words.iter().filter_map(serde_json::Value::as_str);
    Ok(StaffRequest {
        id: row.parsed("id")?,
        email: row.parsed("email")?,
        name: row.parsed("name")?,
        roles: words.filter_map(|word| word.parse().ok()).collect(),
        reason: row.text("reason")?,
        asked_by: row.parsed("asked_by")?,
        asker: row.parsed("asker")?,
        asked_at: row.time("asked_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// Adds one; false when one for this address waits already.
pub(crate) async fn insert(tx: &mut Tx, request: &StaffRequest) -> Result<bool, Fault> {
    let query = INSERT.bind(request.id).bind(&request.email);
    let query = query.bind(&request.name).bind(&json!(request.roles));
    let query = query.bind(&request.reason).bind(request.asked_by);
    let query = query.bind(request.asked_at).bind(request.expires_at);
    Ok(query.execute(tx).await? == 1)
}

/// One that waits.
pub(crate) async fn find(
    tx: &mut Tx,
    id: StaffRequestId,
    now: Timestamp,
) -> Result<Option<StaffRequest>, Fault> {
    let row = FIND.bind(id).bind(now).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// All that wait, longest first.
pub(crate) async fn open(tx: &mut Tx, now: Timestamp) -> Result<Vec<StaffRequest>, Fault> {
    let rows = OPEN.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Those that wait too long and of which nobody was reminded.
pub(crate) async fn late(tx: &mut Tx, now: Timestamp) -> Result<Vec<StaffRequest>, Fault> {
    let query = LATE.bind(now).bind(now.plus_days(-REMINDER_DAYS));
    let rows = query.bind(SHOWN).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Notes that people were reminded; false when that was done before.
pub(crate) async fn reminded(
    tx: &mut Tx,
    id: StaffRequestId,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(REMINDED.bind(now).bind(id).execute(tx).await? == 1)
}

/// Ends one by a decision, with whose roles it was about when they were given; false when somebody was
/// faster.
pub(crate) async fn decide(
    tx: &mut Tx,
    id: StaffRequestId,
    granted: Option<UserId>,
    (by, answer): (UserId, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    let ending = if granted.is_some() {
        "granted"
    } else {
        "refused"
    };
    let query = DECIDE.bind(now).bind(ending).bind(by).bind(answer);
    Ok(query.bind(granted).bind(id).execute(tx).await? == 1)
}

/// Takes one back; false when it does not wait any more.
pub(crate) async fn retract(
    tx: &mut Tx,
    id: StaffRequestId,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(RETRACT.bind(now).bind(id).execute(tx).await? == 1)
}

/// Takes back whatever somebody asked for.
pub(crate) async fn retract_all(tx: &mut Tx, by: UserId, now: Timestamp) -> Result<(), Fault> {
    let query = RETRACT_ALL.bind(now).bind(by);
    query.execute(tx).await.map(|_rows| ())
}

/// Ends what nobody answered, and forgets what ended long ago.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    LAPSE.bind(now).execute(tx).await?;
    let query = PRUNE.bind(now.plus_days(-KEPT_DAYS));
    query.execute(tx).await.map(|_rows| ())
}

//! The rows of reviews.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{StaffRole, words};
use wabe_kernel::id::{AccessReviewId, AccessReviewItemId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// For how many days a review is kept.
const KEPT_DAYS: i64 = 1_096;
/// The most reviews and items that are shown at once.
const SHOWN: i64 = 2_000;

words! {
    /// What a right is.
    RightKind {
        /// A role.
        Role = "role",
        /// An API token of the hoster's.
        Token = "token",
    }
}

words! {
    /// What became of a right in a review.
    Outcome {
        /// It stays.
        Confirmed = "confirmed",
        /// It was taken away.
        Withdrawn = "withdrawn",
        /// It ended before anybody decided.
        Gone = "gone",
    }
}

macro_rules! review {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.quarter, v.opened_at, v.due_at, v.closed_at, \
             CAST((SELECT count(*) FROM access_review_item i WHERE i.review_id = v.id) AS BIGINT) AS items, \
             CAST((SELECT count(*) FROM access_review_item i WHERE i.review_id = v.id \
             AND i.outcome IS NULL) AS BIGINT) AS waiting FROM access_review v ",
            $rest
        )
    };
}

macro_rules! item {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.review_id, i.user_id, i.user_name, i.user_email, i.kind, i.subject, i.label, \
             i.since, i.last_used_at, i.outcome, i.decided_by, i.decided_at, i.reason, \
             (SELECT u.name FROM wabe_user u WHERE u.id = i.decided_by) AS decider \
             FROM access_review_item i ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.access_review.insert" =>
        "INSERT INTO access_review (id, quarter, opened_at, due_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING";
    INSERT_ITEM = "identity.access_review.insert_item" =>
        "INSERT INTO access_review_item (id, review_id, user_id, user_name, user_email, kind, subject, \
         label, since, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    EXISTS = "identity.access_review.exists" =>
        "SELECT CAST(count(*) AS BIGINT) AS n FROM access_review WHERE quarter = $1";
    LIST = "identity.access_review.list" => review!("ORDER BY v.opened_at DESC LIMIT $1");
    FIND = "identity.access_review.find" => review!("WHERE v.id = $1");
    LATE = "identity.access_review.late" =>
        review!("WHERE v.closed_at IS NULL AND v.due_at <= $1 AND v.reminded_at IS NULL LIMIT $2");
    REMINDED = "identity.access_review.reminded" =>
        "UPDATE access_review SET reminded_at = $1 WHERE id = $2 AND reminded_at IS NULL";
    ITEMS = "identity.access_review.items" =>
        item!("WHERE i.review_id = $1 ORDER BY i.user_name, i.id LIMIT $2");
    FIND_ITEM = "identity.access_review.find_item" => item!("WHERE i.id = $1");
    DECIDE = "identity.access_review.decide" =>
        "UPDATE access_review_item SET outcome = $1, decided_by = $2, decided_at = $3, reason = $4 \
         WHERE id = $5 AND outcome IS NULL";
    GONE = "identity.access_review.gone" =>
        "UPDATE access_review_item SET outcome = 'gone', decided_at = $1 \
         WHERE user_id = $2 AND outcome IS NULL AND ($3 = '' OR subject = $3)";
    CLOSE = "identity.access_review.close" =>
        "UPDATE access_review SET closed_at = $1 WHERE closed_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM access_review_item i WHERE i.review_id = access_review.id AND i.outcome IS NULL)";
    PRUNE_ITEMS = "identity.access_review.prune_items" =>
        "DELETE FROM access_review_item WHERE review_id IN \
         (SELECT id FROM access_review WHERE opened_at < $1)";
    PRUNE = "identity.access_review.prune" => "DELETE FROM access_review WHERE opened_at < $1";
}

/// A quarter's review.
#[derive(Debug, Clone)]
pub struct Review {
    /// Which one.
    pub id: AccessReviewId,
    /// Of which quarter: `2026-Q4`.
    pub quarter: String,
    /// When it began.
    pub opened_at: Timestamp,
    /// Until when it shall be done.
    pub due_at: Timestamp,
    /// When the last right was decided.
    pub closed_at: Option<Timestamp>,
    /// How many rights it holds.
    pub items: i64,
    /// How many of them nobody decided yet.
    pub waiting: i64,
}

/// One right in a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    /// Which one.
    pub id: AccessReviewItemId,
    /// In which review.
    pub review: AccessReviewId,
    /// Whose.
    pub user: UserId,
    /// What they were called then.
    pub user_name: String,
    /// Where they were reached then.
    pub user_email: String,
    /// What it is.
    pub kind: RightKind,
    /// The role's word, or the token's id.
    pub subject: String,
    /// What the token is called; empty for a role.
    pub label: String,
    /// Since when they have it.
    pub since: Timestamp,
    /// When it was last used; exact to a day for roles.
    pub last_used_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// What they are called.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
}

impl Item {
    /// The role that it is.
    #[must_use]
    pub fn role(&self) -> Option<StaffRole> {
        let role = self.subject.parse().ok();
        role.filter(|_| self.kind == RightKind::Role)
    }
}

fn review(row: &Row) -> Result<Review, Fault> {
    Ok(Review {
        id: row.parsed("id")?,
        quarter: row.text("quarter")?,
        opened_at: row.time("opened_at")?,
        due_at: row.time("due_at")?,
        closed_at: row.time_or_null("closed_at")?,
        items: row.int("items")?,
        waiting: row.int("waiting")?,
    })
}

fn item(row: &Row) -> Result<Item, Fault> {
    Ok(Item {
        id: row.parsed("id")?,
        review: row.parsed("review_id")?,
        user: row.parsed("user_id")?,
        user_name: row.text("user_name")?,
        user_email: row.text("user_email")?,
        kind: row.parsed("kind")?,
        subject: row.text("subject")?,
        label: row.text("label")?,
        since: row.time("since")?,
        last_used_at: row.time_or_null("last_used_at")?,
        outcome: row.parsed_or_null("outcome")?,
        decided_by: row.parsed_or_null("decided_by")?,
        decider: row.text_or_null("decider")?,
        decided_at: row.time_or_null("decided_at")?,
        reason: row.text_or_null("reason")?,
    })
}

/// Adds a review; false when the quarter has one.
pub(crate) async fn insert(tx: &mut Tx, review: &Review) -> Result<bool, Fault> {
    let query = INSERT.bind(review.id).bind(&review.quarter);
    let query = query.bind(review.opened_at).bind(review.due_at);
    Ok(query.execute(tx).await? == 1)
}

/// Adds a right to a review.
pub(crate) async fn insert_item(tx: &mut Tx, item: &Item) -> Result<(), Fault> {
    let query = INSERT_ITEM.bind(item.id).bind(item.review).bind(item.user);
    let query = query.bind(&item.user_name).bind(&item.user_email);
    let query = query.bind(item.kind).bind(&item.subject).bind(&item.label);
    let query = query.bind(item.since).bind(item.last_used_at);
    query.execute_one(tx).await
}

/// Whether the quarter has its review.
pub(crate) async fn exists(tx: &mut Tx, quarter: &str) -> Result<bool, Fault> {
    Ok(EXISTS.bind(quarter).one(tx).await?.int("n")? > 0)
}

/// All reviews, the latest first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Review>, Fault> {
    let rows = LIST.bind(SHOWN).all(tx).await?;
    rows.iter().map(review).collect()
}

pub(crate) async fn find(tx: &mut Tx, id: AccessReviewId) -> Result<Option<Review>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(review).transpose()
}

/// Reviews that are overdue and of which nobody was reminded.
pub(crate) async fn late(tx: &mut Tx, now: Timestamp) -> Result<Vec<Review>, Fault> {
    let rows = LATE.bind(now).bind(SHOWN).all(tx).await?;
    rows.iter().map(review).collect()
}

/// Notes that people were reminded; false when that was done before.
pub(crate) async fn reminded(
    tx: &mut Tx,
    id: AccessReviewId,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(REMINDED.bind(now).bind(id).execute(tx).await? == 1)
}

/// The rights of a review, by people's names.
pub(crate) async fn items(tx: &mut Tx, id: AccessReviewId) -> Result<Vec<Item>, Fault> {
    let rows = ITEMS.bind(id).bind(SHOWN).all(tx).await?;
    rows.iter().map(item).collect()
}

pub(crate) async fn find_item(tx: &mut Tx, id: AccessReviewItemId) -> Result<Option<Item>, Fault> {
    let row = FIND_ITEM.bind(id).optional(tx).await?;
    row.as_ref().map(item).transpose()
}

/// Writes a decision down; false when there is one already.
pub(crate) async fn decide(
    tx: &mut Tx,
    (id, outcome): (AccessReviewItemId, Outcome),
    (by, reason): (UserId, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = DECIDE.bind(outcome).bind(by).bind(now);
    Ok(query.bind(reason).bind(id).execute(tx).await? == 1)
}

/// Marks rights that ended otherwise: one of somebody, by a role's word or a token's id, or all they had.
pub(crate) async fn gone(
    tx: &mut Tx,
    user: UserId,
    subject: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = GONE.bind(now).bind(user).bind(subject.unwrap_or_default());
    query.execute(tx).await?;
    close(tx, now).await
}

/// Closes reviews in which nothing is left to decide.
pub(crate) async fn close(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    CLOSE.bind(now).execute(tx).await.map(|_rows| ())
}

/// Forgets reviews that are too old.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let before = now.plus_days(-KEPT_DAYS);
    PRUNE_ITEMS.bind(before).execute(tx).await?;
    PRUNE.bind(before).execute(tx).await.map(|_rows| ())
}

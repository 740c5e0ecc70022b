//! The tables of notices and of preferences. Rows belong to people: every statement names the person.

use crate::text::{Args, NoticeKind};
use wabe_access::actor::HOUSE;
use wabe_kernel::id::{CustomerId, NoticeId, UserId};
use wabe_kernel::{Fault, Page, PageRequest, Rng, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "jobs.notice.insert" =>
        "INSERT INTO notice (id, customer_id, user_id, kind, object_kind, object_id, object_name, \
         args, created_at, dedupe_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (user_id, dedupe_key) DO NOTHING";
    LIST = "jobs.notice.list" =>
        "SELECT id, kind, object_kind, object_id, object_name, args, created_at, read_at FROM notice \
         WHERE user_id = $1 AND customer_id IN ($2, $3) AND ($4 = '' OR id < $4) \
         ORDER BY id DESC LIMIT $5";
    UNREAD = "jobs.notice.unread" =>
        "SELECT CAST(count(*) AS BIGINT) AS unread FROM notice \
         WHERE user_id = $1 AND customer_id IN ($2, $3) AND read_at IS NULL";
    READ = "jobs.notice.read" =>
        "UPDATE notice SET read_at = $1 WHERE user_id = $2 AND id = $3 AND read_at IS NULL";
    READ_ALL = "jobs.notice.read_all" =>
        "UPDATE notice SET read_at = $1 \
         WHERE user_id = $2 AND customer_id IN ($3, $4) AND read_at IS NULL";
    CLEAR = "jobs.notice.clear" =>
        "UPDATE notice SET dedupe_key = NULL WHERE customer_id = $1 AND dedupe_key = $2";
    FORGET = "jobs.notice.forget" => "DELETE FROM notice WHERE created_at < $1";
    WANTED = "jobs.notice.wanted" =>
        "SELECT wanted FROM notice_preference WHERE user_id = $1 AND kind = $2";
    SET_WANTED = "jobs.notice.set_wanted" =>
        "INSERT INTO notice_preference (user_id, kind, wanted) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, kind) DO UPDATE SET wanted = $3";
}

/// A notice for one person, before it is told.
pub(super) struct NewNotice<'a> {
    pub(super) customer: CustomerId,
    pub(super) user: UserId,
    pub(super) kind: NoticeKind,
    pub(super) object_kind: &'static str,
    pub(super) object_id: &'a str,
    pub(super) object_name: &'a str,
    pub(super) dedupe_key: Option<&'a str>,
}

/// A notice as its person sees it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The notice.
    pub id: NoticeId,
    /// What happened; its line is [`crate::text::Texts::subject`].
    pub kind: NoticeKind,
    /// The noun of the thing: a resource kind, `customer` or `user`.
    pub object_kind: String,
    /// The thing.
    pub object_id: String,
    /// What it was called then.
    pub object_name: String,
    /// The arguments of the texts, without links.
    pub args: Args,
    /// When it happened.
    pub created_at: Timestamp,
    /// When the person had read it.
    pub read_at: Option<Timestamp>,
}

/// Writes a notice without its links; false when the person was told before under the same key.
pub(super) async fn insert(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    new: &NewNotice<'_>,
    args: &Args,
) -> Result<bool, Fault> {
    tx.unscope().await?;
    let query = INSERT
        .bind(NoticeId::new(now, rng))
        .bind(new.customer)
        .bind(new.user)
        .bind(new.kind);
    let query = query
        .bind(new.object_kind)
        .bind(new.object_id)
        .bind(new.object_name);
    let query = query.bind(args.without_links().to_json()?);
    let written = query.bind(now).bind(new.dedupe_key).execute(tx).await?;
    tx.rescope().await?;
    Ok(written == 1)
}

fn shown_from(row: &Row) -> Result<Shown, Fault> {
    Ok(Shown {
        id: row.parsed("id")?,
        kind: row.parsed("kind")?,
        object_kind: row.text("object_kind")?,
        object_id: row.text("object_id")?,
        object_name: row.text("object_name")?,
        args: Args::from_json(&row.text("args")?)?,
        created_at: row.time("created_at")?,
        read_at: row.time_or_null("read_at")?,
    })
}

/// A person's notices in a customer, and those about their own login; latest first.
///
/// # Errors
/// A fault of the database.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    customer: CustomerId,
    page: &PageRequest,
) -> Result<Page<Shown>, Fault> {
    tx.unscope().await?;
    let query = LIST.bind(user).bind(customer).bind(HOUSE);
    let query = query.bind(page.after_key()).bind(page.limit + 1);
    let rows = query.all(tx).await?;
    tx.rescope().await?;
    let shown: Result<Vec<Shown>, Fault> = rows.iter().map(shown_from).collect();
    Ok(Page::from_rows(shown?, page.limit, |shown| {
        shown.id.to_string()
    }))
}

/// How many of them the person has not read.
///
/// # Errors
/// A fault of the database.
pub async fn unread_count(tx: &mut Tx, user: UserId, customer: CustomerId) -> Result<i64, Fault> {
    tx.unscope().await?;
    let row = UNREAD.bind(user).bind(customer).bind(HOUSE).one(tx).await?;
    tx.rescope().await?;
    row.int("unread")
}

/// Notes that a person read a notice; nothing happens when it is not theirs.
///
/// # Errors
/// A fault of the database.
pub async fn mark_read(
    tx: &mut Tx,
    user: UserId,
    id: NoticeId,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.unscope().await?;
    READ.bind(now).bind(user).bind(id).execute(tx).await?;
    tx.rescope().await
}

/// Notes that a person read all of what [`list`] shows.
///
/// # Errors
/// A fault of the database.
pub async fn mark_all_read(
    tx: &mut Tx,
    user: UserId,
    customer: CustomerId,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.unscope().await?;
    let query = READ_ALL.bind(now).bind(user).bind(customer);
    query.bind(HOUSE).execute(tx).await?;
    tx.rescope().await
}

/// Says that a state is over: the same news may be told again under this key.
///
/// # Errors
/// A fault of the database.
pub async fn clear(tx: &mut Tx, customer: CustomerId, key: &str) -> Result<(), Fault> {
    tx.unscope().await?;
    CLEAR.bind(customer).bind(key).execute(tx).await?;
    tx.rescope().await
}

/// Forgets notices older than `before`; answers how many. For a schedule, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(before).execute(tx).await
}

/// Whether a person wants this kind mailed; so it is until they say otherwise.
pub(super) async fn wants(tx: &mut Tx, user: UserId, kind: NoticeKind) -> Result<bool, Fault> {
    tx.unscope().await?;
    let row = WANTED.bind(user).bind(kind).optional(tx).await?;
    tx.rescope().await?;
    row.map_or(Ok(true), |row| row.flag("wanted"))
}

pub(super) async fn set_wanted(
    tx: &mut Tx,
    user: UserId,
    kind: NoticeKind,
    wanted: bool,
) -> Result<(), Fault> {
    tx.unscope().await?;
    let query = SET_WANTED.bind(user).bind(kind).bind(wanted);
    query.execute_one(tx).await?;
    tx.rescope().await
}

/// A person's choice for every kind that can be chosen.
///
/// # Errors
/// A fault of the database.
pub async fn preferences(tx: &mut Tx, user: UserId) -> Result<Vec<(NoticeKind, bool)>, Fault> {
    let mut chosen = Vec::new();
    for kind in NoticeKind::optional() {
        chosen.push((kind, wants(tx, user, kind).await?));
    }
    Ok(chosen)
}

//! The rows of mailed links.

use crate::address_change::store::UNDO_SECONDS;
use crate::approval::model::OPEN_DAYS as APPROVAL_DAYS;
use crate::erasure::model::WAIT_DAYS as ERASURE_DAYS;
use crate::factor_loss::store::OPEN_DAYS;
use wabe_kernel::id::{ApprovalId, ChangeId, ErasureId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    INSERT = "identity.mailed_token.insert" =>
        "INSERT INTO mailed_token (token_hash, kind, user_id, about, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_SUBJECT = "identity.mailed_token.insert_subject" =>
        "INSERT INTO mailed_token (token_hash, kind, user_id, subject, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    WAITING = "identity.mailed_token.waiting" =>
        "SELECT token_hash FROM mailed_token \
         WHERE subject = $1 AND created_at > $2 AND used_at IS NULL LIMIT 1";
    USE_UPLOAD = "identity.mailed_token.use_upload" =>
        "UPDATE mailed_token SET used_at = $1 WHERE token_hash = $2 AND kind = 'upload-unlock' \
         AND used_at IS NULL AND expires_at > $1 RETURNING subject";
    VOID_SUBJECT = "identity.mailed_token.void_subject" =>
        "UPDATE mailed_token SET used_at = $1 WHERE subject = $2 AND used_at IS NULL";
    SUPERSEDE = "identity.mailed_token.supersede" =>
        "UPDATE mailed_token SET used_at = $1 WHERE user_id = $2 AND kind = $3 AND used_at IS NULL";
    // Whoever took a login over must not be able to void the way back.
    SUPERSEDE_ALL = "identity.mailed_token.supersede_all" =>
        "UPDATE mailed_token SET used_at = $1 WHERE user_id = $2 AND used_at IS NULL \
         AND kind NOT IN ('email-undo', 'factor-keep', 'owner-keep', 'erasure-keep')";
    KEEPS_OWNER = "identity.mailed_token.keeps_owner" =>
        "SELECT user_id, subject FROM mailed_token WHERE token_hash = $1 AND kind = 'owner-keep' \
         AND used_at IS NULL AND expires_at > $2";
    KEEPS_CUSTOMER = "identity.mailed_token.keeps_customer" =>
        "SELECT user_id, subject FROM mailed_token WHERE token_hash = $1 AND kind = 'erasure-keep' \
         AND used_at IS NULL AND expires_at > $2";
    FIND = "identity.mailed_token.find" =>
        "SELECT kind, user_id, about FROM mailed_token \
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    USE = "identity.mailed_token.use" =>
        "UPDATE mailed_token SET used_at = $1 \
         WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING user_id";
    PASSWORD_LINK = "identity.mailed_token.password_link" =>
        "SELECT CAST(COALESCE(MAX(expires_at), 0) AS BIGINT) AS until FROM mailed_token \
         WHERE user_id = $1 AND kind IN ('setup', 'reset') AND used_at IS NULL AND expires_at > $2";
    PRUNE = "identity.mailed_token.prune" => "DELETE FROM mailed_token WHERE expires_at < $1";
}

/// What a mailed link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A new password.
    Reset,
    /// The way past a lock.
    Unlock,
    /// The first password.
    Setup,
    /// Another login address.
    Email,
    /// A second address beside the one to log in with.
    SecondEmail,
    /// The addresses from before a change.
    EmailUndo,
    /// The second factor that somebody says is lost.
    FactorKeep,
    /// The owners of a customer, where staff ask for another one.
    OwnerKeep,
    /// Everything of a customer, which two people of the hoster agreed to remove.
    ErasureKeep,
    /// The way past a lock of a webspace's SFTP login.
    UploadUnlock,
}

/// A link that works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) kind: LinkKind,
    pub(crate) user: UserId,
    /// The change of address that it confirms or takes back.
    pub(crate) about: Option<ChangeId>,
}

impl Link {
    /// A link that is about its user alone.
    pub(crate) const fn of(kind: LinkKind, user: UserId) -> Self {
        Self {
            kind,
            user,
            about: None,
        }
    }
}

impl LinkKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Reset,
        Self::Unlock,
        Self::Setup,
        Self::Email,
        Self::SecondEmail,
        Self::EmailUndo,
        Self::FactorKeep,
        Self::OwnerKeep,
        Self::ErasureKeep,
        Self::UploadUnlock,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unlock => "unlock",
            Self::Setup => "setup",
            Self::Email => "email",
            Self::SecondEmail => "second-email",
            Self::EmailUndo => "email-undo",
            Self::FactorKeep => "factor-keep",
            Self::OwnerKeep => "owner-keep",
            Self::ErasureKeep => "erasure-keep",
            Self::UploadUnlock => "upload-unlock",
        }
    }

    /// Whether a password is set with it.
    #[must_use]
    pub const fn sets_password(self) -> bool {
        matches!(self, Self::Reset | Self::Setup)
    }

    /// Whether a new one takes the place of the earlier ones.
    const fn is_single(self) -> bool {
        !matches!(
            self,
            Self::EmailUndo
                | Self::FactorKeep
                | Self::OwnerKeep
                | Self::ErasureKeep
                | Self::UploadUnlock
        )
    }

    /// For how many seconds such a link works.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Reset | Self::Unlock | Self::Email | Self::SecondEmail | Self::UploadUnlock => {
                30 * 60
            }
            Self::Setup => 14 * 86_400,
            Self::EmailUndo => UNDO_SECONDS,
            Self::FactorKeep => OPEN_DAYS * 86_400,
            Self::OwnerKeep => APPROVAL_DAYS * 86_400,
            Self::ErasureKeep => ERASURE_DAYS * 86_400,
        }
    }

    fn from_word(word: &str) -> Result<Self, Fault> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or(Fault::new("read the kind of a mailed link"))
    }
}

/// Adds a link; earlier ones of its kind are void, unless several of it are out at a time.
pub(crate) async fn insert(
    tx: &mut Tx,
    link: Link,
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    if link.kind.is_single() {
        supersede(tx, link.user, link.kind, now).await?;
    }
    let query = INSERT.bind(hash).bind(link.kind.word()).bind(link.user);
    let query = query.bind(link.about).bind(now);
    query
        .bind(now.plus_seconds(link.kind.seconds()))
        .execute_one(tx)
        .await
}

/// Voids the links of one kind of a user.
pub(crate) async fn supersede(
    tx: &mut Tx,
    user: UserId,
    kind: LinkKind,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = SUPERSEDE.bind(now).bind(user).bind(kind.word());
    query.execute(tx).await.map(|_rows| ())
}

/// Voids all links of a user, except those that take a change of address back, keep a second factor, keep
/// the owners of a customer or keep a customer.
pub(crate) async fn supersede_all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    let query = SUPERSEDE_ALL.bind(now).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn find(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<Link>, Fault> {
    let row = FIND.bind(hash).bind(now).optional(tx).await?;
    row.map(|row| {
        Ok(Link {
            kind: LinkKind::from_word(&row.text("kind")?)?,
            user: row.parsed("user_id")?,
            about: row.parsed_or_null("about")?,
        })
    })
    .transpose()
}

/// Uses a link up; whose it was, or nobody's when somebody else was faster.
pub(crate) async fn use_up(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>, Fault> {
    let row = USE.bind(now).bind(hash).optional(tx).await?;
    row.map(|row| row.parsed("user_id")).transpose()
}

/// Adds a link for a user that opens the SFTP login counted as `subject`.
pub(crate) async fn insert_upload(
    tx: &mut Tx,
    about: (UserId, &str),
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    insert_subject(tx, LinkKind::UploadUnlock, about, (hash, now)).await
}

/// Adds a link for an owner that stops what staff asked for.
pub(crate) async fn insert_owner_keep(
    tx: &mut Tx,
    (user, approval): (UserId, ApprovalId),
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let subject = approval.to_string();
    let about = (user, subject.as_str());
    insert_subject(tx, LinkKind::OwnerKeep, about, (hash, now)).await
}

async fn insert_subject(
    tx: &mut Tx,
    kind: LinkKind,
    (user, subject): (UserId, &str),
    (hash, now): (&str, Timestamp),
) -> Result<(), Fault> {
    let query = INSERT_SUBJECT.bind(hash).bind(kind.word()).bind(user);
    let query = query.bind(subject).bind(now);
    query
        .bind(now.plus_seconds(kind.seconds()))
        .execute_one(tx)
        .await
}

/// What a link of an owner stops, and whose it is.
pub(crate) async fn keeps_owner(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(UserId, ApprovalId)>, Fault> {
    let row = KEEPS_OWNER.bind(hash).bind(now).optional(tx).await?;
    row.map(|row| Ok((row.parsed("user_id")?, row.parsed("subject")?)))
        .transpose()
}

/// Voids the links that would stop what staff asked for.
pub(crate) async fn void_owner_keep(
    tx: &mut Tx,
    approval: ApprovalId,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = VOID_SUBJECT.bind(now).bind(approval.to_string());
    query.execute(tx).await.map(|_rows| ())
}

/// Adds a link for an owner that stops an erasure.
pub(crate) async fn insert_erasure_keep(
    tx: &mut Tx,
    (user, erasure): (UserId, ErasureId),
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let subject = erasure.to_string();
    let about = (user, subject.as_str());
    insert_subject(tx, LinkKind::ErasureKeep, about, (hash, now)).await
}

/// Which erasure a link of an owner stops, and whose it is.
pub(crate) async fn keeps_customer(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(UserId, ErasureId)>, Fault> {
    let row = KEEPS_CUSTOMER.bind(hash).bind(now).optional(tx).await?;
    row.map(|row| Ok((row.parsed("user_id")?, row.parsed("subject")?)))
        .transpose()
}

/// Voids the links that would stop an erasure.
pub(crate) async fn void_erasure_keep(
    tx: &mut Tx,
    erasure: ErasureId,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = VOID_SUBJECT.bind(now).bind(erasure.to_string());
    query.execute(tx).await.map(|_rows| ())
}

/// Whether a link that opens `subject` was mailed after `since` and not used.
pub(crate) async fn is_waiting(
    tx: &mut Tx,
    subject: &str,
    since: Timestamp,
) -> Result<bool, Fault> {
    let row = WAITING.bind(subject).bind(since).optional(tx).await?;
    Ok(row.is_some())
}

/// Uses a link of an SFTP login up, and with it those that others were mailed; answers what it opens.
pub(crate) async fn use_upload(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let Some(row) = USE_UPLOAD.bind(now).bind(hash).optional(tx).await? else {
        return Ok(None);
    };
    let subject = row.text("subject")?;
    VOID_SUBJECT.bind(now).bind(&subject).execute(tx).await?;
    Ok(Some(subject))
}

/// Until when a mailed link leads this user to a password; absent when none does.
pub(crate) async fn password_link_until(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let until = PASSWORD_LINK.bind(user).bind(now).one(tx).await?;
    Ok(Some(until.time("until")?).filter(|until| *until > now))
}

pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE
        .bind(now.plus_days(-1))
        .execute(tx)
        .await
        .map(|_rows| ())
}

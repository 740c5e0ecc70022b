//! The rows of mailed links.

use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    INSERT = "identity.mailed_token.insert" =>
        "INSERT INTO mailed_token (token_hash, kind, user_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)";
    SUPERSEDE = "identity.mailed_token.supersede" =>
        "UPDATE mailed_token SET used_at = $1 WHERE user_id = $2 AND kind = $3 AND used_at IS NULL";
    SUPERSEDE_ALL = "identity.mailed_token.supersede_all" =>
        "UPDATE mailed_token SET used_at = $1 WHERE user_id = $2 AND used_at IS NULL";
    FIND = "identity.mailed_token.find" =>
        "SELECT kind, user_id FROM mailed_token \
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    USE = "identity.mailed_token.use" =>
        "UPDATE mailed_token SET used_at = $1 \
         WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING user_id";
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
}

impl LinkKind {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unlock => "unlock",
            Self::Setup => "setup",
        }
    }

    /// For how many seconds such a link works.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Reset | Self::Unlock => 30 * 60,
            Self::Setup => 14 * 86_400,
        }
    }

    fn from_word(word: &str) -> Result<Self, Fault> {
        let found = [Self::Reset, Self::Unlock, Self::Setup]
            .into_iter()
            .find(|kind| kind.word() == word);
        found.ok_or(Fault::new("read the kind of a mailed link"))
    }
}

/// Adds a link; earlier ones of its kind are void.
pub(crate) async fn insert(
    tx: &mut Tx,
    kind: LinkKind,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = SUPERSEDE.bind(now).bind(user).bind(kind.word());
    query.execute(tx).await?;
    let query = INSERT.bind(hash).bind(kind.word()).bind(user).bind(now);
    query
        .bind(now.plus_seconds(kind.seconds()))
        .execute_one(tx)
        .await
}

/// Voids all links of a user.
pub(crate) async fn supersede_all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    let query = SUPERSEDE_ALL.bind(now).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn find(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(LinkKind, UserId)>, Fault> {
    let row = FIND.bind(hash).bind(now).optional(tx).await?;
    row.map(|row| {
        Ok((
            LinkKind::from_word(&row.text("kind")?)?,
            row.parsed("user_id")?,
        ))
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

pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE
        .bind(now.plus_days(-1))
        .execute(tx)
        .await
        .map(|_rows| ())
}

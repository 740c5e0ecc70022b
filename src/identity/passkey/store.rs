//! The rows of passkeys, and of challenges that were answered.

use wabe_kernel::id::{PasskeyId, UserId};
use wabe_kernel::{Fault, Line, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "identity.passkey.list" =>
        "SELECT id, user_id, credential_id, public_key, sign_count, name, created_at, last_used_at \
         FROM passkey WHERE user_id = $1 ORDER BY id";
    FIND = "identity.passkey.find" =>
        "SELECT id, user_id, credential_id, public_key, sign_count, name, created_at, last_used_at \
         FROM passkey WHERE credential_id = $1";
    INSERT = "identity.passkey.insert" =>
        "INSERT INTO passkey (id, user_id, credential_id, public_key, sign_count, name, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING";
    RENAME = "identity.passkey.rename" =>
        "UPDATE passkey SET name = $1 WHERE id = $2 AND user_id = $3";
    REMOVE = "identity.passkey.remove" => "DELETE FROM passkey WHERE id = $1 AND user_id = $2";
    REMOVE_ALL = "identity.passkey.remove_all" => "DELETE FROM passkey WHERE user_id = $1";
    // Authenticators that do not count say zero for ever.
    USED = "identity.passkey.used" =>
        "UPDATE passkey SET sign_count = $1, last_used_at = $2 WHERE id = $3 \
         AND (sign_count < $1 OR (sign_count = 0 AND $1 = 0))";
    USE_CHALLENGE = "identity.passkey_challenge.use" =>
        "INSERT INTO passkey_challenge (challenge_hash, expires_at) VALUES ($1, $2) \
         ON CONFLICT (challenge_hash) DO NOTHING";
    PRUNE = "identity.passkey_challenge.prune" => "DELETE FROM passkey_challenge WHERE expires_at < $1";
}

/// A passkey as its owner sees it in a list.
#[derive(Debug, Clone)]
pub struct ListedPasskey {
    /// Which one.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: Line,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A passkey.
pub(crate) struct Passkey {
    pub(crate) id: PasskeyId,
    pub(crate) user: UserId,
    /// Its name in the authenticator, as scripts take it.
    pub(crate) credential_id: String,
    pub(crate) public_key: String,
    pub(crate) sign_count: i64,
    pub(crate) name: Line,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl Passkey {
    pub(crate) fn listed(self) -> ListedPasskey {
        ListedPasskey {
            id: self.id,
            name: self.name,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        }
    }
}

fn from_row(row: &Row) -> Result<Passkey, Fault> {
    Ok(Passkey {
        id: row.parsed("id")?,
        user: row.parsed("user_id")?,
        credential_id: row.text("credential_id")?,
        public_key: row.text("public_key")?,
        sign_count: row.int("sign_count")?,
        name: row.parsed("name")?,
        created_at: row.time("created_at")?,
        last_used_at: row.time_or_null("last_used_at")?,
    })
}

pub(crate) async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Passkey>, Fault> {
    let rows = LIST.bind(user).all(tx).await?;
    rows.iter().map(from_row).collect()
}

pub(crate) async fn find(tx: &mut Tx, credential: &str) -> Result<Option<Passkey>, Fault> {
    let row = FIND.bind(credential).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Adds one; false when its name is somebody's already.
pub(crate) async fn insert(tx: &mut Tx, new: &Passkey) -> Result<bool, Fault> {
    let query = INSERT.bind(new.id).bind(new.user).bind(&new.credential_id);
    let query = query.bind(&new.public_key).bind(new.sign_count);
    let query = query.bind(&new.name).bind(new.created_at);
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn rename(
    tx: &mut Tx,
    (id, user): (PasskeyId, UserId),
    name: &Line,
) -> Result<bool, Fault> {
    Ok(RENAME.bind(name).bind(id).bind(user).execute(tx).await? == 1)
}

pub(crate) async fn remove(tx: &mut Tx, id: PasskeyId, user: UserId) -> Result<bool, Fault> {
    Ok(REMOVE.bind(id).bind(user).execute(tx).await? == 1)
}

/// Removes all of somebody's.
pub(crate) async fn remove_all(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    REMOVE_ALL.bind(user).execute(tx).await.map(|_rows| ())
}

/// Notes that one signed; false when its counter did not grow.
pub(crate) async fn used(
    tx: &mut Tx,
    id: PasskeyId,
    count: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(USED.bind(count).bind(now).bind(id).execute(tx).await? == 1)
}

/// Uses a challenge up; false when it was used before.
pub(crate) async fn use_challenge(tx: &mut Tx, hash: &str, end: Timestamp) -> Result<bool, Fault> {
    Ok(USE_CHALLENGE.bind(hash).bind(end).execute(tx).await? == 1)
}

/// Forgets challenges that nobody could answer any more.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE.bind(now).execute(tx).await.map(|_rows| ())
}

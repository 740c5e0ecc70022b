//! The tokens' rows.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use wabe_access::actor::HOUSE;
use wabe_access::{Permission, Refusal, Scope};
use wabe_audit::Seen;
use wabe_kernel::id::{CustomerId, TokenId, UserId};
use wabe_kernel::{Fault, Line, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "identity.token.insert" =>
        "INSERT INTO api_token (id, customer_id, user_id, name, token_hash, scopes, sensitive, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND = "identity.token.find" =>
        "SELECT id, customer_id, user_id, name, scopes, sensitive, created_at, expires_at, last_used_at \
         FROM api_token WHERE customer_id = $1 AND user_id = $2 AND id = $3";
    LIST = "identity.token.list" =>
        "SELECT id, customer_id, user_id, name, scopes, sensitive, created_at, expires_at, last_used_at \
         FROM api_token WHERE customer_id = $1 AND user_id = $2 ORDER BY id DESC";
    FIND_HOSTER = "identity.token.find_hoster" =>
        "SELECT id, customer_id, user_id, name, scopes, sensitive, created_at, expires_at, last_used_at \
         FROM api_token WHERE customer_id = $1 AND id = $2";
    LIST_HOSTER = "identity.token.list_hoster" =>
        "SELECT t.id, t.customer_id, t.user_id, t.name, t.scopes, t.sensitive, t.created_at, \
         t.expires_at, t.last_used_at, u.name AS owner, u.email FROM api_token t \
         JOIN wabe_user u ON u.id = t.user_id WHERE t.customer_id = $1 ORDER BY t.id DESC";
    AUTHENTICATE = "identity.token.authenticate" =>
        "SELECT t.id, t.customer_id, t.user_id, t.name, t.scopes, t.sensitive, t.created_at, \
         t.expires_at, t.last_used_at FROM api_token t JOIN wabe_user u ON u.id = t.user_id \
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.disabled_at IS NULL \
         AND (EXISTS (SELECT 1 FROM member m \
             WHERE m.user_id = t.user_id AND m.customer_id = t.customer_id) \
         OR t.customer_id = $3 AND EXISTS (SELECT 1 FROM staff s WHERE s.user_id = t.user_id))";
    USED = "identity.token.used" =>
        "UPDATE api_token SET last_used_at = $1 WHERE id = $2 \
         AND (last_used_at IS NULL OR last_used_at < $3)";
    COUNT = "identity.token.count" =>
        "SELECT CAST(count(*) AS BIGINT) AS tokens FROM api_token \
         WHERE customer_id = $1 AND user_id = $2";
    REVOKE = "identity.token.revoke" =>
        "DELETE FROM api_token WHERE customer_id = $1 AND user_id = $2 AND id = $3";
    REVOKE_ALL = "identity.token.revoke_all" => "DELETE FROM api_token WHERE user_id = $1";
    REVOKE_IN_CUSTOMER = "identity.token.revoke_in_customer" =>
        "DELETE FROM api_token WHERE customer_id = $1 AND user_id = $2";
    PRUNE = "identity.token.prune" => "DELETE FROM api_token WHERE expires_at < $1";
}

/// A token, without its secret.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ApiToken {
    /// Which one.
    pub id: TokenId,
    /// Whose data it opens.
    pub customer: CustomerId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: Line,
    /// What it may at most.
    pub scopes: BTreeSet<Permission>,
    /// Whether it may run sensitive commands.
    pub sensitive: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was last used; exact to a minute.
    pub last_used_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<ApiToken, Fault> {
    let scopes = row.json("scopes")?;
    let words = scopes.as_array().map(Vec::as_slice).unwrap_or_default();
    // A scope that no longer exists permits nothing.
    let words = words.iter().filter_map(serde_json::Value::as_str);
    Ok(ApiToken {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        user: row.parsed("user_id")?,
        name: row.parsed("name")?,
        scopes: words.filter_map(|word| word.parse().ok()).collect(),
        sensitive: row.flag("sensitive")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        last_used_at: row.time_or_null("last_used_at")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, token: &ApiToken, hash: &str) -> Result<(), Fault> {
    let query = INSERT.bind(token.id).bind(token.customer).bind(token.user);
    let scopes = json!(token.scopes);
    let query = query.bind(&token.name).bind(hash).bind(&scopes);
    let query = query.bind(token.sensitive).bind(token.created_at);
    query.bind(token.expires_at).execute_one(tx).await
}

/// Names the tokens with which programs of the hoster's did something, while they are there.
///
/// # Errors
/// A fault of the database.
pub async fn name_hoster(tx: &mut Tx, all: &mut [Seen]) -> Result<(), Fault> {
    let mut names: BTreeMap<TokenId, Option<String>> = BTreeMap::new();
    for id in all.iter().filter_map(|seen| seen.token) {
        names.insert(id, None);
    }
    if names.is_empty() {
        return Ok(());
    }
    // The tokens are the hoster's own, not the customer's.
    tx.unscope().await?;
    for (id, name) in &mut names {
        *name = find_hoster(tx, *id)
            .await?
            .map(|token| token.name.to_string());
    }
    tx.rescope().await?;
    for seen in all {
        seen.token_name = seen.token.and_then(|id| names.get(&id).cloned().flatten());
    }
    Ok(())
}

/// One token of a user in a customer.
///
/// # Errors
/// A fault of the database.
pub async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    id: TokenId,
) -> Result<Option<ApiToken>, Fault> {
    let row = FIND.bind(customer).bind(user).bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// A user's own tokens in the scope's customer, the latest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, user: UserId) -> Result<Vec<ApiToken>, Refusal> {
    scope.needs(Permission::TokenWrite)?;
    Ok(in_customer(tx, scope.customer(), user).await?)
}

async fn in_customer(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
) -> Result<Vec<ApiToken>, Fault> {
    let rows = LIST.bind(customer).bind(user).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// A token of the hoster's own, with whose program it is.
#[derive(Debug, Clone)]
pub struct HosterToken {
    /// The token.
    pub token: ApiToken,
    /// What its owner is called.
    pub owner: String,
    /// The address its owner logs in with.
    pub email: String,
}

/// Every token of the hoster's own, the latest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list_hoster(tx: &mut Tx, scope: &Scope) -> Result<Vec<HosterToken>, Refusal> {
    scope.needs(Permission::StaffWrite)?;
    let mut found = Vec::new();
    for row in LIST_HOSTER.bind(HOUSE).all(tx).await? {
        found.push(HosterToken {
            token: from_row(&row)?,
            owner: row.text("owner")?,
            email: row.text("email")?,
        });
    }
    Ok(found)
}

/// The tokens of the hoster's own that are somebody's, the latest first.
pub(crate) async fn of_hoster(tx: &mut Tx, user: UserId) -> Result<Vec<ApiToken>, Fault> {
    in_customer(tx, HOUSE, user).await
}

/// One token of the hoster's own.
pub(crate) async fn find_hoster(tx: &mut Tx, id: TokenId) -> Result<Option<ApiToken>, Fault> {
    let row = FIND_HOSTER.bind(HOUSE).bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn count(tx: &mut Tx, customer: CustomerId, user: UserId) -> Result<i64, Fault> {
    let row = COUNT.bind(customer).bind(user).one(tx).await?;
    row.int("tokens")
}

pub(crate) async fn authenticate(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<ApiToken>, Fault> {
    let row = AUTHENTICATE.bind(hash).bind(now).bind(HOUSE);
    let row = row.optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn used(
    tx: &mut Tx,
    id: TokenId,
    now: Timestamp,
    before: Timestamp,
) -> Result<(), Fault> {
    let query = USED.bind(now).bind(id).bind(before);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn revoke(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    id: TokenId,
) -> Result<(), Fault> {
    REVOKE
        .bind(customer)
        .bind(user)
        .bind(id)
        .execute_one(tx)
        .await
}

pub(crate) async fn revoke_all(tx: &mut Tx, user: UserId) -> Result<u64, Fault> {
    REVOKE_ALL.bind(user).execute(tx).await
}

pub(crate) async fn revoke_in_customer(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
) -> Result<u64, Fault> {
    let query = REVOKE_IN_CUSTOMER.bind(customer).bind(user);
    query.execute(tx).await
}

/// Tokens stay in the list for a month after they ran out.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE
        .bind(now.plus_days(-30))
        .execute(tx)
        .await
        .map(|_rows| ())
}

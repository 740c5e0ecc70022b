//! The invitations' rows.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Permission, Refusal, Role, Scope};
use wabe_kernel::id::{CustomerId, InvitationId, UserId};
use wabe_kernel::{Fault, MailAddress, Timestamp};
use wabe_store::{Row, Tx, statements};

/// For how many days an invitation is open. It can be renewed.
pub const INVITATION_DAYS: i64 = 14;

statements! {
    INSERT = "identity.invitation.insert" =>
        "INSERT INTO invitation (id, customer_id, email, role, token_hash, invited_by, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (customer_id, email) DO NOTHING";
    FIND = "identity.invitation.find" =>
        "SELECT id, customer_id, email, role, invited_by, created_at, expires_at FROM invitation \
         WHERE customer_id = $1 AND id = $2";
    FIND_HASH = "identity.invitation.find_hash" =>
        "SELECT id, customer_id, email, role, invited_by, created_at, expires_at FROM invitation \
         WHERE token_hash = $1 AND expires_at > $2";
    LIST = "identity.invitation.list" =>
        "SELECT id, customer_id, email, role, invited_by, created_at, expires_at FROM invitation \
         WHERE customer_id = $1 ORDER BY id";
    // Lapsed ones too: whoever lost the letter notices late.
    OF_ADDRESS = "identity.invitation.of_address" =>
        "SELECT id, customer_id FROM invitation WHERE email = $1 AND expires_at > $2 \
         ORDER BY expires_at DESC LIMIT 5";
    RENEW = "identity.invitation.renew" =>
        "UPDATE invitation SET token_hash = $1, expires_at = $2 WHERE customer_id = $3 AND id = $4";
    DELETE = "identity.invitation.delete" =>
        "DELETE FROM invitation WHERE customer_id = $1 AND id = $2";
    USE = "identity.invitation.use" =>
        "DELETE FROM invitation WHERE customer_id = $1 AND token_hash = $2 AND expires_at > $3";
}

/// An open invitation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// Into which customer.
    pub customer: CustomerId,
    /// To whom it was sent.
    pub email: MailAddress,
    /// What they will be.
    pub role: Role,
    /// Who invited them.
    pub invited_by: Option<UserId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when the link works.
    pub expires_at: Timestamp,
}

impl Invitation {
    pub(crate) fn snapshot(&self) -> Value {
        json!({ "email": self.email, "role": self.role, "expires_at": self.expires_at })
    }
}

fn from_row(row: &Row) -> Result<Invitation, Fault> {
    Ok(Invitation {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        email: row.parsed("email")?,
        role: row.parsed("role")?,
        invited_by: row.parsed_or_null("invited_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// Adds an invitation; false when this address was invited already.
pub(crate) async fn insert(tx: &mut Tx, new: &Invitation, hash: &str) -> Result<bool, Fault> {
    let query = INSERT.bind(new.id).bind(new.customer).bind(&new.email);
    let query = query.bind(new.role).bind(hash).bind(new.invited_by);
    let query = query.bind(new.created_at).bind(new.expires_at);
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: InvitationId,
) -> Result<Option<Invitation>, Fault> {
    let row = FIND.bind(customer).bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn find_by_hash(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Invitation>, Fault> {
    let row = FIND_HASH.bind(hash).bind(now).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// The open invitations of the scope's customer, the oldest first. Needs `member:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Invitation>, Refusal> {
    scope.needs(Permission::MemberRead)?;
    let rows = LIST.bind(scope.customer()).all(tx).await?;
    let found: Result<Vec<_>, Fault> = rows.iter().map(from_row).collect();
    Ok(found?)
}

/// The invitations of an address that ended after `since`, or not yet.
pub(crate) async fn of_address(
    tx: &mut Tx,
    email: &str,
    since: Timestamp,
) -> Result<Vec<(CustomerId, InvitationId)>, Fault> {
    let rows = OF_ADDRESS.bind(email).bind(since).all(tx).await?;
    let pair = |row: &Row| Ok((row.parsed("customer_id")?, row.parsed("id")?));
    rows.iter().map(pair).collect()
}

pub(crate) async fn renew(
    tx: &mut Tx,
    invitation: &Invitation,
    hash: &str,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    let query = RENEW.bind(hash).bind(expires_at);
    query
        .bind(invitation.customer)
        .bind(invitation.id)
        .execute_one(tx)
        .await
}

pub(crate) async fn delete(tx: &mut Tx, invitation: &Invitation) -> Result<(), Fault> {
    let query = DELETE.bind(invitation.customer).bind(invitation.id);
    query.execute_one(tx).await
}

/// Uses an invitation up; false when somebody was faster.
pub(crate) async fn use_up(
    tx: &mut Tx,
    customer: CustomerId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = USE.bind(customer).bind(hash).bind(now);
    Ok(query.execute(tx).await? == 1)
}

//! Who people are, for pages.

use crate::user::model::User;
use crate::user::store;
use wabe_access::{Permission, Refusal, Role, Scope, StaffRole, member};
use wabe_kernel::id::{MemberId, UserId};
use wabe_kernel::{MailAddress, PersonName, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    MEMBERS = "identity.user.members" =>
        "SELECT m.id, m.user_id, m.role, m.created_at, u.name, u.email, u.last_login_at, \
         u.disabled_at, CAST((SELECT count(*) FROM totp_factor t WHERE t.user_id = m.user_id \
         AND t.secret IS NOT NULL) + (SELECT count(*) FROM passkey p \
         WHERE p.user_id = m.user_id) AS BIGINT) AS factors \
         FROM member m JOIN wabe_user u ON u.id = m.user_id \
         WHERE m.customer_id = $1 ORDER BY m.id";
}

/// A member with what a members page shows.
#[derive(Debug, Clone)]
pub struct NamedMember {
    /// The place.
    pub id: MemberId,
    /// The person.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// What they are called.
    pub name: PersonName,
    /// Where they are reached.
    pub email: MailAddress,
    /// When they last logged in.
    pub last_login_at: Option<Timestamp>,
    /// Whether they cannot log in.
    pub disabled: bool,
    /// Whether they have a second factor.
    pub has_factor: bool,
    /// Since when they are a member.
    pub since: Timestamp,
}

/// The members of the scope's customer. Needs `member:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn members(tx: &mut Tx, scope: &Scope) -> Result<Vec<NamedMember>, Refusal> {
    scope.needs(Permission::MemberRead)?;
    tx.unscope().await?;
    let rows = MEMBERS.bind(scope.customer()).all(tx).await?;
    tx.rescope().await?;
    let mut found = Vec::new();
    for row in &rows {
        found.push(NamedMember {
            id: row.parsed("id")?,
            user: row.parsed("user_id")?,
            role: row.parsed("role")?,
            name: row.parsed("name")?,
            email: row.parsed("email")?,
            last_login_at: row.time_or_null("last_login_at")?,
            disabled: row.time_or_null("disabled_at")?.is_some(),
            has_factor: row.int("factors")? > 0,
            since: row.time("created_at")?,
        });
    }
    Ok(found)
}

/// Everybody who works here, with their roles. Needs `hoster:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn staff(tx: &mut Tx, scope: &Scope) -> Result<Vec<(User, Vec<StaffRole>)>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    let mut found: Vec<(User, Vec<StaffRole>)> = Vec::new();
    for (id, role) in member::staff(tx).await? {
        match found.last_mut().filter(|(user, _)| user.id == id) {
            Some((_, roles)) => roles.push(role),
            None => {
                if let Some(user) = store::find(tx, id).await? {
                    found.push((user, vec![role]));
                }
            }
        }
    }
    Ok(found)
}

//! Members as the API shows them.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Refusal, Role, Scope};
use wabe_identity::user::read;
use wabe_kernel::id::{MemberId, UserId};
use wabe_kernel::{MailAddress, PersonName, Timestamp};
use wabe_store::Tx;

/// A user's place in the customer.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Member {
    /// The place.
    id: MemberId,
    /// The person.
    user_id: UserId,
    /// What they may do.
    role: Role,
    /// What they are called.
    name: PersonName,
    /// Where they are reached.
    email: MailAddress,
    /// When they last logged in.
    last_login_at: Option<Timestamp>,
    /// Whether they cannot log in.
    disabled: bool,
    /// Since when they are a member.
    created_at: Timestamp,
}

/// The members of the scope's customer.
///
/// # Errors
/// `Forbidden`, or a fault.
pub(crate) async fn members(tx: &mut Tx, scope: &Scope) -> Result<Vec<Member>, Refusal> {
    let found = read::members(tx, scope).await?;
    let member = |member: read::NamedMember| Member {
        id: member.id,
        user_id: member.user,
        role: member.role,
        name: member.name,
        email: member.email,
        last_login_at: member.last_login_at,
        disabled: member.disabled,
        created_at: member.since,
    };
    Ok(found.into_iter().map(member).collect())
}

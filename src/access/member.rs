//! Who belongs to a customer, and who works for the hoster.

use crate::actor::{Actor, ActorKind, HOUSE};
use crate::refusal::Refusal;
use crate::role::{Permission, Role, StaffRole};
use crate::scope::Scope;
use std::collections::BTreeSet;
use wabe_kernel::id::{CustomerId, MemberId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    ROLE = "access.member.role" =>
        "SELECT role FROM member WHERE user_id = $1 AND customer_id = $2";
    LIST = "access.member.list" =>
        "SELECT id, user_id, role, created_at FROM member WHERE customer_id = $1 ORDER BY id";
    FIND = "access.member.find" =>
        "SELECT id, user_id, role, created_at FROM member WHERE customer_id = $1 AND id = $2";
    PLACE = "access.member.place" =>
        "SELECT id, user_id, role, created_at FROM member WHERE user_id = $1 AND customer_id = $2";
    OF_USER = "access.member.of_user" =>
        "SELECT customer_id, role FROM member WHERE user_id = $1 ORDER BY customer_id";
    // People are not of one customer alone: asked outside of any.
    LOGIN = "access.member.login" =>
        "SELECT u.email FROM member m JOIN wabe_user u ON u.id = m.user_id \
         WHERE m.customer_id = $1 AND m.id = $2";
    NAME = "access.member.name" =>
        "SELECT u.name FROM member m JOIN wabe_user u ON u.id = m.user_id \
         WHERE m.user_id = $1 AND m.customer_id = $2";
    INSERT = "access.member.insert" =>
        "INSERT INTO member (id, customer_id, user_id, role, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (user_id, customer_id) DO NOTHING";
    SET_ROLE = "access.member.set_role" =>
        "UPDATE member SET role = $1 WHERE customer_id = $2 AND id = $3";
    DELETE = "access.member.delete" => "DELETE FROM member WHERE customer_id = $1 AND id = $2";
    OWNERS = "access.member.owners" =>
        "SELECT CAST(count(*) AS BIGINT) AS owners FROM member WHERE customer_id = $1 AND role = 'owner'";
    STAFF_ROLES = "access.member.staff_roles" => "SELECT role FROM staff WHERE user_id = $1";
    STAFF_SINCE = "access.member.staff_since" =>
        "SELECT user_id, role, created_at FROM staff ORDER BY user_id, role";
    AT_WORK = "access.member.at_work" =>
        "SELECT s.user_id, s.role FROM staff s WHERE NOT EXISTS (SELECT 1 FROM wabe_user u \
         WHERE u.id = s.user_id AND u.disabled_at IS NOT NULL) ORDER BY s.user_id, s.role";
    STAFF_DELETE = "access.member.staff_delete" =>
        "DELETE FROM staff WHERE user_id = $1 AND role = $2";
    STAFF_INSERT = "access.member.staff_insert" =>
        "INSERT INTO staff (user_id, role, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, role) DO NOTHING";
}

/// A user's place in a customer.
#[derive(Debug, Clone)]
pub struct Member {
    /// The place.
    pub id: MemberId,
    /// The person.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

fn from_row(row: &Row) -> Result<Member, Fault> {
    Ok(Member {
        id: row.parsed("id")?,
        user: row.parsed("user_id")?,
        role: row.parsed("role")?,
        created_at: row.time("created_at")?,
    })
}

/// A person's role in a customer.
///
/// # Errors
/// A fault of the database.
pub async fn role(tx: &mut Tx, user: UserId, customer: CustomerId) -> Result<Option<Role>, Fault> {
    let row = ROLE.bind(user).bind(customer).optional(tx).await?;
    row.map(|row| row.parsed("role")).transpose()
}

/// A person's staff roles; empty for people who do not work here.
///
/// # Errors
/// A fault of the database.
pub async fn staff_roles(tx: &mut Tx, user: UserId) -> Result<Vec<StaffRole>, Fault> {
    STAFF_ROLES
        .bind(user)
        .all(tx)
        .await?
        .iter()
        .map(|row| row.parsed("role"))
        .collect()
}

/// Everybody who works here, with each of their roles.
///
/// # Errors
/// A fault of the database.
pub async fn staff(tx: &mut Tx) -> Result<Vec<(UserId, StaffRole)>, Fault> {
    let held = staff_since(tx).await?.into_iter();
    Ok(held.map(|(user, role, _since)| (user, role)).collect())
}

/// Everybody who works here and whose login is not shut, with each of their roles.
///
/// # Errors
/// A fault of the database.
pub async fn at_work(tx: &mut Tx) -> Result<Vec<(UserId, StaffRole)>, Fault> {
    let rows = AT_WORK.query().all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.parsed("user_id")?, row.parsed("role")?)))
        .collect()
}

/// Everybody who works here, with each of their roles and since when they have it.
///
/// # Errors
/// A fault of the database.
pub async fn staff_since(tx: &mut Tx) -> Result<Vec<(UserId, StaffRole, Timestamp)>, Fault> {
    let rows = STAFF_SINCE.query().all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.parsed("user_id")?,
                row.parsed("role")?,
                row.time("created_at")?,
            ))
        })
        .collect()
}

/// Takes a staff role away; false when the person has it not.
///
/// # Errors
/// A fault of the database.
pub async fn delete_staff(tx: &mut Tx, user: UserId, role: StaffRole) -> Result<bool, Fault> {
    Ok(STAFF_DELETE.bind(user).bind(role).execute(tx).await? == 1)
}

/// What a program of the hoster's may do for a person with these roles: it never approves what people
/// reviewed, and touches nobody's own affairs.
#[must_use]
pub fn programs(roles: Vec<StaffRole>) -> BTreeSet<Permission> {
    let permitted = roles.into_iter().flat_map(StaffRole::permissions);
    let fit = |permission: &Permission| !permission.is_judgement() && !permission.is_own();
    permitted.filter(fit).collect()
}

/// What an actor may do in their customer, by the tables' state now.
///
/// # Errors
/// `NotFound` when the person is no member there.
pub async fn permissions(tx: &mut Tx, actor: &Actor) -> Result<BTreeSet<Permission>, Refusal> {
    let user = match (actor.kind, actor.user) {
        (ActorKind::System, _) => return Ok(Permission::ALL.iter().copied().collect()),
        (_, None) => return Err(Refusal::NotFound),
        (_, Some(user)) => user,
    };
    if actor.kind == ActorKind::Staff {
        let roles = staff_roles(tx, user).await?;
        return Ok(roles.into_iter().flat_map(StaffRole::permissions).collect());
    }
    if actor.customer == HOUSE {
        return Ok(match actor.kind {
            ActorKind::Token(_) => programs(staff_roles(tx, user).await?),
            _ => BTreeSet::from([Permission::SelfWrite]),
        });
    }
    let role = role(tx, user, actor.customer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let mut permitted = role.permissions();
    if actor.kind.installation().is_some() {
        permitted.retain(|permission| !permission.is_own());
    }
    Ok(permitted)
}

/// The members of a customer, longest first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Member>, Fault> {
    LIST.bind(customer)
        .all(tx)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// One member of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: MemberId,
) -> Result<Option<Member>, Fault> {
    FIND.bind(customer)
        .bind(id)
        .optional(tx)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// A person's place in a customer.
///
/// # Errors
/// A fault of the database.
pub async fn place(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
) -> Result<Option<Member>, Fault> {
    let row = PLACE.bind(user).bind(customer).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Whom a member is and what they log in with, for whoever sees members, and for themselves.
///
/// # Errors
/// A fault of the database.
pub async fn seen(
    tx: &mut Tx,
    scope: &Scope,
    id: MemberId,
) -> Result<Option<(UserId, String)>, Fault> {
    let Some(found) = find(tx, scope.customer(), id).await? else {
        return Ok(None);
    };
    if !scope.has(Permission::MemberRead) && scope.user() != Some(found.user) {
        return Ok(None);
    }
    let login = login_of(tx, scope.customer(), id).await?;
    Ok(login.map(|login| (found.user, login)))
}

/// What a member of a customer logs in with.
///
/// # Errors
/// A fault of the database.
pub async fn login_of(
    tx: &mut Tx,
    customer: CustomerId,
    id: MemberId,
) -> Result<Option<String>, Fault> {
    tx.unscope().await?;
    let row = LOGIN.bind(customer).bind(id).optional(tx).await;
    tx.rescope().await?;
    row?.map(|row| row.text("email")).transpose()
}

/// What a person is called who is a member of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn name_of(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
) -> Result<Option<String>, Fault> {
    tx.unscope().await?;
    let row = NAME.bind(user).bind(customer).optional(tx).await;
    tx.rescope().await?;
    row?.map(|row| row.text("name")).transpose()
}

/// The customers a person belongs to.
///
/// # Errors
/// A fault of the database.
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<(CustomerId, Role)>, Fault> {
    let rows = OF_USER.bind(user).all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.parsed("customer_id")?, row.parsed("role")?)))
        .collect()
}

/// Adds a member; false when the person is one already.
///
/// # Errors
/// A fault of the database.
pub async fn insert(tx: &mut Tx, customer: CustomerId, member: &Member) -> Result<bool, Fault> {
    let query = INSERT
        .bind(member.id)
        .bind(customer)
        .bind(member.user)
        .bind(member.role);
    Ok(query.bind(member.created_at).execute(tx).await? == 1)
}

/// Gives a member another role.
///
/// # Errors
/// A fault when there is no such member.
pub async fn set_role(
    tx: &mut Tx,
    customer: CustomerId,
    id: MemberId,
    role: Role,
) -> Result<(), Fault> {
    SET_ROLE
        .bind(role)
        .bind(customer)
        .bind(id)
        .execute_one(tx)
        .await
}

/// Ends a membership.
///
/// # Errors
/// A fault when there is no such member.
pub async fn delete(tx: &mut Tx, customer: CustomerId, id: MemberId) -> Result<(), Fault> {
    DELETE.bind(customer).bind(id).execute_one(tx).await
}

/// How many owners a customer has.
///
/// # Errors
/// A fault of the database.
pub async fn owners(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    OWNERS.bind(customer).one(tx).await?.int("owners")
}

/// Gives a person a staff role; nothing changes when they have it.
///
/// # Errors
/// A fault of the database.
pub async fn insert_staff(
    tx: &mut Tx,
    user: UserId,
    role: StaffRole,
    now: Timestamp,
) -> Result<(), Fault> {
    STAFF_INSERT
        .bind(user)
        .bind(role)
        .bind(now)
        .execute(tx)
        .await
        .map(|_rows| ())
}

//! The rows of saved views.

use crate::ticket::{Category, Lane, Priority, Status};
use serde_json::{Value, json};
use wabe_access::{Object, Permission, Refusal, Scope, words};
use wabe_kernel::id::{TicketViewId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// So many views of one employee.
pub(crate) const VIEWS_MAX: i64 = 12;

statements! {
    LIST = "support.view.list" =>
        "SELECT id, name, lane, status, owner, priority, category, due FROM ticket_view \
         WHERE user_id = $1 ORDER BY name";
    FIND = "support.view.find" =>
        "SELECT id, name, lane, status, owner, priority, category, due FROM ticket_view \
         WHERE user_id = $1 AND id = $2";
    COUNT = "support.view.count" =>
        "SELECT CAST(count(*) AS BIGINT) AS n FROM ticket_view WHERE user_id = $1";
    INSERT = "support.view.insert" =>
        "INSERT INTO ticket_view (id, user_id, name, lane, status, owner, priority, category, due, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (user_id, name) DO NOTHING";
    DELETE = "support.view.delete" => "DELETE FROM ticket_view WHERE user_id = $1 AND id = $2";
}

words! {
    /// By when the next target is to be met.
    Due {
        /// It has passed.
        Overdue = "overdue",
        /// Within a day.
        Today = "today",
    }
}

/// A way through the queue. What is not said is not asked for.
#[derive(Debug, Clone)]
pub struct TicketView {
    /// Which one.
    pub id: TicketViewId,
    /// What its employee calls it.
    pub name: String,
    /// In this lane.
    pub lane: Lane,
    /// In this state.
    pub status: Option<Status>,
    /// The employee's own.
    pub mine: bool,
    /// Of this employee.
    pub owner: Option<UserId>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// Of this category.
    pub category: Option<Category>,
    /// Whose next moment is near.
    pub due: Option<Due>,
}

impl TicketView {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "ticket_view",
            id: self.id.to_string(),
            name: self.name.clone(),
        }
    }

    pub(crate) fn snapshot(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "lane": self.lane, "status": self.status,
            "mine": self.mine, "owner": self.owner, "priority": self.priority,
            "category": self.category, "due": self.due,
        })
    }
}

/// A word, or nothing for the empty one.
fn word<T: std::str::FromStr>(row: &Row, column: &str) -> Result<Option<T>, Fault> {
    // A word that no longer exists narrows nothing.
    Ok(row.text(column)?.parse().ok())
}

fn from_row(row: &Row) -> Result<TicketView, Fault> {
    let owner = row.text("owner")?;
    Ok(TicketView {
        id: row.parsed("id")?,
        name: row.text("name")?,
        lane: word(row, "lane")?.unwrap_or(Lane::Working),
        status: word(row, "status")?,
        mine: owner == "me",
        owner: owner.parse().ok(),
        priority: word(row, "priority")?,
        category: word(row, "category")?,
        due: word(row, "due")?,
    })
}

/// One's own views, by name. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, user: UserId) -> Result<Vec<TicketView>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let rows = LIST.bind(user).all(tx).await?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

pub(crate) async fn find(
    tx: &mut Tx,
    user: UserId,
    id: TicketViewId,
) -> Result<TicketView, Refusal> {
    let row = FIND.bind(user).bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

pub(crate) async fn count(tx: &mut Tx, user: UserId) -> Result<i64, Fault> {
    COUNT.bind(user).one(tx).await?.int("n")
}

/// Adds one; false when the employee has one of this name.
pub(crate) async fn insert(
    tx: &mut Tx,
    user: UserId,
    view: &TicketView,
    now: Timestamp,
) -> Result<bool, Fault> {
    let owner = match view.owner {
        _ if view.mine => "me".to_owned(),
        Some(owner) => owner.to_string(),
        None => String::new(),
    };
    let query = INSERT.bind(view.id).bind(user).bind(&view.name);
    let query = query.bind(view.lane.word());
    let query = query.bind(view.status.map_or("", Status::word)).bind(owner);
    let query = query.bind(view.priority.map_or("", Priority::word));
    let query = query.bind(view.category.map_or("", Category::word));
    let query = query.bind(view.due.map_or("", Due::word)).bind(now);
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn delete(tx: &mut Tx, user: UserId, id: TicketViewId) -> Result<(), Fault> {
    DELETE.bind(user).bind(id).execute_one(tx).await
}

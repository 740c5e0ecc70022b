//! `database.set_connections`

use crate::database::{model::Database, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Permission, Refusal, plan};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Problem, fields};

/// What a database gets when nobody says otherwise.
pub(crate) const DEFAULT: i64 = 20;
/// The most that a plan allows to one database.
const MOST: i64 = 500;

/// What a plan leaves to one database: for it alone, and beside the customer's others.
struct Room {
    each: i64,
    left: i64,
}

async fn room(door: &mut Door<'_>, but: Option<DatabaseId>) -> Result<Room, Refusal> {
    let customer = door.customer();
    let plan = plan::connections(door.tx(), customer).await?;
    let used = store::connections_used(door.tx(), customer, but).await?;
    Ok(Room {
        each: plan.each,
        left: plan.sum.saturating_sub(used),
    })
}

/// The connections of a new database on a server: those asked for, or what there is, up to a few.
pub(crate) async fn granted(door: &mut Door<'_>, asked: Option<i64>) -> Result<i64, Refusal> {
    let room = room(door, None).await?;
    let wanted = asked.unwrap_or(DEFAULT.min(room.each).min(room.left.max(1)));
    checked(wanted, &room)
}

/// Refuses a number that no plan allows, before anything is looked up.
pub(crate) fn possible(asked: i64) -> Result<(), Refusal> {
    if (1..=MOST).contains(&asked) {
        return Ok(());
    }
    let problem = Problem::new("out-of-range").with("min", 1);
    Err(Refusal::field("connections", problem.with("max", MOST)))
}

fn checked(wanted: i64, room: &Room) -> Result<i64, Refusal> {
    if !(1..=room.each).contains(&wanted) {
        let problem = Problem::new("out-of-range").with("min", 1);
        return Err(Refusal::field(
            "connections",
            problem.with("max", room.each),
        ));
    }
    if wanted > room.left {
        return Err(Refusal::Conflict("connections-used-up"));
    }
    Ok(wanted)
}

fields! {
    /// Lets programs hold more connections to a database on a server at once, or fewer.
    pub struct SetDatabaseConnections {
        /// Which one.
        pub id: DatabaseId,
        /// The most at once; what one database and all together may have is the plan's.
        pub connections: i64,
    }
}

impl Command for SetDatabaseConnections {
    const NAME: &'static str = "database.set_connections";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    type Output = Database;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        possible(self.connections)?;
        let customer = door.customer();
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        if !before.engine.is_server() {
            return Err(Refusal::Conflict("engine-without-connections"));
        }
        let room = room(door, Some(self.id)).await?;
        let connections = checked(self.connections, &room)?;
        store::set_connections(door.tx(), customer, self.id, connections).await?;
        let after = Database {
            connections: Some(connections),
            standing: door.wish(&self.id.to_string()).await?,
            ..before.clone()
        };
        let said = |it: &Database| json!({ "id": it.id, "connections": it.connections });
        door.record(after.object(), said(&before), said(&after));
        Ok(after)
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let input = json!({ "id": before.get("id")?, "connections": before.get("connections")? });
        Some(Inverse::new(Self::NAME, input))
    }
}

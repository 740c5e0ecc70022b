//! `ticket_view.save`, `ticket_view.delete`: an employee's own affair.

use crate::ticket::{Category, Lane, Priority, Status};
use crate::view::store::{self, Due, TicketView, VIEWS_MAX};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::{ActorKind, Command, Door, Inverse, Permission, Refusal, Scope};
use wabe_kernel::id::{TicketViewId, UserId};
use wabe_kernel::{Line, Problem, fields};

fields! {
    /// Keeps a way through the queue of tickets under a name, for oneself.
    pub struct SaveTicketView {
        /// What it is called.
        pub name: Line,
        /// In which lane; the one in which it is the hoster's turn when left out.
        pub lane: Option<Lane>,
        /// In this state.
        pub status: Option<Status>,
        /// One's own.
        pub mine: bool,
        /// Of this employee.
        pub owner: Option<UserId>,
        /// Of this priority.
        pub priority: Option<Priority>,
        /// Of this category.
        pub category: Option<Category>,
        /// Whose next target is near.
        pub due: Option<Due>,
    }
}

fields! {
    /// Forgets a way through the queue.
    pub struct DeleteTicketView {
        /// Which one.
        pub id: TicketViewId,
    }
}

/// A view that was kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TicketViewSaved {
    /// Which one.
    pub view: TicketViewId,
}

/// The employee whose affair it is; only who reads the queue has one.
async fn reader(door: &mut Door<'_>) -> Result<UserId, Refusal> {
    let actor = door.actor().clone();
    if actor.kind != ActorKind::Staff {
        return Err(Refusal::Forbidden);
    }
    let user = actor.user.ok_or(Refusal::Forbidden)?;
    let scope = Scope::of(door.tx(), &actor).await?;
    scope.needs(Permission::TicketDesk)?;
    door.tx().unscope().await?;
    Ok(user)
}

impl Command for SaveTicketView {
    const NAME: &'static str = "ticket_view.save";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = TicketViewSaved;

    async fn apply(&self, door: &mut Door<'_>) -> Result<TicketViewSaved, Refusal> {
        let user = reader(door).await?;
        let (now, rng) = (door.now(), door.tools().rng.clone());
        if store::count(door.tx(), user).await? >= VIEWS_MAX {
            return Err(Refusal::field(
                "name",
                Problem::new("too-many").with("max", VIEWS_MAX),
            ));
        }
        let view = TicketView {
            id: TicketViewId::new(now, rng.as_ref()),
            name: self.name.to_string(),
            lane: self.lane.unwrap_or(Lane::Working),
            status: self.status,
            mine: self.mine,
            owner: self.owner,
            priority: self.priority,
            category: self.category,
            due: self.due,
        };
        if !store::insert(door.tx(), user, &view, now).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        door.tx().rescope().await?;
        door.record(view.object(), Value::Null, view.snapshot());
        Ok(TicketViewSaved { view: view.id })
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        let id = after.get("id")?;
        let input = serde_json::json!({ "id": id });
        Some(Inverse::new(DeleteTicketView::NAME, input))
    }
}

impl Command for DeleteTicketView {
    const NAME: &'static str = "ticket_view.delete";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = reader(door).await?;
        let view = store::find(door.tx(), user, self.id).await?;
        store::delete(door.tx(), user, self.id).await?;
        door.tx().rescope().await?;
        door.record(view.object(), view.snapshot(), Value::Null);
        Ok(())
    }
}

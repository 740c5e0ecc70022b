//! `webspace.delete` and `webspace.restore`

use crate::cron_job;
use crate::lifecycle;
use crate::webspace::{model::Webspace, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Problem, ResourceKind, fields};

fields! {
    /// Puts a webspace into the trash for 14 days; its own host names become free at once.
    pub struct DeleteWebspace {
        /// Which one.
        pub id: WebspaceId,
    }
}

impl Command for DeleteWebspace {
    const NAME: &'static str = "webspace.delete";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let house = door.tools().house.clone();
        let id = self.id.to_string();
        let found = store::find(door.tx(), customer, self.id, &house).await?;
        found.standing.present()?;
        lifecycle::delete(door, ResourceKind::Webspace, &id, found.snapshot()).await?;
        store::remove_hosts(door.tx(), customer, self.id).await?;
        store::set_active(door.tx(), customer, self.id, false).await?;
        door.give(Limit::Webspaces, 1).await?;
        let jobs = cron_job::count(door.tx(), customer, self.id).await?;
        if jobs > 0 {
            door.give(Limit::CronJobs, jobs).await?;
        }
        door.give(Limit::StorageBytes, found.quota_bytes).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "webspace.restore",
            json!({ "id": before.get("id")? }),
        ))
    }
}

fields! {
    /// Takes a webspace out of the trash, with its files; host names are connected anew.
    pub struct RestoreWebspace {
        /// Which one.
        pub id: WebspaceId,
    }
}

impl Command for RestoreWebspace {
    const NAME: &'static str = "webspace.restore";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Webspaces, 1)];
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let customer = door.customer();
        let house = door.tools().house.clone();
        let found = store::find(door.tx(), customer, self.id, &house).await?;
        if store::is_taken(door.tx(), customer, &found.name).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        door.take(Limit::StorageBytes, found.quota_bytes).await?;
        let jobs = cron_job::count(door.tx(), customer, self.id).await?;
        if jobs > 0 {
            door.take(Limit::CronJobs, jobs).await?;
        }
        let (id, kind) = (self.id.to_string(), ResourceKind::Webspace);
        lifecycle::restore(door, kind, &id, found.snapshot()).await?;
        store::set_active(door.tx(), customer, self.id, true).await?;
        store::find(door.tx(), customer, self.id, &house).await
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "webspace.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}

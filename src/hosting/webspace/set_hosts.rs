//! `webspace.add_host` and `webspace.remove_host`

use crate::domain::covering;
use crate::webspace::{model::Webspace, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Permission, Refusal};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, Problem, fields};

fields! {
    /// Leads a host name to a webspace.
    pub struct AddHost {
        /// Which webspace.
        pub id: WebspaceId,
        /// The host name, on a proved domain.
        pub host: DomainName,
    }
}

impl Command for AddHost {
    const NAME: &'static str = "webspace.add_host";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        let before = store::find(door.tx(), customer, self.id, &house).await?;
        before.standing.present()?;
        if before.hosts.len() >= 50 {
            return Err(Refusal::field(
                "host",
                Problem::new("too-many").with("max", 50),
            ));
        }
        covering(door, &self.host, "host").await?;
        if !store::add_host(door.tx(), customer, self.id, &self.host, now).await? {
            return Err(Refusal::field("host", Problem::new("host-taken")));
        }
        door.wish(&self.id.to_string()).await?;
        let after = store::find(door.tx(), customer, self.id, &house).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }

    fn inverse(before: &Value, after: &Value) -> Option<Inverse> {
        let had = before.get("hosts")?.as_array()?;
        let added = after
            .get("hosts")?
            .as_array()?
            .iter()
            .find(|host| !had.contains(host))?;
        Some(Inverse::new(
            "webspace.remove_host",
            json!({ "id": after.get("id")?, "host": added }),
        ))
    }
}

fields! {
    /// Stops leading a host name to a webspace.
    pub struct RemoveHost {
        /// Which webspace.
        pub id: WebspaceId,
        /// The host name.
        pub host: DomainName,
    }
}

impl Command for RemoveHost {
    const NAME: &'static str = "webspace.remove_host";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let customer = door.customer();
        let house = door.tools().house.clone();
        let before = store::find(door.tx(), customer, self.id, &house).await?;
        before.standing.present()?;
        if !store::remove_host(door.tx(), customer, self.id, &self.host).await? {
            return Err(Refusal::NotFound);
        }
        door.wish(&self.id.to_string()).await?;
        let after = store::find(door.tx(), customer, self.id, &house).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }

    fn inverse(before: &Value, after: &Value) -> Option<Inverse> {
        let has = after.get("hosts")?.as_array()?;
        let removed = before
            .get("hosts")?
            .as_array()?
            .iter()
            .find(|host| !has.contains(host))?;
        Some(Inverse::new(
            "webspace.add_host",
            json!({ "id": after.get("id")?, "host": removed }),
        ))
    }
}

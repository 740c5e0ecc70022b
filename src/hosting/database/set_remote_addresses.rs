//! `database.set_remote_addresses`

use crate::database::{model::Database, server, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Permission, Refusal, plan};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{AddressRange, Engine, Problem, RemoteAddresses, RemoteWay, fields};

fields! {
    /// Says where programs elsewhere may come to a database on a server from; over TLS alone, and from nowhere else.
    pub struct SetDatabaseRemoteAddresses {
        /// Which one.
        pub id: DatabaseId,
        /// Addresses as `203.0.113.7`, networks as `203.0.113.0/24`, up to twenty; nobody elsewhere when empty.
        pub remote_addresses: RemoteAddresses,
    }
}

/// Refuses where nobody elsewhere may be let in.
async fn may_add(door: &mut Door<'_>, engine: Engine) -> Result<(), Refusal> {
    let customer = door.customer();
    if !plan::database_remote(door.tx(), customer).await? {
        return Err(Refusal::Conflict("plan-without-remote"));
    }
    match server::remote_way(door.tx(), engine).await? {
        RemoteWay::Off => Err(Refusal::Conflict("remote-off")),
        RemoteWay::Foreign => Err(Refusal::Conflict("remote-foreign")),
        RemoteWay::On { .. } => Ok(()),
    }
}

/// MariaDB knows networks of IPv4 alone.
fn known_to(engine: Engine, wanted: &RemoteAddresses) -> Result<(), Refusal> {
    let unknown = |range: &&AddressRange| range.first().is_ipv6() && !range.is_single();
    let numbered = (1..).zip(wanted.iter());
    let mut unknown = numbered.filter(|(_, range)| unknown(range));
    match unknown.next() {
        Some((number, range)) if engine == Engine::Mariadb => {
            let problem = Problem::new("no-networks-of-ipv6").in_line(number, &range.to_string());
            Err(Refusal::field("remote_addresses", problem))
        }
        _ => Ok(()),
    }
}

impl Command for SetDatabaseRemoteAddresses {
    const NAME: &'static str = "database.set_remote_addresses";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    type Output = Database;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        let customer = door.customer();
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        if !before.engine.is_server() {
            return Err(Refusal::Conflict("engine-without-remote"));
        }
        let wanted = &self.remote_addresses;
        // What is taken away is taken away, whatever may be added.
        if before.remote_addresses.lacks_any_of(wanted) {
            may_add(door, before.engine).await?;
            known_to(before.engine, wanted)?;
        }
        store::set_remote_addresses(door.tx(), customer, self.id, wanted).await?;
        let after = Database {
            remote_addresses: wanted.clone(),
            standing: door.wish(&self.id.to_string()).await?,
            ..before.clone()
        };
        let said = |it: &Database| json!({ "id": it.id, "remote_addresses": it.remote_addresses });
        door.record(after.object(), said(&before), said(&after));
        Ok(after)
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let (id, addresses) = (before.get("id")?, before.get("remote_addresses")?);
        let input = json!({ "id": id, "remote_addresses": addresses });
        Some(Inverse::new(Self::NAME, input))
    }
}

//! Who may say where programs elsewhere come to a database from.

use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Refusal, plan, resource};
use wabe_hosting::database::server::{self, Server};
use wabe_hosting::desired;
use wabe_kernel::desired::{Act, Desired, Wish};
use wabe_kernel::{Clock as _, Engine, RemoteAddresses, RemoteWay};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    hoster_and_plan_have_to_let_programs_elsewhere_in,
    a_list_is_taken_back_as_it_was,
    what_a_plan_does_not_allow_any_more_reaches_no_node,
    another_plan_reaches_the_node_at_once,
);

const NAME: &str = "database.set_remote_addresses";

fn on() -> RemoteWay {
    RemoteWay::On {
        host: "db.wabe.test".to_owned(),
        authority: Some("PEM".to_owned()),
    }
}

/// The node has a server of this engine, to which programs elsewhere come so.
async fn offered(house: &House, engine: Engine, remote: RemoteWay) {
    let seen = Server {
        engine,
        host: "127.0.0.1".to_owned(),
        port: 5432,
        version: "15".to_owned(),
        answers: true,
        remote,
    };
    let mut tx = house.write().await;
    let now = house.clock.now();
    server::note(&mut tx, &seen, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn made(house: &House, tenant: &Tenant, engine: &str) -> String {
    let asked = json!({ "name": format!("shop_{engine}"), "engine": engine });
    let done = house
        .run_json(&tenant.owner, "database.create", asked)
        .await;
    done.unwrap().object
}

/// What the command says to a list.
async fn set(
    house: &House,
    tenant: &Tenant,
    (id, addresses): (&str, Value),
) -> Result<(), &'static str> {
    let input = json!({ "id": id, "remote_addresses": addresses });
    match house.run_json(&tenant.owner, NAME, input).await {
        Ok(_) => Ok(()),
        Err(Refusal::Conflict(code)) => Err(code),
        Err(Refusal::Invalid(errors)) => Err(errors.0["remote_addresses"].code),
        Err(other) => panic!("{other:?}"),
    }
}

/// Says whether the plan of all tenants lets programs elsewhere in.
async fn allow(house: &House, allowed: bool) {
    let mut tx = house.write().await;
    let plenty = plan::find(&mut tx, "Plenty").await.unwrap().unwrap();
    plan::set_database_remote(&mut tx, plenty.id, allowed)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn hoster_and_plan_have_to_let_programs_elsewhere_in(house: House) {
    let tenant = house.tenant("Sonne").await;
    offered(&house, Engine::Postgresql, RemoteWay::Off).await;
    let id = made(&house, &tenant, "postgresql").await;
    let one = || json!(["203.0.113.7"]);
    assert_eq!(set(&house, &tenant, (&id, one())).await, Err("remote-off"));
    offered(&house, Engine::Postgresql, RemoteWay::Foreign).await;
    let refused = set(&house, &tenant, (&id, one())).await;
    assert_eq!(refused, Err("remote-foreign"));
    offered(&house, Engine::Postgresql, on()).await;
    allow(&house, false).await;
    let refused = set(&house, &tenant, (&id, one())).await;
    assert_eq!(refused, Err("plan-without-remote"));
    allow(&house, true).await;
    let two = json!(["203.0.113.7", "2001:db8::/64"]);
    assert_eq!(set(&house, &tenant, (&id, two)).await, Ok(()));
    // Less is possible whatever happened since.
    offered(&house, Engine::Postgresql, RemoteWay::Off).await;
    allow(&house, false).await;
    assert_eq!(set(&house, &tenant, (&id, one())).await, Ok(()));
    assert_eq!(set(&house, &tenant, (&id, json!([]))).await, Ok(()));
    assert!(set(&house, &tenant, (&id, one())).await.is_err());
    offered(&house, Engine::Mariadb, on()).await;
    allow(&house, true).await;
    let id = made(&house, &tenant, "mariadb").await;
    let network = json!(["203.0.113.0/24", "2001:db8::/64"]);
    let refused = set(&house, &tenant, (&id, network)).await;
    assert_eq!(refused, Err("no-networks-of-ipv6"));
    let single = json!(["203.0.113.0/24", "2001:db8::7"]);
    assert_eq!(set(&house, &tenant, (&id, single)).await, Ok(()));
    let file = made(&house, &tenant, "sqlite").await;
    let refused = set(&house, &tenant, (&file, one())).await;
    assert_eq!(refused, Err("engine-without-remote"));
    // Somebody else's is not there.
    let other = house.tenant("Mond").await;
    let input = json!({ "id": id, "remote_addresses": [] });
    let refused = house.run_json(&other.owner, NAME, input).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

/// What the node is told of a database's addresses.
async fn wished(house: &House, tenant: &Tenant, id: &str) -> RemoteAddresses {
    let mut tx = house.write().await;
    let resource = resource::load(&mut tx, tenant.id, id).await.unwrap();
    let world = &house.gate.tools().house;
    let wanted = desired::load(&mut tx, &resource, world, house.clock.now()).await;
    tx.rollback().await.unwrap();
    match wanted.unwrap().desired {
        Desired::Database(_, Wish::Present(database)) => database.login.unwrap().remote,
        other => panic!("{other:?}"),
    }
}

async fn a_list_is_taken_back_as_it_was(house: House) {
    let tenant = house.tenant("Sonne").await;
    offered(&house, Engine::Postgresql, on()).await;
    let id = made(&house, &tenant, "postgresql").await;
    let first = json!({ "id": id, "remote_addresses": ["203.0.113.7"] });
    house.run_json(&tenant.owner, NAME, first).await.unwrap();
    let second = json!({ "id": id, "remote_addresses": ["198.51.100.0/24"] });
    let done = house.run_json(&tenant.owner, NAME, second).await.unwrap();
    assert_eq!(
        wished(&house, &tenant, &id).await.to_string(),
        "198.51.100.0/24"
    );
    let undone = house.gate.undo(&tenant.owner, done.change, Mode::Commit);
    undone.await.unwrap();
    assert_eq!(
        wished(&house, &tenant, &id).await.to_string(),
        "203.0.113.7"
    );
}

async fn what_a_plan_does_not_allow_any_more_reaches_no_node(house: House) {
    let tenant = house.tenant("Sonne").await;
    offered(&house, Engine::Postgresql, on()).await;
    let id = made(&house, &tenant, "postgresql").await;
    assert_eq!(
        set(&house, &tenant, (&id, json!(["203.0.113.7"]))).await,
        Ok(())
    );
    allow(&house, false).await;
    assert!(wished(&house, &tenant, &id).await.is_empty());
    allow(&house, true).await;
    assert_eq!(wished(&house, &tenant, &id).await.iter().len(), 1);
}

async fn another_plan_reaches_the_node_at_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    offered(&house, Engine::Postgresql, on()).await;
    let id = made(&house, &tenant, "postgresql").await;
    let one = json!(["203.0.113.7"]);
    assert_eq!(set(&house, &tenant, (&id, one)).await, Ok(()));
    house.settle().await;
    let admitted = || match house.node.steps().pop().unwrap().act {
        Act::ConfigureDatabase(Wish::Present(database)) => {
            database.login.unwrap().remote.iter().len()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(admitted(), 1);
    let operator = Actor::system(HOUSE);
    let plan = json!({
        "name": "Local", "storage_bytes": 50_000_000_000_i64, "webspaces": 5, "domains": 5,
        "mailboxes": 5, "aliases": 5, "databases": 5, "members": 5, "without_database_remote": true,
    });
    let plan = house.run_json(&operator, "plan.create", plan).await;
    plan.unwrap();
    let booked = json!({ "customer": tenant.number, "plan": "Local" });
    let booked = house.run_json(&operator, "customer.set_plan", booked).await;
    booked.unwrap();
    // No time has passed, in which everything is compared anyway.
    house.reconciler.scan().await.unwrap();
    assert_eq!(admitted(), 0);
}

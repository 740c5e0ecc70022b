//! Names of databases on a server, which all customers share.

use crate::on_both_engines;
use serde_json::json;
use std::collections::BTreeSet;
use wabe_access::Actor;
use wabe_hosting::database::server::{self, Server};
use wabe_kernel::{Clock as _, Engine};
use wabe_testkit::{House, Tenant};

on_both_engines!(whoever_wants_a_name_at_the_same_moment_gets_one);

/// The engine that the house's databases are on.
async fn offered(house: &House) {
    let seen = Server {
        engine: Engine::Postgresql,
        host: "127.0.0.1".to_owned(),
        port: 5432,
        version: "15".to_owned(),
        answers: true,
        remote: wabe_kernel::RemoteWay::Off,
    };
    let mut tx = house.write().await;
    let now = house.clock.now();
    server::note(&mut tx, &seen, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Makes a database called `shop`; answers what it is called on the server.
async fn made(house: &House, tenant: &Tenant) -> String {
    let owner = Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now());
    let asked = json!({ "name": "shop", "engine": "postgresql" });
    let done = house.run_json(&owner, "database.create", asked).await;
    let done = done.unwrap_or_else(|refusal| panic!("{refusal:?}"));
    done.output["database"].as_str().unwrap().to_owned()
}

async fn whoever_wants_a_name_at_the_same_moment_gets_one(house: House) {
    offered(&house).await;
    let mut tenants = Vec::new();
    for number in 0..8 {
        tenants.push(house.tenant(&format!("Kunde {number}")).await);
    }
    let asked = tenants.iter().map(|tenant| made(&house, tenant));
    let names = futures_util::future::join_all(asked).await;
    let different: BTreeSet<&String> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
    assert!(names.iter().all(|name| name.contains("shop")), "{names:?}");
}

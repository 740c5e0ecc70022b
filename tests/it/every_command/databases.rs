//! The commands of databases, in files and on a server that the node offers.

use crate::every_command::Script;
use serde_json::json;
use wabe_hosting::database::server::{self, Server};
use wabe_kernel::{Engine, RemoteWay};

impl Script {
    pub(super) async fn databases(&mut self) {
        let id = self.own("database.create", json!({ "name": "shop" })).await;
        let quota = json!({ "id": id, "quota_bytes": 2_000_000_000_i64 });
        self.own("database.set_quota", quota).await;
        self.lifecycle("database", &id, true).await;
        let seen = Server {
            engine: Engine::Postgresql,
            host: "127.0.0.1".to_owned(),
            port: 5432,
            version: "15".to_owned(),
            answers: true,
            remote: RemoteWay::On {
                host: "db.wabe.test".to_owned(),
                authority: None,
            },
        };
        let now = wabe_kernel::Clock::now(self.house.clock.as_ref());
        let mut tx = self.house.write().await;
        server::note(&mut tx, &seen, now).await.unwrap();
        tx.commit().await.unwrap();
        let served = json!({ "name": "shop_orders", "engine": "postgresql" });
        let id = self.own("database.create", served).await;
        let fewer = json!({ "id": id, "connections": 5 });
        self.own("database.set_connections", fewer).await;
        let elsewhere = json!({ "id": id, "remote_addresses": ["203.0.113.7", "2001:db8::/64"] });
        self.own("database.set_remote_addresses", elsewhere).await;
        let nowhere = json!({ "id": id, "remote_addresses": [] });
        self.own("database.set_remote_addresses", nowhere).await;
        self.own("database.set_password", json!({ "id": id })).await;
        self.lifecycle("database", &id, true).await;
    }
}

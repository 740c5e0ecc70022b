//! The commands of a certificate of one's own.

use crate::certificates::made_now;
use crate::every_command::Script;
use serde_json::json;

impl Script {
    pub(super) async fn certificates(&mut self) {
        let import = json!({ "customer": self.tenant.id, "name": "papers.example.com" });
        self.hoster("domain.import", import).await;
        let id = self
            .own("webspace.create", json!({ "name": "papers" }))
            .await;
        let host = json!({ "id": id, "host": "papers.example.com" });
        self.own("webspace.add_host", host).await;
        let made = made_now(&self.house, &["papers.example.com"]);
        let own = json!({ "id": id, "certificate": made.leaf, "private_key": made.key });
        self.own("webspace.upload_certificate", own).await;
        self.own("webspace.remove_certificate", json!({ "id": id }))
            .await;
        self.house.settle().await;
    }
}

//! Commands on webspaces.

use crate::every_command::{KEY, PASSWORD, Script};
use serde_json::json;
use wabe_kernel::{Edited, EditedSetting, Hsts, Reading};

impl Script {
    pub(super) async fn webspaces(&mut self) {
        let id = self.own("webspace.create", json!({ "name": "shop" })).await;
        for (verb, field, value) in [
            ("add_host", "host", json!("www.sonne.test")),
            ("remove_host", "host", json!("www.sonne.test")),
            ("set_document_root", "document_root", json!("public")),
            ("set_https_redirect", "https_redirect", json!(false)),
            ("set_quota", "quota_bytes", json!(2_000_000_000_i64)),
            ("set_full_addresses", "full_addresses", json!(true)),
            ("set_php", "php", json!("8.2")),
            (
                "set_php_settings",
                "php_settings",
                json!({ "memory_limit": "200M" }),
            ),
            (
                "set_redirects",
                "redirects",
                json!(["301 /old https://www.example.org/"]),
            ),
            (
                "set_error_pages",
                "error_pages",
                json!(["404 missing.html"]),
            ),
            ("set_hsts", "hsts", json!("month")),
            ("set_upload_size", "upload_bytes", json!(100_000_000_i64)),
            ("set_server", "server", json!("apache")),
            ("set_proxy", "proxy", json!("https://app.example.org")),
        ] {
            let input = json!({ "id": id, field: value });
            self.own(&format!("webspace.{verb}"), input).await;
        }
        let mut key = json!({ "id": id, "folder": "intern", "user": "anna", "password": PASSWORD });
        self.own("webspace.protect_folder", key.clone()).await;
        key.as_object_mut().unwrap().remove("password");
        self.own("webspace.unprotect_folder", key).await;
        self.own("webspace.set_upload_password", json!({ "id": id }))
            .await;
        let key = json!({ "webspace_id": id, "name": "laptop", "public_key": KEY });
        let key = self.own("access_key.create", key).await;
        self.own("access_key.delete", json!({ "webspace_id": id, "id": key }))
            .await;
        let job = json!({
            "webspace_id": id, "name": "Newsletter", "schedule": "15 3 * * *", "command": "php send.php",
        });
        let job = self.own("cron_job.create", job).await;
        for (verb, field, value) in [
            ("set_schedule", "schedule", json!("*/30 * * * *")),
            ("set_command", "command", json!("php send.php --all")),
            ("set_enabled", "enabled", json!(false)),
        ] {
            let input = json!({ "id": job, field: value });
            self.own(&format!("cron_job.{verb}"), input).await;
        }
        self.own("cron_job.run", json!({ "id": job })).await;
        self.own("cron_job.delete", json!({ "id": job })).await;
        self.edited_files(&id).await;
        self.lifecycle("webspace", &id, true).await;
    }

    /// What the hoster answers about a file that somebody edited by hand.
    async fn edited_files(&mut self, id: &str) {
        self.house.settle().await;
        for (verb, digit) in [("leave", "1"), ("restore", "2"), ("take_over", "3")] {
            let mark = digit.repeat(32);
            let edited = Edited {
                mark: mark.parse().unwrap(),
                difference: "+a\n".to_owned(),
                aside: None,
                reading: Reading::Settings(vec![EditedSetting::Hsts(Hsts::Years)]),
            };
            self.house.node.edit(id.parse().unwrap(), edited);
            self.house.reconciler.look(id).await.unwrap();
            let answer = json!({ "id": id, "mark": mark });
            self.hoster(&format!("edited_file.{verb}"), answer).await;
            self.house.settle().await;
        }
    }
}

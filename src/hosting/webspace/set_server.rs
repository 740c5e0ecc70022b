//! `webspace.set_server`

use crate::webspace::model::Webspace;
use crate::webspace::rule_store;
use crate::webspace::set_site::{after, back, before};
use serde_json::Value;
use wabe_access::command::House;
use wabe_access::{Command, Door, Inverse, Permission, Refusal};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Problem, SiteServer, fields};

fields! {
    /// Says what answers for a site: nginx by itself, or Apache behind it, which reads `.htaccess`.
    pub struct SetServer {
        /// Which webspace.
        pub id: WebspaceId,
        /// `nginx` or `apache`.
        pub server: SiteServer,
    }
}

impl Command for SetServer {
    const NAME: &'static str = "webspace.set_server";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    fn possible(house: &House) -> bool {
        house.apache
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        // To be without is always possible.
        if self.server == SiteServer::Apache && !door.tools().house.apache {
            return Err(Refusal::field("server", Problem::new("apache-not-offered")));
        }
        rule_store::set_server(door.tx(), (customer, self.id), self.server).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "server", before)
    }
}

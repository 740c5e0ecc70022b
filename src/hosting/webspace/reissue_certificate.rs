//! `webspace.reissue_certificate`

use crate::certificate::hurry;
use crate::webspace::certificate;
use crate::webspace::{model::Webspace, store};
use serde_json::json;
use wabe_access::{Command, Door, InTickets, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::WebspaceId;

fields! {
    /// Orders another certificate for a webspace. The present one serves until it is there.
    pub struct ReissueCertificate {
        /// Which webspace.
        pub id: WebspaceId,
    }
}

impl Command for ReissueCertificate {
    const NAME: &'static str = "webspace.reissue_certificate";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        let found = store::find(door.tx(), customer, self.id, &house).await?;
        found.standing.present()?;
        // Which one is not wanted any more, so that asking twice orders once.
        let held = certificate::serial(door.tx(), customer, self.id).await?;
        let held = held.ok_or(Refusal::Conflict("no-certificate"))?;
        let said = certificate::set_unwanted(door.tx(), customer, self.id, &held).await?;
        // An order that failed can be asked for again.
        let again = hurry(door.tx(), customer, self.id, now).await?;
        if !said && !again {
            return Err(Refusal::Conflict("certificate-ordered"));
        }
        let standing = door.wish(&self.id.to_string()).await?;
        let said = |word: &str| json!({ "id": self.id, "certificate": word });
        door.record(found.object(), said("old"), said("new"));
        Ok(Webspace { standing, ..found })
    }
}

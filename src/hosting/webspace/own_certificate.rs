//! `webspace.upload_certificate` and `webspace.remove_certificate`: a certificate of one's own.

use crate::certificate::{self, Desk, Source, public_names};
use crate::webspace::{model::Webspace, store};
use serde_json::json;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::certificate::{CertificateText, Checked, KeyText};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, Problem, fields};

fields! {
    /// Serves the domains of a webspace with a certificate of one's own, from now until it ends. Its key is
    /// kept sealed and never shown again.
    pub struct UploadCertificate {
        /// Which webspace.
        pub id: WebspaceId,
        /// The certificate and those that lead from it to its authority, in PEM.
        pub certificate: CertificateText,
        /// Its key, in PEM, not encrypted.
        pub private_key: KeyText,
    }
    prepared {
        /// What was found fit to be served.
        checked: Option<Checked>,
    }
}

impl Command for UploadCertificate {
    const NAME: &'static str = "webspace.upload_certificate";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const PREPARES: bool = true;
    type Output = Webspace;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let now = with.tools.clock.now();
        let inspector = &Desk::of(with.tools)?.inspector;
        let checked = inspector.inspect(&self.certificate, &self.private_key, now)?;
        self.checked = Some(checked);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let tools = door.tools().clone();
        let desk = Desk::of(&tools)?;
        let found = store::find(door.tx(), customer, self.id, &tools.house).await?;
        found.standing.present()?;
        let names = public_names(&found.hosts);
        if names.is_empty() {
            return Err(Refusal::Conflict("no-public-names"));
        }
        let missing = Fault::new("a certificate that nobody looked at");
        let checked = self.checked.as_ref().ok_or(missing)?;
        if let Some(host) = desk.inspector.uncovered(&checked.bundle.chain, &names) {
            let problem = Problem::new("certificate-names").with("host", host);
            return Err(Refusal::field("certificate", problem));
        }
        let sealing = (desk.secrets.as_ref(), tools.rng.as_ref());
        let place = (customer, self.id, Source::Own);
        certificate::put(door.tx(), sealing, place, checked, now).await?;
        certificate::hurry(door.tx(), customer, self.id, now).await?;
        let standing = door.wish(&self.id.to_string()).await?;
        let said = |word: &str| json!({ "id": self.id, "certificate": word });
        door.record(found.object(), said("old"), said("new"));
        Ok(Webspace { standing, ..found })
    }
}

fields! {
    /// Forgets a certificate of one's own, key and all. One that is ordered takes its place.
    pub struct RemoveCertificate {
        /// Which webspace.
        pub id: WebspaceId,
    }
}

impl Command for RemoveCertificate {
    const NAME: &'static str = "webspace.remove_certificate";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        let found = store::find(door.tx(), customer, self.id, &house).await?;
        found.standing.present()?;
        let held = certificate::find_own(door.tx(), customer, self.id).await?;
        held.ok_or(Refusal::Conflict("no-own-certificate"))?;
        certificate::remove_own(door.tx(), customer, self.id).await?;
        certificate::hurry(door.tx(), customer, self.id, now).await?;
        let standing = door.wish(&self.id.to_string()).await?;
        let said = |word: &str| json!({ "id": self.id, "certificate": word });
        door.record(found.object(), said("old"), said("new"));
        Ok(Webspace { standing, ..found })
    }
}

//! `webspace.create`

use crate::domain::covering;
use crate::webspace::model::Created;
use crate::webspace::set_upload_password::generated;
use crate::webspace::store;
use serde_json::{Value, json};
use wabe_access::command::{HashFor, Preparing};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    DomainName, Fault, Problem, Quota, RelPath, ResourceKind, Secret, WebspaceName, fields,
};

fields! {
    /// Makes a webspace that is live at once at its preview address.
    pub struct CreateWebspace {
        /// Its name; used once per customer.
        pub name: WebspaceName,
        /// A host name on a proved domain that leads to it.
        pub domain: Option<DomainName>,
        /// The most its files may take, in bytes; 1 GB when absent.
        pub quota_bytes: Option<Quota>,
        /// The folder that is served; the webspace's own folder when absent.
        pub document_root: Option<RelPath>,
    }
    prepared {
        /// The upload password, to be shown once, and its hash.
        password: Option<(Secret, String)>,
    }
}

impl CreateWebspace {
    /// The webspace's name where it is free as a preview label, else with something added.
    async fn label(&self, door: &mut Door<'_>, id: WebspaceId) -> Result<String, Refusal> {
        let plain = self.name.as_str().to_owned();
        door.tx().unscope().await?;
        let taken = store::is_label_taken(door.tx(), &plain).await?;
        door.tx().rescope().await?;
        if !taken {
            return Ok(plain);
        }
        let id = id.to_string();
        let tail = id.get(id.len().saturating_sub(6)..).unwrap_or("");
        Ok(format!("{plain}-{tail}"))
    }
}

impl Command for CreateWebspace {
    const NAME: &'static str = "webspace.create";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Webspaces, 1)];
    const PREPARES: bool = true;
    type Output = Created;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let secret = generated(with.tools.rng.as_ref());
        let hash = with.tools.hashing.hash(&secret, HashFor::Service).await?;
        self.password = Some((secret, hash));
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Created, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        if store::is_taken(door.tx(), customer, &self.name).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        let fallback = Quota::new(Quota::GIGABYTE).ok_or(Refusal::NotFound)?;
        let quota = self.quota_bytes.unwrap_or(fallback);
        door.take(Limit::StorageBytes, quota.bytes()).await?;
        let id = WebspaceId::new(now, door.rng());
        let label = self.label(door, id).await?;
        door.create_resource(ResourceKind::Webspace, &id.to_string(), self.name.as_str())
            .await?;
        let missing = Fault::new("a webspace without an upload password");
        let (secret, password_hash) = self.password.as_ref().ok_or(missing)?;
        let root = self.document_root.clone().unwrap_or_default();
        let new = store::NewWebspace {
            id,
            name: &self.name,
            label: &label,
            document_root: &root,
            quota,
            password_hash,
        };
        store::insert(door.tx(), customer, &new).await?;
        if let Some(host) = &self.domain {
            covering(door, host, "domain").await?;
            if !store::add_host(door.tx(), customer, id, host, now).await? {
                return Err(Refusal::field("domain", Problem::new("host-taken")));
            }
        }
        let made = store::find(door.tx(), customer, id, &house).await?;
        door.record(made.object(), Value::Null, made.snapshot());
        Ok(Created {
            webspace: made,
            sftp_password: Some(secret.expose().to_owned()),
        })
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "webspace.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}

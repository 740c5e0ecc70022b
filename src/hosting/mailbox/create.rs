//! `mailbox.create`

use crate::mailbox::{model::Mailbox, reserve, store, usable_domain};
use serde_json::{Value, json};
use wabe_access::command::{HashFor, Preparing};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Fault, MailAddress, Quota, ResourceKind, Secret, fields};

fields! {
    /// Makes a mailbox.
    pub struct CreateMailbox {
        /// Its address, on a proved domain.
        pub address: MailAddress,
        /// What opens it in a mail program.
        pub password: Secret,
        /// The most it may hold, in bytes; 1 GB when absent.
        pub quota_bytes: Option<Quota>,
    }
    prepared {
        /// The password, hashed.
        hash: Option<String>,
    }
}

/// Checks and hashes a mailbox's password.
pub(crate) async fn hashed(
    with: &Preparing<'_>,
    password: &Secret,
    address: &MailAddress,
) -> Result<String, Refusal> {
    let hashing = &with.tools.hashing;
    let context = [address.local().as_str(), address.domain().as_str()];
    hashing
        .check(password, &context)
        .map_err(|problem| Refusal::field("password", problem))?;
    hashing.hash(password, HashFor::Service).await
}

impl Command for CreateMailbox {
    const NAME: &'static str = "mailbox.create";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Mailboxes, 1)];
    const PREPARES: bool = true;
    type Output = Mailbox;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.hash = Some(hashed(with, &self.password, &self.address).await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Mailbox, Refusal> {
        let customer = door.customer();
        let domain = usable_domain(door, &self.address).await?;
        let fallback = Quota::new(Quota::GIGABYTE).ok_or(Refusal::NotFound)?;
        let quota = self.quota_bytes.unwrap_or(fallback);
        door.take(Limit::StorageBytes, quota.bytes()).await?;
        let id = MailboxId::new(door.now(), door.rng());
        reserve(door, &self.address, &id.to_string()).await?;
        let name = self.address.to_string();
        door.create_resource(ResourceKind::Mailbox, &id.to_string(), &name)
            .await?;
        let hash = self
            .hash
            .as_deref()
            .ok_or(Fault::new("a mailbox without a hashed password"))?;
        let new = store::NewMailbox {
            id,
            domain,
            address: &self.address,
            quota,
            password_hash: hash,
        };
        store::insert(door.tx(), customer, &new).await?;
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), Value::Null, made.snapshot());
        Ok(made)
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "mailbox.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}

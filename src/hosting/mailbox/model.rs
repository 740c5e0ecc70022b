//! A mailbox as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::MailAddress;
use wabe_kernel::id::{DomainId, MailboxId};

/// A mailbox.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Mailbox {
    /// Its id.
    pub id: MailboxId,
    /// Its address.
    pub address: MailAddress,
    /// The domain it is part of.
    pub domain_id: DomainId,
    /// The most it may hold, in bytes.
    pub quota_bytes: i64,
    /// What it holds, as last measured, in bytes.
    pub used_bytes: i64,
    /// Messages it holds, as last measured.
    pub messages: i64,
    /// Its state.
    #[serde(flatten)]
    pub standing: Standing,
}

impl Mailbox {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "mailbox",
            id: self.id.to_string(),
            name: self.address.to_string(),
        }
    }

    /// What the record keeps of it; never the password.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id, "address": self.address, "quota_bytes": self.quota_bytes,
        })
    }
}

//! An alias as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::MailAddress;
use wabe_kernel::id::{AliasId, DomainId};

/// An alias address.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Alias {
    /// Its id.
    pub id: AliasId,
    /// The address that receives.
    pub address: MailAddress,
    /// The domain it is part of.
    pub domain_id: DomainId,
    /// The mailboxes it delivers to.
    pub targets: Vec<MailAddress>,
    /// Its state.
    #[serde(flatten)]
    pub standing: Standing,
}

impl Alias {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "alias",
            id: self.id.to_string(),
            name: self.address.to_string(),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({ "id": self.id, "address": self.address, "targets": self.targets })
    }
}

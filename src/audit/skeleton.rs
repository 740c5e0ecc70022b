//! What is hashed about a change, byte for byte.
//!
//! A **field** is its length in bytes as four bytes, most significant first, and then its UTF-8
//! bytes; a field that is absent is the four bytes `ff ff ff ff` alone. Numbers are written in
//! decimal. The encoding of a change is these thirteen fields in this order:
//!
//! 1. the text `wabe-change-v1`, or `wabe-change-v2` where a plugin acted
//! 2. id of the change
//! 3. id of the customer
//! 4. sequence number within the customer
//! 5. time in microseconds since the epoch
//! 6. kind of actor
//! 7. id of the user, or absent
//! 8. id of the API token, or absent
//! 9. command
//! 10. kind of object
//! 11. id of the object
//! 12. kind of change: `create`, `change`, `copy` or `delete`
//! 13. payload HMAC as standard base64 with padding
//!
//! and, in version 2 alone, as the fourteenth the id of the installation that acted. An export names
//! that installation only in the lines of version 2.
//!
//! The leaf hash is SHA-256 over the byte 00 and the encoding (RFC 6962, 2.1). The payload HMAC is
//! HMAC-SHA-256 over the payload's bytes with a random 32 byte salt as the key; salt and payload are
//! sealed together, so that destroying the key leaves a value that says nothing.

use crate::tree::{Hash, leaf_hash};
use serde::Serialize;
use wabe_kernel::Fault;
use wabe_store::Row;

/// The first field of the encoding where somebody acted.
const VERSION: &str = "wabe-change-v1";
/// The first field of the encoding where a plugin acted.
const PLUGIN_VERSION: &str = "wabe-change-v2";

/// The part of an entry that stays for good. Holds ids and codes only.
#[derive(Debug, Clone, Serialize)]
pub struct Skeleton {
    /// Id of the change.
    pub id: String,
    /// Id of the customer.
    pub customer: String,
    /// Number within the customer.
    pub seq: i64,
    /// Microseconds since the epoch.
    pub at: i64,
    /// In which capacity somebody acted.
    pub actor_kind: String,
    /// Id of the user.
    pub actor_user: Option<String>,
    /// Id of the API token.
    pub actor_token: Option<String>,
    /// Id of the installation; only where a plugin acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_installation: Option<String>,
    /// The command.
    pub command: String,
    /// The noun.
    pub object_kind: String,
    /// The object's id.
    pub object_id: String,
    /// `create`, `change`, `copy` or `delete`.
    pub kind: String,
    /// Salted HMAC of the payload, standard base64.
    pub payload_hmac: String,
}

impl Skeleton {
    pub(crate) fn from_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.text("id")?,
            customer: row.text("customer_id")?,
            seq: row.int("seq")?,
            at: row.int("at")?,
            actor_kind: row.text("actor_kind")?,
            actor_user: row.text_or_null("actor_user")?,
            actor_token: row.text_or_null("actor_token")?,
            actor_installation: row.text_or_null("actor_installation")?,
            command: row.text("command")?,
            object_kind: row.text("object_kind")?,
            object_id: row.text("object_id")?,
            kind: row.text("kind")?,
            payload_hmac: row.text("payload_hmac")?,
        })
    }

    /// The bytes described above.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let version = match self.actor_installation {
            None => VERSION,
            Some(_) => PLUGIN_VERSION,
        };
        let mut bytes = fields(&[
            Some(version),
            Some(&self.id),
            Some(&self.customer),
            Some(&seq),
            Some(&at),
            Some(&self.actor_kind),
            self.actor_user.as_deref(),
            self.actor_token.as_deref(),
            Some(&self.command),
            Some(&self.object_kind),
            Some(&self.object_id),
            Some(&self.kind),
            Some(&self.payload_hmac),
        ]);
        if let Some(installation) = &self.actor_installation {
            bytes.extend(fields(&[Some(installation)]));
        }
        bytes
    }

    /// The leaf's hash.
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.encode())
    }
}

/// Fields as described above, one after the other.
pub(crate) fn fields(fields: &[Option<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        // No column holds 4 GiB; saturating keeps absent and present apart all the same.
        let length = field.map_or(u32::MAX, |text| {
            u32::try_from(text.len()).unwrap_or(u32::MAX - 1)
        });
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field.unwrap_or_default().as_bytes());
    }
    bytes
}

#[cfg(test)]
mod test {
    use super::fields;

    #[test]
    fn absent_and_empty_fields_are_encoded_apart() {
        assert_eq!(fields(&[None]), [0xff, 0xff, 0xff, 0xff]);
        assert_eq!(fields(&[Some("")]), [0, 0, 0, 0]);
        assert_ne!(
            fields(&[Some("ab"), Some("c")]),
            fields(&[Some("a"), Some("bc")])
        );
    }
}

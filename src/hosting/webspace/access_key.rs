//! `access_key.create` and `access_key.delete`: SSH keys that open a webspace.

use crate::webspace::key_store;
use base64::Engine as _;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use wabe_access::door::Object;
use wabe_access::{Command, Door, Permission, Refusal, resource};
use wabe_kernel::id::{AccessKeyId, WebspaceId};
use wabe_kernel::{Fault, Field, Line, Problem, Timestamp, fields};
use wabe_store::Row;

/// A public key in OpenSSH's one-line form, without options and comment.
///
/// Shape: `ssh-ed25519` or `ecdsa-sha2-nistp256/384/521`, a blank,
/// base64 whose first field repeats the kind. Source: RFC 4253 6.6, RFC 8709.
#[derive(Debug, Clone)]
pub struct PublicKey(String);

fn first_field(blob: &[u8]) -> Option<&[u8]> {
    let (length, rest) = blob.split_first_chunk::<4>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

impl Field for PublicKey {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("not-a-public-key");
        if text.contains("PRIVATE KEY") {
            return Err(Problem::new("is-a-private-key"));
        }
        let mut words = text.split_ascii_whitespace();
        let (kind, data) = (
            words.next().ok_or_else(wrong)?,
            words.next().ok_or_else(wrong)?,
        );
        if kind == "ssh-rsa" {
            return Err(Problem::new("public-key-rsa"));
        }
        let known = [
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
        ];
        if !known.contains(&kind) {
            return Err(wrong());
        }
        let blob = base64::engine::general_purpose::STANDARD
            .decode(data)
            .map_err(|_error| wrong())?;
        if first_field(&blob) != Some(kind.as_bytes()) {
            return Err(wrong());
        }
        Ok(Self(format!("{kind} {data}")))
    }
}

impl JsonSchema for PublicKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "openssh-public-key" })
    }
}

/// An SSH key that opens a webspace.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AccessKey {
    /// Its id.
    pub id: AccessKeyId,
    /// What it opens.
    pub webspace_id: WebspaceId,
    /// What people call it.
    pub name: String,
    /// The key.
    pub public_key: String,
    /// Its fingerprint as OpenSSH shows it.
    pub fingerprint: String,
    /// Since when.
    pub created_at: Timestamp,
}

fn fingerprint(public_key: &str) -> String {
    let data = public_key.split(' ').nth(1).unwrap_or("");
    let blob = base64::engine::general_purpose::STANDARD
        .decode(data)
        .unwrap_or_default();
    let hash = base64::engine::general_purpose::STANDARD_NO_PAD.encode(Sha256::digest(blob));
    format!("SHA256:{hash}")
}

impl AccessKey {
    pub(crate) fn from_row(row: &Row, webspace_id: WebspaceId) -> Result<Self, Fault> {
        let public_key = row.text("public_key")?;
        Ok(Self {
            id: row.parsed("id")?,
            webspace_id,
            name: row.text("name")?,
            fingerprint: fingerprint(&public_key),
            public_key,
            created_at: row.time("created_at")?,
        })
    }

    fn object(&self) -> Object {
        Object {
            kind: "access_key",
            id: self.id.to_string(),
            name: self.name.clone(),
        }
    }

    fn snapshot(&self) -> Value {
        json!({ "id": self.id, "webspace_id": self.webspace_id, "name": self.name, "fingerprint": self.fingerprint })
    }
}

fields! {
    /// Lets an SSH key open a webspace.
    pub struct CreateAccessKey {
        /// Which webspace.
        pub webspace_id: WebspaceId,
        /// What to call the key.
        pub name: Line,
        /// The public key.
        pub public_key: PublicKey,
    }
}

impl Command for CreateAccessKey {
    const NAME: &'static str = "access_key.create";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = AccessKey;

    async fn apply(&self, door: &mut Door<'_>) -> Result<AccessKey, Refusal> {
        let customer = door.customer();
        resource::load_present(door.tx(), customer, &self.webspace_id.to_string()).await?;
        if key_store::keys(door.tx(), customer, self.webspace_id)
            .await?
            .len()
            >= 50
        {
            return Err(Refusal::field(
                "public_key",
                Problem::new("too-many").with("max", 50),
            ));
        }
        let key = AccessKey {
            id: AccessKeyId::new(door.now(), door.rng()),
            webspace_id: self.webspace_id,
            name: self.name.to_string(),
            public_key: self.public_key.0.clone(),
            fingerprint: fingerprint(&self.public_key.0),
            created_at: door.now(),
        };
        if !key_store::insert_key(door.tx(), customer, &key).await? {
            return Err(Refusal::field(
                "public_key",
                Problem::new("key-there-already"),
            ));
        }
        door.wish(&self.webspace_id.to_string()).await?;
        door.record(key.object(), Value::Null, key.snapshot());
        Ok(key)
    }
}

fields! {
    /// Stops an SSH key from opening a webspace.
    pub struct DeleteAccessKey {
        /// Which webspace.
        pub webspace_id: WebspaceId,
        /// Which key.
        pub id: AccessKeyId,
    }
}

impl Command for DeleteAccessKey {
    const NAME: &'static str = "access_key.delete";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let keys = key_store::keys(door.tx(), customer, self.webspace_id).await?;
        let key = keys
            .into_iter()
            .find(|key| key.id == self.id)
            .ok_or(Refusal::NotFound)?;
        key_store::delete_key(door.tx(), customer, self.webspace_id, self.id).await?;
        door.wish(&self.webspace_id.to_string()).await?;
        door.record(key.object(), key.snapshot(), Value::Null);
        Ok(())
    }
}

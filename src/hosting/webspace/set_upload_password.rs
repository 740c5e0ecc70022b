//! `webspace.set_upload_password`

use crate::webspace::{model::Webspace, store};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::command::{HashFor, Preparing};
use wabe_access::{Command, Door, Permission, Refusal, resource};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, Rng, Secret, fields};

/// A new password of 24 characters (about 120 bits), easy to type: no look-alikes.
pub(crate) fn generated(rng: &dyn Rng) -> Secret {
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    let bytes: [u8; 24] = wabe_kernel::rng::random(rng);
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte & 31)]);
    Secret::new(bytes.iter().map(letter).collect::<String>())
}

/// Gives a webspace the upload password of this hash.
pub(crate) async fn set(
    door: &mut Door<'_>,
    id: WebspaceId,
    hash: &str,
) -> Result<Webspace, Refusal> {
    let customer = door.customer();
    let house = door.tools().house.clone();
    store::set_password(door.tx(), customer, id, hash).await?;
    door.wish(&id.to_string()).await?;
    let found = store::find(door.tx(), customer, id, &house).await?;
    let said = |word: &str| json!({ "id": id, "upload_password": word });
    door.record(found.object(), said("old"), said("new"));
    Ok(found)
}

fields! {
    /// Makes a new upload password; the old one ends.
    pub struct SetUploadPassword {
        /// Which webspace.
        pub id: WebspaceId,
    }
    prepared {
        /// The password, to be shown once, and its hash.
        password: Option<(Secret, String)>,
    }
}

/// The password that is shown this once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewUploadPassword {
    /// The SFTP login name.
    pub sftp_login: String,
    /// The SFTP password.
    pub sftp_password: String,
}

impl Command for SetUploadPassword {
    const NAME: &'static str = "webspace.set_upload_password";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const PREPARES: bool = true;
    type Output = NewUploadPassword;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let secret = generated(with.tools.rng.as_ref());
        let hash = with.tools.hashing.hash(&secret, HashFor::Service).await?;
        self.password = Some((secret, hash));
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<NewUploadPassword, Refusal> {
        let customer = door.customer();
        resource::load_present(door.tx(), customer, &self.id.to_string()).await?;
        let missing = Fault::new("a webspace without an upload password");
        let (secret, hash) = self.password.as_ref().ok_or(missing)?;
        let found = set(door, self.id, hash).await?;
        let sftp_password = secret.expose().to_owned();
        Ok(NewUploadPassword {
            sftp_login: found.sftp_login,
            sftp_password,
        })
    }
}

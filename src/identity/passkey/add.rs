//! Adding a passkey.

use crate::desk::Desk;
use crate::factor::enrol_totp::oneself;
use crate::factor::{letter, recovery_code, store as factors};
use crate::outbox::MailKind;
use crate::passkey::assertion::must_verify;
use crate::passkey::authenticator::{Said, attested};
use crate::passkey::challenge::{self, Purpose};
use crate::passkey::{bytes, client_data, store};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::House;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::id::{PasskeyId, UserId};
use wabe_kernel::{Line, Problem, Secret, Timestamp, fields};
use wabe_store::Tx;

/// How many somebody may have.
const MOST: usize = 10;

fields! {
    /// Adds a passkey, by what the browser and the authenticator said to a challenge that was made for it.
    pub struct AddPasskey {
        /// What to call it.
        pub label: Line,
        /// What the browser says, in base64.
        pub client_data: Secret,
        /// What the authenticator says, in base64.
        pub attestation: Secret,
    }
}

/// The new passkey.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PasskeyAdded {
    /// Its id.
    pub id: PasskeyId,
    /// The recovery codes, shown once; none when there are some already.
    pub recovery_codes: Vec<String>,
}

/// A new key, and the challenge that it answers.
struct New {
    challenge: Vec<u8>,
    credential: String,
    key: String,
    count: i64,
}

impl AddPasskey {
    /// What was said, when all of it is for this house.
    fn said(&self, house: &House, verified: bool) -> Option<New> {
        let client = bytes(self.client_data.expose())?;
        let attestation = attested(&bytes(self.attestation.expose())?)?;
        let challenge = client_data::challenge(&client, client_data::CREATE, &house.portal_url)?;
        let said = Said::read(&attestation)?;
        let (credential, key) = said.key?;
        said.fits(&house.portal_host, verified).then(|| New {
            challenge,
            credential: URL_SAFE_NO_PAD.encode(credential),
            key: URL_SAFE_NO_PAD.encode(key),
            count: said.count,
        })
    }

    /// Keeps the new key; false when what was said does not fit.
    async fn keep(
        &self,
        tx: &mut Tx,
        (desk, house): (&Desk, &House),
        (id, user): (PasskeyId, UserId),
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        let verified = must_verify(tx, user).await?;
        let Some(said) = self.said(house, verified) else {
            return Ok(false);
        };
        let about = user.to_string();
        let about = (Purpose::Add, about.as_str());
        let pepper = desk.passwords.pepper();
        if !challenge::use_up(tx, pepper, about, &said.challenge, now).await? {
            return Ok(false);
        }
        let new = store::Passkey {
            id,
            user,
            credential_id: said.credential,
            public_key: said.key,
            sign_count: said.count,
            name: self.label.clone(),
            created_at: now,
            last_used_at: None,
        };
        Ok(store::insert(tx, &new).await?)
    }
}

impl Command for AddPasskey {
    const NAME: &'static str = "user.add_passkey";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = PasskeyAdded;

    async fn apply(&self, door: &mut Door<'_>) -> Result<PasskeyAdded, Refusal> {
        let user = oneself(door)?;
        let (tools, now) = (door.tools().clone(), door.now());
        let desk = Desk::of(&tools)?;
        let id = PasskeyId::new(now, tools.rng.as_ref());
        let tx = door.tx();
        tx.unscope().await?;
        let before = factors::standing(tx, user).await?;
        let known = store::list(tx, user).await?;
        if known.len() >= MOST {
            return Err(Refusal::Conflict("too-many-passkeys"));
        }
        let place = (&desk, tools.house.as_ref());
        if !self.keep(tx, place, (id, user), now).await? {
            return Err(Refusal::field("passkey", Problem::new("passkey-wrong")));
        }
        let codes = if before.codes == 0 {
            recovery_code::renew(tx, user, (now, tools.rng.as_ref())).await?
        } else {
            Vec::new()
        };
        let object = letter::tell(tx, &desk, (user, MailKind::FactorAdded), now).await?;
        let after = store::list(tx, user).await?;
        tx.rescope().await?;
        door.record(object, shown(&known), shown(&after));
        let codes = codes.iter().map(|code| code.expose().to_owned());
        Ok(PasskeyAdded {
            id,
            recovery_codes: codes.collect(),
        })
    }
}

/// Somebody's passkeys as the record shows them.
pub(super) fn shown(keys: &[store::Passkey]) -> Value {
    let names: Vec<&Line> = keys.iter().map(|key| &key.name).collect();
    json!({ "passkeys": names })
}

//! What a passkey signed: read, and checked against everything that must hold.

use crate::identity::Identity;
use crate::outbox::{MailKind, OutgoingMail};
use crate::passkey::authenticator::{Said, kept};
use crate::passkey::challenge::{self, Purpose};
use crate::passkey::{bytes, client_data, store};
use crate::user::store as users;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use wabe_access::member;
use wabe_audit::Subject as Noted;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::Tx;

/// What a browser sends of a signature, as the page's script writes it: base64 without padding.
#[derive(Debug, Clone, Deserialize)]
pub struct Assertion {
    /// Which key.
    pub credential: String,
    /// What the browser says.
    pub client_data: String,
    /// What the authenticator says.
    pub said: String,
    /// The signature over both.
    pub signature: String,
}

impl Assertion {
    /// What a script wrote into the field of a code, in place of one; nothing when that is something else.
    #[must_use]
    pub fn written(field: &Secret) -> Option<Self> {
        let text = field.expose();
        let object = text.starts_with('{').then_some(text)?;
        serde_json::from_str(object).ok()
    }
}

/// A wish for a signature.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The challenge, as a page's script takes it.
    pub challenge: String,
    /// The keys that may sign, by their names.
    pub keys: Vec<String>,
    /// Whether the authenticator must verify its person.
    pub verified: bool,
}

/// Whether this user's authenticators must verify their person: who works here. Source: bar 3.6 T2.
pub(crate) async fn must_verify(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    Ok(!member::staff_roles(tx, user).await?.is_empty())
}

impl Identity {
    /// A wish for a signature of somebody's, or for a new key of theirs.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn ask_passkey(&self, user: UserId, about: (Purpose, &str)) -> Result<Asking, Fault> {
        let mut tx = self.store.read().await?;
        let keys = store::list(&mut tx, user).await?;
        let verified = must_verify(&mut tx, user).await?;
        tx.rollback().await?;
        let time = (self.clock().now(), self.rng());
        Ok(Asking {
            challenge: challenge::new(self.pepper(), about, time),
            keys: keys.into_iter().map(|key| key.credential_id).collect(),
            verified,
        })
    }

    /// Somebody's passkeys.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn passkeys(&self, user: UserId) -> Result<Vec<store::ListedPasskey>, Fault> {
        let mut tx = self.store.read().await?;
        let found = store::list(&mut tx, user).await?;
        tx.rollback().await?;
        Ok(found.into_iter().map(store::Passkey::listed).collect())
    }

    /// Whether a passkey of this user signed a challenge made for this; uses the challenge up.
    pub(crate) async fn signed(
        &self,
        tx: &mut Tx,
        user: UserId,
        (about, assertion): ((Purpose, &str), &Assertion),
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let parts = [
            &assertion.client_data,
            &assertion.said,
            &assertion.signature,
        ];
        let [Some(client), Some(said), Some(signature)] = parts.map(|part| bytes(part)) else {
            return Ok(false);
        };
        let house = &self.tools.house;
        let challenge = client_data::challenge(&client, client_data::GET, &house.portal_url);
        let (Some(challenge), Some(heard)) = (challenge, Said::read(&said)) else {
            return Ok(false);
        };
        if !challenge::use_up(tx, self.pepper(), about, &challenge, now).await? {
            return Ok(false);
        }
        let found = store::find(tx, &assertion.credential).await?;
        let Some(passkey) = found.filter(|passkey| passkey.user == user) else {
            return Ok(false);
        };
        let key = bytes(&passkey.public_key).and_then(|key| kept(&key));
        let message = [said.as_slice(), &Sha256::digest(&client)].concat();
        let verified = must_verify(tx, user).await?;
        let right = key.is_some_and(|key| key.verifies(&message, &signature))
            && heard.fits(&house.portal_host, verified);
        if right && !store::used(tx, passkey.id, heard.count, now).await? {
            self.tell_copied(tx, &passkey, now).await?;
            return Ok(false);
        }
        Ok(right)
    }

    /// A counter that does not grow says that there are two of one key.
    async fn tell_copied(
        &self,
        tx: &mut Tx,
        passkey: &store::Passkey,
        now: Timestamp,
    ) -> Result<(), Fault> {
        tracing::warn!(passkey = %passkey.id, "the counter of a passkey did not grow");
        let who = Noted::User(passkey.user);
        self.note(tx, "passkey.counter", who, (None, None)).await?;
        if let Some(user) = users::find(tx, passkey.user).await? {
            let mail = OutgoingMail::new(user.email, user.language, MailKind::PasskeyCopied);
            let mail = mail.with("at", &now).with("name", &passkey.name);
            self.desk.outbox.queue(tx, mail).await?;
        }
        Ok(())
    }
}

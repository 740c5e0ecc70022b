//! The address and the password of an installation's webhooks.

use crate::desk::Desk;
use crate::installation::model::{Installation, WEBHOOK_SECRET};
use crate::installation::secret::{self, Named};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wabe_access::{Door, Refusal};
use wabe_kernel::{Rng, Secret};

/// Letters and digits that nobody takes for another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 130 random bits as 26 letters and digits.
pub(crate) fn token(rng: &dyn Rng) -> String {
    let bytes: [u8; 26] = wabe_kernel::rng::random(rng);
    let letters = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)]);
    letters.map(char::from).collect()
}

/// The password as programs take it that sign by Standard Webhooks 1.0: they decode what follows the mark.
#[must_use]
pub fn signing_secret(password: &str) -> String {
    format!("whsec_{}", STANDARD.encode(password))
}

/// Gives an installation a password for its webhooks, in place of the one it has.
pub(crate) async fn set_password(
    door: &mut Door<'_>,
    installation: &Installation,
) -> Result<String, Refusal> {
    let tools = door.tools().clone();
    let desk = Desk::of(&tools)?;
    let password = token(door.rng());
    let named = Named {
        customer: installation.customer,
        installation: installation.id,
        name: WEBHOOK_SECRET,
    };
    let now = door.now();
    let secret = Secret::new(password.clone());
    secret::set(
        door.tx(),
        (&desk.secrets, tools.rng.as_ref()),
        named,
        &secret,
        now,
    )
    .await?;
    Ok(password)
}

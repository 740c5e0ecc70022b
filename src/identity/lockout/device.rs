//! Device cookies: a browser that its user logged in from before is not slowed down by strangers.
//!
//! Shape: `{user}.{device}.{MAC}`; 256-bit device name, HMAC-SHA-256, 180 days, revocable row. It
//! never logs anybody in. Source: OWASP Device Cookies, bar 3.2 T4.

use crate::lockout::store::{self, Device};
use crate::password::pepper::Pepper;
use crate::secret_token;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// For how many days a device stays known.
pub const DEVICE_DAYS: i64 = 180;

fn mac(pepper: &Pepper, user: UserId, device: &str) -> String {
    let parts = [user.to_string(), device.to_owned()];
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    URL_SAFE_NO_PAD.encode(pepper.keyed("device cookie", &parts))
}

/// The device that a cookie names, when it is one of `user`'s and known.
pub(crate) async fn known(
    tx: &mut Tx,
    pepper: &Pepper,
    user: UserId,
    cookie: &str,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let mut parts = cookie.splitn(3, '.');
    let (Some(owner), Some(device), Some(tag)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let genuine = Secret::new(mac(pepper, user, device)).verify(tag);
    if owner != user.to_string() || !genuine {
        return Ok(None);
    }
    let known = store::device_is_known(tx, user, device, now).await?;
    Ok(known.then(|| device.to_owned()))
}

/// Makes the device of a successful login known, or notes that it was seen; answers its cookie.
pub(crate) async fn remember(
    tx: &mut Tx,
    pepper: &Pepper,
    user: UserId,
    device: Result<String, String>,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<Secret, Fault> {
    let expires_at = now.plus_days(DEVICE_DAYS);
    let id = match device {
        Ok(known) => {
            store::device_seen(tx, user, &known, (now, expires_at)).await?;
            known
        }
        Err(user_agent) => {
            let device = Device {
                id: secret_token::new(rng).expose().to_owned(),
                created_at: now,
                last_seen_at: now,
                user_agent,
            };
            store::device_insert(tx, user, &device, expires_at).await?;
            device.id
        }
    };
    let tag = mac(pepper, user, &id);
    Ok(Secret::new(format!("{user}.{id}.{tag}")))
}

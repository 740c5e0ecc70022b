//! What opens a webspace: a password or a key, checked with the same work for everybody.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use russh::keys::PublicKey;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use wabe_kernel::Secret;
use wabe_kernel::desired::{UploadAccess, Webspace, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::SiteIndex;

/// Verifications at the same time; each takes the memory that its hash asks for.
const SLOTS: usize = 2;
/// Longer passwords are not looked at.
const PASSWORD_MAX: usize = 1_024;

/// What a session logged in with; it ends when this no longer opens the webspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// The hash that the password matched.
    Password(String),
    /// The line of the key.
    Key(String),
}

/// A login that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Entrance {
    pub(super) web: WebspaceId,
    pub(super) login: String,
    pub(super) proof: Proof,
}

impl Entrance {
    /// Whether it would be accepted now as well.
    pub(super) fn stands(&self, index: &dyn SiteIndex) -> bool {
        let wish = index.site(self.web);
        let Some(Wish::Present(site)) = wish.as_deref() else {
            return false;
        };
        let access = &site.upload;
        access.login == self.login
            && match &self.proof {
                Proof::Password(hash) => access.password_hash.as_ref() == Some(hash),
                Proof::Key(line) => access.keys.contains(line),
            }
    }
}

/// The site that `login` opens, when it is shown.
pub(super) fn open_site(index: &dyn SiteIndex, login: &str) -> Option<Webspace> {
    match index.by_login(login)?.as_ref() {
        Wish::Present(site) => Some(site.clone()),
        Wish::Hidden(_) | Wish::Gone => None,
    }
}

/// The line of `key` among those of a login.
pub(super) fn matching_key<'a>(access: &'a UploadAccess, key: &PublicKey) -> Option<&'a String> {
    access.keys.iter().find(|line| {
        PublicKey::from_openssh(line).is_ok_and(|known| known.key_data() == key.key_data())
    })
}

/// Verifies passwords on few threads.
pub(super) struct Passwords {
    slots: Arc<Semaphore>,
    /// Of the last real hash, so that unknown logins take as long as known ones.
    params: Mutex<Params>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(SLOTS)),
            params: Mutex::new(Params::DEFAULT),
        }
    }

    /// Whether `password` has this hash; without one the same work is done for nothing.
    pub(super) async fn verify(&self, hash: Option<String>, password: Secret) -> bool {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
            return false;
        };
        let params = self.params_of(hash.as_deref());
        let work = move || {
            let _slot = slot;
            match hash {
                Some(hash) if password.expose().len() <= PASSWORD_MAX => check(&hash, &password),
                _ => {
                    waste(params);
                    false
                }
            }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }

    fn params_of(&self, hash: Option<&str>) -> Params {
        let mut known = self.params.lock().unwrap_or_else(PoisonError::into_inner);
        let real = hash
            .and_then(|hash| PasswordHash::new(hash).ok())
            .and_then(|hash| Params::try_from(&hash).ok());
        if let Some(real) = real {
            *known = real;
        }
        known.clone()
    }
}

fn check(hash: &str, password: &Secret) -> bool {
    let verifier = Argon2::default();
    PasswordHash::new(hash).is_ok_and(|hash| {
        verifier
            .verify_password(password.expose().as_bytes(), &hash)
            .is_ok()
    })
}

fn waste(params: Params) {
    let mut out = [0_u8; 32];
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    if hasher
        .hash_password_into(b"nobody", b"no one's salt at all", &mut out)
        .is_err()
    {
        tracing::warn!("sftp: the work for unknown logins could not be done");
    }
}

//! The hashing pool: how many passwords are worked on at once, and what happens to the next one.
//!
//! Invariants: at most one slot per core and per 64 MiB of the memory set aside, plus one that only
//! known devices may use; at most 64 wait, the next is told to come back; a hash holds its slot until
//! it is done even when nobody waits for it any more. Source: bar 3.1 T1 to T5.

use crate::password::pepper::Pepper;
use crate::password::phc::{Cost, Phc, SALT_BYTES, TAG_BYTES};
use crate::password::rules;
use crate::profile::Profile;
use argon2::{Algorithm, Argon2, Params, Version};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use subtle::ConstantTimeEq as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wabe_access::Refusal;
use wabe_access::command::{HashFor, Hashing};
use wabe_kernel::desired::Working;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Problem, Rng, Secret};
use zeroize::Zeroizing;

/// The longest queue in front of the pool.
const WAITING_MAX: usize = 64;

/// After how many seconds somebody who was turned away may try again.
const BUSY_SECONDS: u32 = 5;

/// How the pool is cut.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// What a hash costs.
    pub cost: Cost,
    /// Cores of the machine.
    pub cores: usize,
    /// Memory that hashing may take, in MiB.
    pub memory_mib: usize,
}

impl PoolSettings {
    /// The policy's cost on a machine of this size.
    #[must_use]
    pub const fn policy(cores: usize, memory_mib: usize) -> Self {
        Self {
            cost: Cost::POLICY,
            cores,
            memory_mib,
        }
    }

    /// The policy's cost on this machine, with so many MiB set aside.
    #[must_use]
    pub fn with_memory(memory_mib: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self::policy(cores, usize::try_from(memory_mib).unwrap_or(64))
    }

    fn slots(&self) -> usize {
        self.cores.min(self.memory_mib / 64).max(1)
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Whether the secret is the right one.
    pub ok: bool,
    /// Whether the stored hash is weaker than the policy, or of an old pepper.
    pub needs_rehash: bool,
}

/// A place in the pool.
pub struct Slot {
    permit: OwnedSemaphorePermit,
}

/// Counts somebody who waits, for as long as they do.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Checks and hashes passwords.
pub struct Passwords {
    profile: &'static Profile,
    cost: Cost,
    pepper: Arc<Pepper>,
    rng: Arc<dyn Rng>,
    open: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    waiting: AtomicUsize,
    nobody: Phc,
}

impl Passwords {
    /// A pool.
    #[must_use]
    pub fn new(
        profile: &'static Profile,
        settings: PoolSettings,
        pepper: Arc<Pepper>,
        rng: Arc<dyn Rng>,
    ) -> Self {
        let nobody = Phc {
            cost: settings.cost,
            salt: random::<SALT_BYTES>(rng.as_ref()).to_vec(),
            tag: random::<TAG_BYTES>(rng.as_ref()).to_vec(),
            pepper: Some(pepper.current()),
        };
        Self {
            profile,
            cost: settings.cost,
            pepper,
            rng,
            open: Arc::new(Semaphore::new(settings.slots())),
            reserved: Arc::new(Semaphore::new(1)),
            waiting: AtomicUsize::new(0),
            nobody,
        }
    }

    /// The keys.
    #[must_use]
    pub const fn pepper(&self) -> &Arc<Pepper> {
        &self.pepper
    }

    /// Waits for a place; known devices have one that nobody else can take.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub async fn enter(&self, known_device: bool) -> Result<Slot, Refusal> {
        let closed = |error| Refusal::Fault(Fault::because("enter the hashing pool", error));
        if let Ok(permit) = self.open.clone().try_acquire_owned() {
            return Ok(Slot { permit });
        }
        if known_device {
            let permit = tokio::select! {
                permit = self.reserved.clone().acquire_owned() => permit,
                permit = self.open.clone().acquire_owned() => permit,
            };
            return permit.map(|permit| Slot { permit }).map_err(closed);
        }
        let waiting = Waiting(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= WAITING_MAX {
            return Err(Refusal::Busy(BUSY_SECONDS));
        }
        let permit = self.open.clone().acquire_owned().await.map_err(closed)?;
        drop(waiting);
        Ok(Slot { permit })
    }

    /// Checks a secret against a stored hash, or against nobody's, which takes as long.
    ///
    /// # Errors
    /// A fault when the work could not be done.
    pub async fn verify_in(
        &self,
        slot: Slot,
        secret: &Secret,
        stored: Option<&str>,
    ) -> Result<Verified, Fault> {
        let known = stored.and_then(Phc::parse);
        if stored.is_some() && known.is_none() {
            tracing::error!("a stored password hash is not in the form that was written");
        }
        let real = known.is_some();
        let phc = known.unwrap_or_else(|| self.nobody.clone());
        let current = phc.cost == self.cost
            && phc
                .pepper
                .is_none_or(|version| version == self.pepper.current());
        let tag = self.tag(slot, secret, &phc).await?;
        let same: bool = tag.ct_eq(&phc.tag).into();
        Ok(Verified {
            ok: real && same,
            needs_rehash: !current,
        })
    }

    /// Checks a secret against a stored hash.
    ///
    /// # Errors
    /// `Busy`, or a fault.
    pub async fn verify(
        &self,
        secret: &Secret,
        stored: &str,
        known_device: bool,
    ) -> Result<Verified, Refusal> {
        let slot = self.enter(known_device).await?;
        Ok(self.verify_in(slot, secret, Some(stored)).await?)
    }

    /// Does the work of a check for somebody who is not there.
    ///
    /// # Errors
    /// `Busy`, or a fault.
    pub async fn verify_nobody(&self, secret: &Secret) -> Result<(), Refusal> {
        let slot = self.enter(false).await?;
        self.verify_in(slot, secret, None).await?;
        Ok(())
    }

    /// A new stored form, in a place already taken.
    ///
    /// # Errors
    /// A fault when the work could not be done.
    pub async fn hash_in(
        &self,
        slot: Slot,
        secret: &Secret,
        purpose: HashFor,
    ) -> Result<String, Fault> {
        let mut phc = Phc {
            cost: self.cost,
            salt: random::<SALT_BYTES>(self.rng.as_ref()).to_vec(),
            tag: Vec::new(),
            pepper: (purpose == HashFor::Panel).then(|| self.pepper.current()),
        };
        phc.tag = self.tag(slot, secret, &phc).await?;
        Ok(phc.to_string())
    }

    /// Runs argon2id off the async threads. The slot goes with the work, not with who waits for it.
    async fn tag(&self, slot: Slot, secret: &Secret, phc: &Phc) -> Result<Vec<u8>, Fault> {
        let plain = secret.expose().as_bytes();
        let input = match phc.pepper {
            None => Zeroizing::new(plain.to_vec()),
            Some(version) => {
                let mixed = self.pepper.mix(version, plain);
                let mixed = mixed.ok_or(Fault::new("find the pepper of a stored password"))?;
                Zeroizing::new(mixed.to_vec())
            }
        };
        let (cost, salt) = (phc.cost, phc.salt.clone());
        let work = tokio::task::spawn_blocking(move || {
            let tag = argon2id(cost, &input, &salt);
            drop(slot.permit);
            tag
        });
        work.await
            .map_err(|error| Fault::because("hash a password", error))?
    }
}

fn argon2id(cost: Cost, input: &[u8], salt: &[u8]) -> Result<Vec<u8>, Fault> {
    let failed = |error: argon2::Error| Fault::because("hash a password", error.to_string());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(TAG_BYTES));
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(failed)?);
    let mut tag = vec![0; TAG_BYTES];
    argon2
        .hash_password_into(input, salt, &mut tag)
        .map_err(failed)?;
    Ok(tag)
}

impl Passwords {
    /// Whether a new password of a person follows the rules; as [`Hashing::check`], for one that may
    /// stand beside a second factor.
    ///
    /// # Errors
    /// The rule it breaks.
    pub(crate) fn check_beside(
        &self,
        beside_factor: bool,
        secret: &Secret,
        context: &[&str],
    ) -> Result<(), Problem> {
        rules::check(self.profile, beside_factor, secret, context)
    }
}

impl Hashing for Passwords {
    fn check(&self, secret: &Secret, context: &[&str]) -> Result<(), Problem> {
        rules::check(self.profile, false, secret, context)
    }

    fn hash<'a>(
        &'a self,
        secret: &'a Secret,
        purpose: HashFor,
    ) -> Working<'a, Result<String, Refusal>> {
        Box::pin(async move {
            let slot = self.enter(false).await?;
            Ok(self.hash_in(slot, secret, purpose).await?)
        })
    }
}

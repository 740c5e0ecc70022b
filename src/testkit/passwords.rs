//! The panel's own password hashing with parameters that cost next to nothing.

use std::sync::Arc;
use wabe_identity::{Cost, Passwords, Pause, Pepper, PoolSettings};
use wabe_kernel::Rng;
use wabe_kernel::desired::Working;
use wabe_kernel::rng::random;

/// A password that every rule lets through.
pub const PASSWORD: &str = "Kq7-zvt halb vier Tee";

/// The smallest parameters that there are.
const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// The pool, under the default rules.
pub(crate) fn passwords(rng: Arc<dyn Rng>) -> Arc<Passwords> {
    let settings = PoolSettings {
        cost: CHEAP,
        cores: 2,
        memory_mib: 128,
    };
    let pepper = Arc::new(Pepper::from_bytes(random(rng.as_ref())));
    let profile = &wabe_identity::profile::STANDARD_2026;
    Arc::new(Passwords::new(profile, settings, pepper, rng))
}

/// Does not wait.
pub(crate) struct NoPause;

impl Pause for NoPause {
    fn wait(&self, _micros: i64) -> Working<'_, ()> {
        Box::pin(async {})
    }
}
